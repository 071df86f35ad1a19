"""The index on 1 January if nothing happens: what falls away, and what would keep it.

Two computations of the same facts, today and on 1 January with the rule set of that year; nothing
is estimated apart from the engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from portal.scoring.compute import Measuring
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import NotMeasured, Row, Score
from portal.scoring.engine.rules import RuleSet
from portal.scoring.engine.score import score
from portal.vocabulary import DocumentKind, Indikator, Kategori
from portal.wording import tanggal


@dataclass(frozen=True, slots=True)
class Turn:
    """An indicator whose points change on 1 January."""

    indikator: Indikator
    sebelum: Decimal
    sesudah: Decimal
    alasan: str
    """What ends, in a sentence."""
    langkah: str = ""
    """What would keep the points; empty where nothing does."""
    kind: DocumentKind | None = None
    """What to hand in afterwards, where that can still be done this year."""

    @property
    def selisih(self) -> Decimal:
        """Points gained (above 0) or lost."""
        return self.sesudah - self.sebelum


@dataclass(frozen=True, slots=True)
class Outlook:
    """The index of the next year on its first day, with today's facts."""

    tanggal: dt.date
    sekarang: Decimal
    total: Decimal | None
    """None when the person is no longer measured then; `alasan` says why."""
    kategori: Kategori | None
    alasan: str = ""
    aturan_baru: str = ""
    """Name of the rule set of the new year, when it is another one."""
    turun: tuple[Turn, ...] = ()
    """What falls away, the most points first."""
    naik: tuple[Turn, ...] = ()

    @property
    def selisih(self) -> Decimal:
        """Points gained (above 0) or lost in all; 0 for whoever is not measured then."""
        return Decimal(0) if self.total is None else self.total - self.sekarang


def outlook(person: Person, now: Measuring, then: Measuring, today: dt.date) -> Outlook | None:
    """What the facts at hand come to on 1 January of `then.tahun`; None for whoever is not
    measured today. The SKP of the closing year stands in, as far as it is recorded."""
    new_year = dt.date(then.tahun, 1, 1)
    present = score(person, now.rules, now.tahun, as_of=today, provisional=True)
    if isinstance(present, NotMeasured):
        return None
    future = score(person, then.rules, then.tahun, as_of=new_year, provisional=True)
    if isinstance(future, NotMeasured):
        return Outlook(new_year, present.total, None, None, alasan=future.alasan)
    turns = list(_turns(person, present, future, then))
    return Outlook(
        tanggal=new_year,
        sekarang=present.total,
        total=future.total,
        kategori=future.kategori,
        aturan_baru="" if now.rules.id == then.rules.id else then.rules.nama,
        turun=tuple(sorted((turn for turn in turns if turn.selisih < 0), key=_points)),
        naik=tuple(turn for turn in turns if turn.selisih > 0),
    )


def _points(turn: Turn) -> Decimal:
    return turn.selisih


def _turns(person: Person, present: Score, future: Score, then: Measuring) -> Iterator[Turn]:
    """The indicators that change; the post decides which there are, the same on both days."""
    later = {row.indikator: row for row in future.rincian}
    for row in present.rincian:
        next_row = later.pop(row.indikator, None)
        after = next_row.poin if next_row else Decimal(0)
        if after > row.poin:
            yield Turn(row.indikator, row.poin, after, next_row.alasan if next_row else "")
        elif after < row.poin:
            step, kind = _keep(row, then)
            yield Turn(row.indikator, row.poin, after, _ending(person, row, next_row), step, kind)
    for row in later.values():
        if row.poin:
            yield Turn(row.indikator, Decimal(0), row.poin, row.alasan)


def _ending(person: Person, row: Row, later: Row | None) -> str:
    """What counts today and no longer then."""
    lost = set(row.bukti) - set(later.bukti if later else ())
    if row.indikator is Indikator.KINERJA:
        names = [person.kinerja[index].nama or "SKP" for index in sorted(lost)]
        return f"{_listed(names)} hanya menggantikan sampai akhir tahun." if names else ""
    if not lost or row.berlaku_sampai is None:
        return later.alasan if later else ""
    names = [person.pengembangan[index].sebutan for index in sorted(lost)]
    return f"{_listed(names)} hanya dihitung sampai {tanggal(row.berlaku_sampai)}."


_NAMED = 2


def _listed(names: list[str]) -> str:
    shown = names[:_NAMED]
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED} lainnya")
    return " dan ".join(shown) if len(shown) < 3 else f"{shown[0]}, {shown[1]}, dan {shown[2]}"


def _keep(row: Row, then: Measuring) -> tuple[str, DocumentKind | None]:
    """What can be done for an indicator, and what to hand in when that is possible this year."""
    last = tanggal(dt.date(then.tahun - 1, 12, 31))
    if row.indikator is Indikator.KINERJA:
        year = then.tahun - 1
        return f"Pastikan SKP {year} dinilai dan tercatat di E-Kinerja.", None
    rule = then.rules.kompetensi.indikator.get(row.indikator)
    if rule is None:
        return "", None
    from_new_year = rule.jendela_tahun == 1
    when = f"mulai Januari {then.tahun}" if from_new_year else f"paling lambat {last}"
    kind = None if from_new_year else DocumentKind(row.indikator.value)
    return f"Ikuti {_what(row, then.rules)} {when}.", kind


def _what(row: Row, rules: RuleSet) -> str:
    if row.indikator is Indikator.TEKNIS:
        return f"diklat teknis {rules.kompetensi.jp_wajib} JP"
    if row.indikator is Indikator.SEMINAR:
        return "satu seminar atau sejenisnya"
    return row.indikator.label.lower()
