"""PDFs: opened, counted, and stripped to what can be seen; signed ones are only looked at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf

from portal.documents.intake import active, signature
from portal.documents.intake.limits import Limits
from portal.errors import Rejected
from portal.vocabulary import SignatureState

BROKEN = (
    "Berkas PDF rusak atau terpotong saat dikirim. "
    "Buka berkas itu dan simpan ulang sebagai PDF, atau foto dokumennya."
)
LOCKED = (
    "PDF ini dikunci kata sandi. Buka dengan kata sandinya, cetak atau simpan ulang tanpa kunci, "
    "lalu unggah lagi."
)
EMPTY = "PDF ini tidak berisi halaman. Periksa berkasnya, lalu unggah yang benar."
COMPLEX = (
    "PDF ini terlalu rumit untuk diperiksa. Cetak ke PDF baru atau foto dokumennya, lalu unggah."
)
MAX_OBJECTS = 200_000
_END_MARK = b"%%EOF"
_END_WINDOW = 4096


def take_pdf(
    path: Path, limits: Limits, target: Path, *, turn: int = 0
) -> tuple[int, SignatureState]:
    """Write the PDF that is kept; returns its number of pages and the state of its signature.

    `turn` are degrees clockwise by which every page is turned; a signed one stays as it is.

    Unsigned: only pages and what they show survive (no scripts, actions, forms, attachments,
    metadata, passwords). Signed: byte for byte, as any change would break the signature, and
    refused when it carries what we would have removed. Raises Rejected.
    """
    _refuse_without_end(path)
    try:
        pdf, intact = _open(path)
        with pdf:
            pages = _count_pages(pdf, limits)
            state = signature.examine(pdf, path)
            if state.kept and not intact:
                state = SignatureState.TIDAK_SAH
            if state.kept:
                active.refuse(pdf)
                shutil.copyfile(path, target)
            else:
                active.strip(pdf)
                for page in pdf.pages if turn else ():
                    page.rotate(turn, relative=True)
                pdf.save(target, deterministic_id=True)
            return pages, state
    except pikepdf.PasswordError as error:
        raise Rejected(LOCKED) from error
    except (Rejected, MemoryError, OSError):
        raise
    except Exception as error:
        raise Rejected(BROKEN) from error


def _refuse_without_end(path: Path) -> None:
    """A transfer that broke off would be patched up by the parser, minus its last pages."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _END_WINDOW))
        if _END_MARK not in stream.read():
            raise Rejected(BROKEN)


def _open(path: Path) -> tuple[pikepdf.Pdf, bool]:
    """The PDF, and whether its own table of contents was right (else it was rebuilt)."""
    try:
        return pikepdf.open(path, attempt_recovery=False, suppress_warnings=True), True
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        return pikepdf.open(path, suppress_warnings=True), False


def _count_pages(pdf: pikepdf.Pdf, limits: Limits) -> int:
    if len(pdf.objects) > MAX_OBJECTS:
        raise Rejected(COMPLEX)
    pages = len(pdf.pages)
    if pages == 0:
        raise Rejected(EMPTY)
    if pages > limits.max_pages:
        raise Rejected(
            f"PDF ini {pages} halaman. Paling banyak {limits.max_pages} halaman. "
            "Unggah hanya halaman yang diperlukan."
        )
    return pages
