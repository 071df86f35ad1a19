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
    another already, and for two who would be each other's superior.
    """
    former = pegawai.pasangan_id
    touched = [person.id for person in (pegawai, pasangan) if person]
    _lock(session, [*touched, *([former] if former else [])])
    _check(session, pegawai, pasangan, atasan)
    before = (former, pegawai.atasan_id)
    after = (pasangan.id if pasangan else None, atasan.id if atasan else None)
    if before == after:
        return False
    if former and former != after[0]:
        other = session.get_one(Pegawai, former)
        if other.pasangan_id == pegawai.id:
            other.pasangan_id = None
    pegawai.pasangan_id, pegawai.atasan_id = after
    if pasangan:
        pasangan.pasangan_id = pegawai.id
    session.flush()
    audit.record(
        session,
        actor,
        "people:ties-set",
        pegawai.id,
        pasangan=pasangan.nama if pasangan else None,
        atasan=atasan.nama if atasan else None,
    )
    return True


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
