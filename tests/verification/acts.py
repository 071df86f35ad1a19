"""Every act on items and on what hangs on them, over one set of items about the same few people."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Penugasan
from portal.agency.models import Antrean, Instansi
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.rulings import Reason
from portal.documents.transitions import Act as Step
from portal.errors import Conflict
from portal.handin import actions as handin
from portal.handin.sending import actions as sending
from portal.handin.sending.messages import Announcement
from portal.notifications import actions as notifications
from portal.operations import retention
from portal.people import mobility, ties
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant
from portal.questions import actions as questions
from portal.scoring import reminders
from portal.scoring.actions import recompute, recompute_many
from portal.verification import actions, bulk, claims, queries, readings, records, revocations
from portal.verification.checking.work import look_at
from portal.verification.filters import Filters
from portal.verification.models import SpotCheck
from portal.verification.quality import spot_checks
from portal.verification.queueing import rerouting, tallies
from portal.verification.queueing.staffing import staffing
from portal.vocabulary import DocumentKind, DocumentState, FileRole, JenisDiklat, Role
from tests.handin.support import stored
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.verification.checking.test_work import reading_of
from tests.verification.meeting import Act

S = DocumentState
EVE = dt.date(TODAY.year - 1, 12, 31)
APART = {"tanggal_mulai": EVE, "tanggal_selesai": EVE}
"""A day on which nobody has another course."""


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

        queue = Antrean(
            instansi_id=cast.units.instansi_id, nama="Seminar", jenis_dokumen=["seminar"]
        )
        session.add(queue)
        session.flush()
        akun_id, agency = cast.bima.akun_id, cast.units.instansi_id
        member = Penugasan(
            akun_id=akun_id, peran=Role.VERIFIKATOR, instansi_id=agency, antrean_id=queue.id
        )
        session.add(member)

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
        for name, owner in (
            ("waiting", cast.sari),
            ("waiting, of vera", cast.vera),
            ("waiting, of bima", cast.bima),
        ):
            session.add(reading_of(made(name, owner, S.DIAJUKAN, **APART), owner))
        named = made("waiting, replacing", cast.sari, S.DIAJUKAN, replaces_id=old.id, **APART)
        session.add(reading_of(named, cast.sari))
        made("late", cast.sari, S.DIPERIKSA, verifier=cast.bima, claimed_until=now())
        made("returned", cast.sari, S.PERLU_PERBAIKAN, verifier=cast.vera)
        made("refused", cast.sari, S.DITOLAK, verifier=cast.vera)
        revocable = made("revocable", cast.sari, S.DISETUJUI, verifier=cast.bima)
        made("of-vera", cast.vera, S.DIPERIKSA, verifier=cast.bima)
        made("of-bima", cast.bima, S.DIPERIKSA, verifier=cast.vera)
        older = made("older", cast.sari, S.DISETUJUI, verifier=cast.bima)
        fresh = made("fresh", cast.sari, S.DIPERIKSA, verifier=cast.vera, replaces_id=older.id)
        sent = made("sent-back", cast.sari, S.DIPERIKSA, verifier=cast.vera)
        actions.approve(session, cast.vera, fresh)
        actions.return_(session, cast.vera, sent, reason_of(Step.KEMBALIKAN))
        withdrawn = made("withdrawn", cast.sari, S.DISETUJUI, verifier=cast.vera)
        actions.revoke(session, cast.vera, withdrawn, reason_of(Step.CABUT))
        ids["question"] = builders.question(session, cast.sari, spare).id
        proposed = made("proposed", cast.sari, S.DISETUJUI, verifier=cast.vera)
        revocations.propose_from_finding(
            session, cast.vera, proposed, reason_of(Step.CABUT), "Keliru", now()
        )
        decision = queries.last_decision(session, revocable.id)
        assert decision is not None
        session.add(SpotCheck(decision_id=decision.id, document_id=revocable.id))
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")
    grant = Grant(Role.KEPALA_ANTREAN, cast.units.instansi_id)
    return World(cast, replace(cast.ani, grants=(grant,)), ids, reasons, now())


def locks(there: World, *names: str) -> Act:
    """Locks these items, one after the other."""

    def run(session: Session) -> None:
        for name in names:
            claims.lock(session, session.get_one(Document, there.ids[name]))

    return run


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

    def together(name: str, actor: Actor) -> Act:
        def run(session: Session) -> None:
            begin = _Borrowed(session).transaction
            (fate,) = bulk.approve_each(begin, actor, [bulk.Pick(there.ids[name])])
            if not fate.approved:
                raise Conflict(fate.sentence)

        return run

    def look_again(session: Session) -> None:
        of_item = select(SpotCheck).where(SpotCheck.document_id == there.ids["revocable"])
        spot = session.scalars(of_item).one()
        reason = session.get_one(Reason, there.reasons[Step.CABUT])
        spot_checks.look(session, vera, spot, agrees=False, reason=reason, note="Keliru")

    return {
        "look again": look_again,
        "approve, replacing": _of(there, "replacing", vera, actions.approve),
        "approve": _of(there, "held", bima, actions.approve),
        "approve, of vera": _of(there, "of-vera", bima, actions.approve),
        "approve, of bima": _of(there, "of-bima", vera, actions.approve),
        "approve together": together("waiting", vera),
        "approve together, replacing": together("waiting, replacing", vera),
        "approve together, of vera": together("waiting, of vera", bima),
        "approve together, of bima": together("waiting, of bima", vera),
        "return": _of(there, "held", bima, actions.return_, Step.KEMBALIKAN),
        "refuse": _of(there, "replacing", vera, actions.refuse, Step.TOLAK),
        "undo an approval, replacing": _of(there, "fresh", vera, actions.undo, at=at),
        "undo a return": _of(there, "sent-back", vera, actions.undo, at=at),
        "revoke the replaced": _of(there, "old", bima, revoke, Step.CABUT),
        "revoke": _of(there, "revocable", vera, revoke, Step.CABUT),
        "agree to a revocation": _of(there, "proposed", bima, revocations.agree),
        "undo a withdrawal": _of(there, "withdrawn", vera, actions.undo, at=at),
        "decline a proposal": _of(there, "proposed", bima, revocations.decline, note="Sah."),
        "answer a question": lambda session: questions.answer(
            session, vera, there.ids["question"], "Besok.", message_id=uuid.uuid4(), seen=1
        ),
        "take back a proposal": _of(there, "proposed", vera, revocations.take_back),
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
        "ask about an item": lambda session: questions.ask(
            session,
            sari,
            session.get_one(Document, there.ids["waiting"]),
            "Kapan dokumen ini diperiksa?",
            question_id=uuid.uuid4(),
        ),
        "begin a replacement": lambda session: handin.start_draft(
            session,
            sari,
            session.get_one(Pegawai, sari.pegawai_id),
            document_id=uuid.uuid4(),
            kind=DocumentKind.SEMINAR,
            replaces=session.get_one(Document, there.ids["revocable"]),
        ),
        "announce a photo": lambda session: sending.announce(
            session,
            sari,
            Announcement(
                uuid.uuid4(), there.ids["returned"], "a.jpg", "image/jpeg", 9, sha256="0" * 64
            ),
            sending.Bounds(1_000_000, 20),
        ),
        "replace a paper": own("returned", handin.attach, FileRole.SERTIFIKAT, stored()),
        "take a paper off": own("drafted", handin.detach, FileRole.SERTIFIKAT),
        "discard a draft": own("drafted", handin.discard),
        "write on": lambda session: questions.write_on(
            session, sari, there.ids["question"], "Lagi.", message_id=uuid.uuid4(), seen=1
        ),
        "read all messages": lambda session: notifications.mark_read(session, sari),
    }


def _of_nobody(there: World) -> dict[str, Act]:
    """What an admin does about people, and what the worker does by itself."""
    sari, units = there.cast.sari, there.cast.units
    everybody = [actor.pegawai_id for actor in there.cast.everybody.values()]
    later = there.moment + dt.timedelta(hours=1)

    def move(session: Session) -> None:
        person = session.get_one(Pegawai, sari.pegawai_id)
        mobility.transfer(session, there.head, person, units.kesehatan)

    def follow(session: Session) -> object:
        return rerouting._bring_units(session, Document.owner_id.in_([sari.pegawai_id]))

    def move_cell(session: Session) -> object:
        everything = Document.state.in_(rerouting.MOVABLE)
        return rerouting._move(_Borrowed(session), everything, {"lapis_pertama": True}, 1)

    def move_special(session: Session) -> object:
        staff = staffing(session, session.get_one(Instansi, units.instansi_id), there.moment)
        return rerouting._move_special(_Borrowed(session), units.instansi_id, staff)

    def tie(session: Session) -> None:
        person, other = (
            session.get_one(Pegawai, actor.pegawai_id) for actor in (sari, there.cast.vera)
        )
        ties.set_ties(session, there.head, person, pasangan=None, atasan=other)

    def erase(session: Session) -> object:
        overdue = retention._overdue(later)
        return retention._mark_erased(_Borrowed(session), there.ids["refused"], overdue, later)

    def remind(session: Session) -> object:
        return reminders._tell(session, units.instansi_id, sorted(everybody), TODAY, later)

    return {
        "note a superior": tie,
        "erase refused papers": erase,
        "remind everybody": remind,
        "release all expired": lambda session: actions.release_expired(session, later),
        "compute everybody": lambda session: recompute_many(
            session, everybody, today=TODAY, cause="Malam"
        ),
        "transfer the owner": move,
        "follow the owner": follow,
        "route a cell anew": move_cell,
        "route items of members anew": move_special,
        "give days": lambda session: rerouting._give_days(session),
        "add the counts up": lambda session: tallies._compact_some(session),
        "check an item": lambda session: look_at(_Borrowed(session), there.ids["waiting"]),
    }


class _Borrowed(Database):
    """A database whose transactions are parts of one that is open."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def reading(self) -> Any:
        return nullcontext(self._session)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        yield self._session
        self._session.flush()
