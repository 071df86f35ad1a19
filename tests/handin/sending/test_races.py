"""Two taps at the same moment, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.documents.arrivals import Processing, Upload
from portal.documents.queries import owned
from portal.errors import Conflict
from portal.handin import actions as handin
from portal.handin import processing
from portal.handin.making import StillProcessing
from portal.handin.sending import actions, queries
from portal.handin.sending.actions import Bounds
from portal.handin.sending.messages import Announcement, Order, Page
from portal.jobs import Job
from portal.vocabulary import DocumentState, FileRole
from tests.handin.sending.phone import PAPER, sha
from tests.handin.support import complete, draft
from tests.support.cast import TODAY, Cast

BOUNDS = Bounds(10 * 1024 * 1024, 20)


def at_once(database: Database, *acts: Callable[[Session], Any]) -> list[Any]:
    """What each act returned or raised, all begun at the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[Session], Any]) -> Any:
        start.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except Exception as failure:  # noqa: BLE001  the test looks at it
            return failure

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def announcement(dokumen: uuid.UUID) -> Announcement:
    return Announcement(uuid.uuid4(), dokumen, "foto.jpg", "image/jpeg", len(PAPER), sha(PAPER))


@pytest.fixture
def dokumen(database: Database, cast: Cast) -> uuid.UUID:
    """A seminar of sari's that lacks nothing."""
    with database.transaction() as session:
        return complete(session, cast.sari).id


@pytest.fixture
def upload(database: Database, cast: Cast, dokumen: uuid.UUID) -> uuid.UUID:
    """A complete file for it."""
    message = announcement(dokumen)
    with database.transaction() as session:
        row, _ = actions.announce(session, cast.sari, message, BOUNDS)
        actions.complete(session, row, DocumentState.DRAF, sizes(row))
    return message.id


def sizes(upload: Upload) -> dict[int, int]:
    return {number: upload.size_of_part(number) for number in range(1, upload.parts + 1)}


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_two_announcements_of_one_file_are_one_row(
    database: Database, cast: Cast, dokumen: uuid.UUID
) -> None:
    message = announcement(dokumen)

    def announce(session: Session) -> bool:
        return actions.announce(session, cast.sari, message, BOUNDS)[1]

    assert sorted(at_once(database, announce, announce)) == [False, True]
    assert count(database, Upload) == 1


def test_one_id_for_files_of_two_items_is_refused_once(
    database: Database, cast: Cast, dokumen: uuid.UUID
) -> None:
    with database.transaction() as session:
        other = draft(session, cast.sari).id
    first = announcement(dokumen)
    second = Announcement(first.id, other, "b.jpg", "image/jpeg", len(PAPER), sha(PAPER))

    results = at_once(
        database,
        lambda session: actions.announce(session, cast.sari, first, BOUNDS)[1],
        lambda session: actions.announce(session, cast.sari, second, BOUNDS)[1],
    )

    assert (results.count(True), count(database, Upload)) == (1, 1)


def test_two_items_at_once_do_not_pass_the_bound_of_a_person(
    database: Database, cast: Cast, dokumen: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        other = draft(session, cast.sari).id
    monkeypatch.setattr(actions, "MOST_WAITING", len(PAPER))

    def announced(item: uuid.UUID) -> Callable[[Session], bool]:
        return lambda session: actions.announce(session, cast.sari, announcement(item), BOUNDS)[1]

    results = at_once(database, announced(dokumen), announced(other))

    assert (results.count(True), count(database, Upload)) == (1, 1)


def test_complete_twice_at_once_is_as_once(
    database: Database, cast: Cast, dokumen: uuid.UUID
) -> None:
    message = announcement(dokumen)
    with database.transaction() as session:
        actions.announce(session, cast.sari, message, BOUNDS)

    def finish(session: Session) -> None:
        row, state = queries.upload_of(session, cast.sari, message.id)
        actions.complete(session, row, state, sizes(row))

    assert at_once(database, finish, finish) == [None, None]


def test_two_taps_on_one_order_are_one_job(
    database: Database, cast: Cast, dokumen: uuid.UUID, upload: uuid.UUID
) -> None:
    message = Order(uuid.uuid4(), dokumen, FileRole.SERTIFIKAT, [Page(upload)])

    def order(session: Session) -> bool:
        return actions.order(session, cast.sari, message, 20)

    assert sorted(at_once(database, order, order)) == [False, True]
    with database.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == processing.KIND)).all()
    assert len(jobs) == 1


def test_an_item_is_handed_in_or_gets_another_paper_never_both(
    database: Database, cast: Cast, dokumen: uuid.UUID, upload: uuid.UUID
) -> None:
    message = Order(uuid.uuid4(), dokumen, FileRole.SERTIFIKAT, [Page(upload)])

    def submit(session: Session) -> str:
        document = owned(session, cast.sari, dokumen)
        return handin.submit(session, cast.sari, document, today=TODAY)

    receipt, ordered = at_once(
        database, submit, lambda session: actions.order(session, cast.sari, message, 20)
    )

    if isinstance(receipt, str):
        assert isinstance(ordered, Conflict)
    else:
        assert isinstance(receipt, StillProcessing)
    assert count(database, Processing) == (0 if isinstance(receipt, str) else 1)
