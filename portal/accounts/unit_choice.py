"""A unit that somebody named in words: a form cannot offer the hundreds that an agency has."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from portal.accounts import people_queries
from portal.accounts.forms import UnitForm
from portal.agency.models import Opd
from portal.errors import Rejected
from portal.permissions import Actor


def chosen_unit(writing: Session, actor: Actor, form: UnitForm) -> Opd | None:
    """The unit that a form names. Raises Rejected, and fills the choice, when several fit."""
    text = (form.unit.data or "").strip()
    if form.unit_id.data:
        chosen = people_queries.unit(writing, actor, _uuid(form.unit_id.data))
        form.offer([(chosen.id.hex, chosen.nama)])
        return chosen
    if not text:
        return None
    fitting = people_queries.units_like(writing, actor, text)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise Rejected(f"Tidak ada unit aktif bernama “{text}”. Periksa ejaannya.", field="unit")
    form.offer(
        (unit.id.hex, f"{unit.nama} – {unit.parent.nama}" if unit.parent else unit.nama)
        for unit in fitting[: people_queries.MOST_UNITS]
    )
    raise Rejected("Beberapa unit cocok. Pilih satu, atau ketik lebih lengkap.", field="unit_id")


def required_unit(writing: Session, actor: Actor, form: UnitForm) -> Opd:
    """As `chosen_unit`; raises Rejected when none is named."""
    unit = chosen_unit(writing, actor, form)
    if unit is None:
        raise Rejected("Isi unit yang baru.", field="unit")
    return unit


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Rejected("Pilih satu unit dari daftar.", field="unit_id") from error
