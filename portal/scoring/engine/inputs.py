"""Facts of one person, as the engine reads them, and the reader of the `hitung` input format.

Facts hold what was proven, never points. `id` is an opaque reference to a stored record, so that a
page can link the evidence; `nama` is what people call the item; neither changes a score.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from portal.scoring.engine.fields import LARGEST, FieldError, Fields, InputErrors, shown
from portal.vocabulary import (
    TINGKAT_SIASN,
    JenisDiklat,
    JenisPegawai,
    KelompokJabatan,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)

__all__ = [
    "FieldError",
    "Hukdis",
    "InputErrors",
    "Kinerja",
    "Pendidikan",
    "Pengembangan",
    "Person",
    "parse_person",
]


@dataclass(frozen=True, slots=True)
class Pendidikan:
    """A degree. Without a date it counts; with only a year, from 31 December of it."""

    tingkat: Tingkat
    tanggal_lulus: dt.date | None = None
    tahun_lulus: int | None = None
    id: str | None = None
    nama: str | None = None

    @property
    def berlaku(self) -> dt.date | None:
        """First day on which the degree counts, None when it always did."""
        if self.tanggal_lulus is not None or self.tahun_lulus is None:
            return self.tanggal_lulus
        return dt.date(self.tahun_lulus, 12, 31)


@dataclass(frozen=True, slots=True)
class Pengembangan:
    """A finished course, training or seminar; `jp` are hours of learning (jam pelajaran)."""

    jenis: JenisDiklat
    jp: int = 0
    tanggal_selesai: dt.date | None = None
    latihan_struktural: LatihanStruktural | None = None
    id: str | None = None
    nama: str | None = None

    @property
    def sebutan(self) -> str:
        """What a sentence calls the item."""
        return self.nama or self.jenis.label


@dataclass(frozen=True, slots=True)
class Kinerja:
    """A result of SKP year `tahun`: a number, a predikat (which then decides), or neither."""

    tahun: int
    nilai: Decimal | None = None
    predikat: Predikat | None = None
    dinilai: dt.date | None = None
    id: str | None = None
    nama: str | None = None


@dataclass(frozen=True, slots=True)
class Hukdis:
    """A disciplinary punishment (PP 94/2021), in force from `tmt`, until `akhir` when known."""

    tingkat: TingkatHukuman
    tmt: dt.date
    akhir: dt.date | None = None
    id: str | None = None
    nama: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """All facts of one person.

    `jabatan` (the name of the post) and `kedudukan_hukum` (SIASN code) are known to the portal
    only; None leaves the rules that ask for them aside.
    """

    nip: str
    jenis_pegawai: JenisPegawai
    kelompok_jabatan: KelompokJabatan
    syarat_pendidikan: Tingkat | None = None
    pendidikan: tuple[Pendidikan, ...] = ()
    pengembangan: tuple[Pengembangan, ...] = ()
    kinerja: tuple[Kinerja, ...] = ()
    hukdis: tuple[Hukdis, ...] = ()
    jabatan: str | None = None
    kedudukan_hukum: str | None = None


_NIP = re.compile(r"\d{18}", re.ASCII)
_EXCEL = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
YEARS = (1900, 2100)
"""First and last year that an input may name."""

_FULL_SCALE = 100

_PERSON = (
    "nip",
    "jenis_pegawai",
    "kelompok_jabatan",
    "syarat_pendidikan",
    "pendidikan",
    "pengembangan",
    "kinerja",
    "hukdis",
)
_PENDIDIKAN = ("tingkat", "tanggal_lulus", "tahun_lulus")
_PENGEMBANGAN = ("jenis", "jp", "tanggal_selesai", "latihan_struktural")
_KINERJA = ("tahun", "nilai", "predikat", "dinilai")
_HUKDIS = ("tingkat", "tmt", "akhir")

JENIS_PEGAWAI = {member.value: member for member in JenisPegawai}
KELOMPOK_JABATAN = {member.value: member for member in KelompokJabatan}
TINGKAT = {member.value: member for member in Tingkat} | TINGKAT_SIASN
HUKUMAN = {member.value: member for member in TingkatHukuman}
PREDIKAT = {member.value: member for member in Predikat} | {
    "Cukup": Predikat.BUTUH_PERBAIKAN,
    "Buruk": Predikat.SANGAT_KURANG,
}
"""Both spellings are in use: PermenPANRB 6/2022 and the screens of E-Kinerja."""

JENIS_PEGAWAI_BAWAAN = JenisPegawai.PNS
"""Of a person whose kind is not told."""


def parse_person(obj: object) -> Person:
    """Read one person of the `hitung` input (rules.md §4); JSON numbers may be Decimal or float.

    Judges form only: types, code lists, ISO dates, ranges. Raises InputErrors with every fault,
    each an Indonesian message under a path like `pengembangan[2].jp`.
    """
    errors: list[FieldError] = []
    fields = Fields(obj, "", _PERSON, errors)
    if not fields.readable:
        raise InputErrors(errors)
    nip = _nip(fields)
    jenis = fields.choice("jenis_pegawai", JENIS_PEGAWAI) or JENIS_PEGAWAI_BAWAAN
    kelompok = fields.choice("kelompok_jabatan", KELOMPOK_JABATAN, required=True)
    syarat = fields.choice("syarat_pendidikan", TINGKAT)
    pendidikan = [_pendidikan(item) for item in fields.items("pendidikan", _PENDIDIKAN)]
    pengembangan = [_pengembangan(item) for item in fields.items("pengembangan", _PENGEMBANGAN)]
    kinerja = [_kinerja(item) for item in fields.items("kinerja", _KINERJA)]
    hukdis = [_hukdis(item) for item in fields.items("hukdis", _HUKDIS)]
    if errors or nip is None or kelompok is None:
        raise InputErrors(errors)
    return Person(
        nip=nip,
        jenis_pegawai=jenis,
        kelompok_jabatan=kelompok,
        syarat_pendidikan=syarat,
        pendidikan=tuple(item for item in pendidikan if item),
        pengembangan=tuple(item for item in pengembangan if item),
        kinerja=tuple(item for item in kinerja if item),
        hukdis=tuple(item for item in hukdis if item),
    )


def _nip(fields: Fields) -> str | None:
    found = fields.value("nip", required=True)
    if found is None:
        return None
    if isinstance(found, str) and _NIP.fullmatch(found):
        return found
    if isinstance(found, str) and _EXCEL.fullmatch(found.strip()):
        fields.fault("nip", "rusak oleh Excel; ubah kolom NIP menjadi Teks, lalu ekspor ulang")
    elif isinstance(found, str):
        fields.fault("nip", f"harus 18 angka, bukan {shown(found)}")
    else:
        fields.fault("nip", "harus teks 18 angka di dalam tanda kutip")
    return None


def _pendidikan(fields: Fields) -> Pendidikan | None:
    tingkat = fields.choice("tingkat", TINGKAT, required=True)
    tanggal = fields.date("tanggal_lulus")
    tahun = fields.integer("tahun_lulus", low=YEARS[0], high=YEARS[1])
    return Pendidikan(tingkat, tanggal, tahun) if tingkat else None


def _pengembangan(fields: Fields) -> Pengembangan | None:
    jenis = fields.code("jenis", JenisDiklat, required=True)
    jp = fields.integer("jp") or 0
    selesai = fields.date("tanggal_selesai")
    latihan = fields.code("latihan_struktural", LatihanStruktural)
    return Pengembangan(jenis, jp, selesai, latihan) if jenis else None


def _kinerja(fields: Fields) -> Kinerja | None:
    tahun = fields.integer("tahun", low=YEARS[0], high=YEARS[1], required=True)
    predikat = fields.choice("predikat", PREDIKAT)
    # A predikat decides whatever the number: SKP of 2020–2021 may be on a scale of 0–120.
    if fields.value("predikat") is None:
        nilai = fields.number("nilai", high=_FULL_SCALE, remark=" bila tanpa predikat")
    else:
        nilai = fields.number("nilai", high=LARGEST)
    dinilai = fields.date("dinilai")
    return None if tahun is None else Kinerja(tahun, nilai, predikat, dinilai)


def _hukdis(fields: Fields) -> Hukdis | None:
    tingkat = fields.choice("tingkat", HUKUMAN, required=True)
    tmt = fields.date("tmt", required=True)
    akhir = fields.date("akhir")
    return Hukdis(tingkat, tmt, akhir) if tingkat and tmt else None
