"""Which people a grant reaches: as a condition of a query, and for a person in hand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, false, or_

from portal.agency.models import Opd
from portal.people.models import Pegawai
from portal.permissions import Grant

_KEPT = 1024
"""Conditions kept in memory: making one takes longer than a row of the database. A grant is
compared whole, so a changed one asks anew."""


def within(grants: Iterable[Grant]) -> ColumnElement[bool]:
    """Condition on (Pegawai, Opd): the person works inside one of the grants' scopes; nobody
    does without a grant."""
    return or_(false(), *map(_inside, grants))


@lru_cache(_KEPT)
def _inside(grant: Grant) -> ColumnElement[bool]:
    agency = Pegawai.instansi_id == grant.instansi_id
    if grant.opd_id is None:
        return agency
    if grant.with_children and grant.opd_path:
        return and_(agency, Opd.jalur.startswith(grant.opd_path, autoescape=True))
    return and_(agency, Pegawai.opd_id == grant.opd_id)


def reaches(grant: Grant, person: Pegawai) -> bool:
    """The same question for one person; reads the person's unit."""
    if person.instansi_id != grant.instansi_id:
        return False
    if grant.opd_id is None:
        return True
    if grant.with_children and grant.opd_path:
        return person.opd.jalur.startswith(grant.opd_path)
    return person.opd_id == grant.opd_id
