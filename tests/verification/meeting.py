"""Two acts that meet: the first is held at a chosen statement until the second can go no further.

Whoever waits for whom is then decided by the database. Both transactions are rolled back, so that
one set of items serves every meeting.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.documents.models import Document, Reason
from portal.documents.transitions import Act as Step
from portal.errors import PortalError
from portal.handin import actions as handin
from portal.notifications import actions as notifications
from portal.people import mobility
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant
from portal.scoring.actions import recompute, recompute_many
from portal.verification import actions, bulk, claims, queries, readings, records, revocations
from portal.verification.filters import Filters
from portal.verification.queueing import tallies
from portal.vocabulary import DocumentKind, DocumentState, JenisDiklat, Role
from tests.support import builders
from tests.support.cast import TODAY, Cast

Act = Callable[[Session], object]
S = DocumentState
LOCKS = ("UPDATE", "DELETE", "INSERT", " FOR ")
"""Statements after which somebody else may have to wait."""
ENDLESS = 1_000_000
STANDS = 0.12
"""Seconds after which the second is taken to wait for the first."""
QUICKLY = "deadlock_timeout=40ms"
"""How soon the server looks for a ring; the second has to be caught waiting before."""


@dataclass
class Meeting:
    """What came of it: the error of each, None for an act that went through or was refused."""

    first: Exception | None = None
    second: Exception | None = None
    reached: bool = False
    """False when the first act has fewer statements than it was to be held at."""

    @property
    def is_ring(self) -> bool:
        return any(
            isinstance(getattr(error, "orig", None), psycopg.errors.DeadlockDetected)
            for error in (self.first, self.second)
        )


@dataclass
class _Turn:
    """One act in a thread and a transaction of its own."""

    database: Database
    act: Act
    hold_at: int = 0
    """Number of the locking statement after which it waits; 0: it never does."""
    held: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None
    count: int = 0
    """Locking statements so far."""

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._run)
        thread.start()
        return thread

    def _run(self) -> None:
        def after(*arguments: Any) -> None:
            self.count += any(word in arguments[2] for word in LOCKS)
            if self.count == self.hold_at and not self.held.is_set():
                self.held.set()
                self.go_on.wait(30)

        try:
            with self.database._writes() as session:
                connection = session.connection()
                if self.hold_at:
                    event.listen(connection, "after_cursor_execute", after)
                with suppress(PortalError):
                    self.act(session)
                    session.flush()
                session.rollback()
        except Exception as error:  # noqa: BLE001 -- the meeting tells
            self.error = error


def quick(url: str) -> Database:
    """A database whose server looks for rings at once."""
    option = f"options=-c%20{QUICKLY.replace('=', '%3D')}"
    return Database(f"{url}{'&' if '?' in url else '?'}{option}")


def alone(database: Database, act: Act) -> Exception | None:
    """The failure or refusal of an act that meets nobody."""
    try:
        with database.transaction() as session:
            act(session)
            session.flush()
            session.rollback()
    except Exception as error:  # noqa: BLE001 -- the caller tells
        return error
    return None


def steps(database: Database, act: Act) -> int:
    """How many statements of an act may keep somebody else waiting."""
    turn = _Turn(database, act, hold_at=ENDLESS)
    turn.start().join()
    return turn.count


def locks(there: World, *names: str) -> Act:
    """Locks these items, one after the other."""

    def run(session: Session) -> None:
        for name in names:
            claims.lock(session, session.get_one(Document, there.ids[name]))

    return run


def meet(database: Database, first: Act, second: Act, hold_at: int) -> Meeting:
    """Hold `first` after its locking statement number `hold_at` until `second` is over or waits."""
    one, two = _Turn(database, first, hold_at), _Turn(database, second)
    running = one.start()
    while running.is_alive() and not one.held.wait(0.005):
        pass
    if not one.held.is_set():
        running.join()
        return Meeting(one.error)
    beside = two.start()
    beside.join(STANDS)
    one.go_on.set()
    running.join()
    beside.join()
    return Meeting(one.error, two.error, reached=True)


@dataclass(frozen=True)
class World:
    """Items of every state about the same few people."""

    cast: Cast
    head: Actor
    ids: Mapping[str, uuid.UUID]
    reasons: Mapping[Step, uuid.UUID]
    moment: dt.datetime
    """Right after the last decision, which can still be undone then."""


def world(database: Database, cast: Cast) -> World:
    """Put the items into the database: most are Sari's, some the verifikator's own."""
    ids: dict[str, uuid.UUID] = {}
    with database.transaction() as session:
        people = [actor.pegawai_id for actor in cast.everybody.values()]
        recompute_many(session, people, today=TODAY, cause="Awal")
        reasons = {
            act: builders.reason(session, act, fields=["nama"]).id
            for act in (Step.KEMBALIKAN, Step.TOLAK, Step.CABUT)
        }

        def reason_of(act: Step) -> Reason:
            return session.get_one(Reason, reasons[act])

        def made(name: str, owner: Actor, state: S, **fields: Any) -> Document:
            if state is S.DIAJUKAN:
                fields |= {"nama": name}
            document = builders.document(session, owner, state, **fields)
            ids[name] = document.id
            if state is S.DISETUJUI:
                records.write(session, document, now())
            return document

        teknis = {"kind": DocumentKind.TEKNIS, "jenis": JenisDiklat.TEKNIS, "jp": 12}
        old = made("old", cast.sari, S.DISETUJUI, verifier=cast.vera)
        made("replacing", cast.sari, S.DIPERIKSA, verifier=cast.vera, replaces_id=old.id)
        spare = made("spare", cast.sari, S.DISETUJUI, verifier=cast.vera)
        made("drafted", cast.sari, S.DRAF, replaces_id=spare.id)
        made("held", cast.sari, S.DIPERIKSA, verifier=cast.bima, **teknis)
        made("waiting", cast.sari, S.DIAJUKAN, submitted_at=now())
        made("late", cast.sari, S.DIPERIKSA, verifier=cast.bima, claimed_until=now())
        made("returned", cast.sari, S.PERLU_PERBAIKAN, verifier=cast.vera)
        made("refused", cast.sari, S.DITOLAK, verifier=cast.vera)
        made("revocable", cast.sari, S.DISETUJUI, verifier=cast.bima)
        made("of-vera", cast.vera, S.DIPERIKSA, verifier=cast.bima)
        made("of-bima", cast.bima, S.DIPERIKSA, verifier=cast.vera)
        older = made("older", cast.sari, S.DISETUJUI, verifier=cast.bima)
        fresh = made("fresh", cast.sari, S.DIPERIKSA, verifier=cast.vera, replaces_id=older.id)
        sent = made("sent-back", cast.sari, S.DIPERIKSA, verifier=cast.vera)
        actions.approve(session, cast.vera, fresh)
        actions.return_(session, cast.vera, sent, reason_of(Step.KEMBALIKAN))
        proposed = made("proposed", cast.sari, S.DISETUJUI, verifier=cast.vera)
        revocations.propose_from_finding(
            session, cast.vera, proposed, reason_of(Step.CABUT), "Keliru", now()
        )
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")
    grant = Grant(Role.KEPALA_ANTREAN, cast.units.instansi_id)
    return World(cast, replace(cast.ani, grants=(grant,)), ids, reasons, now())


def acts(there: World) -> dict[str, Act]:
    """Everything that writes to an item or to what hangs on it, by name."""
    return _decisions(there) | _claims(there) | _of_owners(there) | _of_nobody(there)


def _of(
    there: World,
    name: str,
    actor: Actor,
    act: Callable[..., object],
    step: Step | None = None,
    **options: Any,
) -> Act:
    """A verifikator's act on an item, reached as the pages do; with a reason for such a step."""

    def run(session: Session) -> object:
        document = queries.document_in_scope(session, actor, there.ids[name])
        reason = {"reason": session.get_one(Reason, there.reasons[step])} if step else {}
        return act(session, actor, document, **reason, **options)

    return run


def _decisions(there: World) -> dict[str, Act]:
    vera, bima, at = there.cast.vera, there.cast.bima, there.moment
    revoke = revocations.revoke

    def together(session: Session) -> object:
        @contextmanager
        def begin() -> Iterator[Session]:
            yield session

        return bulk.approve_each(begin, vera, [bulk.Pick(there.ids["waiting"])])

    return {
        "approve, replacing": _of(there, "replacing", vera, actions.approve),
        "approve": _of(there, "held", bima, actions.approve),
        "approve, of vera": _of(there, "of-vera", bima, actions.approve),
        "approve, of bima": _of(there, "of-bima", vera, actions.approve),
        "approve several": together,
        "return": _of(there, "held", bima, actions.return_, Step.KEMBALIKAN),
        "refuse": _of(there, "replacing", vera, actions.refuse, Step.TOLAK),
        "undo an approval, replacing": _of(there, "fresh", vera, actions.undo, at=at),
        "undo a return": _of(there, "sent-back", vera, actions.undo, at=at),
        "revoke the replaced": _of(there, "old", bima, revoke, Step.CABUT),
        "revoke": _of(there, "revocable", vera, revoke, Step.CABUT),
        "agree to a revocation": _of(there, "proposed", bima, revocations.agree),
    }


def _claims(there: World) -> dict[str, Act]:
    vera, bima = there.cast.vera, there.cast.bima
    return {
        "take": _of(there, "waiting", vera, claims.claim),
        "take, late": _of(there, "late", vera, claims.claim),
        "take the next": lambda session: claims.claim_next(session, bima, Filters()),
        "take over": _of(there, "held", there.head, claims.take_over, reason="Cuti"),
        "renew": _of(there, "held", bima, claims.renew),
        "release": _of(there, "replacing", vera, claims.release),
        "open a paper": lambda session: readings.note(session, vera, there.ids["waiting"]),
    }


def _of_owners(there: World) -> dict[str, Act]:
    sari = there.cast.sari

    def own(name: str, act: Callable[..., object], *values: Any, **options: Any) -> Act:
        def run(session: Session) -> object:
            document = session.get_one(Document, there.ids[name])
            return act(session, sari, document, *values, **options)

        return run

    return {
        "hand in, replacing": own("drafted", handin.submit, today=TODAY),
        "hand in again": own("returned", handin.resubmit, {}, TODAY),
        "repair what was sent back": own("sent-back", handin.fill, {"nama": "Lain"}),
        "withdraw": own("waiting", handin.withdraw, today=TODAY),
        "object": own("refused", handin.object_, "Tanggalnya terbaca jelas.", today=TODAY),
        "read all messages": lambda session: notifications.mark_read(session, sari),
    }


def _of_nobody(there: World) -> dict[str, Act]:
    """What an admin does about people, and what the worker does by itself."""
    everybody = [actor.pegawai_id for actor in there.cast.everybody.values()]
    later = there.moment + dt.timedelta(hours=1)

    def move(session: Session) -> None:
        person = session.get_one(Pegawai, there.cast.sari.pegawai_id)
        mobility.transfer(session, there.head, person, there.cast.units.kesehatan)

    return {
        "release all expired": lambda session: actions.release_expired(session, later),
        "compute everybody": lambda session: recompute_many(
            session, everybody, today=TODAY, cause="Malam"
        ),
        "transfer the owner": move,
        "add the counts up": lambda session: tallies._compact_some(session),
    }
