"""The compare-and-set under marks, at the same moment, on both databases."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from portal.db import Database
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.handin import actions
from portal.handin.versions import Changed, ItemChanged, PaperChanged, Seen, mark
from portal.vocabulary import DocumentState, FileRole
from tests.handin.sending.test_races import at_once
from tests.handin.support import complete, stored
from tests.support.cast import TODAY, Cast


@pytest.fixture
def drawn(database: Database, cast: Cast) -> tuple[uuid.UUID, str]:
    """A seminar of sari's that lacks nothing, and its mark."""
    with database.transaction() as session:
        document = complete(session, cast.sari)
        return document.id, mark(document)


def item(database: Database, key: uuid.UUID) -> Document:
    with database.reading() as session:
        return session.get_one(Document, key)


def test_of_two_saves_at_once_one_is_told(
    database: Database, cast: Cast, drawn: tuple[uuid.UUID, str]
) -> None:
    key, seen = drawn

    def save(words: str) -> Any:
        return lambda session: actions.fill(
            session,
            cast.sari,
            owned(session, cast.sari, key),
            {"nama": words},
            seen=Seen.read(seen),
        )

    outcomes = at_once(database, save("Pertama"), save("Kedua"))

    assert sorted(type(one) for one in outcomes if one) == [Changed]
    kept = next(one.newer["nama"] for one in outcomes if one)
    assert item(database, key).nama == kept


def test_ajukan_beside_a_save_hands_in_only_what_was_seen(
    database: Database, cast: Cast, drawn: tuple[uuid.UUID, str]
) -> None:
    key, seen = drawn

    def save(session: Any) -> None:
        document = owned(session, cast.sari, key)
        actions.fill(session, cast.sari, document, {"nama": "Baru"}, seen=Seen.read(seen))

    def hand_in(session: Any) -> str:
        document = owned(session, cast.sari, key)
        return actions.submit(session, cast.sari, document, today=TODAY, seen=Seen.read(seen))

    at_once(database, save, hand_in)

    document = item(database, key)
    assert (document.state is DocumentState.DIAJUKAN) != (document.nama == "Baru")


def test_of_two_papers_at_once_the_first_stays(
    database: Database, cast: Cast, drawn: tuple[uuid.UUID, str]
) -> None:
    key, _ = drawn
    with database.reading() as session:
        shown = owned(session, cast.sari, key).current_files[0].id

    def replace(content: str) -> Any:
        return lambda session: actions.attach(
            session,
            cast.sari,
            owned(session, cast.sari, key),
            FileRole.SERTIFIKAT,
            stored(content),
            seen={shown},
        )

    outcomes = at_once(database, replace("satu"), replace("dua"))

    assert sum(isinstance(one, PaperChanged) for one in outcomes) == 1


def test_a_paper_that_came_meanwhile_is_not_handed_in(
    database: Database, cast: Cast, drawn: tuple[uuid.UUID, str]
) -> None:
    key, seen = drawn
    with database.transaction() as session:
        document = owned(session, cast.sari, key)
        actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored("lain"))

    with database.transaction() as session:
        document = owned(session, cast.sari, key)
        with pytest.raises(ItemChanged, match="Sertifikat"):
            actions.submit(session, cast.sari, document, today=TODAY, seen=Seen.read(seen))


@pytest.mark.parametrize("nonsense", [None, "", "x", "A" * 10_000, "AAAA.AAAA.AAAA", "é" * 8])
def test_nonsense_has_seen_nothing(nonsense: str | None) -> None:
    assert Seen.read(nonsense) == Seen()
