"""Acts on the agency."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi, MeasuringYear, Opd
from portal.agency.queries import units_by_siasn
from portal.db import new_id
from portal.permissions import Actor


class UnitLine(Protocol):
    """What a source says about a unit; `induk` is the SIASN id of the unit above, or ""."""

    @property
    def siasn_id(self) -> str: ...
    @property
    def nama(self) -> str: ...
    @property
    def induk(self) -> str: ...


def found_instansi(session: Session, actor: Actor | None, siasn_id: str, nama: str) -> Instansi:
    """Enter an agency; what it calls its things keeps the defaults until somebody sets it."""
    instansi = Instansi(id=new_id(), siasn_id=siasn_id, nama=nama)
    session.add(instansi)
    session.flush()
    audit.record(session, actor, "agency:founded", instansi.id, nama=nama)
    return instansi


def add_unit(
    session: Session,
    actor: Actor | None,
    instansi: Instansi,
    siasn_id: str,
    nama: str,
    parent: Opd | None = None,
) -> Opd:
    """Enter one unit below `parent`, or as an OPD of its own."""
    own_id = new_id()
    unit = Opd(
        id=own_id,
        instansi_id=instansi.id,
        parent_id=parent.id if parent else None,
        siasn_id=siasn_id,
        nama=nama,
        jalur=Opd.path_below(parent, own_id),
        kedalaman=parent.kedalaman + 1 if parent else 0,
    )
    session.add(unit)
    session.flush()
    audit.record(session, actor, "unit:added", own_id, nama=nama)
    return unit


def arrange_units(
    session: Session, actor: Actor | None, instansi: Instansi, lines: Iterable[UnitLine]
) -> int:
    """Bring the tree of units to what the lines say; returns how many units changed.

    Parents come before their children. Units that no line names stay where they are; their path
    follows when a unit above them moves.
    """
    units = units_by_siasn(session, instansi.id)
    unnamed = dict(units)
    changed = 0
    for line in lines:
        unnamed.pop(line.siasn_id, None)
        parent = units[line.induk] if line.induk else None
        unit = units.get(line.siasn_id)
        if unit is None:
            units[line.siasn_id] = add_unit(
                session, actor, instansi, line.siasn_id, line.nama, parent
            )
            changed += 1
        elif _place(session, actor, unit, line.nama, parent):
            changed += 1
    for unit in sorted(unnamed.values(), key=lambda unit: unit.kedalaman):
        changed += _place(session, actor, unit, unit.nama, unit.parent)
    return changed


def _place(session: Session, actor: Actor | None, unit: Opd, nama: str, parent: Opd | None) -> bool:
    """Name and place one unit; its path follows the path of its parent, however deep."""
    wanted = {
        "nama": nama,
        "parent_id": parent.id if parent else None,
        "jalur": Opd.path_below(parent, unit.id),
        "kedalaman": parent.kedalaman + 1 if parent else 0,
    }
    changes = {name: value for name, value in wanted.items() if getattr(unit, name) != value}
    for name, value in changes.items():
        setattr(unit, name, value)
    if changes:
        audit.record(session, actor, "unit:changed", unit.id, kolom=sorted(changes))
    return bool(changes)


def describe(session: Session, actor: Actor | None, instansi: Instansi, **values: object) -> bool:
    """Set what the agency calls its things, its time zone, the kinds that two people check;
    returns whether anything changed. Two who set it at the same moment follow each other."""
    session.refresh(instansi, with_for_update={"key_share": True})
    changes = {name: new for name, new in values.items() if getattr(instansi, name) != new}
    for name, new in changes.items():
        setattr(instansi, name, new)
    if changes:
        audit.record(session, actor, "agency:changed", instansi.id, kolom=sorted(changes))
    return bool(changes)


def set_year(
    session: Session,
    actor: Actor | None,
    instansi: Instansi,
    tahun: int,
    *,
    aturan: str | None,
    otherwise: str,
    target: Decimal | None,
) -> None:
    """Choose the rule set or the target of a year; what is None stays as it is.

    `otherwise` is the rule set of a year that has none yet. Whoever changes the rule set
    recomputes the scores afterwards.
    """
    year = session.get(MeasuringYear, (instansi.id, tahun))
    if year is None:
        year = MeasuringYear(instansi_id=instansi.id, tahun=tahun, aturan=otherwise, saklar={})
        session.add(year)
    year.aturan = aturan or year.aturan
    year.target = year.target if target is None else target
    session.flush()
    shown = None if year.target is None else str(year.target)
    audit.record(
        session,
        actor,
        "agency:year-set",
        instansi.id,
        tahun=tahun,
        aturan=year.aturan,
        target=shown,
    )
