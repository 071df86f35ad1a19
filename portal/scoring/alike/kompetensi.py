"""Kompetensi: courses are judged one by one, then put together per indicator.

Of a course that counts the engine sees the year in which it ended and its place among the others,
of courses whose JP are added up only the sum; one that does not count stands in the row by itself,
whatever stands beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from portal.scoring import compute, facts
from portal.scoring.alike.asking import Asking, example
from portal.scoring.alike.forms import Form, mark, marks
from portal.scoring.engine import kompetensi
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import Row
from portal.scoring.memo import Memo
from portal.vocabulary import KelompokJabatan

_JENIS, _JP, _SELESAI, _LATIHAN, _NAMA = range(3, 8)
When: TypeAlias = dt.date | int | None
"""The year in which a course ended; the very day when that is still to come."""
Course: TypeAlias = tuple[str, int, When, str | None]
"""Kind, JP, end, level: all that can decide about a course."""
Told: TypeAlias = tuple[bool, bool]
"""Whether a course has a name, and whether a document stands behind it."""
_Counted: TypeAlias = tuple[int, Any, Course, Told]
_Left: TypeAlias = tuple[int, str]
_UNUSED = -1
"""Place of what no indicator of the post asks for."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What becomes of a course, and an example of all that share it."""

    place: int
    counts: bool
    example: Course


@dataclass(frozen=True, slots=True)
class _Opening:
    """A row up to what does not count, and the courses beyond the one that is enough."""

    kind: int
    form: Form
    spare: tuple[tuple[int, Form], ...]


class Kompetensi:
    """The rows of the dimension for one group of posts."""

    def __init__(self, asking: Asking, kelompok: str) -> None:
        self._asking = asking
        self._post = KelompokJabatan(kelompok)
        self._day = asking.at.tanggal
        self._examples: dict[object, Course] = {}
        self._summed = [row.jp is not None for row in self._rows(self._person(None))]
        self._verdicts = Memo(self._judge)
        self._openings = Memo(self._open)
        self._left_out = Memo(self._leave_out)
        self._unused = Memo(self._not_ask)

    def rows(self, jabatan: str | None, courses: Sequence[Any]) -> tuple[list[int], list[str], str]:
        """Kinds and rows of somebody with these courses, and what nobody asks for. The name of the
        post is given where it can decide."""
        counted: list[list[_Counted]] = [[] for _ in self._summed]
        left: list[list[_Left]] = [[] for _ in self._summed]
        unused: list[str] = []
        for index, course in enumerate(courses):
            end = course[_SELESAI]
            when = end if end is None or end > self._day else end.year
            told = (course[_NAMA] != "", course[2] is not None)
            verdict = self._verdicts[
                course[_JENIS], course[_JP] != 0, when, course[_LATIHAN], *told
            ]
            if verdict.counts:
                counted[verdict.place].append((index, course, verdict.example, told))
            elif verdict.place == _UNUSED:
                unused.append(self._unused[verdict.example[0], *told].of((course,)))
            else:
                text = self._left_out[verdict.place, verdict.example, told].of((course,))
                left[verdict.place].append((index, text))
        kinds, rows = [], []
        for place, own in enumerate(counted):
            opening = self._openings[(place, jabatan, *self._shared(place, own))]
            kinds.append(opening.kind)
            rows.append(_row(opening, own, left[place]))
        return kinds, rows, f"[{','.join(unused)}]"

    def _judge(
        self, jenis: str, with_jp: bool, when: When, latihan: str | None, *told: bool
    ) -> _Verdict:
        course: Course = (jenis, int(with_jp), when, latihan)
        # A name stands for the kind in every sentence.
        kind = None if told[0] else jenis
        for place, row in enumerate(self._rows(self._person(None, _record(0, course, *told)))):
            if row.bukti:
                return _Verdict(place, True, self._like(course, place, kind, when, latihan))
            if row.tidak_dihitung:
                reason = row.tidak_dihitung[0].alasan
                return _Verdict(place, False, self._like(course, place, kind, reason))
        return _Verdict(_UNUSED, False, course)

    def _like(self, course: Course, *shared: object) -> Course:
        """The first course of those that share this."""
        return self._examples.setdefault(shared, course)

    def _shared(self, place: int, own: Sequence[_Counted]) -> Iterator[object]:
        """What the opening of a row hangs on, but for its place and the name of the post."""
        if self._summed[place]:
            yield sum([course[_JP] for _, course, _, _ in own])
            for _, _, example_, told in own:
                yield example_, told, 0
        else:
            yield None
            days = {course[_SELESAI] for _, course, _, _ in own} if len(own) > 1 else ()
            for _, course, example_, told in own:
                yield example_, told, _rank(course[_SELESAI], days)

    def _open(
        self, place: int, jabatan: str | None, jp: int | None, *own: tuple[Course, Told, int]
    ) -> _Opening:
        courses = [
            _record(n, course, *told, later=later) for n, (course, told, later) in enumerate(own)
        ]
        if jp is not None:
            # Only the sum of JP decides, and each of them has some.
            courses = [
                _with_jp(course, 1 if n else jp - len(own) + 1) for n, course in enumerate(courses)
            ]
        person = self._person(jabatan, *courses)
        row = self._rows(person)[place]
        missing = row.jp if row.poin < row.maks else None
        spare = [
            (left.index, Form(compute.left_out(person.pengembangan, left)))
            for left in row.tidak_dihitung
        ]
        bare = replace(row, tidak_dihitung=())
        return _Opening(
            self._asking.kind(row.indikator, row.poin, missing),
            Form(compute.told(person, bare), without="]}"),
            tuple(spare),
        )

    def _leave_out(self, place: int, course: Course, told: Told) -> Form:
        person = self._person(None, _record(0, course, *told))
        (left,) = self._rows(person)[place].tidak_dihitung
        return Form(compute.left_out(person.pengembangan, left))

    def _not_ask(self, jenis: str, *told: bool) -> Form:
        person = self._person(None, _record(0, (jenis, 0, None, None), *told))
        (left,) = kompetensi.unused(person, self._asking.rules)
        return Form(compute.left_out(person.pengembangan, left))

    def _rows(self, person: Person) -> Sequence[Row]:
        return kompetensi.rows(person, self._asking.rules, self._asking.at)

    def _person(self, jabatan: str | None, *courses: Any) -> Person:
        items = tuple(map(facts.course, courses))
        return example(kelompok_jabatan=self._post, jabatan=jabatan, pengembangan=items)


def _row(opening: _Opening, own: Sequence[_Counted], left: list[_Left]) -> str:
    records = [course for _, course, _, _ in own]
    if opening.spare:
        left = sorted([*left, *((own[n][0], form.of(records)) for n, form in opening.spare)])
    return f"{opening.form.of(records)}{','.join([text for _, text in left])}]}}"


def _rank(end: dt.date | None, days: Collection[dt.date | None]) -> int:
    """How many of the days lie before the end of a course, in the same year."""
    if end is None:
        return 0
    return sum(1 for day in days if day and day.year == end.year and day < end)


def _record(
    n: int, course: Course, named: bool, from_document: bool, later: int = 0
) -> tuple[Any, ...]:
    """An example under marks; so many days after the first of its year."""
    jenis, jp, when, latihan = course
    end = dt.date(when, 1, 1) + dt.timedelta(days=later) if isinstance(when, int) else when
    name = mark(n, _NAMA) if named else ""
    return (*marks(n, from_document), jenis, jp, end, latihan, name)


def _with_jp(course: tuple[Any, ...], jp: int) -> tuple[Any, ...]:
    return (*course[:_JP], jp, *course[_JP + 1 :])
