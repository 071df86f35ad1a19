"""Nothing counts twice, nobody acts in the name of the retired, and no repair ends in a wall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.documents import queries
from portal.documents.models import Document
from portal.errors import Forbidden, Rejected
from portal.handin import actions
from portal.handin.guards import opened_fields
from portal.handin.queries import colleagues
from portal.notifications.models import Notification
from portal.vocabulary import DocumentState, FileRole, JenisDiklat
from tests.handin.support import SEMINAR, complete, draft, handed_in, owner_of, stored
from tests.support import builders
from tests.support.cast import TODAY, Cast

S = DocumentState
SOON = TODAY + dt.timedelta(days=30)
"""Not tomorrow: that may come while the tests run."""


def successor(session: Session, cast: Cast, approved: Document, content: str) -> Document:
    """A complete draft that is to take the place of an approved item."""
    document = draft(session, cast.sari, replaces=approved)
    actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored(content))
    actions.fill(session, cast.sari, document, SEMINAR)
    return document


def test_an_item_is_replaced_by_one_successor_alone(cast: Cast, session: Session) -> None:
    approved = builders.document(session, cast.sari, S.DISETUJUI, verifier=cast.vera)
    first = successor(session, cast, approved, "satu")
    second = successor(session, cast, approved, "dua")
    actions.submit(session, cast.sari, first, today=TODAY)

    with pytest.raises(Rejected, match="pengganti"):
        actions.submit(session, cast.sari, second, today=TODAY)


def test_a_successor_that_was_refused_leaves_the_place_free(cast: Cast, session: Session) -> None:
    approved = builders.document(session, cast.sari, S.DISETUJUI, verifier=cast.vera)
    builders.document(session, cast.sari, S.DITOLAK, verifier=cast.vera, replaces_id=approved.id)
    second = successor(session, cast, approved, "dua")

    assert actions.submit(session, cast.sari, second, today=TODAY)


def test_two_drafts_of_one_file_handed_in_at_once_become_one_item(
    cast: Cast, database: Database
) -> None:
    with database.transaction() as session:
        ids = [complete(session, cast.sari, content="sama").id for _ in range(2)]
    start = Barrier(2)

    def tap(number: int) -> None:
        start.wait()
        with database.transaction() as session:
            document = queries.owned(session, cast.sari, ids[number])
            actions.submit(session, cast.sari, document, today=TODAY)

    with ThreadPoolExecutor(2) as pool:
        failures = [future.exception() for future in [pool.submit(tap, 0), pool.submit(tap, 1)]]

    with database.reading() as session:
        waiting = session.scalar(
            select(func.count()).select_from(Document).where(Document.state == S.DIAJUKAN)
        )
    assert waiting == 1, failures


def test_who_retires_next_year_still_hands_in(cast: Cast, session: Session) -> None:
    owner_of(session, cast.sari).pensiun_sejak = SOON

    assert handed_in(session, cast.sari).receipt


def test_an_operator_finds_who_retires_next_year(cast: Cast, session: Session) -> None:
    owner_of(session, cast.sari).pensiun_sejak = SOON
    session.flush()

    assert [person.nama for person in colleagues(session, cast.oki, "Sari")] == [cast.sari.nama]


def test_an_operator_finds_nobody_who_has_retired(cast: Cast, session: Session) -> None:
    owner_of(session, cast.sari).pensiun_sejak = TODAY
    session.flush()

    assert not colleagues(session, cast.oki, "Sari")


ACTS: dict[str, Callable[[Session, Cast, Document], Any]] = {
    "submit": lambda s, c, d: actions.submit(s, c.oki, d, today=TODAY),
    "fill": lambda s, c, d: actions.fill(s, c.oki, d, {"nama": "Lain"}),
    "discard": lambda s, c, d: actions.discard(s, c.oki, d),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_operator_does_nothing_for_who_has_retired(
    cast: Cast, session: Session, name: str
) -> None:
    document = complete(session, cast.oki, cast.sari)
    owner_of(session, cast.sari).pensiun_sejak = TODAY
    session.flush()

    with pytest.raises(Forbidden):
        ACTS[name](session, cast, document)


def test_the_owner_is_told_of_an_objection_by_the_operator(cast: Cast, session: Session) -> None:
    document = builders.document(
        session,
        cast.sari,
        S.DITOLAK,
        verifier=cast.vera,
        created_by_id=cast.oki.pegawai_id,
    )

    actions.object_(session, cast.oki, document, "Nama di sertifikat sudah benar.", today=TODAY)

    told = session.scalars(select(Notification)).one()
    assert (told.pegawai_id, told.judul) == (
        cast.sari.pegawai_id,
        "Keberatan diajukan untuk Anda",
    )


def test_what_another_jenis_asks_for_is_open_with_it(cast: Cast, session: Session) -> None:
    # A seminar needs neither JP nor number; the diklat teknis that it turns out to be needs both.
    document = builders.document(
        session,
        cast.sari,
        S.PERLU_PERBAIKAN,
        verifier=cast.vera,
        jp=None,
        nomor="",
        reason_id=builders.reason(session, fields=["jenis"]).id,
    )
    session.refresh(document)

    values = {"jenis": JenisDiklat.TEKNIS, "jp": 12, "nomor": "88/2026"}
    actions.resubmit(session, cast.sari, document, values, TODAY)

    assert (document.state, document.jp) == (S.DIAJUKAN, 12)


def test_a_wrong_jenis_opens_nothing_else(cast: Cast, session: Session) -> None:
    document = builders.document(
        session,
        cast.sari,
        S.PERLU_PERBAIKAN,
        verifier=cast.vera,
        reason_id=builders.reason(session, fields=["jenis"]).id,
    )

    assert opened_fields(document) == {"jenis", "jp", "nomor"}
