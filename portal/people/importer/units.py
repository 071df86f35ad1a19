"""The tree of units (the file of `--unor`: id, parent, name)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portal.people.importer.faults import Faults
from portal.people.importer.table import Layout, rows

DEEPEST = 10
"""Levels below an OPD; SIASN trees have about five."""
_LAYOUT = Layout(
    keys=("id",),
    required=("id", "name", "parent"),
    aliases={
        "unor_id": "id",
        "nama": "name",
        "nama_unor": "name",
        "unor_nama": "name",
        "parent_id": "parent",
        "induk": "parent",
        "induk_id": "parent",
        "unor_induk_id": "parent",
        "diatasan_id": "parent",
    },
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One line: a unit, and the unit above it ("" for an OPD)."""

    siasn_id: str
    nama: str
    induk: str
    baris: int


def read(path: Path, instansi_nama: str, faults: Faults) -> list[Unit]:
    """The units of the file, parents before children. Cycles and unknown parents are faults.

    The one top line that bears the name of the agency stands for the agency itself: what lies
    below it are the OPD.
    """
    units: dict[str, Unit] = {}
    for row in rows(path, _LAYOUT, faults):
        own = row.text("id", 40, required=True)
        nama = row.text("name", 200, required=True)
        if own in units:
            row.fault("id", f"Sudah ada di baris {units[own].baris}.")
            continue
        units[own] = Unit(own, nama, row.text("parent", 40), row.baris)
    return _sorted(path.name, _without_root(units, instansi_nama), faults)


def _without_root(units: dict[str, Unit], instansi_nama: str) -> dict[str, Unit]:
    tops = [unit for unit in units.values() if not unit.induk]
    if len(tops) != 1 or tops[0].nama.casefold() != instansi_nama.casefold():
        return units
    root = tops[0].siasn_id
    return {
        own: Unit(own, unit.nama, "" if unit.induk == root else unit.induk, unit.baris)
        for own, unit in units.items()
        if own != root
    }


def _sorted(berkas: str, units: dict[str, Unit], faults: Faults) -> list[Unit]:
    depths: dict[str, int] = {"": -1}
    for unit in units.values():
        _measure(berkas, unit, units, depths, faults)
    return sorted(units.values(), key=lambda unit: depths[unit.siasn_id])


def _measure(
    berkas: str, unit: Unit, units: dict[str, Unit], depths: dict[str, int], faults: Faults
) -> None:
    """Note the depth of a unit and of those above it; walks upward without recursion."""
    way: list[Unit] = []
    at = unit
    while at.siasn_id not in depths:
        if at in way:
            names = " → ".join(step.siasn_id for step in [*way[way.index(at) :], at])
            faults.add(berkas, at.baris, "parent", at.induk, f"Unit berputar: {names}.")
            depths[at.siasn_id] = 0
            break
        way.append(at)
        if at.induk and at.induk not in units:
            faults.add(
                berkas, at.baris, "parent", at.induk,
                "Unit atasan tidak ada di berkas ini. Tambahkan barisnya, atau kosongkan bila OPD.",
            )  # fmt: skip
            depths[at.siasn_id] = 0
            break
        if not at.induk:
            depths[at.siasn_id] = 0
            break
        at = units[at.induk]
    _assign(berkas, way, depths, faults)


def _assign(berkas: str, way: list[Unit], depths: dict[str, int], faults: Faults) -> None:
    for step in reversed(way):
        depth = depths.setdefault(step.siasn_id, depths.get(step.induk, -1) + 1)
        if depth == DEEPEST + 1:
            faults.add(
                berkas, step.baris, "parent", step.induk,
                f"Lebih dari {DEEPEST} tingkat di bawah OPD. Periksa unit atasannya.",
            )  # fmt: skip
