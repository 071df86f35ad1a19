"""Checks of an ijazah: its day, its level, where it comes from, the papers that belong to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator

from portal.documents.models import Document
from portal.verification.checking.known import Known
from portal.verification.checking.light import Check, Code, Light
from portal.vocabulary import KKNI, FileRole, Tingkat
from portal.wording import tanggal

YOUNGEST_GRADUATE = 19
"""Age in years below which a degree is odd."""
NIP_DIGITS = 18
EARLIEST_APPOINTMENT = 1970
"""A NIP that names an earlier year is a defect."""


def checks(document: Document, known: Known) -> Iterator[Check]:
    """Everything about a degree but its paper."""
    yield from graduation(document, known)
    yield from level(document, known)
    yield from institution(document, known)
    yield from papers(document)


def graduation(document: Document, known: Known) -> Iterator[Check]:
    """The day of graduation lies in the past, at an age that fits."""
    day, born = document.tanggal_lulus, document.owner.tanggal_lahir
    if day is None:
        yield Check(
            Code.LULUS,
            Light.YELLOW,
            "Tanggal lulus tidak diisi",
            "Tanpa tanggal, dianggap berlaku.",
        )
    elif day > known.today:
        yield Check(Code.LULUS, Light.RED, "Tanggal lulus di masa depan", f"{tanggal(day)}.")
    elif born and day <= born:
        yield Check(Code.LULUS, Light.RED, "Lulus sebelum lahir", f"Lahir {tanggal(born)}.")
    elif born and _is_young(document.tingkat, day.year - born.year):
        yield Check(
            Code.LULUS, Light.YELLOW, f"Lulus pada usia {day.year - born.year} tahun", "Cocokkan."
        )
    else:
        yield Check(Code.LULUS, Light.GREEN, "Tanggal lulus wajar", f"{tanggal(day)}.")


def _is_young(tingkat: Tingkat | None, age: int) -> bool:
    return tingkat is not None and KKNI[tingkat] >= KKNI[Tingkat.D1] and age < YOUNGEST_GRADUATE


def level(document: Document, known: Known) -> Iterator[Check]:
    """A degree above what is recorded."""
    if document.tingkat is None:
        yield Check(Code.TINGKAT, Light.RED, "Tingkat pendidikan tidak diisi")
        return
    own = f"dokumen:{document.id}"
    held = [fact.tingkat for fact in known.facts.pendidikan if fact.id != own]
    highest = max(held, key=KKNI.__getitem__, default=None)
    if highest is None:
        yield Check(Code.TINGKAT, Light.GREEN, "Pendidikan pertama yang tercatat")
    elif KKNI[document.tingkat] > KKNI[highest]:
        yield Check(Code.TINGKAT, Light.GREEN, f"Di atas pendidikan tercatat ({highest.label})")
    else:
        yield Check(
            Code.TINGKAT,
            Light.YELLOW,
            f"Tidak di atas pendidikan tercatat ({highest.label})",
            "Tercatat sebagai riwayat, tidak menambah poin.",
        )


def institution(document: Document, known: Known) -> Iterator[Check]:
    """The institution against the agency's list; schools and foreign ones stand on no list."""
    code, name = Code.PERGURUAN_TINGGI, document.perguruan_tinggi.strip()
    if document.tingkat is not None and KKNI[document.tingkat] < KKNI[Tingkat.D1]:
        return
    if not name:
        yield Check(code, Light.YELLOW, "Perguruan tinggi tidak diisi")
    elif document.luar_negeri:
        yield Check(
            code, Light.UNREAD, "Perguruan tinggi luar negeri", "Cocokkan dengan surat penyetaraan."
        )
    elif known.institution is None:
        yield Check(
            code,
            Light.UNREAD,
            "Perguruan tinggi belum dapat dicocokkan",
            "Admin belum mengunggah daftar perguruan tinggi.",
        )
    elif known.institution.nama is None:
        yield Check(
            code,
            Light.YELLOW,
            "Perguruan tinggi tidak ada di daftar",
            "Periksa ejaan, akreditasi, dan tahunnya.",
        )
    else:
        yield Check(
            code, Light.GREEN, "Perguruan tinggi ada di daftar", f"{known.institution.nama}."
        )


def papers(document: Document) -> Iterator[Check]:
    """The papers that belong to an ijazah."""
    present = {file.role for file in document.current_files}
    yield _paper(Code.TRANSKRIP, FileRole.TRANSKRIP, present, Light.RED)
    if FileRole.IZIN_BELAJAR not in present and _before_service(document):
        yield Check(
            Code.IZIN_BELAJAR,
            Light.GREEN,
            "Izin belajar tidak diperlukan",
            "Lulus sebelum diangkat menjadi pegawai, menurut NIP.",
        )
    else:
        yield _paper(Code.IZIN_BELAJAR, FileRole.IZIN_BELAJAR, present, Light.YELLOW)
    if document.luar_negeri:
        yield _paper(Code.PENYETARAAN, FileRole.PENYETARAAN, present, Light.RED)


def _paper(code: Code, role: FileRole, present: Container[FileRole], missing: Light) -> Check:
    if role in present:
        return Check(code, Light.GREEN, f"{role.label} ada")
    return Check(code, missing, f"{role.label} tidak ada")


def _before_service(document: Document) -> bool:
    day, since = document.tanggal_lulus, _appointed(document.owner.nip or "")
    return day is not None and since is not None and day < since


def _appointed(nip: str) -> dt.date | None:
    """First day of the month (PPPK: of the year) of appointment, as the NIP says (rules.md §7)."""
    if len(nip) != NIP_DIGITS or not nip.isdecimal():
        return None
    year, month = int(nip[8:12]), int(nip[12:14])
    if not year >= EARLIEST_APPOINTMENT:
        return None
    return dt.date(year, month if 1 <= month <= 12 else 1, 1)
