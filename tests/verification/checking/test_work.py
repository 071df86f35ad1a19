"""The job that lights the queue: hints that follow the item, its reading and its twins."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.agency.institutions import key_of
from portal.agency.models import PerguruanTinggi
from portal.db import Database
from portal.documents.arrivals import Reading
from portal.documents.check_orders import KIND
from portal.documents.models import Document
from portal.handin import actions as handin
from portal.jobs import Job
from portal.permissions import Actor
from portal.verification.checking import Light, work
from portal.verification.checking.gathering import gather
from portal.vocabulary import DocumentKind, DocumentState, FileRole, ReadingState, Tingkat
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

S = DocumentState


def make(
    database: Database,
    owner: Actor,
    state: S = S.DIAJUKAN,
    *,
    read: bool = True,
    **fields: Any,
) -> uuid.UUID:
    """An item of `owner`; when read, the paper says exactly what was declared."""
    with database.transaction() as session:
        made = builders.document(session, owner, state, **fields)
        if read:
            session.add(reading_of(made, owner))
        return made.id


def reading_of(made: Document, owner: Actor, **otherwise: str) -> Reading:
    said = {
        "nama_orang": owner.nama,
        "nip": owner.nip,
        "nomor": made.nomor,
        "tanggal_selesai": made.tanggal_selesai.isoformat() if made.tanggal_selesai else "",
    }
    return Reading(
        file_id=made.current_files[0].id, state=ReadingState.SELESAI, fields=said | otherwise
    )


def marks(database: Database, document_id: uuid.UUID) -> tuple[str | None, bool]:
    with database.reading() as session:
        document = session.get_one(Document, document_id)
        return document.lampu, document.kembar


def orders(database: Database) -> list[str]:
    with database.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == KIND))
        return [job.payload["document_id"] for job in jobs]


def run(database: Database, document_id: uuid.UUID) -> None:
    work.handler(database)({"document_id": str(document_id)})


def test_an_item_whose_paper_says_the_same_is_green(database: Database, cast: Cast) -> None:
    item = make(database, cast.sari)

    run(database, item)

    assert marks(database, item) == (Light.GREEN.value, False)


def test_an_item_that_nobody_has_read_is_not(database: Database, cast: Cast) -> None:
    item = make(database, cast.sari, read=False)

    run(database, item)

    assert marks(database, item) == (Light.UNREAD.value, False)


def test_running_twice_changes_nothing(database: Database, cast: Cast) -> None:
    item = make(database, cast.sari)
    run(database, item)
    before = marks(database, item)

    run(database, item)

    assert (marks(database, item), orders(database)) == (before, [])


def test_a_twin_is_marked_on_both_sides(database: Database, cast: Cast) -> None:
    first = make(database, cast.sari, nomor="421/9/BGP")
    run(database, first)
    second = make(database, cast.budi, nomor="421/9/BGP")

    run(database, second)
    assert orders(database) == [str(first)]
    run(database, first)

    assert [marks(database, item)[1] for item in (first, second)] == [True, True]
    assert len(orders(database)) == 1


def test_the_mark_goes_with_the_twin(database: Database, cast: Cast) -> None:
    first = make(database, cast.sari, nomor="421/9/BGP")
    second = make(database, cast.budi, nomor="421/9/BGP")
    run(database, first)
    run(database, second)
    with database.transaction() as session:
        item = session.get_one(Document, second)
        handin.withdraw(session, cast.budi, item, today=TODAY)

    for order in orders(database):
        run(database, uuid.UUID(order))
    run(database, first)

    assert marks(database, first) == (Light.GREEN.value, False)


@pytest.mark.parametrize("state", [S.DRAF, S.DIBATALKAN])
def test_what_does_not_wait_is_left_alone(database: Database, cast: Cast, state: S) -> None:
    item = make(database, cast.sari, state)

    run(database, item)

    assert marks(database, item) == (None, False)


def test_an_item_that_is_gone_is_no_failure(database: Database) -> None:
    run(database, uuid.uuid4())


def test_a_revision_that_came_meanwhile_is_not_lit_by_the_old_one(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = make(database, cast.sari)
    look = work.look

    def overtaken(session: Any, document: Document) -> Any:
        found = look(session, document)
        session.close()
        with database.transaction() as other:
            other.execute(update(Document).where(Document.id == item).values(revision=2))
        return found

    monkeypatch.setattr(work, "look", overtaken)
    run(database, item)

    assert marks(database, item) == (None, False)


def test_a_hand_in_orders_the_checks(database: Database, cast: Cast) -> None:
    item = make(database, cast.sari, S.DRAF)
    with database.transaction() as session:
        handin.submit(session, cast.sari, session.get_one(Document, item), today=TODAY)

    assert orders(database) == [str(item)]


def test_the_night_finds_what_was_never_looked_at(database: Database, cast: Cast) -> None:
    waiting = make(database, cast.sari)
    make(database, cast.sari, lampu="ok")
    make(database, cast.sari, S.DRAF)

    assert work.catch_up(database) == 1
    assert orders(database) == [str(waiting)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Universitas Lambung Mangkurat"),
        ({"luar_negeri": True}, "unasked"),
        ({"tingkat": Tingkat.SLTA}, "unasked"),
        ({"perguruan_tinggi": "Universitas Entah"}, None),
    ],
)
def test_only_institutions_of_the_country_are_looked_up(
    database: Database, cast: Cast, fields: dict[str, Any], expected: str | None
) -> None:
    name = "Universitas Lambung Mangkurat"
    with database.transaction() as session:
        session.add(
            PerguruanTinggi(instansi_id=cast.sari.instansi_id, kunci=key_of(name), nama=name)
        )
        values = {"perguruan_tinggi": name, "tingkat": Tingkat.S2, "jenis": None} | fields
        item = builders.document(session, cast.sari, S.DIAJUKAN, kind=DocumentKind.IJAZAH, **values)
        builders.file(session, item, FileRole.TRANSKRIP)
        listed = gather(session, None, item, None, TODAY).institution

    assert (listed.nama if listed else "unasked") == expected


@on_sqlite_alone
def test_the_worker_runs_what_a_hand_in_ordered(app: Flask, database: Database, cast: Cast) -> None:
    item = make(database, cast.sari, S.DRAF)
    with database.transaction() as session:
        handin.submit(session, cast.sari, session.get_one(Document, item), today=TODAY)

    app.extensions["queue"].run_due()

    assert marks(database, item) == (Light.GREEN.value, False)
