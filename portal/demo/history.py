"""Three years of results, courses and (rarely) punishments of one person."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from portal.demo.data import SEED, table
from portal.demo.people import Person

YEARS = 3
"""The running year and the two before."""
_PREDICATES = ("Sangat Baik", "Baik", "Butuh Perbaikan", "Kurang", "Tidak membuat SKP")
_PREDICATE_WEIGHTS = (14, 76, 6, 2, 2)
_LEADERSHIP = {"10": 5, "I.b": 5, "II.a": 4, "II.b": 4, "III.a": 3, "III.b": 3, "IV.a": 2}
"""Level of leadership training that fits the post (rules.md §1.2)."""
_HEALTH = frozenset({"perawat", "bidan", "dokter", "spesialis", "gizi", "apoteker"})
SARI = "199404122019032015"


def history(person: Person, today: dt.date) -> dict[str, Any]:
    """The records of a person as a line of `--riwayat`; nothing lies after `today`."""
    if person.nip == SARI:
        return _of_sari(today.year)
    rng = random.Random(f"{SEED}:{person.nip}")  # noqa: S311 -- invented people, nothing secret
    found = {
        "pengembangan": _courses(person, today, rng),
        "kinerja": _results(today.year, rng),
        "hukdis": _punishments(today, rng),
    }
    return {name: records for name, records in found.items() if records}


def in_year(year: int, share: float, today: dt.date) -> dt.date:
    """A day of the year at `share` of it (0–1); of the running year, of what has passed."""
    first = dt.date(year, 1, 1)
    last = min(dt.date(year, 12, 31), today)
    return first + dt.timedelta(days=int((last - first).days * share))


def courses(kind: str, field: str) -> list[list[Any]]:
    """Courses of a kind that fit somebody's work: [nama, penyelenggara, JP, hari]."""
    group = "kesehatan" if field in _HEALTH else field
    found = table("courses")[kind]
    special: list[list[Any]] = found.get(group, [])
    return special or found["semua"]


def _of_sari(year: int) -> dict[str, Any]:
    """What the figures of the first screen rest on, beside the papers that she hands in herself."""
    return {
        "pengembangan": [
            {
                "jenis": 9,
                "nama": "Seminar Nasional Pendidikan Bahasa",
                "penyelenggara": "Universitas Lambung Mangkurat",
                "nomor": f"117/SNPB/{year - 2}",
                "tanggal_selesai": f"{year - 2}-08-20",
            },
            {
                "jenis": 3,
                "jp": 24,
                "nama": "Pelatihan Pembelajaran Berdiferensiasi",
                "penyelenggara": "Balai Guru Penggerak",
                "nomor": f"0842/BGP/{year - 1}",
                "tanggal_selesai": f"{year - 1}-06-14",
            },
        ],
        "kinerja": [
            {"tahun": year - 2, "predikat": "Baik", "dinilai": f"{year - 1}-01-15"},
            {"tahun": year - 1, "predikat": "Baik"},
        ],
    }


def _results(year: int, rng: random.Random) -> list[dict[str, Any]]:
    return [
        {"tahun": past, "predikat": rng.choices(_PREDICATES, weights=_PREDICATE_WEIGHTS)[0]}
        for past in range(year - YEARS + 1, year)
        if rng.random() > 0.03
    ]


def _courses(person: Person, today: dt.date, rng: random.Random) -> list[dict[str, Any]]:
    found = _once(person, today, rng)
    for year in range(today.year - YEARS + 1, today.year + 1):
        if rng.random() < 0.62:
            found.append(_course("teknis", 3, person, year, today, rng))
        if rng.random() < 0.18:
            found.append(_course("teknis", 8, person, year, today, rng))
        if rng.random() < 0.4:
            found.append(_course("seminar", rng.choice((9, 9, 4, 7)), person, year, today, rng))
    return found


def _once(person: Person, today: dt.date, rng: random.Random) -> list[dict[str, Any]]:
    """The course of a lifetime that fits the post: leadership, or the functional one."""
    year = today.year - rng.randint(3, 7)
    level = _LEADERSHIP.get(person.eselon)
    if level and rng.random() < 0.75:
        day = in_year(year, rng.random(), today)
        return [{"jenis": 1, "latihan_struktural": level, "tanggal_selesai": day.isoformat()}]
    if person.jenis_jabatan == "2" and rng.random() < 0.6:
        return [_course("fungsional", 2, person, year, today, rng)]
    return []


def _course(
    kind: str, jenis: int, person: Person, year: int, today: dt.date, rng: random.Random
) -> dict[str, Any]:
    nama, organiser, jp, days = rng.choice(courses(kind, person.bidang))
    last = in_year(year, 0.05 + 0.9 * rng.random(), today)
    first = max(last - dt.timedelta(days=days - 1), dt.date(year, 1, 1))
    return {
        "jenis": jenis,
        "jp": jp,
        "nama": nama,
        "penyelenggara": organiser,
        "nomor": f"{rng.randint(100, 899)}/{rng.randint(1, 999):04}/{year}",
        "tanggal_mulai": first.isoformat(),
        "tanggal_selesai": last.isoformat(),
    }


def _punishments(today: dt.date, rng: random.Random) -> list[dict[str, Any]]:
    if rng.random() > 0.02:
        return []
    begin = in_year(today.year - rng.randint(0, 1), rng.random(), today)
    level = rng.choices(("ringan", "sedang", "berat"), weights=(5, 3, 1))[0]
    if level == "ringan":
        return [{"tingkat": level, "tmt": begin.isoformat()}]
    end = begin + dt.timedelta(days=365)
    return [{"tingkat": level, "tmt": begin.isoformat(), "akhir": end.isoformat()}]
