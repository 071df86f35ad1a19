"""The people of the demo: who works where, since when, with which degree. The same everywhere."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from portal.demo import names
from portal.demo.data import BASE_YEAR, SEED, table

_PPPK_LIKELY = frozenset({"guru", "perawat", "bidan", "pertanian"})
_LADDER = (
    *("SD", "SLTP", "SLTA", "D-I", "D-II", "D-III", "D-IV", "S-1"),
    *("Profesi", "S-2", "Spesialis", "S-3"),
)
"""Levels of education, lowest first."""
_CAMPUSES = (
    "Universitas Lambung Mangkurat",
    "Universitas Terbuka",
    "UIN Antasari Banjarmasin",
    "Universitas Palangka Raya",
    "Universitas Mulawarman",
    "Universitas Negeri Malang",
)
_SEX = {"1": "M", "2": "F"}


@dataclass(frozen=True, slots=True)
class Person:
    """One person, as the export of SIASN would tell it."""

    nip: str
    nama: str
    gelar_depan: str
    gelar_belakang: str
    status: str
    """PNS, PPPK or CPNS."""
    unit: str
    """Code of the unit: "DIKBUD", or "DIKBUD-3" for its third unit."""
    jabatan: str
    jenis_jabatan: str
    """SIASN code: 1 structural, 2 fungsional, 4 pelaksana."""
    eselon: str
    bidang: str
    """Field of study and work."""
    tingkat: str
    program_studi: str
    kampus: str
    tahun_lulus: int
    golongan: str

    @property
    def opd(self) -> str:
        return self.unit.partition("-")[0]

    @property
    def lahir(self) -> dt.date:
        """Generated numbers begin with the true date."""
        return dt.datetime.strptime(self.nip[:8], "%Y%m%d").date()  # noqa: DTZ007 -- a date alone

    @property
    def nama_lengkap(self) -> str:
        front = f"{self.gelar_depan} " if self.gelar_depan else ""
        return f"{front}{self.nama}" + (f", {self.gelar_belakang}" if self.gelar_belakang else "")


@cache
def generate() -> tuple[Person, ...]:
    """Everybody, those with a printed account first."""
    rng = random.Random(SEED)  # noqa: S311 -- invented people, nothing secret
    agency = table("agency")
    fixed = [_fixed(entry, rng) for entry in (*agency["akun"], *agency["tokoh"])]
    taken = {person.nip for person in fixed}
    people = list(fixed)
    for opd in agency["opd"]:
        present = [person for person in fixed if person.opd == opd["kode"]]
        leaders = [_leader(rng, taken, *post) for post in _open_posts(opd, present)]
        rest = opd["jumlah"] - len(present) - len(leaders)
        people += [*leaders, *(_worker(rng, taken, opd) for _ in range(rest))]
    return tuple(people)


def _open_posts(opd: dict[str, Any], present: list[Person]) -> Iterator[tuple[str, str, str]]:
    """(unit, post, eselon) of every leader that no person of the table is."""
    held = {(person.unit, person.jabatan) for person in present}
    for jabatan, eselon in opd["pejabat"]:
        if (opd["kode"], jabatan) not in held:
            yield opd["kode"], jabatan, eselon
    if "kepala_unit" not in opd:
        return
    title, eselon = opd["kepala_unit"]
    for number, nama in enumerate(opd["unit"], 1):
        unit, jabatan = f"{opd['kode']}-{number}", f"{title} {nama}"
        if (unit, jabatan) not in held:
            yield unit, jabatan, eselon


def _leader(rng: random.Random, taken: set[str], unit: str, jabatan: str, eselon: str) -> Person:
    high = eselon.startswith(("1", "I.", "II."))
    born = BASE_YEAR - rng.randint(50, 57) if high else BASE_YEAR - rng.randint(36, 54)
    tingkat = (
        rng.choice(("S-1", "S-2", "S-2", "S-2")) if high else rng.choice(("S-1", "S-1", "S-2"))
    )
    field = rng.choice(("hukum", "ekonomi", "hukum"))
    return _person(rng, taken, born, "PNS", unit, jabatan, "1", eselon, field, tingkat)


def _worker(rng: random.Random, taken: set[str], opd: dict[str, Any]) -> Person:
    posts = opd["isi"]
    jabatan, jenis, syarat, _, field, where = rng.choices(
        posts, weights=[post[3] for post in posts]
    )[0]
    units = len(opd["unit"])
    unit = f"{opd['kode']}-{rng.randint(1, units)}" if where == "unit" and units else opd["kode"]
    junior = "Pertama" in jabatan or "Terampil" in jabatan
    born = BASE_YEAR - (rng.randint(25, 42) if junior else rng.randint(33, 57))
    status = "PNS"
    if junior and field in _PPPK_LIKELY and rng.random() < 0.4:
        status = "PPPK"
    elif junior and BASE_YEAR - born < 30 and rng.random() < 0.35:
        status = "CPNS"
    tingkat = _level(rng, syarat, field)
    return _person(rng, taken, born, status, unit, jabatan, str(jenis), "", field, tingkat)


def _level(rng: random.Random, syarat: str, field: str) -> str:
    """Mostly what the post asks for, now and then the level above or below."""
    held = [level for level in _LADDER if level in table("agency")["bidang"][field]]
    at = held.index(syarat)
    drift = rng.random()
    if drift < 0.09:
        return held[max(at - 1, 0)]
    return held[min(at + 1, len(held) - 1)] if drift > 0.86 else syarat


def _person(
    rng: random.Random,
    taken: set[str],
    born: int,
    status: str,
    unit: str,
    jabatan: str,
    jenis: str,
    eselon: str,
    field: str,
    tingkat: str,
) -> Person:
    sex = rng.choice("12")
    since = _since(rng, born, status)
    nip = _nip(rng, taken, born, since, sex, status)
    prodi, title = rng.choice(table("agency")["bidang"][field][tingkat])
    front, back = names.titles(title)
    return Person(
        nip=nip,
        nama=names.draw(rng, woman=sex == "2"),
        gelar_depan=front,
        gelar_belakang=back,
        status=status,
        unit=unit,
        jabatan=jabatan,
        jenis_jabatan=jenis,
        eselon=eselon,
        bidang=field,
        tingkat=tingkat,
        program_studi=prodi,
        kampus=_campus(rng, tingkat),
        tahun_lulus=min(born + _LADDER.index(tingkat) + 16, since - 1),
        golongan=_golongan(tingkat, status, BASE_YEAR - since, eselon),
    )


def _since(rng: random.Random, born: int, status: str) -> int:
    """Year in which the person entered the service."""
    if status == "CPNS":
        return BASE_YEAR - 1
    if status == "PPPK":
        return rng.randint(2021, 2024)
    return min(born + rng.randint(23, 31), BASE_YEAR - 2)


def _nip(rng: random.Random, taken: set[str], born: int, since: int, sex: str, status: str) -> str:
    """A number of the person's kind (rules.md §7) that nobody has."""
    birth = dt.date(born, 1, 1) + dt.timedelta(days=rng.randrange(365))
    middle = f"{since}21" if status == "PPPK" else f"{since}{rng.choice((1, 3, 4, 12)):02}"
    while True:
        nip = f"{birth:%Y%m%d}{middle}{sex}{rng.randint(1, 40):03}"
        if nip not in taken:
            taken.add(nip)
            return nip


def _campus(rng: random.Random, tingkat: str) -> str:
    return rng.choice(_CAMPUSES) if _LADDER.index(tingkat) > _LADDER.index("SLTA") else ""


def _golongan(tingkat: str, status: str, years: int, eselon: str) -> str:
    if status == "PPPK":
        return {"SLTA": "V", "D-III": "VII", "Profesi": "X"}.get(tingkat, "IX")
    if eselon.startswith(("10", "I.", "II.")):
        return "IV/d" if eselon in {"10", "I.b", "II.a"} else "IV/c"
    level = _LADDER.index(tingkat)
    start = {"SD": 0, "SLTP": 2}.get(tingkat, 4 if level < 5 else 6 if level < 7 else 8)
    grades = [f"{step}/{letter}" for step in ("I", "II", "III", "IV") for letter in "abcd"]
    return grades[min(start + years // 4, start + 5, 13)]


def _fixed(entry: dict[str, Any], rng: random.Random) -> Person:
    """A person of the table; the degree is what the post asks for."""
    opd = next(opd for opd in table("agency")["opd"] if opd["kode"] == _opd(entry))
    post = next((post for post in opd["isi"] if post[0] == entry["jabatan"]), None)
    jenis, syarat, field = (str(post[1]), post[2], post[4]) if post else ("1", "S-1", "hukum")
    status = entry.get("jenis_pegawai", "PNS")
    born, since = int(entry["nip"][:4]), int(entry["nip"][8:12])
    return Person(
        nip=entry["nip"],
        nama=entry["nama"],
        gelar_depan=entry.get("gelar_depan", ""),
        gelar_belakang=entry.get("gelar_belakang", ""),
        status=status,
        unit=entry["unit"],
        jabatan=entry["jabatan"],
        jenis_jabatan=jenis,
        eselon=entry.get("eselon", ""),
        bidang=field,
        tingkat=syarat,
        program_studi=table("agency")["bidang"][field][syarat][0][0],
        kampus=_campus(rng, syarat),
        tahun_lulus=min(born + 22, since - 1),
        golongan=_golongan(syarat, status, BASE_YEAR - since, entry.get("eselon", "")),
    )


def _opd(entry: dict[str, Any]) -> str:
    return str(entry["unit"]).partition("-")[0]
