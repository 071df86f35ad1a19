"""Who may decide what: the same rules once as a condition of a query, once for an item in hand.

Nobody decides an own item, nor one of husband or wife, of the direct superior or the own staff,
nor one handed in for somebody else; two approvals come from two people, the last of them from the
BKD; where the OPD looks first, the BKD waits; an objection goes to another person than who refused.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.people.scopes import reaches, within
from portal.permissions import Actor, Grant, Permission
from portal.verification.nearness import near_people, nearness, not_near
from portal.vocabulary import Role

__all__ = [
    "at_agency_level",
    "covers",
    "near_people",
    "nearness",
    "obstacle",
    "reach",
    "unobstructed",
    "within_reach",
]
KEPT = 128
"""Conditions kept in memory: those of the people at work, half a megabyte each with all that is
made of them. An actor is compared whole, so a changed grant asks anew."""


LOOKS_FIRST = frozenset({Role.VERIFIKATOR_OPD, Role.KEPALA_ANTREAN})
"""Who may take what waits for the OPD level: that level, and the head where it does not come on."""


@lru_cache(KEPT)
def reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Condition on Document joined with its owner and the owner's unit: some grant with the
    permission covers it, and it is not the actor's own."""
    covered = [_covered(grant) for grant in actor.grants_for(permission)]
    return and_(Document.owner_id != actor.pegawai_id, or_(false(), *covered))


def _covered(grant: Grant) -> ColumnElement[bool]:
    where = [within([grant])]
    if grant.kinds:
        where.append(Document.kind.in_(grant.kinds))
    if grant.antrean_id:
        where.append(Document.antrean_id == grant.antrean_id)
    return and_(*where)


def covers(grant: Grant, document: Document) -> bool:
    """The same question for one item; reads its owner and the owner's unit."""
    if grant.kinds and document.kind not in grant.kinds:
        return False
    if grant.antrean_id and document.antrean_id != grant.antrean_id:
        return False
    return reaches(grant, document.owner)


def within_reach(actor: Actor, permission: Permission, document: Document) -> bool:
    return document.owner_id != actor.pegawai_id and any(
        covers(grant, document) for grant in actor.grants_for(permission)
    )


def at_agency_level(actor: Actor, document: Document) -> bool:
    """False when the actor stands before this item for its OPD alone (the first level)."""
    return any(
        grant.role is not Role.VERIFIKATOR_OPD and covers(grant, document)
        for grant in actor.grants_for(Permission.VERIFY_DECIDE)
    )


@lru_cache(KEPT)
def unobstructed(actor: Actor) -> ColumnElement[bool]:
    """Condition: nothing in the item's past keeps the actor from deciding it. Whoever only reads
    the queue (auditor) is kept from nothing."""
    grants = actor.grants_for(Permission.VERIFY_DECIDE)
    if not grants:
        return true()
    me = actor.pegawai_id
    final = [_covered(grant) for grant in grants if grant.role is not Role.VERIFIKATOR_OPD]
    before_bkd = [_covered(grant) for grant in grants if grant.role in LOOKS_FIRST]
    refused = exists().where(
        Decision.document_id == Document.id,
        Decision.decider_id == me,
        Decision.act == Act.TOLAK,
        Decision.undone_at.is_(None),
    )
    return and_(
        not_near(me),
        or_(
            Document.first_approver_id.is_(None),
            and_(Document.first_approver_id != me, or_(false(), *final)),
        ),
        ~and_(Document.objected, refused),
        or_(Document.lapis_pertama == false(), *before_bkd),
    )


def obstacle(session: Session, actor: Actor, document: Document) -> str | None:
    """Why the actor may not decide this item, as a sentence; None when nothing keeps from it."""
    me = actor.pegawai_id
    sentence = nearness(session, actor, document)
    if sentence:
        return sentence
    if not within_reach(actor, Permission.VERIFY_DECIDE, document):
        return "Dokumen ini di luar wewenang pemeriksaan Anda."
    if document.first_approver_id == me:
        return "Anda sudah memberi persetujuan pertama. Pemeriksa kedua harus orang lain."
    if document.first_approver_id is not None and not at_agency_level(actor, document):
        return f"Persetujuan kedua diberikan oleh {document.owner.instansi.sebutan_bkd}."
    if document.lapis_pertama and not _looks_first(actor, document):
        return "Dokumen ini diperiksa verifikator OPD pemiliknya dahulu."
    if document.objected and _has_refused(session, actor, document):
        return "Anda yang menolak dokumen ini. Keberatan atasnya diperiksa orang lain."
    return None


def _looks_first(actor: Actor, document: Document) -> bool:
    return any(
        grant.role in LOOKS_FIRST and covers(grant, document)
        for grant in actor.grants_for(Permission.VERIFY_DECIDE)
    )


def _has_refused(session: Session, actor: Actor, document: Document) -> bool:
    statement = select(Decision.id).where(
        Decision.document_id == document.id,
        Decision.decider_id == actor.pegawai_id,
        Decision.act == Act.TOLAK,
        Decision.undone_at.is_(None),
    )
    return session.scalar(statement.limit(1)) is not None
