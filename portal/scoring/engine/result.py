"""What a computation answers: a score with its reasons, or why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.vocabulary import Dimensi, Indikator, Kategori

_SHOWN = 3
"""So many items that do not count are named in one explanation; a page lists them all."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """An item of the input list that does not count, and why (a phrase without a full stop)."""

    index: int
    alasan: str


@dataclass(frozen=True, slots=True)
class Row:
    """Points of one indicator with everything that explains them."""

    dimensi: Dimensi
    indikator: Indikator
    poin: Decimal
    """Unrounded."""
    maks: Decimal
    alasan: str
    bukti: tuple[int, ...]
    """Indexes of the items that the points rest on, in the input list of the dimension."""
    tidak_dihitung: tuple[Excluded, ...]
    pasal: str
    jp: int | None = None
    """JP collected towards the yearly duty; teknis only."""
    jp_wajib: int | None = None
    bukti_sampai: tuple[dt.date | None, ...] = ()
    """Last day on which each of `bukti` counts as it does now; None for what does not lapse."""

    @property
    def berlaku_sampai(self) -> dt.date | None:
        """Last day on which all the evidence counts; None when none of it lapses."""
        return min((day for day in self.bukti_sampai if day), default=None)

    @property
    def penjelasan(self) -> str:
        """The reason together with what was not counted, in one paragraph."""
        if not self.tidak_dihitung:
            return self.alasan
        return self.alasan + not_counted(self.tidak_dihitung)


def not_counted(items: Sequence[Excluded]) -> str:
    """The end of an explanation: which items do not count, and why."""
    left = [f"data ke-{item.index + 1} {item.alasan}" for item in items[:_SHOWN]]
    if len(items) > _SHOWN:
        left.append(f"dan {len(items) - _SHOWN} lainnya")
    return f" Tidak dihitung: {'; '.join(left)}."


@dataclass(frozen=True, slots=True)
class Score:
    """The index of one person; all points unrounded, so that the category is exact."""

    kualifikasi: Decimal
    kompetensi: Decimal
    kinerja: Decimal
    disiplin: Decimal
    total: Decimal
    kategori: Kategori
    sementara: bool
    """The SKP of the year before stands in for one that is not there yet."""
    rincian: tuple[Row, ...]
    tidak_dihitung: tuple[Excluded, ...] = ()
    """Items of `pengembangan` of kinds that no indicator of the post asks for."""

    def dimensi(self, dimensi: Dimensi) -> Decimal:
        """Points of one dimension."""
        return {
            Dimensi.KUALIFIKASI: self.kualifikasi,
            Dimensi.KOMPETENSI: self.kompetensi,
            Dimensi.KINERJA: self.kinerja,
            Dimensi.DISIPLIN: self.disiplin,
        }[dimensi]


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """The person is outside the measurement: an answer of its own, never a 0."""

    alasan: str


@dataclass(frozen=True, slots=True)
class Moment:
    """When is measured: the year, and the last day whose facts count."""

    tahun: int
    tanggal: dt.date
    sementara: bool
    """Whether the SKP of the year before may stand in."""

    @classmethod
    def of(cls, year: int, as_of: dt.date | None, provisional: bool) -> Moment:
        """Facts count up to 31 December of the year, or up to `as_of` when that is earlier."""
        last = dt.date(year, 12, 31)
        return cls(year, last if as_of is None else min(as_of, last), provisional)
