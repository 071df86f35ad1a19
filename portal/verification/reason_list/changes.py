"""Acts on the list of reasons. What was decided with a reason keeps its words for good: a reason
that was used once is not worded anew but followed by another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi
from portal.db import new_id
from portal.documents.columns import FILES, LABELS
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.permissions import Actor, Permission
from portal.verification.models import RevocationProposal
from portal.vocabulary import DocumentKind

ACTS = (Act.KEMBALIKAN, Act.TOLAK, Act.CABUT)
"""Decisions that need a reason."""
FIELDS = {FILES: "Berkas", **LABELS}
"""What a return can open, in words."""
LONGEST_LABEL, LONGEST_REMEDY = 120, 400
LONGEST_CODE = 40
WHOLE = "Daftar alasan berlaku untuk seluruh instansi; hanya adminnya yang mengubahnya."
GONE = "Alasan ini tidak ditemukan. Mungkin sudah diganti; lihat daftarnya."


@dataclass(frozen=True, slots=True)
class Wording:
    """What a reason says. Empty `kinds`: for all kinds; empty `fields`: opens everything."""

    act: Act
    label: str
    cara_memperbaiki: str
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def require(actor: Actor) -> None:
    """The list is everybody's: a grant for a part of the agency does not reach it."""
    if not any(grant.opd_id is None for grant in actor.grants_for(Permission.QUEUES_MANAGE)):
        raise Forbidden(WHOLE)


def found(session: Session, reason_id: object, *, lock: bool = False) -> Reason:
    """The reason; raises NotFound."""
    reason = session.get(Reason, reason_id, with_for_update=lock or None)
    if reason is None or reason.act not in ACTS:
        raise NotFound(GONE)
    return reason


def listed(session: Session) -> dict[Act, list[Reason]]:
    """Every reason by act, those in use first."""
    rows = session.scalars(
        select(Reason).where(Reason.act.in_(ACTS)).order_by(Reason.aktif.desc(), Reason.label)
    )
    result: dict[Act, list[Reason]] = {act: [] for act in ACTS}
    for reason in rows:
        result[reason.act].append(reason)
    return result


def add(session: Session, actor: Actor, wording: Wording) -> Reason:
    """A new reason. Raises Rejected when another in use says the same."""
    require(actor)
    _one_at_a_time(session)
    _check(session, wording, except_id=None)
    reason = _made(wording, _free_code(session, _slug(wording.label)))
    session.add(reason)
    session.flush()
    audit.record(session, actor, "reason:added", reason.id, **_facts(wording))
    return reason


def change(session: Session, actor: Actor, reason: Reason, wording: Wording) -> Reason:
    """Word a reason otherwise; returns the row that says so now.

    One that was used stays as it was, switched off, and a new row takes its place. `reason` is
    locked by the caller (`found`). Raises Conflict when it is switched off.
    """
    require(actor)
    if not reason.aktif:
        raise Conflict(
            "Alasan ini sudah tidak dipakai: mungkin baru saja diubah dan ada penggantinya. "
            "Lihat daftar alasan, lalu ubah yang sekarang dipakai."
        )
    if wording.act is not reason.act:
        raise Rejected("Tindakan sebuah alasan tidak dapat diubah.", "tindakan")
    if wording == wording_of(reason):
        return reason
    _one_at_a_time(session)
    _check(session, wording, except_id=reason.id)
    if not is_used(session, reason):
        _apply(reason, wording)
        session.flush()
        audit.record(session, actor, "reason:changed", reason.id, **_facts(wording))
        _keep_one(session, reason.act)
        return reason
    reason.aktif = False
    follower = _made(wording, _free_code(session, reason.kode.partition(".")[0]))
    session.add(follower)
    session.flush()
    audit.record(
        session, actor, "reason:replaced", follower.id, former=str(reason.id), **_facts(wording)
    )
    _keep_one(session, reason.act)
    return follower


def switch(session: Session, actor: Actor, reason: Reason, *, on: bool) -> None:
    """Offer a reason again, or no more. Raises Rejected for the last one of a kind and act."""
    require(actor)
    if reason.aktif is on:
        return
    _one_at_a_time(session)
    if on:
        _check(session, wording_of(reason), except_id=reason.id)
    reason.aktif = on
    session.flush()
    if not on:
        _keep_one(session, reason.act)
    action = "reason:switched-on" if on else "reason:switched-off"
    audit.record(session, actor, action, reason.id, alasan=reason.label)


def is_used(session: Session, reason: Reason) -> bool:
    """Whether anything was decided, or is proposed, with these very words."""
    uses = (
        select(Decision.id).where(Decision.reason_id == reason.id),
        select(Document.id).where(Document.reason_id == reason.id),
        select(RevocationProposal.id).where(RevocationProposal.reason_id == reason.id),
    )
    return any(session.scalar(use.limit(1)) is not None for use in uses)


def _one_at_a_time(session: Session) -> None:
    """Two admins, or two taps, follow each other: neither the same words nor the last two reasons
    slip past the checks. The list is everybody's, so the first agency stands for all."""
    first = select(Instansi.id).order_by(Instansi.id).limit(1)
    session.execute(first.with_for_update(key_share=True))


def _check(session: Session, wording: Wording, except_id: object) -> None:
    for name, text, most in (
        ("label", wording.label, LONGEST_LABEL),
        ("cara_memperbaiki", wording.cara_memperbaiki, LONGEST_REMEDY),
    ):
        if not text:
            raise Rejected("Isi bagian ini: pemilik dokumen membacanya.", name)
        if len(text) > most:
            raise Rejected(f"{len(text)} huruf. Paling banyak {most} huruf.", name)
    if set(wording.kinds) - set(DocumentKind) or set(wording.fields) - set(FIELDS):
        raise Rejected("Pilih dari daftar.")
    same = select(Reason.id).where(
        Reason.aktif, Reason.act == wording.act, Reason.label == wording.label
    )
    if except_id is not None:
        same = same.where(Reason.id != except_id)
    if session.scalar(same.limit(1)) is not None:
        raise Rejected("Alasan dengan kata-kata ini sudah ada.", "label")


def _keep_one(session: Session, act: Act) -> None:
    """Without a reason nobody could decide so any more."""
    offered = session.scalars(select(Reason).where(Reason.aktif, Reason.act == act)).all()
    for kind in DocumentKind:
        if not any(not reason.kinds or kind in reason.kinds for reason in offered):
            raise Rejected(
                f"Ini alasan terakhir untuk “{act.label}” bagi {kind.label.lower()}. "
                "Tambahkan alasan lain dahulu."
            )


def _made(wording: Wording, kode: str) -> Reason:
    reason = Reason(id=new_id(), kode=kode, act=wording.act, aktif=True)
    _apply(reason, wording)
    return reason


def _apply(reason: Reason, wording: Wording) -> None:
    reason.label, reason.cara_memperbaiki = wording.label, wording.cara_memperbaiki
    reason.kinds, reason.fields = list(wording.kinds), list(wording.fields)


def wording_of(reason: Reason) -> Wording:
    """What a reason says at present."""
    return Wording(
        reason.act,
        reason.label,
        reason.cara_memperbaiki,
        tuple(reason.kinds),
        tuple(reason.fields),
    )


def _facts(wording: Wording) -> dict[str, Any]:
    return {
        "tindakan": wording.act.value,
        "alasan": wording.label,
        "cara_memperbaiki": wording.cara_memperbaiki,
        "jenis": list(wording.kinds),
        "bidang": list(wording.fields),
    }


def _slug(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_CODE - 6].strip("-") or "alasan"


def _free_code(session: Session, base: str) -> str:
    """The base itself, or with the first free number behind it: "jp-berbeda.2"."""
    taken: Sequence[str] = session.scalars(
        select(Reason.kode).where(or_(Reason.kode == base, Reason.kode.startswith(f"{base}.")))
    ).all()
    if base not in taken:
        return base
    numbers = (f"{base}.{number}" for number in range(2, len(taken) + 3))
    return next(code for code in numbers if code not in taken)
