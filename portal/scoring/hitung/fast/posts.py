"""What the engine says of single courses and of their sums, for one group of posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from msgspec import UnsetType

from portal.scoring.engine.inputs import Pengembangan
from portal.scoring.engine.result import Row
from portal.scoring.hitung.fast.facts import course
from portal.scoring.hitung.fast.reference import Facts, Kinds, Reference, left_out
from portal.scoring.memo import Memo
from portal.vocabulary import KelompokJabatan

Latihan: TypeAlias = int | UnsetType | None
Judged: TypeAlias = tuple[int, str | None]
"""The indicator (its place in the order of the post) that a course belongs to, and why it does not
count, None when it does."""

NO_INDICATOR: Judged = (-1, "")
LATE = ""
"""Stands for a reason that names the very day; `Post.late` knows it."""


class Post:
    """One group of posts; every answer is the engine's about somebody with just these courses."""

    def __init__(self, reference: Reference, kinds: Kinds, post: KelompokJabatan) -> None:
        self._reference = reference
        self._kinds = kinds
        self._post = post
        self._examples: dict[int, Pengembangan] = {}
        self._late_examples: dict[int, Pengembangan] = {}
        rows = self._ask()
        self.indicators = len(rows)
        self.summed = next((at for at, row in enumerate(rows) if row.jp is not None), -1)
        """Place of the indicator that adds up JP, -1 without one."""
        self.duty = reference.task.rules.kompetensi.jp_wajib
        """JP beyond it earn nothing."""
        self.judged = Memo(self._judge)
        self.late = Memo(self._late)
        self.points = Memo(self._points)
        self.none = Memo(self._none)
        self.one = Memo(self._one)
        self.sums = Memo(self._sums)
        self.spare = Memo(self._spare)
        self.left_out = Memo(left_out_of)

    def _facts(self, items: Sequence[Pengembangan]) -> Facts:
        return {"kelompok_jabatan": self._post, "pengembangan": tuple(items)}

    def _ask(self, *items: Pengembangan) -> Sequence[Row]:
        return self._reference.score(self._facts(items)).rincian[1:-2]

    def _judge(self, jenis: int, year: int, latihan: Latihan, without_jp: bool) -> Judged:
        """The verdict on a course that ended in this year, 0 for one without a date."""
        end = dt.date(year, 7, 1) if year else None
        item = course(jenis, 0 if without_jp else 1, end, latihan or None)
        for place, row in enumerate(self._ask(item)):
            if row.bukti:
                self._examples[place] = item
                return place, None
            if row.tidak_dihitung:
                if year > self._reference.task.year:
                    self._late_examples[place] = item
                    return place, LATE
                return place, row.tidak_dihitung[0].alasan
        return NO_INDICATOR

    def _late(self, place: int, end: dt.date) -> str:
        """Why a course of this indicator that ended after the measured day does not count."""
        item = replace(self._late_examples[place], tanggal_selesai=end)
        return self._ask(item)[place].tidak_dihitung[0].alasan

    def _points(self, fulfilled: int, jp: int) -> int:
        """Points of these indicators (as bits of their places) and this sum of JP."""
        items = [item for place, item in self._examples.items() if fulfilled >> place & 1]
        if jp:
            items.append(replace(self._examples[self.summed], jp=jp))
        facts = self._facts(items)
        return self._kinds.number(self._reference.score(facts).kompetensi, facts)

    def _none(self, place: int) -> bytes:
        """The row of an indicator without a course, up to the end of its reason."""
        return self._reference.opening(self._ask()[place])

    def _one(self, place: int, jenis: int, year: int, latihan: Latihan) -> bytes:
        """The row of an indicator that this course fulfils, up to the end of its reason."""
        item = course(jenis, 1, dt.date(year, 7, 1) if year else None, latihan or None)
        return self._reference.opening(self._ask(item)[place])

    def _sums(self, jp: int) -> bytes:
        """The row of the indicator that adds up JP, up to the end of its reason."""
        item = replace(self._examples[self.summed], jp=jp)
        return self._reference.opening(self._ask(item)[self.summed])

    def _spare(self, place: int) -> str:
        """Why a second course does not count where one is enough."""
        item = self._examples[place]
        return self._ask(item, item)[place].tidak_dihitung[0].alasan


def left_out_of(*items: tuple[int, str]) -> bytes:
    """The end of a reason: the courses that do not count."""
    return left_out(items) if items else b""
