"""What a machine read in the paper, against what was declared and against whose it should be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.documents.arrivals import Reading
from portal.documents.models import Document, number_key
from portal.documents.reading.lines import alike, folded
from portal.documents.reading.people import bare, same_name
from portal.documents.reading.queries import is_awaited
from portal.documents.reading.words import as_words
from portal.verification.checking.light import Check, Code, Light
from portal.vocabulary import DocumentKind, ReadingState
from portal.wording import tanggal

ALIKE = 0.85
"""Likeness from which two writings of a name or title are taken for the same."""

_COURSE = {
    "nama": "Nama",
    "penyelenggara": "Penyelenggara",
    "nomor": "Nomor",
    "tanggal_mulai": "Tanggal mulai",
    "tanggal_selesai": "Tanggal selesai",
    "jp": "JP",
    "tanggal_sertifikat": "Tanggal terbit",
}
_DEGREE = {
    "program_studi": "Program studi",
    "perguruan_tinggi": "Perguruan tinggi",
    "nomor": "Nomor",
    "tanggal_lulus": "Tanggal lulus",
    "gelar": "Gelar",
}
_EARNING = {_COURSE["jp"], _COURSE["tanggal_selesai"], _DEGREE["tanggal_lulus"]}
"""Labels of what decides about points."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field: as declared, as read ("" when it was not), and whether both say the same."""

    label: str
    declared: str
    read: str = ""
    same: bool = False
    name: str = ""
    """The column."""

    @property
    def differs(self) -> bool:
        return bool(self.read) and not self.same


def is_done(reading: Reading | None) -> bool:
    """Whether there is anything to compare with."""
    return reading is not None and reading.state is ReadingState.SELESAI


def lines(document: Document, reading: Reading | None) -> list[Line]:
    """The data of the item in the order of the paper; choices of a list are never read."""
    read = reading.fields if reading is not None and is_done(reading) else {}
    degree = document.kind is DocumentKind.IJAZAH
    return [*_choices(document), *_compared(document, read, _DEGREE if degree else _COURSE)]


def _choices(document: Document) -> Iterator[Line]:
    if document.kind is DocumentKind.IJAZAH:
        yield Line("Tingkat", document.tingkat.label if document.tingkat else "", name="tingkat")
        if document.luar_negeri:
            yield Line("Lulusan", "Luar negeri")
        return
    yield Line("Jenis", document.jenis.label if document.jenis else "", name="jenis")
    if document.latihan_struktural:
        yield Line("Jenjang", document.latihan_struktural.label, name="latihan_struktural")


def _compared(document: Document, read: dict[str, str], names: dict[str, str]) -> Iterator[Line]:
    for name, label in names.items():
        if name == "nama" and document.latihan_struktural:
            continue
        value, found = getattr(document, name), read.get(name, "")
        yield Line(label, _shown(value), as_words(found), _same(name, value, found), name)


def _shown(value: Any) -> str:
    if isinstance(value, dt.date):
        return tanggal(value)
    return "" if value is None else str(value)


def _same(name: str, declared: Any, read: str) -> bool:
    if name == "nomor":
        return number_key(read) == number_key(declared)
    if isinstance(declared, dt.date):
        return read == declared.isoformat()
    if isinstance(declared, int):
        return read == str(declared)
    return bool(declared) and alike(read, declared) >= ALIKE


def checks(document: Document, reading: Reading | None) -> Iterator[Check]:
    """Holder, number, and every field that was read otherwise than it was declared."""
    if reading is None:
        yield Check(
            Code.BACAAN, Light.UNREAD, "Berkas belum dibaca mesin", "Cocokkan semuanya sendiri."
        )
    elif reading.state is ReadingState.SELESAI:
        yield _name(document, reading)
        yield _nip(document, reading)
        yield _number(document, reading)
        yield from _differing(document, reading)
    elif is_awaited(reading):
        yield Check(
            Code.BACAAN,
            Light.UNREAD,
            "Berkas sedang dibaca",
            "Muat ulang halaman ini sebentar lagi.",
        )
    else:
        yield Check(
            Code.BACAAN,
            Light.UNREAD,
            "Berkas tidak terbaca otomatis",
            "Cocokkan nama, NIP, dan nomornya.",
        )


def is_of_owner(document: Document, reading: Reading | None) -> bool:
    """Whether name, NIP and number of the owner's item were read in its paper."""
    if reading is None or reading.state is not ReadingState.SELESAI:
        return False
    looks = (_name, _nip, _number)
    return all(look(document, reading).light is Light.GREEN for look in looks)


def _name(document: Document, reading: Reading) -> Check:
    owner, read = document.owner.nama, reading.fields.get("nama_orang", "")
    if read:
        matches = same_name(read, owner) or alike(bare(read), bare(owner)) >= ALIKE
        if matches:
            return Check(Code.NAMA, Light.GREEN, "Nama di berkas cocok")
        return Check(
            Code.NAMA, Light.YELLOW, "Nama di berkas berbeda", f"Terbaca {read.rstrip('.')}."
        )
    if len(bare(owner)) > 5 and bare(owner) in folded(reading.text):
        return Check(Code.NAMA, Light.GREEN, "Nama di berkas cocok")
    return Check(
        Code.NAMA, Light.UNREAD, "Nama di berkas tak terbaca", "Cocokkan dengan pemilik dokumen."
    )


def _nip(document: Document, reading: Reading) -> Check:
    owner, read = document.owner.nip, reading.fields.get("nip", "")
    if read == owner or (not read and owner in _digits(reading.text)):
        return Check(Code.NIP, Light.GREEN, "NIP cocok")
    if read:
        return Check(Code.NIP, Light.YELLOW, "NIP di berkas berbeda", f"Terbaca {read}.")
    return Check(Code.NIP, Light.UNREAD, "NIP tak terbaca", "Banyak sertifikat tidak memuat NIP.")


def _digits(text: str) -> str:
    """Digits of each line together; lines stay apart, so that no number grows across them."""
    rows = text.split("\n")
    return "\n".join("".join(sign for sign in row if sign.isdigit()) for row in rows)


def _number(document: Document, reading: Reading) -> Check:
    declared, read = document.nomor, reading.fields.get("nomor", "")
    key = number_key(declared)
    if key and (key == number_key(read) or (len(key) > 5 and key in folded(reading.text))):
        return Check(Code.NOMOR, Light.GREEN, "Nomor cocok")
    if read:
        said = f"Diisi {declared}, terbaca {read}." if declared else f"Terbaca {read}."
        return Check(Code.NOMOR, Light.YELLOW, "Nomor di berkas berbeda", said)
    return Check(Code.NOMOR, Light.UNREAD, "Nomor tak terbaca", "Cocokkan dengan berkas.")


def _differing(document: Document, reading: Reading) -> Iterator[Check]:
    """What earns points has to be read, and to be the same; other fields only not to differ."""
    others = []
    for line in lines(document, reading):
        if line.label not in _EARNING:
            others += [line.label] if line.differs and line.label != "Nomor" else []
        elif line.differs:
            said = f"Diisi {line.declared}, terbaca {line.read}."
            yield Check(Code.BEDA, Light.YELLOW, f"{line.label} di berkas berbeda", said)
        elif not line.read and _is_needed(line, document):
            said = "Cocokkan dengan berkas."
            yield Check(Code.BEDA, Light.UNREAD, f"{line.label} tak terbaca", said)
        elif line.read:
            yield Check(Code.BEDA, Light.GREEN, f"{line.label} sama dengan berkas")
    if others:
        said = f"{', '.join(others)}."
        yield Check(Code.BEDA, Light.YELLOW, "Isian lain berbeda dari berkas", said)


def _is_needed(line: Line, document: Document) -> bool:
    """JP earn points where a course is counted by them; its day always does."""
    return bool(line.declared) and (
        line.label != _COURSE["jp"] or document.kind is DocumentKind.TEKNIS
    )
