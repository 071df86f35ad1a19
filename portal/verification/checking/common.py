"""Checks of every kind of item: its number, signatures in its papers, its twins."""

from __future__ import annotations

from collections.abc import Iterator

from portal.documents.duplicates import Likeness
from portal.documents.models import OPEN_STATES, Document, number_key
from portal.documents.reading.lines import alike
from portal.verification.checking import paper
from portal.verification.checking.known import Known
from portal.verification.checking.light import Check, Code, Light
from portal.verification.checking.twins import SHOWN, Twin
from portal.vocabulary import DocumentState, SignatureState

STANDING = (*OPEN_STATES, DocumentState.PERLU_PERBAIKAN, DocumentState.DISETUJUI)
"""States of an item that counts or may still count."""

_SIGNATURES = {
    SignatureState.UTUH: (
        Light.GREEN,
        "Tanda tangan digital utuh",
        "Mencakup seluruh berkas. Sahnya sertifikat penanda tangan tidak diperiksa di sini.",
    ),
    SignatureState.DITAMBAH: (
        Light.YELLOW,
        "Ada yang ditambahkan sesudah ditandatangani",
        "Bagian yang ditandatangani tidak berubah. Periksa tambahannya di pemeriksa tanda tangan.",
    ),
    SignatureState.BERUBAH: (
        Light.RED,
        "Isi berkas berubah sesudah ditandatangani",
        "Minta pemiliknya mengunggah berkas asli dari penerbit.",
    ),
    SignatureState.TIDAK_SAH: (
        Light.YELLOW,
        "Tanda tangan digital rusak atau terpotong",
        "Berkas disimpan tanpa tanda tangan itu. Mungkin pernah dicetak atau disimpan ulang.",
    ),
    SignatureState.TAK_TERBACA: (
        Light.UNREAD,
        "Tanda tangan digital tak terbaca",
        "Periksa berkas aslinya di pemeriksa tanda tangan.",
    ),
}


def number(document: Document) -> Iterator[Check]:
    """A paper without a number can hardly be compared with another."""
    if not document.nomor.strip():
        yield Check(
            Code.NOMOR,
            Light.YELLOW,
            "Nomor tidak diisi",
            "Pastikan dokumennya memang tidak bernomor.",
        )


def signatures(document: Document) -> Iterator[Check]:
    """Whether a signed PDF is as it was when it was signed; nothing for papers without one."""
    for file in document.current_files:
        if not file.signed and file.tanda_tangan is not SignatureState.TIDAK_SAH:
            continue
        light, title, detail = _SIGNATURES[file.tanda_tangan or SignatureState.TAK_TERBACA]
        yield Check(Code.TANDA_TANGAN, light, f"{file.role.label}: {title.lower()}", detail)


def twins(document: Document, known: Known) -> Iterator[Check]:
    """What of this paper is found in another item: hints, which a person judges."""
    if not known.twins:
        yield Check(
            Code.KEMBAR, Light.GREEN, "Belum pernah diajukan", "Nomor, berkas, kode, dan rupanya."
        )
    confirmed = paper.is_of_owner(document, known.reading)
    for twin in known.twins[:SHOWN]:
        other = twin.document
        own = other.owner_id == document.owner_id
        whose = "pegawai ini" if own else "pegawai lain"
        title = other.title if twin.reachable else "Di luar wewenang Anda"
        beside = confirmed and not own and _is_of_one_event(document, twin)
        words = f"{twin.likeness.label} dipakai {whose}"
        yield Check(
            Code.KEMBAR,
            Light.GREEN if beside else _light_of(twin, own=own),
            "Sertifikat kegiatan yang sama milik pegawai lain" if beside else words,
            f"{title}, {other.state_label.lower()}.",
            other.id if twin.reachable else None,
        )
    if len(known.twins) > SHOWN:
        yield Check(Code.KEMBAR, Light.YELLOW, "Dan lainnya", "Masih ada dokumen lain yang serupa.")


def _is_of_one_event(document: Document, twin: Twin) -> bool:
    """Whether two papers look alike because one event handed out both: same title and day, and
    numbers of their own. Asked only of papers that bear the name, NIP and number of their owner."""
    other = twin.document
    return (
        twin.likeness in (Likeness.KODE, Likeness.RUPA)
        and bool(document.nama and other.nomor_kunci)
        and number_key(document.nomor) != other.nomor_kunci
        and document.tanggal_selesai == other.tanggal_selesai
        and alike(document.nama, other.nama) >= paper.ALIKE
    )


def _light_of(twin: Twin, *, own: bool) -> Light:
    # Certificates of one event look alike, and many organisers print the same code on all.
    sure = twin.likeness in (Likeness.BERKAS, Likeness.NOMOR)
    stands = twin.document.state in STANDING
    return Light.RED if sure and (stands or not own) else Light.YELLOW
