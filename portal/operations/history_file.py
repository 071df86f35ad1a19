"""The file of `--riwayat`: JSON Lines, one person a line, with the records of rules.md §4.

The records are read as strictly as `hitung` reads them, plus words that say what a record is
(`nama`, `penyelenggara`, `nomor`, …). Facts of the person beside `nip` may stand in a line, so
that the input of `hitung` can be used as it is; the export decides them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.nip import Nip
from portal.people.actions import History, ImportedRecord
from portal.people.importer.cells import tidy
from portal.people.importer.faults import Faults
from portal.people.models import Hukdis, Kinerja, Pendidikan, Pengembangan
from portal.scoring.engine.fields import FieldError, Fields, shown
from portal.vocabulary import (
    TINGKAT_SIASN,
    JenisDiklat,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)
from portal.wording import plain_reason

_LONGEST_LINE = 1024 * 1024
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_HIGHEST_SKP = 200
"""SKP of 2020 and 2021 ran to 120; beyond this a number is a slip."""
_PERSON = ("nip", "jenis_pegawai", "kelompok_jabatan", "syarat_pendidikan")
_TINGKAT = {member.value: member for member in Tingkat} | TINGKAT_SIASN
_HUKUMAN = {member.value: member for member in TingkatHukuman}
_PREDIKAT = {member.value: member for member in Predikat} | {
    "Cukup": Predikat.BUTUH_PERBAIKAN,
    "Buruk": Predikat.SANGAT_KURANG,
}


@dataclass(frozen=True)
class HistoryLine:
    """The records of one person, and where they stood."""

    berkas: str
    baris: int
    nip: Nip
    history: History


def read(path: Path, faults: Faults) -> Iterator[HistoryLine]:
    """The lines of the file, one by one; a line with a fault is left out and told."""
    seen: dict[str, int] = {}
    try:
        with path.open("rb") as stream:
            number = 0
            while raw := stream.readline(_LONGEST_LINE + 1):
                number += 1
                errors: list[FieldError] = []
                line = _line(path.name, number, raw, errors) if raw.strip() else None
                if line and (first := seen.setdefault(line.nip.digits, number)) != number:
                    errors.append(FieldError("nip", f"sudah ada di baris {first}; satukan"))
                for error in errors:
                    faults.add(path.name, number, error.field, "", f"{error.message}.")
                if len(raw) > _LONGEST_LINE:
                    return
                if line and not errors:
                    yield line
    except OSError as error:
        faults.add(path.name, None, "", "", f"Berkas tidak dapat dibaca: {plain_reason(error)}.")


def _line(berkas: str, number: int, raw: bytes, errors: list[FieldError]) -> HistoryLine | None:
    found = _json(raw, errors)
    if errors:
        return None
    fields = Fields(found, "", (*_PERSON, *_TABLES), errors)
    nip = _nip(fields)
    history: dict[type[ImportedRecord], list[dict[str, Any]]] = {}
    for name, (table, known, read_record) in _TABLES.items():
        if fields.value(name) is not None:
            history[table] = [read_record(item) for item in fields.items(name, known)]
    return HistoryLine(berkas, number, nip, history) if nip else None


def _json(raw: bytes, errors: list[FieldError]) -> object:
    """The object of a line; a second value of one key, NaN and broken UTF-8 are faults."""
    if len(raw) > _LONGEST_LINE:
        errors.append(FieldError("", f"baris lebih panjang dari {_LONGEST_LINE // 1024} KB"))
        return None
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError:
        errors.append(FieldError("", "bukan teks UTF-8; simpan ulang sebagai UTF-8"))
    except (ValueError, RecursionError) as error:
        reason = (
            str(error) if isinstance(error, _BadJsonError) else "periksa kurung dan tanda kutip"
        )
        errors.append(FieldError("", f"bukan objek JSON dalam satu baris; {reason}"))
    return None


class _BadJsonError(ValueError):
    """Valid for the parser, refused here."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _BadJsonError("ada kunci yang ditulis dua kali")
    return found


def _refuse_constant(name: str) -> object:
    raise _BadJsonError(f"{name} bukan angka")


def _nip(fields: Fields) -> Nip | None:
    found = fields.value("nip", required=True)
    if found is None:
        return None
    try:
        return Nip.parse(found if isinstance(found, str) else "")
    except ValueError as error:
        fields.fault("nip", str(error).rstrip("."))
        return None


def _text(fields: Fields, key: str, limit: int) -> str:
    found = fields.value(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        fields.fault(key, f"harus teks di dalam tanda kutip, bukan {shown(found)}")
        return ""
    text = tidy(found)
    try:
        text.encode()
    except UnicodeEncodeError:
        fields.fault(key, "memuat karakter yang bukan teks")
        return ""
    if len(text) > limit:
        fields.fault(key, f"{len(text)} karakter, paling panjang {limit}")
    return text


def _year(fields: Fields, key: str, *, required: bool = False) -> int | None:
    return fields.integer(key, low=_FIRST_YEAR, high=_LAST_YEAR, required=required)


def _pendidikan(fields: Fields) -> dict[str, Any]:
    return {
        "tingkat": fields.choice("tingkat", _TINGKAT, required=True),
        "tanggal_lulus": fields.date("tanggal_lulus"),
        "tahun_lulus": _year(fields, "tahun_lulus"),
        "program_studi": _text(fields, "program_studi", 200),
        "perguruan_tinggi": _text(fields, "perguruan_tinggi", 200),
        "nomor": _text(fields, "nomor", 100),
        "gelar": _text(fields, "gelar", 60),
    }


def _pengembangan(fields: Fields) -> dict[str, Any]:
    begin, end = fields.date("tanggal_mulai"), fields.date("tanggal_selesai")
    if begin and end and end < begin:
        fields.fault("tanggal_selesai", "lebih awal dari tanggal_mulai")
    return {
        "jenis": fields.code("jenis", JenisDiklat, required=True),
        "jp": fields.integer("jp") or 0,
        "tanggal_mulai": begin,
        "tanggal_selesai": end,
        "tanggal_sertifikat": fields.date("tanggal_sertifikat"),
        "latihan_struktural": fields.code("latihan_struktural", LatihanStruktural),
        "nama": _text(fields, "nama", 300),
        "penyelenggara": _text(fields, "penyelenggara", 200),
        "nomor": _text(fields, "nomor", 100),
    }


def _kinerja(fields: Fields) -> dict[str, Any]:
    predikat = fields.choice("predikat", _PREDIKAT)
    if fields.value("predikat") is None:
        nilai = fields.number("nilai", high=100, remark=" bila tanpa predikat")
    else:
        nilai = fields.number("nilai", high=_HIGHEST_SKP)
    return {
        "tahun": _year(fields, "tahun", required=True),
        # As exact as the column: four places.
        "nilai": None if nilai is None else nilai.quantize(Decimal("0.0001")),
        "predikat": predikat,
        "dinilai": fields.date("dinilai"),
    }


def _hukdis(fields: Fields) -> dict[str, Any]:
    begin: dt.date | None = fields.date("tmt", required=True)
    end = fields.date("akhir")
    if begin and end and end < begin:
        fields.fault("akhir", "lebih awal dari tmt")
    return {
        "tingkat": fields.choice("tingkat", _HUKUMAN, required=True),
        "tmt": begin,
        "akhir": end,
    }


_Reader = Callable[[Fields], dict[str, Any]]
_TABLES: dict[str, tuple[type[ImportedRecord], tuple[str, ...], _Reader]] = {
    "pendidikan": (
        Pendidikan,
        (
            "tingkat",
            "tanggal_lulus",
            "tahun_lulus",
            "program_studi",
            "perguruan_tinggi",
            "nomor",
            "gelar",
        ),
        _pendidikan,
    ),
    "pengembangan": (
        Pengembangan,
        (
            "jenis",
            "jp",
            "tanggal_mulai",
            "tanggal_selesai",
            "tanggal_sertifikat",
            "latihan_struktural",
            "nama",
            "penyelenggara",
            "nomor",
        ),
        _pengembangan,
    ),
    "kinerja": (Kinerja, ("tahun", "nilai", "predikat", "dinilai"), _kinerja),
    "hukdis": (Hukdis, ("tingkat", "tmt", "akhir"), _hukdis),
}
