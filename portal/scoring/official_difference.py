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
UNKNOWN = "Penyebab belum diketahui; tanyakan BKD dengan menunjukkan halaman ini."
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


def explain(
    official: Official,
    own: Mapping[Dimensi, Decimal],
    rows: Sequence[Row],
    approvals: Sequence[Approval],
    tahun: int,
) -> list[Difference]:
    """The four dimensions of the own score of `tahun` beside BKN's, with the causes that the
    facts show."""
    found = []
    for dimensi in Dimensi:
        mine = [row for row in rows if row["dimensi"] == dimensi.value]
        resmi, portal = official.poin[dimensi], own[dimensi]
        causes = tuple(_causes(dimensi, official, portal, mine, approvals, tahun))
        found.append(Difference(dimensi, resmi, portal, causes))
    return found


def _causes(
    dimensi: Dimensi,
    official: Official,
    portal: Decimal,
    rows: Sequence[Row],
    approvals: Sequence[Approval],
    tahun: int,
) -> Iterator[str]:
    more = portal - official.poin[dimensi]
    if not rounded(more):
        return
    if abs(more) <= ROUNDING:
        yield f"Selisih {points(abs(more))} karena pembulatan."
        return
    causes = list(_of_dimension(dimensi, more, official, rows, approvals))
    if official.tahun is not None and official.tahun != tahun:
        yield f"BKN menghitung tahun {official.tahun}, portal {tahun}."
    elif not causes:
        yield UNKNOWN
    yield from causes


def _of_dimension(
    dimensi: Dimensi,
    more: Decimal,
    official: Official,
    rows: Sequence[Row],
    approvals: Sequence[Approval],
) -> Iterator[str]:
    if dimensi is Dimensi.KINERJA:
        yield from _other_skp(official, rows)
    elif dimensi is Dimensi.DISIPLIN:
        yield _punishment(more)
    elif more > 0:
        yield from _not_at_bkn(official, rows, approvals)
        yield from _in_proportion(more, rows)
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


def _punishment(more: Decimal) -> str:
    """Only a punishment takes points from disiplin (PermenPANRB 38/2018)."""
    if more > 0:
        return (
            "BKN mengurangi nilai disiplin karena hukuman disiplin yang tidak dihitung di portal. "
            "Tanyakan BKD dengan menunjukkan halaman ini."
        )
    return "Portal menghitung hukuman disiplin yang tidak, atau tidak lagi, dihitung BKN."


def _not_at_bkn(
    official: Official, rows: Sequence[Row], approvals: Sequence[Approval]
) -> Iterator[str]:
    """Papers approved here that earn points here and that BKN is not known to have."""
    by_id = {approval.document_id: approval for approval in approvals}
    earning = [
        by_id[proof["document_id"]]
        for row in rows
        if Decimal(str(row["poin"])) > 0
        for proof in row["bukti"]
        if proof.get("document_id") in by_id
    ]
    cut_off = official.dihitung or official.ditarik
    for approval in earning[:_NAMED]:
        day = f"{approval.nama} yang disetujui di sini {tanggal(approval.disetujui)}"
        if approval.disetujui > cut_off:
            yield f"BKN belum mencatat {day}."
        else:
            yield f"{day[:1].upper()}{day[1:]} tampaknya belum tercatat di BKN."
    if len(earning) > _NAMED:
        yield f"Masih ada {len(earning) - _NAMED} dokumen lain yang disetujui di sini."


def _in_proportion(more: Decimal, rows: Sequence[Row]) -> Iterator[str]:
    """Teknis below the yearly duty earns its share here; by the older rule it earns nothing."""
    for row in rows:
        duty, done, earned = row.get("jp_wajib"), row.get("jp") or 0, Decimal(str(row["poin"]))
        explains = abs(rounded(earned) - rounded(more)) <= ROUNDING
        if row["indikator"] == Indikator.TEKNIS and duty and 0 < done < duty and explains:
            yield (
                f"Portal menghitung {done} dari {duty} JP diklat teknis secara sebanding "
                f"({plain(earned)} poin); BKN belum menghitungnya."
            )


def _not_counted_here(rows: Sequence[Row]) -> Iterator[str]:
    """What is known here and does not count may count there."""
    left_out = [proof for row in rows for proof in row["tidak_dihitung"]]
    for proof in left_out[:_NAMED]:
        name = proof.get("nama") or "Satu data kepegawaian"
        yield f"{name} tidak dihitung di portal ({proof['alasan']}); mungkin dihitung BKN."
