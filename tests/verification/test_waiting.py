"""An act that had to wait for another counts from when it came on, and by what it then found."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal import audit
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act as Step
from portal.errors import Rejected, Unavailable
from portal.notifications import actions as notifications
from portal.notifications.models import Notification
from portal.permissions import Actor
from portal.verification import actions, claims, decisions, queries
from portal.verification.reason_list import changes
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_postgresql_alone
from tests.support.waiting import Late
from tests.verification.support import told

pytestmark = on_postgresql_alone
S = DocumentState


def made(database: Database, owner: Actor, state: S, **fields: Any) -> uuid.UUID:
    with database.transaction() as session:
        return builders.document(session, owner, state, **fields).id


def reason_for(database: Database, act: Step) -> uuid.UUID:
    with database.transaction() as session:
        builders.reason(session, act, kode="lain", label="Alasan lain")
        return builders.reason(session, act, kode="buram", label="Buram").id


def on(
    item: uuid.UUID, actor: Actor, act: Callable[..., object], reason: uuid.UUID | None = None
) -> Callable[[Session], object]:
    def run(session: Session) -> object:
        document = queries.document_in_scope(session, actor, item)
        more = {"reason": session.get_one(Reason, reason)} if reason else {}
        return act(session, actor, document, **more)

    return run


def test_the_seconds_to_take_a_withdrawal_back_begin_after_the_wait(
    database: Database, cast: Cast
) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    reason = reason_for(database, Step.CABUT)
    with database.transaction() as session:
        actions.approve(session, cast.vera, session.get_one(Document, item))
    with database.transaction() as session:
        decisions.lock_owner(session, session.get_one(Document, item))
        late = Late(database, on(item, cast.bima, actions.revoke, reason))
        waited = now()
    late.answer()
    with database.reading() as session:
        revoked = session.scalars(select(Decision).where(Decision.act == Step.CABUT)).one()
    assert (late.waited, revoked.at > waited) == (True, True)


def test_an_undo_that_waited_stands_where_it_was_written(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    with database.transaction() as session:
        actions.approve(session, cast.vera, session.get_one(Document, item))
    with database.transaction() as session:
        claims.lock(session, session.get_one(Document, item))
        late = Late(database, on(item, cast.vera, actions.undo))
        waited = now()
    late.answer()
    with database.reading() as session:
        last = audit.history(session, item)[-1]
    assert (late.waited, last.action, last.at > waited) == (True, decisions.UNDONE, True)


def test_a_claim_that_waited_lasts_its_whole_time(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIAJUKAN)
    with database.transaction() as session:
        claims.lock(session, session.get_one(Document, item))
        late = Late(database, on(item, cast.vera, claims.claim))
        waited = now()
    late.answer()
    with database.reading() as session:
        until = session.get_one(Document, item).claimed_until
    assert until is not None
    assert (late.waited, until > waited + claims.LEASE) == (True, True)


def test_a_return_says_what_its_reason_says_by_then(database: Database, cast: Cast) -> None:
    """An unused reason is worded anew in place: the decision must not keep the words before."""
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    reason = reason_for(database, Step.KEMBALIKAN)
    with database.transaction() as session:
        found = changes.found(session, reason, lock=True)
        wording = changes.Wording(Step.KEMBALIKAN, "Foto buram", "Foto ulang di tempat terang.")
        changes.change(session, cast.ani, found, wording)
        late = Late(database, on(item, cast.vera, actions.return_, reason))
    late.answer()
    with database.reading() as session:
        line = audit.history(session, item)[-1]
        ((_, words),) = told(session, cast.sari)
    assert (late.waited, line.facts["alasan"]) == (True, "Foto buram")
    assert words == "Foto buram. Foto ulang di tempat terang."


def test_a_reason_that_was_switched_off_meanwhile_is_refused(
    database: Database, cast: Cast
) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    reason = reason_for(database, Step.TOLAK)
    with database.transaction() as session:
        changes.switch(session, cast.ani, changes.found(session, reason, lock=True), on=False)
        late = Late(database, on(item, cast.vera, actions.refuse, reason))
    answer = late.answer()
    assert late.waited
    assert isinstance(answer, Rejected)
    assert answer.field == "alasan"


@pytest.fixture
def impatient(database_url: str) -> Iterator[Database]:
    """A database that gives up a wait at once."""
    sign = "&" if "?" in database_url else "?"
    database = Database(f"{database_url}{sign}options=-c%20lock_timeout%3D50ms")
    with database.reading() as session:
        session.execute(select(1))
    yield database
    database.dispose()


def test_whoever_opens_a_message_while_it_is_taken_back_is_told_so(
    database: Database, impatient: Database, cast: Cast
) -> None:
    """Or finds it gone; nobody is left with news that is not true any more."""
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    with database.transaction() as session:
        actions.approve(session, cast.vera, session.get_one(Document, item))

    tries: list[str] = []

    def open_it(*arguments: Any) -> None:
        if tries or "notifikasi" not in arguments[2]:
            return
        tries.append(arguments[2])
        # Unavailable: it waits, for what it is about to read is going.
        with suppress(Unavailable), impatient.transaction() as reader:
            notifications.mark_read(reader, cast.sari)

    with database.transaction() as session:
        event.listen(session.connection(), "after_cursor_execute", open_it)
        on(item, cast.vera, actions.undo)(session)
    assert tries
    with database.reading() as session:
        left = session.scalars(select(Notification.judul).order_by(Notification.dibuat)).all()
    assert [title.partition(": ")[2] for title in left] in (
        [],
        ["disetujui", "keputusan diurungkan"],
    )
