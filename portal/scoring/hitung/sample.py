"""People who do not exist, as lines of `hitung` input: as many as wanted, the same each time.

Their facts are as varied as those of a large agency, and no NIP is given twice. Whole fragments are
drawn from pools, so that a nation takes seconds.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

_AT_ONCE = 1000
_POOL = 2000
"""Fragments of one kind to draw from."""
_VARIANTS = 100
"""Of the degrees and of the main course of a post."""
_YEARS_BACK = 6
"""Courses are at most so old."""

_FIRST_BIRTH = dt.date(1966, 1, 1)
_BIRTHS = [f"{_FIRST_BIRTH + dt.timedelta(days):%Y%m%d}" for days in range(34 * 365)]
_STEP = 5003
"""Prime to the number of births: neighbours of a sample are born far apart."""
_SEQUENCES = 999
MOST = len(_BIRTHS) * _SEQUENCES
"""So many people can have a number of their own."""

_KINDS = ["PNS"] * 77 + ["PPPK"] * 21 + ["CPNS"] * 2
_TEKNIS = (3, 3, 3, 5, 6, 8, 12, 13, 16, 16, 17)
_SEMINAR = (9, 9, 9, 4, 7, 10, 11, 15, 20, 22)
_JP = (2, 4, 4, 8, 8, 10, 16, 20, 20, 24, 30, 40, 60)
_COURSES = (0, 1, 1, 2, 2, 3, 3, 3, 4, 5)
"""Courses and seminars of one person."""
_PREDIKAT = ["Baik"] * 70 + ["Sangat Baik"] * 18 + ["Butuh Perbaikan"] * 8 + ["Kurang"] * 4
_PUNISHED = 0.02
_NUMBERED = 0.2
"""Share of results of SKP that state a number."""


@dataclass(frozen=True, slots=True)
class _Group:
    """People with alike posts."""

    kelompok: str
    syarat: str
    held: tuple[str, ...]
    """Usual levels of education."""
    main: dict[str, int]
    """The course that the post asks for, if any."""
    weight: int


_LEADER = {"jenis": 1}
_GROUPS = (
    _Group("fungsional", "S-1", ("S-1", "S-1", "S-1", "Profesi", "S-2"), {"jenis": 2}, 30),
    _Group("fungsional", "D-III", ("D-III", "D-III", "D-IV", "S-1"), {"jenis": 2}, 14),
    _Group("fungsional", "Profesi", ("Profesi", "Profesi", "S-1", "Spesialis"), {"jenis": 2}, 6),
    _Group("fungsional", "S-2", ("S-2", "S-2", "S-3"), {"jenis": 2}, 4),
    _Group("pelaksana", "SLTA", ("SLTA", "SLTA", "D-I", "D-III", "S-1"), {}, 18),
    _Group("pelaksana", "D-III", ("D-III", "SLTA", "S-1"), {}, 10),
    _Group("pelaksana", "SLTP", ("SLTP", "SLTA", "SD"), {}, 2),
    _Group("pengawas", "S-1", ("S-1", "S-1", "D-IV", "S-2"), _LEADER | {"latihan": 2}, 9),
    _Group("administrator", "S-1", ("S-1", "S-2", "S-2"), _LEADER | {"latihan": 3}, 5),
    _Group("jpt_pratama", "S-2", ("S-2", "S-2", "S-1", "S-3"), _LEADER | {"latihan": 4}, 2),
)


class Sample:
    """A source of people whose facts lie around one measurement year."""

    def __init__(self, year: int, seed: int) -> None:
        self._year = year
        self._seed = seed
        rng = _random(f"{seed} {year}")
        self._posts = [
            post for group in _GROUPS for post in [self._post(rng, group)] * group.weight
        ]
        self._courses = [self._course(rng) for _ in range(_POOL)]
        self._results = [self._both_years(rng) for _ in range(_POOL)]
        self._punishments = [self._punishment(rng) for _ in range(_POOL)]
        self._ranks = {
            "PNS": [f"{rng.randint(1994, year - 1)}{_month(rng)}" for _ in range(_POOL)],
            "CPNS": [f"{year}{_month(rng)}" for _ in range(_VARIANTS)],
            "PPPK": [f"{rng.randint(2021, max(2021, year))}21" for _ in range(_VARIANTS)],
        }

    def blocks(self, count: int) -> Iterator[bytes]:
        """Lines with their ends; a smaller sample is the beginning of a larger one."""
        for first in range(0, count, _AT_ONCE):
            yield self._block(first, min(_AT_ONCE, count - first))

    def _block(self, first: int, count: int) -> bytes:
        rng = _random(f"{self._seed} {self._year} {first}")
        kinds = rng.choices(_KINDS, k=_AT_ONCE)
        ends = [0, *accumulate(rng.choices(_COURSES, k=_AT_ONCE))]
        courses = rng.choices(self._courses, k=ends[-1])
        posts = rng.choices(self._posts, k=_AT_ONCE)
        drawn = zip(
            range(first, first + count),
            kinds,
            [self._ranks[kind][at] for kind, at in zip(kinds, _some(rng), strict=True)],
            rng.choices("12", k=_AT_ONCE),
            [post[at] for post, at in zip(posts, _some(rng), strict=True)],
            ["".join(courses[start:end]) for start, end in pairwise(ends)],
            rng.choices(self._results, k=_AT_ONCE),
            rng.choices(self._punishments, k=_AT_ONCE),
            strict=False,  # a last block is short
        )
        return "".join(
            [
                f'{{"nip": "{_BIRTHS[number * _STEP % len(_BIRTHS)]}{rank}{sex}'
                f'{number // len(_BIRTHS) + 1:03}", "jenis_pegawai": "{kind}", '
                f'{post}{own[comma:]}], "kinerja": [{results}], "hukdis": [{punishments}]}}\n'
                for number, kind, rank, sex, (post, comma), own, results, punishments in drawn
            ]
        ).encode()

    def _post(self, rng: random.Random, group: _Group) -> list[tuple[str, int]]:
        """The middle of a line up to the first course, and how much to leave of the comma."""
        return [self._variant(rng, group) for _ in range(_VARIANTS)]

    def _variant(self, rng: random.Random, group: _Group) -> tuple[str, int]:
        last = rng.choice(group.held)
        earlier = {"S-1": "SLTA", "S-2": "S-1", "Profesi": "S-1", "S-3": "S-2", "D-III": "SLTA"}
        held = [earlier[last], last] if last in earlier and rng.random() < 0.6 else [last]
        days = [self._day(rng, 8 * at + 3, 8 * at + 10) for at in reversed(range(len(held)))]
        degrees = ", ".join(
            f'{{"tingkat": "{level}", "tanggal_lulus": "{day}"}}'
            for level, day in zip(held, days, strict=True)
        )
        main = ""
        if group.main and rng.random() < 0.7:
            level = group.main.get("latihan")
            ending = f', "latihan_struktural": {level}' if level else ""
            main = f'{{"jenis": {group.main["jenis"]}, "jp": {rng.choice((40, 60, 120, 300))}, '
            main += f'"tanggal_selesai": "{self._day(rng, 1, 12)}"{ending}}}'
        middle = f'"kelompok_jabatan": "{group.kelompok}", "syarat_pendidikan": "{group.syarat}", '
        return f'{middle}"pendidikan": [{degrees}], "pengembangan": [{main}', 0 if main else 2

    def _course(self, rng: random.Random) -> str:
        """With the comma before it."""
        kind = rng.choice(_TEKNIS if rng.random() < 0.6 else _SEMINAR)
        end = self._day(rng, 0, _YEARS_BACK)
        return f', {{"jenis": {kind}, "jp": {rng.choice(_JP)}, "tanggal_selesai": "{end}"}}'

    def _both_years(self, rng: random.Random) -> str:
        years = [self._year - 1, self._year] if rng.random() < 0.95 else [self._year - 1]
        return ", ".join(self._result(rng, year) for year in years)

    @staticmethod
    def _result(rng: random.Random, year: int) -> str:
        if rng.random() < _NUMBERED:
            return f'{{"tahun": {year}, "nilai": {rng.randint(5500, 9800) / 100}}}'
        judged = f"{year + 1}-01-{rng.randint(2, 31):02}"
        return f'{{"tahun": {year}, "predikat": "{rng.choice(_PREDIKAT)}", "dinilai": "{judged}"}}'

    def _punishment(self, rng: random.Random) -> str:
        if rng.random() >= _PUNISHED:
            return ""
        level = rng.choice(("ringan", "ringan", "sedang", "berat"))
        start = self._day(rng, 0, _YEARS_BACK)
        end = f"{int(start[:4]) + 1}{start[4:8]}28"
        return f'{{"tingkat": "{level}", "tmt": "{start}", "akhir": "{end}"}}'

    def _day(self, rng: random.Random, least: int, most: int) -> str:
        """A day so many years back."""
        year = self._year - rng.randint(least, most)
        return f"{year}-{_month(rng)}-{rng.randint(1, 28):02}"


def _random(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- invented people, nothing secret


def _month(rng: random.Random) -> str:
    return f"{rng.randint(1, 12):02}"


def _some(rng: random.Random) -> list[int]:
    return rng.choices(range(_VARIANTS), k=_AT_ONCE)
