"""What every decision has in common: who may take it, its seal, and what follows from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.db import new_id, now
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.documents.workflow import advance
from portal.errors import Conflict, Forbidden, Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.scoring.queries import stored
from portal.verification import records
from portal.verification.claims import is_holder, lock
from portal.verification.messages import change_of_score, short_title, tell
from portal.verification.rights import obstacle
from portal.verification.standing import standing
from portal.vocabulary import DocumentState

LONGEST_NOTE = 1000
UNDO = dt.timedelta(seconds=10)
"""So long a decision can be taken back by whoever took it. What leaves the portal (e-mail) waits
until then."""
AUDIT_ACTIONS = {
    Act.SETUJUI_PERTAMA: "document:first-approved",
    Act.SETUJUI: "document:approved",
    Act.KEMBALIKAN: "document:returned",
    Act.TOLAK: "document:refused",
    Act.CABUT: "document:revoked",
}
REPLACED = "document:replaced"
"""The revocation that comes with the approval of a successor."""
UNDONE = "document:undone"
"""A decision was taken back within the seconds of grace."""
OUTCOMES = {
    Act.SETUJUI_PERTAMA: "disetujui pemeriksa pertama",
    Act.SETUJUI: "disetujui",
    Act.KEMBALIKAN: "perlu diperbaiki",
    Act.TOLAK: "ditolak",
    Act.CABUT: "persetujuan dicabut",
}
"""The words that follow an item's title."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a decision led, and the owner's points before and after (None: not measured)."""

    state: DocumentState
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision as it was taken. `today` is the date of the score, by default that of `moment`;
    everything that follows from a decision carries its one moment."""

    act: Act
    reason: Reason | None = None
    note: str = ""
    today: dt.date | None = None
    moment: dt.datetime = field(default_factory=now)
    together: bool = False
    """One of several items that are approved at once."""


def ready(session: Session, actor: Actor, document: Document, revision: int | None) -> None:
    """The actor may decide this item and holds it, in the revision that was on the screen.

    Raises Forbidden with the reason, or Conflict with what happened meanwhile.
    """
    lock(session, document)
    sentence = obstacle(session, actor, document)
    if sentence:
        raise Forbidden(sentence)
    if not is_holder(actor, document):
        raise Conflict(standing(session, actor, document))
    if is_newer(document, revision):
        raise Conflict(
            f"Pemiliknya sudah memperbarui dokumen ini (perbaikan ke-{document.revision - 1}). "
            "Periksa isinya yang terbaru sebelum memutuskan."
        )
    lock_replaced(session, document)
    lock_owner(session, document)


def is_newer(document: Document, revision: int | None) -> bool:
    """True when the item is no longer in the revision that the actor saw."""
    return revision is not None and document.revision != revision


def lock_replaced(session: Session, document: Document) -> Document | None:
    """The item that this one replaces or is to replace, read again and kept until the commit. Comes
    after the item itself and before people, as everywhere."""
    if document.replaces_id is None:
        return None
    return session.get(Document, document.replaces_id, with_for_update=True, populate_existing=True)


def lock_owner(session: Session, document: Document) -> None:
    """Two decisions on items of one person follow each other: each score must see the other's
    record. To be locked before anything refers to the row, so that nobody locks out the other."""
    row = select(Pegawai.id).where(Pegawai.id == document.owner_id)
    session.execute(row.with_for_update(key_share=True))


def check(session: Session, document: Document, verdict: Verdict) -> None:
    """Reason and note are fit for this act and item; raises Rejected naming the field.

    The reason is read again, and keeps its words until the commit.
    """
    if len(verdict.note) > LONGEST_NOTE:
        raise Rejected(f"Catatan paling panjang {LONGEST_NOTE} huruf.", "catatan")
    if verdict.act in {Act.SETUJUI, Act.SETUJUI_PERTAMA}:
        return
    reason = verdict.reason
    if reason is not None:
        session.refresh(reason, with_for_update={"read": True, "key_share": True})
    if reason is None or reason.act is not verdict.act or not reason.aktif:
        raise Rejected("Pilih alasannya.", "alasan")
    if reason.kinds and document.kind not in reason.kinds:
        raise Rejected("Alasan ini bukan untuk jenis dokumen ini. Pilih yang lain.", "alasan")


def seal(
    session: Session,
    actor: Actor,
    document: Document,
    verdict: Verdict,
    action: str | None = None,
    **more: str,
) -> Decision:
    """Keep the decision with the hashes of the files it was made on, and its line in the audit
    (`action` names another act than the verdict's, `more` further facts)."""
    reason = verdict.reason
    decision = Decision(
        id=new_id(),
        document_id=document.id,
        owner_id=document.owner_id,
        decider_id=actor.pegawai_id,
        act=verdict.act,
        revision=document.revision,
        at=verdict.moment,
        reason_id=reason.id if reason else None,
        note=verdict.note,
        sealed={str(file.id): file.sha256_stored for file in document.current_files},
        antrean_id=document.antrean_id,
        masuk=document.submitted_at,
        massal=verdict.together,
    )
    session.add(decision)
    facts: dict[str, object] = {"revision": document.revision, **more}
    if reason:
        facts |= {"alasan": reason.label, "cara_memperbaiki": reason.cara_memperbaiki}
    if verdict.note:
        facts["catatan"] = verdict.note
    action = action or AUDIT_ACTIONS[verdict.act]
    audit.record(session, actor, action, document.id, at=verdict.moment, **facts)
    return decision


def settle(session: Session, actor: Actor, document: Document, verdict: Verdict) -> Outcome:
    """What follows from a sealed decision: the owner's score, and the message to the owner."""
    outcome = OUTCOMES[verdict.act]
    before, after = rescore(session, actor, document, outcome, verdict.moment, verdict.today)
    tell(session, document, outcome, _sentence(verdict, before, after), verdict.moment)
    return Outcome(document.state, before, after)


def rescore(
    session: Session,
    actor: Actor,
    document: Document,
    cause: str,
    moment: dt.datetime,
    today: dt.date | None = None,
) -> tuple[Decimal | None, Decimal | None]:
    """The owner's points before and after, computed anew because of what happened to an item."""
    day = today or moment.astimezone(actor.zone).date()
    score = stored(session, document.owner_id, day.year)
    before = score.total if score else None
    after = recompute(
        session,
        document.owner_id,
        today=day,
        cause=f"{short_title(document)}: {cause}",
        document_id=document.id,
        at=moment,
    ).total
    return before, after


def replace_former(session: Session, actor: Actor, document: Document, verdict: Verdict) -> None:
    """An approved replacement takes the place of the item it names, when that still stands."""
    old = session.get(Document, document.replaces_id) if document.replaces_id else None
    if old is None or old.owner_id != document.owner_id:
        return
    if old.state is not DocumentState.DISETUJUI:
        return
    note = "Digantikan oleh dokumen baru yang disetujui."
    advance(session, old, Act.CABUT, closed_at=verdict.moment, reason_id=None, note=note)
    records.remove(session, old.id)
    revocation = Verdict(Act.CABUT, note=note, moment=verdict.moment)
    seal(session, actor, old, revocation, REPLACED, successor=str(document.id))


def _sentence(verdict: Verdict, before: Decimal | None, after: Decimal | None) -> str:
    change = change_of_score(before, after)
    if verdict.reason is None:
        return change
    words = f"{verdict.reason.label}. {verdict.reason.cara_memperbaiki}"
    return f"{words} {change}".strip() if verdict.act is Act.CABUT else words
