"""Whom a person is married to and works under, as far as the agency knows: neither decides items of
the other (portal.verification.nearness)."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor

_Tied = tuple[uuid.UUID | None, uuid.UUID | None]
"""Husband or wife, and superior."""


def set_ties(
    session: Session,
    actor: Actor | None,
    pegawai: Pegawai,
    *,
    pasangan: Pegawai | None,
    atasan: Pegawai | None,
) -> bool:
    """Note husband or wife, on both of them, and the direct superior; None takes a note away.
    Returns whether anything has changed.

    Raises Rejected, naming the field, for a person tied to oneself, for somebody who is married to
    another already, for two who would be each other's superior, and when an admin would tie
    himself to the person or free himself of a tie: a second admin has to (four eyes).
    """
    touched = [person.id for person in (pegawai, pasangan) if person]
    _lock(session, [*touched, *([pegawai.pasangan_id] if pegawai.pasangan_id else [])])
    former = pegawai.pasangan_id
    _check(session, pegawai, pasangan, atasan)
    before = (former, pegawai.atasan_id)
    after = (pasangan.id if pasangan else None, atasan.id if atasan else None)
    if before == after:
        return False
    if actor is not None:
        _refuse_own(actor, before, after)
    changed = [pegawai]
    if former and former != after[0]:
        other = session.get_one(Pegawai, former)
        if other.pasangan_id == pegawai.id:
            other.pasangan_id = None
            changed.append(other)
    pegawai.pasangan_id, pegawai.atasan_id = after
    if pasangan and pasangan.pasangan_id != pegawai.id:
        pasangan.pasangan_id = pegawai.id
        changed.append(pasangan)
    session.flush()
    for one in changed:
        _note(session, actor, one)
    return True


def _note(session: Session, actor: Actor | None, one: Pegawai) -> None:
    """The story of each person tells how it stands now."""
    pasangan, atasan = (
        session.get_one(Pegawai, key).nama if key else None
        for key in (one.pasangan_id, one.atasan_id)
    )
    audit.record(session, actor, "people:ties-set", one.id, pasangan=pasangan, atasan=atasan)


def _refuse_own(actor: Actor, before: _Tied, after: _Tied) -> None:
    """An own tie says whose items the admin may not decide, whichever of the two pages it is on."""
    for field, was, now in zip(("pasangan", "atasan"), before, after, strict=True):
        if was != now and actor.pegawai_id in {was, now}:
            raise Rejected("Hubungan dengan Anda sendiri dicatat admin lain.", field)


def _lock(session: Session, ids: list[uuid.UUID]) -> None:
    """Two admins who note the same couple follow each other."""
    rows = select(Pegawai).where(Pegawai.id.in_(ids)).order_by(Pegawai.id)
    session.execute(rows.with_for_update(key_share=True, of=Pegawai), execution_options=_ANEW).all()


_ANEW = {"populate_existing": True}


def _check(
    session: Session, pegawai: Pegawai, pasangan: Pegawai | None, atasan: Pegawai | None
) -> None:
    if pasangan is not None:
        if pasangan.id == pegawai.id:
            raise Rejected("Isi NIP suami atau istri, bukan NIP orang ini sendiri.", "pasangan")
        if pasangan.pasangan_id not in {None, pegawai.id}:
            other = session.get_one(Pegawai, pasangan.pasangan_id)
            raise Rejected(
                f"{pasangan.nama} tercatat berpasangan dengan {other.nama}. "
                "Kosongkan dahulu catatan itu.",
                "pasangan",
            )
    if atasan is not None:
        if atasan.id == pegawai.id:
            raise Rejected("Isi NIP atasan langsung, bukan NIP orang ini sendiri.", "atasan")
        if atasan.atasan_id == pegawai.id:
            raise Rejected(
                f"{atasan.nama} tercatat sebagai staf orang ini. Keduanya tidak dapat saling "
                "menjadi atasan.",
                "atasan",
            )
