"""Why BKN's value differs from the own estimate: sentences from facts alone; pure.

Nothing is claimed that the facts do not show. Where they show nothing, the sentence says so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.vocabulary import Dimensi, Indikator
from portal.wording import plain, points, rounded, tanggal

ROUNDING = Decimal("0.02")
"""Printed points of BKN and the portal may differ by so much through rounding alone."""
_SKP = re.compile(r"SKP (\d{4})")
_NAMED = 3
"""Papers named one by one; more are told as a number."""


@dataclass(frozen=True, slots=True)
class Approval:
    """An item that was approved here."""

    document_id: str
    nama: str
    disetujui: dt.date


@dataclass(frozen=True, slots=True)
class Official:
    """What BKN says, reduced to what an explanation needs."""

    tahun: int | None
    poin: Mapping[Dimensi, Decimal]
    dihitung: dt.date | None
    ditarik: dt.date


@dataclass(frozen=True, slots=True)
class Difference:
    """One dimension: both values, and why they differ (nothing where they agree)."""

    dimensi: Dimensi
    resmi: Decimal
    portal: Decimal
    sebab: tuple[str, ...]

    @property
    def selisih(self) -> Decimal:
        """Portal minus BKN, as printed."""
        return rounded(self.portal) - rounded(self.resmi)


Row = Mapping[str, Any]
"""A row of StoredScore.rincian."""


@dataclass(frozen=True, slots=True)
class Own:
    """The own score of a year with what it rests on; `bkd` is what the agency calls its BKD."""

    tahun: int
    poin: Mapping[Dimensi, Decimal]
    rows: Sequence[Row]
    approvals: Sequence[Approval]
    bkd: str = "BKD"

    def of(self, dimensi: Dimensi) -> list[Row]:
        return [row for row in self.rows if row["dimensi"] == dimensi.value]

    @property
    def ask(self) -> str:
        return f"tanyakan {self.bkd} dengan menunjukkan halaman ini"


def explain(official: Official, own: Own) -> list[Difference]:
    """The four dimensions of the own score beside BKN's, with the causes that the facts show."""
    return [
        Difference(
            dimensi,
            official.poin[dimensi],
            own.poin[dimensi],
            tuple(_causes(dimensi, official, own)),
        )
        for dimensi in Dimensi
    ]


def _causes(dimensi: Dimensi, official: Official, own: Own) -> Iterator[str]:
    more = own.poin[dimensi] - official.poin[dimensi]
    if not rounded(more):
        return
    if abs(more) <= ROUNDING:
        yield f"Selisih {points(abs(more))} karena pembulatan."
        return
    causes = list(_of_dimension(dimensi, more, official, own))
    if official.tahun is not None and official.tahun != own.tahun:
        yield f"BKN menghitung tahun {official.tahun}, portal {own.tahun}."
    elif not causes:
        yield f"Penyebab belum diketahui; {own.ask}."
    yield from causes


def _of_dimension(dimensi: Dimensi, more: Decimal, official: Official, own: Own) -> Iterator[str]:
    rows = own.of(dimensi)
    if dimensi is Dimensi.KINERJA:
        yield from _other_skp(official, rows)
    elif dimensi is Dimensi.DISIPLIN:
        yield _punishment(more, own)
    elif more > 0:
        yield from _missing_at_bkn(more, official, rows, own)
    else:
        yield from _not_counted_here(rows)


def _other_skp(official: Official, rows: Sequence[Row]) -> Iterator[str]:
    """The SKP of another year: that of the year which BKN names."""
    used = {
        int(found[1])
        for row in rows
        for proof in row["bukti"]
        if (found := _SKP.search(proof.get("nama") or ""))
    }
    if official.tahun is not None and len(used) == 1 and official.tahun not in used:
        yield f"BKN menghitung SKP {official.tahun}, portal SKP {used.pop()}."


def _punishment(more: Decimal, own: Own) -> str:
    """Only a punishment takes points from disiplin (PermenPANRB 38/2018)."""
    if more > 0:
        return (
            "BKN mengurangi nilai disiplin karena hukuman disiplin yang tidak dihitung di "
            f"portal; {own.ask}."
        )
    return "Portal menghitung hukuman disiplin yang tidak, atau tidak lagi, dihitung BKN."


def _missing_at_bkn(
    more: Decimal, official: Official, rows: Sequence[Row], own: Own
) -> Iterator[str]:
    """Papers approved here that BKN cannot have counted, or, where there are none, those that
    would make up the difference; then what remains without a cause."""
    by_id = {approval.document_id: approval for approval in own.approvals}
    cut_off = official.dihitung or official.ditarik
    fed = [
        (row, by_id[proof["document_id"]])
        for row in rows
        for proof in row["bukti"]
        if proof.get("document_id") in by_id
    ]
    late = [(row, paper) for row, paper in fed if paper.disetujui > cut_off]
    early = [(row, paper) for row, paper in fed if _points(row) <= more + ROUNDING]
    named = late or early
    for _, paper in named[:_NAMED]:
        told = f"{paper.nama} yang disetujui di sini {tanggal(paper.disetujui)}"
        yield f"BKN belum mencatat {told}." if late else f"Mungkin BKN belum mencatat {told}."
    if len(named) > _NAMED:
        yield f"Begitu juga {len(named) - _NAMED} dokumen lain yang disetujui di sini."
    if not named:
        yield from _in_proportion(more, rows)
    elif sum({row["indikator"]: _points(row) for row, _ in named}.values()) + ROUNDING < more:
        yield f"Sisanya belum diketahui; {own.ask}."


def _points(row: Row) -> Decimal:
    return Decimal(str(row["poin"]))


def _in_proportion(more: Decimal, rows: Sequence[Row]) -> Iterator[str]:
    """Teknis below the yearly duty earns its share here; by the older rule it earns nothing."""
    for row in rows:
        duty, done = row.get("jp_wajib"), row.get("jp") or 0
        explains = abs(rounded(_points(row)) - rounded(more)) <= ROUNDING
        if row["indikator"] == Indikator.TEKNIS and duty and 0 < done < duty and explains:
            yield (
                f"Portal menghitung {done} dari {duty} JP diklat teknis secara sebanding "
                f"({plain(_points(row))} poin); BKN belum menghitungnya."
            )


def _not_counted_here(rows: Sequence[Row]) -> Iterator[str]:
    """What is known here and does not count may count there."""
    left_out = [proof for row in rows for proof in row["tidak_dihitung"]]
    for proof in left_out[:_NAMED]:
        name = proof.get("nama") or "Satu data kepegawaian"
        yield f"{name} tidak dihitung di portal ({proof['alasan']}); mungkin dihitung BKN."
