"""What the page of the queue shows around its rows: choices with their numbers, words, the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from portal.documents.models import OPEN_STATES
from portal.verification.checking.light import Light
from portal.verification.filters import AGES, GENERAL, Due, Filters, Mark
from portal.verification.queries import Counts, Surroundings
from portal.vocabulary import DocumentKind
from portal.wording import whole

Tab = tuple[str, str, bool, str | None]
"""Words, address, whether it is on, and its number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One field to filter by: name in the address, label, and (value, words, chosen)."""

    name: str
    label: str
    everything: str
    options: list[tuple[str, str, bool]]


def tabs(chosen: Filters, counts: Counts, *, mine: bool) -> list[Tab]:
    """The filters by state; numbers where they are exact."""

    def address(**changes: str | None) -> str:
        return url_for("verification.queue", **chosen.address(**changes))

    def told(count: int) -> str | None:
        return whole(count) if _exact(chosen) else None

    everything = chosen.state is None and not chosen.mine
    all_of_them = told(sum(counts.per_state.values()))
    found = [("Semua", address(keadaan=None, saya=None), everything, all_of_them)]
    for state in OPEN_STATES:
        here = address(keadaan=state.value, saya=None)
        on = chosen.state is state and not chosen.mine
        found.append((state.label, here, on, told(counts.per_state.get(state, 0))))
    if mine:
        here = address(keadaan=None, saya="ya")
        found.append(("Saya pegang", here, chosen.mine, whole(counts.mine)))
    return found


def main_choices(chosen: Filters, counts: Counts, around: Surroundings) -> list[Choice]:
    """Kind, unit and queue, each with how many items it holds under the other filters."""
    kinds = [
        (kind.value, _with(kind.label, counts.per_kind.get(kind, 0), chosen), chosen.kind is kind)
        for kind in DocumentKind
    ]
    found = [Choice("jenis", "Jenis", "Semua jenis", kinds)]
    units = [
        (
            str(unit.id),
            _with(unit.nama, _in_unit(counts, unit.jalur), chosen),
            chosen.opd_id == unit.id,
        )
        for unit in around.units
    ]
    if len(units) > 1:
        found.append(Choice("opd", "OPD", "Semua OPD", units))
    queues = [
        (
            str(antrean.id),
            _with(antrean.nama, counts.per_queue.get(antrean.id, 0), chosen),
            chosen.antrean_id == antrean.id,
        )
        for antrean in around.queues
        if antrean.aktif or counts.per_queue.get(antrean.id)
    ]
    if queues:
        general = _with("Antrean umum", counts.per_queue.get(None, 0), chosen)
        queues.append((GENERAL, general, chosen.general))
        found.append(Choice("antrean", "Antrean", "Semua antrean", queues))
    return found


def further_choices(chosen: Filters) -> list[Choice]:
    """What is behind "Saringan lain"."""
    ages = [(str(days), f"{days} hari atau lebih", chosen.days == days) for days in AGES]
    return [
        Choice("tenggat", "Tenggat", "Semua tenggat", _words(Due, chosen.due)),
        Choice("tanda", "Tanda", "Semua tanda", _words(Mark, chosen.mark)),
        Choice("lampu", "Pemeriksaan otomatis", "Semua hasil", _words(Light, chosen.light)),
        Choice("umur", "Umur sejak diajukan", "Semua umur", ages),
    ]


def found_words(chosen: Filters, counts: Counts) -> str:
    """How many there are, honestly: exact, or how far they were counted."""
    if not counts.more:
        told = f"{whole(counts.found)} dokumen"
    elif counts.found >= 500:
        told = f"Lebih dari {whole(counts.found)} dokumen"
    else:
        told = f"Sedikitnya {whole(counts.found)} dokumen"
    if not chosen.active:
        return f"{told}, terlama lebih dulu"
    return f"{told} cocok, dari {whole(counts.total)} yang menunggu, terlama lebih dulu"


def _exact(chosen: Filters) -> bool:
    """Numbers beside the choices are shown where they are what a tap would bring."""
    return chosen.counted or chosen.mine


def _with(label: str, count: int, chosen: Filters) -> str:
    return f"{label} ({whole(count)})" if chosen.counted else label


def _in_unit(counts: Counts, path: str) -> int:
    return sum(count for jalur, count in counts.per_unit.items() if jalur.startswith(path))


def _words(
    words: Iterable[Due] | Iterable[Mark] | Iterable[Light], on: object
) -> list[tuple[str, str, bool]]:
    return [(word.value, word.label, word is on) for word in words]
