"""The columns that each kind of item has: words, limits, and how they are written as text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from portal.people.importer.cells import tidy
from portal.vocabulary import (
    MONTHS,
    DocumentKind,
    JenisDiklat,
    LabelledEnum,
    LatihanStruktural,
    Tingkat,
)
from portal.wording import tanggal

MAX_JP = 1200
FILES = "berkas"
"""Name under which reasons and faults speak of the files."""
EXAMPLE = "Tulis tanggal sebagai hari-bulan-tahun, misalnya 12-10-2026."
_DMY = re.compile(r"(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4})", re.ASCII)
_YMD = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)", re.ASCII)
_WORDED = re.compile(r"(\d{1,2}) ?([a-z]{3,9})\.? ?(\d{4})", re.ASCII | re.IGNORECASE)
_MONTH_NUMBERS = {
    written: number
    for number, name in enumerate(MONTHS, 1)
    for written in (name.lower(), name.lower()[:3])
} | {"peb": 2, "pebruari": 2, "ags": 8, "agt": 8, "agust": 8, "sept": 9, "nop": 11, "nopember": 11}
"""By name and in short, also as older papers spell them."""
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)

LIMITS = {
    "nama": 300,
    "penyelenggara": 200,
    "nomor": 100,
    "program_studi": 200,
    "perguruan_tinggi": 200,
    "gelar": 60,
}
"""Longest text of each column, in characters."""

_COURSE = (
    "jenis",
    "nama",
    "penyelenggara",
    "tanggal_mulai",
    "tanggal_selesai",
    "jp",
    "tanggal_sertifikat",
    "nomor",
)
_LEADERSHIP = ("latihan_struktural", *_COURSE[2:])
_DEGREE = (
    "tingkat",
    "program_studi",
    "perguruan_tinggi",
    "luar_negeri",
    "nomor",
    "tanggal_lulus",
    "gelar",
)
OF_KIND: dict[DocumentKind, tuple[str, ...]] = dict.fromkeys(DocumentKind, _COURSE) | {
    DocumentKind.KEPEMIMPINAN: _LEADERSHIP,
    DocumentKind.IJAZAH: _DEGREE,
}
COLUMNS = frozenset().union(*OF_KIND.values())

LABELS = {
    "jenis": "Jenis kegiatan",
    "nama": "Nama kegiatan",
    "latihan_struktural": "Jenjang",
    "penyelenggara": "Penyelenggara",
    "tanggal_mulai": "Tanggal mulai",
    "tanggal_selesai": "Tanggal selesai",
    "jp": "JP (jam pelajaran)",
    "tanggal_sertifikat": "Tanggal sertifikat",
    "nomor": "Nomor",
    "tingkat": "Tingkat",
    "program_studi": "Program studi",
    "perguruan_tinggi": "Perguruan tinggi atau sekolah",
    "luar_negeri": "Lulusan luar negeri",
    "tanggal_lulus": "Tanggal lulus",
    "gelar": "Gelar",
}
CHOICES: dict[str, type[LabelledEnum]] = {
    "jenis": JenisDiklat,
    "latihan_struktural": LatihanStruktural,
    "tingkat": Tingkat,
}
"""Columns that hold a word of a closed list."""
DAYS = frozenset(name for name in COLUMNS if name.startswith("tanggal_"))


def read_day(text: str) -> dt.date:
    """A date as 2026-10-12, 12-10-2026 or 12 Oktober 2026; raises ValueError with the sentence to
    show."""
    written = text
    if worded := _WORDED.fullmatch(text):
        day, name, year = worded.groups()
        written = f"{day}-{_MONTH_NUMBERS.get(name.lower(), name)}-{year}"
    typed = _DMY.fullmatch(written) or _YMD.fullmatch(written)
    if not typed:
        raise ValueError(f"Tanggal “{text[:20]}” belum dapat dibaca. {EXAMPLE}")
    day, month, year = (int(number) for number in typed.group("d", "m", "y"))
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"Tanggal “{text[:20]}” tidak ada di kalender. {EXAMPLE}") from None


def written(value: Any) -> str:
    """A value as text that `parsed` reads again."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def parsed(name: str, text: str) -> Any:
    """What somebody wrote for a column, None for nothing; raises ValueError with the sentence."""
    if name in CHOICES:
        return _chosen(name, text)
    line = tidy(text)
    if name in LIMITS:
        if len(line) > LIMITS[name]:
            raise ValueError(f"{LABELS[name]} paling panjang {LIMITS[name]} huruf.")
        return line
    if not line:
        return None
    if name in DAYS:
        return read_day(line)
    if name != "jp" or not _NUMBER.fullmatch(line) or int(line) > MAX_JP:
        raise ValueError(f"{LABELS[name]} “{line[:20]}” bukan angka yang dapat dipakai.")
    return int(line)


def _chosen(name: str, text: str) -> LabelledEnum | None:
    words = CHOICES[name]
    if text and text not in list(words):
        raise ValueError(f"{LABELS[name]}: pilih dari daftar.")
    return words(text) if text else None


def in_words(value: Any) -> str:
    """A value as people read it; "" for nothing."""
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, dt.date):
        return tanggal(value)
    if isinstance(value, LabelledEnum):
        return value.label
    return "" if value is None else str(value)
