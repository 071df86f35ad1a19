"""What people of the demo hand in: the data of an item and the sheets that show them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from portal.demo.data import table
from portal.demo.history import courses
from portal.demo.people import Person
from portal.demo.pictures import printable
from portal.vocabulary import (
    MONTHS,
    DocumentKind,
    FileRole,
    JenisDiklat,
    LatihanStruktural,
    Tingkat,
)

_HIGHER = {
    "SLTP": ("SLTA", "umum"),
    "SLTA": ("S-1", "hukum"),
    "D-III": ("S-1", "hukum"),
    "S-1": ("S-2", "hukum"),
}
_LEADERSHIP = {
    "II.a": LatihanStruktural.PIM2,
    "II.b": LatihanStruktural.PIM2,
    "III.a": LatihanStruktural.PIM3,
    "III.b": LatihanStruktural.PIM3,
    "IV.a": LatihanStruktural.PIM4,
}
_OTHER_FORMS = (
    (JenisDiklat.MAGANG, "Magang di Balai Kota Tetangga", "BKPSDM Kabupaten Banua Lestari", 20, 5),
    (JenisDiklat.COACHING, "Coaching Penyusunan Rencana Aksi", "BPSDM Provinsi", 4, 2),
    (JenisDiklat.KOMUNITAS_BELAJAR, "Komunitas Belajar Rimbun", "Gugus Sekolah Rimbun", 6, 3),
    (JenisDiklat.BENCHMARKING, "Patok Banding Layanan Satu Pintu", "Setda Provinsi", 10, 2),
)


@dataclass(frozen=True)
class Sheet:
    """One picture of an item."""

    role: FileRole
    title: str
    lines: list[str]
    portrait: bool = False


@dataclass(frozen=True)
class Paper:
    """An item before it is handed in."""

    kind: DocumentKind
    values: dict[str, Any]
    sheets: list[Sheet]
    jenis: JenisDiklat | None = None
    latest: dt.date = field(default=dt.date.min)
    """The last date that stands on it."""


def words(day: dt.date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def course(
    person: Person,
    jenis: JenisDiklat,
    kind: DocumentKind,
    nama: str,
    organiser: str,
    jp: int,
    days: int,
    last: dt.date,
    nomor: str,
) -> Paper:
    """A certificate of a course that ended on `last`."""
    first = last - dt.timedelta(days=days - 1)
    values = {
        "jenis": jenis,
        "nama": nama,
        "penyelenggara": organiser,
        "nomor": nomor,
        "tanggal_mulai": first,
        "tanggal_selesai": last,
        "tanggal_sertifikat": last,
        "jp": jp,
    }
    lines = [
        f"Nomor {nomor}",
        printable(person.nama_lengkap),
        f"NIP {person.nip}",
        f"telah mengikuti {nama}",
        f"diselenggarakan oleh {organiser}",
        words(last) if days == 1 else f"{words(first)} sampai {words(last)}",
        f"{jp} jam pelajaran (JP)",
    ]
    return Paper(kind, values, [Sheet(FileRole.SERTIFIKAT, "SERTIFIKAT", lines)], jenis, last)


def of_work(person: Person, last: dt.date, rng: random.Random) -> Paper:
    """Something that fits the person's work: mostly courses and seminars, rarely a degree."""
    chance = rng.random()
    number = f"{rng.randint(100, 899)}.{rng.randint(1, 9)}/{rng.randint(1, 999):04}/{last.year}"
    if chance < 0.6 and person.eselon in _LEADERSHIP:
        return leadership(person, last, number)
    if chance < 0.16 and person.tingkat in _HIGHER:
        return degree(person, last, rng)
    if chance < 0.22:
        jenis, nama, organiser, jp, days = rng.choice(_OTHER_FORMS)
        return course(person, jenis, DocumentKind.SEMINAR, nama, organiser, jp, days, last, number)
    if chance < 0.3 and person.jenis_jabatan == "2":
        kind, jenis = DocumentKind.FUNGSIONAL, JenisDiklat.FUNGSIONAL
    elif chance < 0.66:
        kind = DocumentKind.TEKNIS
        jenis = rng.choice((JenisDiklat.TEKNIS, JenisDiklat.BIMTEK, JenisDiklat.E_LEARNING))
    else:
        kind = DocumentKind.SEMINAR
        jenis = rng.choice((JenisDiklat.SEMINAR, JenisDiklat.SEMINAR, JenisDiklat.WORKSHOP))
    nama, organiser, jp, days = rng.choice(courses(kind.value, person.bidang))
    return course(person, jenis, kind, nama, organiser, jp, days, last, number)


def leadership(person: Person, last: dt.date, nomor: str) -> Paper:
    """The leadership training that fits the post."""
    level = _LEADERSHIP[person.eselon]
    paper = course(
        person,
        JenisDiklat.STRUKTURAL,
        DocumentKind.KEPEMIMPINAN,
        f"Pelatihan Kepemimpinan ({level.label})",
        "BPSDM Provinsi",
        300,
        90,
        last,
        nomor,
    )
    values = {**paper.values, "latihan_struktural": level}
    del values["jenis"], values["nama"]
    return Paper(paper.kind, values, paper.sheets, JenisDiklat.STRUKTURAL, last)


def degree(person: Person, last: dt.date, rng: random.Random) -> Paper:
    """The next degree, with its transcript."""
    level, fallback = _HIGHER[person.tingkat]
    fields = table("agency")["bidang"]
    studies = fields[person.bidang].get(level) or fields[fallback][level]
    prodi, title = rng.choice(studies)
    values = {
        "tingkat": Tingkat(level),
        "program_studi": prodi,
        "perguruan_tinggi": "Universitas Lambung Mangkurat" if level != "SLTA" else "Paket C",
        "luar_negeri": False,
        "nomor": f"{rng.randint(1000, 9999)}/IJ/{last.year}",
        "tanggal_lulus": last,
        "gelar": title,
    }
    holder = printable(person.nama)
    lines = [values["nomor"], holder, f"NIP {person.nip}", f"{level} {prodi}", words(last)]
    marks = [f"{subject}: {rng.choice(('A', 'A-', 'B+', 'B'))}" for subject in _SUBJECTS]
    sheets = [
        Sheet(FileRole.IJAZAH, "IJAZAH", lines, portrait=True),
        Sheet(FileRole.TRANSKRIP, "TRANSKRIP NILAI", [holder, prodi, *marks], portrait=True),
    ]
    return Paper(DocumentKind.IJAZAH, values, sheets, None, last)


_SUBJECTS = (
    "Metode Penelitian",
    "Statistika",
    "Kebijakan Publik",
    "Manajemen Organisasi",
    "Etika Profesi",
    "Seminar Proposal",
    "Tugas Akhir",
)
