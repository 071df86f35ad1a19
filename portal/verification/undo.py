"""Taking a decision back within the seconds of grace: as if it had not been, and yet recorded.

Record, score, replaced item, second look, proposals and unread messages follow in the same
transaction; the decision stays with `undone_at`, and nothing that reads decisions counts it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditEntry
from portal.db import now
from portal.documents.arrivals import Upload
from portal.documents.models import Document, DocumentFile
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.documents.workflow import advance
from portal.errors import Conflict, Forbidden
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification import corrections, messages, readings, records
from portal.verification.claims import LEASE, lock
from portal.verification.decisions import (
    AUDIT_ACTIONS,
    OUTCOMES,
    UNDO,
    UNDONE,
    Outcome,
    lock_owner,
    lock_replaced,
    rescore,
)
from portal.verification.models import Correction, RevocationProposal, SpotCheck
from portal.verification.rights import within_reach
from portal.verification.standing import standing

TOO_LATE = {
    Act.SETUJUI: "Bila persetujuannya keliru, cabut dengan alasan.",
    Act.SETUJUI_PERTAMA: "Pemeriksa kedua masih memeriksanya.",
    Act.KEMBALIKAN: "Pemiliknya sudah diberi tahu dan dapat mengajukan ulang.",
    Act.TOLAK: "Pemiliknya sudah diberi tahu dan dapat mengajukan keberatan.",
    Act.CABUT: "Pemiliknya sudah diberi tahu dan dapat mengajukannya lagi sebagai dokumen baru.",
}
"""The way on, when the seconds are over."""


def undo(
    session: Session,
    actor: Actor,
    document: Document,
    *,
    lease: dt.timedelta = LEASE,
    at: dt.datetime | None = None,
) -> Outcome:
    """Withdraw the actor's own decision of the last seconds: the item is Diperiksa again and held
    by the actor; a withdrawn Cabut leads back to Disetujui. A second tap changes nothing.

    Raises Conflict when the seconds are over, when the newest decision is somebody else's, or when
    anybody has acted on the item since; Forbidden when the actor has lost the role meanwhile.
    """
    pressed = at or now()  # whoever had to wait then pressed in time all the same
    lock(session, document)
    made = _newest(session, document.id)
    if made is None or made.decider_id != actor.pegawai_id:
        raise Conflict(standing(session, actor, document))
    last = _last_act(session, document.id)
    if made.undone_at is not None and last is not None and last.action == UNDONE:
        return Outcome(document.state, None, None)
    _check(session, actor, document, made, last, pressed)
    former = lock_replaced(session, document)
    lock_owner(session, document)
    moment = at or now()
    made.undone_at = moment
    session.flush()
    before = _standing_before(session, document.id)
    if made.act is Act.CABUT:
        _bring_back(session, document, before)
    else:
        facts = last.facts if last else {}
        _take_again(session, actor, document, before, moment + lease, **_as_it_was(facts))
    _forget_what_followed(session, made, document)
    audit.record(session, actor, UNDONE, document.id, at=moment, keputusan=OUTCOMES[made.act])
    if made.act is Act.SETUJUI:
        records.remove(session, document.id)
        _restore_former(session, actor, former, made, moment)
    if made.act is Act.SETUJUI_PERTAMA:
        return Outcome(document.state, None, None)  # it had counted for nothing yet
    points = rescore(session, actor, document, "keputusan diurungkan", moment)
    messages.take_back(session, document, OUTCOMES[made.act], made.at)
    return Outcome(document.state, *points)


def _newest(session: Session, document_id: uuid.UUID) -> Decision | None:
    statement = select(Decision).where(Decision.document_id == document_id)
    return session.scalar(statement.order_by(Decision.at.desc()).limit(1))


def _standing_before(session: Session, document_id: uuid.UUID) -> Sequence[Decision]:
    """What was decided before and still stands, newest first."""
    statement = select(Decision).where(
        Decision.document_id == document_id, Decision.undone_at.is_(None)
    )
    return session.scalars(statement.order_by(Decision.at.desc())).all()


def _last_act(session: Session, document_id: uuid.UUID) -> AuditEntry | None:
    """The newest act of a person on the item; readings are none, and proposals come with their
    return."""
    statement = select(AuditEntry).where(
        AuditEntry.subject_id == document_id,
        AuditEntry.actor_id.is_not(None),
        AuditEntry.action.startswith("document:"),
        AuditEntry.action.not_in([readings.ACTION, corrections.PROPOSED]),
    )
    return session.scalar(statement.order_by(AuditEntry.id.desc()).limit(1))


def _check(
    session: Session,
    actor: Actor,
    document: Document,
    made: Decision,
    last: AuditEntry | None,
    moment: dt.datetime,
) -> None:
    asked = Permission.VERIFY_REVOKE if made.act is Act.CABUT else Permission.VERIFY_DECIDE
    if not within_reach(actor, asked, document):
        raise Forbidden("Anda tidak lagi berwenang memeriksa dokumen ini.")
    went_on = last is None or last.action != AUDIT_ACTIONS[made.act]
    if went_on or _has_begun_to_repair(session, document, made):
        raise Conflict(
            f"Sudah ada yang melanjutkan dokumen ini (sekarang “{document.state_label}”), "
            "jadi keputusan Anda tidak dapat diurungkan lagi."
        )
    if moment - made.at > UNDO:
        raise Conflict(
            f"Sudah lewat {UNDO.seconds} detik, jadi keputusan ini tidak dapat diurungkan lagi. "
            f"{TOO_LATE[made.act]}"
        )


def _has_begun_to_repair(session: Session, document: Document, made: Decision) -> bool:
    """A paper was sent or taken off since: the audit has no line of these before the hand-in."""
    sent = select(Upload.id).where(Upload.document_id == document.id, Upload.created_at >= made.at)
    changed = select(DocumentFile.id).where(
        DocumentFile.document_id == document.id,
        or_(DocumentFile.revision > made.revision, DocumentFile.superseded_at >= made.at),
    )
    return session.scalar(select(or_(sent.exists(), changed.exists()))) or False


def _take_again(
    session: Session,
    actor: Actor,
    document: Document,
    before: Sequence[Decision],
    until: dt.datetime,
    **former: Any,
) -> None:
    """Back into the hands of the actor, as the item was before the decision."""
    # After a first approval nothing is possible but the second look: so that was under way.
    second_round = bool(before) and before[0].act is Act.SETUJUI_PERTAMA
    advance(
        session,
        document,
        Act.URUNGKAN,
        claimed_by_id=actor.pegawai_id,
        claimed_until=until,
        first_approver_id=before[0].decider_id if second_round else None,
        closed_at=None,
        # Nobody brings an item along that is with its owner, who may have moved meanwhile.
        opd_id=select(Pegawai.opd_id).where(Pegawai.id == document.owner_id).scalar_subquery(),
        **_told_last(before),
        **former,
    )


def _as_it_was(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the decision ended, as its line in the audit keeps it."""
    former: dict[str, Any] = {"lapis_pertama": facts.get("lapis") == "opd"}
    if "tenggat" in facts:
        former["tenggat"] = dt.date.fromisoformat(facts["tenggat"])
    return former


def _bring_back(session: Session, document: Document, before: Sequence[Decision]) -> None:
    """An approval that was withdrawn stands again, with its record."""
    approved = before[0].at if before else document.submitted_at or document.created_at
    advance(session, document, Act.URUNGKAN, closed_at=approved, **_told_last(before))
    records.write(session, document, approved)


def _told_last(before: Sequence[Decision]) -> dict[str, Any]:
    """Reason and note as the decision before had left them; a first approval leaves none."""
    told = next((one for one in before if one.act is not Act.SETUJUI_PERTAMA), None)
    return {
        "reason_id": told.reason_id if told else None,
        "note": told.note if told else "",
    }


def _restore_former(
    session: Session,
    actor: Actor,
    former: Document | None,
    made: Decision,
    moment: dt.datetime,
) -> None:
    """The item that this approval had replaced stands again."""
    if former is None:
        return
    revoked = _newest(session, former.id)
    if revoked is None or (revoked.act, revoked.at) != (Act.CABUT, made.at):
        return
    revoked.undone_at = moment
    session.flush()
    _bring_back(session, former, _standing_before(session, former.id))
    words = "digantikan dokumen baru"
    audit.record(session, actor, UNDONE, former.id, at=moment, keputusan=words)


def _forget_what_followed(session: Session, made: Decision, document: Document) -> None:
    """The second look that was drawn, the proposals that went with it; an agreement to revoke is
    open again."""
    session.execute(delete(SpotCheck).where(SpotCheck.decision_id == made.id))
    if made.act is Act.KEMBALIKAN:
        session.execute(
            delete(Correction).where(
                Correction.document_id == document.id, Correction.revision == made.revision
            )
        )
    if made.act is Act.CABUT:
        session.execute(
            update(RevocationProposal)
            .where(
                RevocationProposal.document_id == document.id,
                RevocationProposal.at_decided == made.at,
            )
            .values(penentu_id=None, at_decided=None, setuju=None)
        )
