"""The data of an item: which fields a kind has, and what is wrong with their values.

One truth for the form (which shows every fault at its field) and the acts (which refuse them).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from portal.documents import columns
from portal.documents.columns import COLUMNS as COLUMNS
from portal.documents.columns import FILES as FILES
from portal.documents.columns import LABELS as LABELS
from portal.documents.columns import LIMITS as LIMITS
from portal.documents.columns import OF_KIND as OF_KIND
from portal.documents.columns import in_words
from portal.documents.models import Document
from portal.handin.kinds import REQUIRED_FILES, kind_of
from portal.vocabulary import DocumentKind, FileRole
from portal.wording import tanggal, whole

MAX_JP = columns.MAX_JP
JP_PER_DAY = 10
"""More than this in a day is asked about, never refused."""
EARLIEST = dt.date(1950, 1, 1)

_MISSING = {
    "jenis": "Pilih jenis kegiatannya.",
    "nama": "Isi nama kegiatan seperti tertulis di sertifikat.",
    "latihan_struktural": "Pilih jenjang diklat kepemimpinannya.",
    "penyelenggara": "Isi penyelenggaranya, misalnya BPMP atau BPSDM.",
    "tanggal_mulai": "Isi tanggal mulai. Untuk kegiatan satu hari, sama dengan tanggal selesai.",
    "tanggal_selesai": "Isi tanggal selesai.",
    "jp": "Isi JP. Diklat teknis dihitung menurut jumlah JP-nya.",
    "nomor": "Isi nomor seperti tertulis di dokumen.",
    "tingkat": "Pilih tingkat pendidikannya.",
    "program_studi": "Isi program studi atau jurusan.",
    "perguruan_tinggi": "Isi nama perguruan tinggi atau sekolah.",
    "tanggal_lulus": "Isi tanggal lulus seperti tertulis di ijazah.",
}
_OPTIONAL = {"tanggal_sertifikat", "gelar", "luar_negeri"}


def required(kind: DocumentKind, name: str) -> bool:
    """Whether the field must be filled. JP earn the points of teknis; many seminars give neither
    JP nor a number."""
    if name == "jp":
        return kind is DocumentKind.TEKNIS
    if name == "nomor":
        return kind is not DocumentKind.SEMINAR
    return name not in _OPTIONAL


def values_of(document: Document) -> dict[str, Any]:
    """The item's data, as the forms name them."""
    return {name: getattr(document, name) for name in OF_KIND[document.kind]}


def faults(
    kind: DocumentKind,
    values: Mapping[str, Any],
    *,
    today: dt.date,
    born: dt.date | None = None,
) -> dict[str, str]:
    """Field → sentence saying what to do, for everything that keeps the item from being handed in.

    `today` is the date at the agency; `born` the owner's birth date, when known.
    """
    if values.get("jenis"):
        kind = kind_of(values["jenis"])
    found: dict[str, str] = {}
    for name in OF_KIND[kind]:
        value = values.get(name)
        if value in (None, ""):
            if required(kind, name):
                found[name] = _MISSING[name]
        elif sentence := _fault(kind, name, value, today, born):
            found[name] = sentence
    _check_order(values, found)
    return found


def _fault(
    kind: DocumentKind, name: str, value: Any, today: dt.date, born: dt.date | None
) -> str | None:
    if isinstance(value, dt.date):
        return _date_fault(LABELS[name], value, today, born)
    if name == "jp":
        return _jp_fault(kind, value)
    if name in LIMITS and len(value) > LIMITS[name]:
        return too_long(name, value)
    return None


def too_long(name: str, value: str) -> str:
    """The sentence for a text that its column cannot hold."""
    return (
        f"{LABELS[name]} {len(value)} huruf. "
        f"Paling banyak {LIMITS[name]} huruf; singkat seperlunya."
    )


def _date_fault(label: str, value: dt.date, today: dt.date, born: dt.date | None) -> str | None:
    if value > today:
        return (
            f"{label} {tanggal(value)} belum tiba (hari ini {tanggal(today)}). "
            "Periksa tahunnya, atau ajukan sesudah tanggal itu."
        )
    if value < max(EARLIEST, born or EARLIEST):
        since = "Anda lahir" if born and born > EARLIEST else "1950"
        return f"{label} {tanggal(value)} lebih awal daripada {since}. Periksa tahunnya."
    return None


def _jp_fault(kind: DocumentKind, value: int) -> str | None:
    least = 1 if kind is DocumentKind.TEKNIS else 0
    if least <= value <= MAX_JP:
        return None
    return (
        f"JP {value} di luar batas: isi antara {least} dan {whole(MAX_JP)} untuk satu kegiatan. "
        "Cocokkan dengan sertifikat."
    )


def _check_order(values: Mapping[str, Any], found: dict[str, str]) -> None:
    start, end = values.get("tanggal_mulai"), values.get("tanggal_selesai")
    if start and end and end < start and not found.keys() & {"tanggal_mulai", "tanggal_selesai"}:
        found["tanggal_selesai"] = (
            f"Tanggal selesai {tanggal(end)} lebih awal daripada tanggal mulai {tanggal(start)}."
        )


def questions(values: Mapping[str, Any]) -> list[str]:
    """What looks odd but may be right: shown before handing in, blocking nothing."""
    asked = []
    start, end, jp = values.get("tanggal_mulai"), values.get("tanggal_selesai"), values.get("jp")
    if start and end and jp and end >= start:
        days = (end - start).days + 1
        if jp > JP_PER_DAY * days:
            asked.append(
                f"{jp} JP dalam {days} hari berarti lebih dari {JP_PER_DAY} JP sehari. "
                "Pastikan sama dengan yang tertulis di sertifikat."
            )
    issued = values.get("tanggal_sertifikat")
    if start and issued and issued < start:
        asked.append(
            f"Tanggal sertifikat {tanggal(issued)} lebih awal daripada tanggal mulai kegiatan. "
            "Pastikan keduanya benar."
        )
    return asked


def needed_files(document: Document) -> list[FileRole]:
    """Papers without which the item cannot be handed in."""
    needed = list(REQUIRED_FILES[document.kind])
    if document.kind is DocumentKind.IJAZAH and document.luar_negeri:
        needed.append(FileRole.PENYETARAAN)
    return needed


def missing_files(document: Document) -> list[FileRole]:
    """Those of them that are not there yet."""
    present = {file.role for file in document.current_files}
    return [role for role in needed_files(document) if role not in present]


def all_faults(document: Document, *, today: dt.date) -> dict[str, str]:
    """Faults of the data and, under FILES, of the papers; empty when it can be handed in."""
    found = faults(
        document.kind, values_of(document), today=today, born=document.owner.tanggal_lahir
    )
    missing = [role.label.lower() for role in missing_files(document)]
    if missing:
        found[FILES] = f"Unggah {' dan '.join(missing)}."
    return found


def shown(document: Document, names: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Label and value in words of the item's fields (or of some of them); "" where empty."""
    chosen = OF_KIND[document.kind] if names is None else names
    return [(LABELS[name], in_words(getattr(document, name))) for name in chosen]
