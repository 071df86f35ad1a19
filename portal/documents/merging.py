"""Several conversions as one paper: photos taken one by one, pages added to a stored file."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from portal.documents.files import page_key, pdf_key, thumb_key
from portal.documents.intake import Converted
from portal.documents.intake.conversion import SIGNED
from portal.documents.intake.limits import too_many_pages
from portal.documents.intake.result import sha256
from portal.documents.models import DocumentFile
from portal.errors import Rejected
from portal.storage import Storage
from portal.storage.keys import original
from portal.vocabulary import SignatureState

LOST = (
    "Halaman yang tersimpan sebelumnya tidak dapat dibaca lagi, jadi tidak dapat ditambah. "
    "Pilih semua halaman sekaligus sebagai berkas baru."
)


def fetch(storage: Storage, file: DocumentFile, workdir: Path) -> Converted:
    """A stored paper as if it had just been converted. Raises Rejected when it is gone or changed:
    nothing is added to bytes that nobody checked; Unavailable when the store is away."""
    workdir.mkdir()
    try:
        return _fetched(storage, file, workdir)
    except FileNotFoundError as error:
        raise Rejected(LOST) from error


def _fetched(storage: Storage, file: DocumentFile, workdir: Path) -> Converted:
    pdf = _copy(storage, pdf_key(file), workdir / "file.pdf")
    if sha256(pdf) != file.sha256_stored:
        raise Rejected(LOST)
    return Converted(
        pdf=pdf,
        pages=file.pages,
        previews=[
            _copy(storage, page_key(file, number), workdir / f"page-{number:03}.webp")
            for number in range(1, file.pages + 1)
        ],
        sizes=[(width, height) for width, height in file.sizes],
        thumbnail=_copy(storage, thumb_key(file), workdir / "thumbnail.webp"),
        signature=_signature_of(file),
        sha256_original=[file.sha256_original],
        sha256_stored=file.sha256_stored,
        size=file.size,
        dhash=file.dhash or "",
    )


def _signature_of(file: DocumentFile) -> SignatureState:
    """Papers from before signatures were looked at tell only whether there is one."""
    otherwise = SignatureState.TAK_TERBACA if file.signed else SignatureState.TIADA
    return file.tanda_tangan or otherwise


def fetch_originals(storage: Storage, file: DocumentFile, workdir: Path) -> list[Path]:
    """The uploads behind a stored paper, as far as they were kept; raises as `fetch`."""
    try:
        return [
            _copy(storage, original(file.id, number), workdir / f"original-{number:03}")
            for number in range(1, (file.originals or 0) + 1)
        ]
    except FileNotFoundError as error:
        raise Rejected(LOST) from error


def join(parts: Sequence[Converted], target: Path, *, max_pages: int) -> Converted:
    """The parts as one paper, its PDF at `target`; a single part is the paper itself.

    The intake made every part, so they are opened here without its precautions. Raises Rejected
    when one of several is signed or the sum has too many pages.
    """
    pages = sum(part.pages for part in parts)
    if pages > max_pages:
        raise too_many_pages(pages, max_pages)
    if len(parts) == 1:
        return parts[0]
    if any(part.signed for part in parts):
        raise Rejected(SIGNED)
    import pikepdf  # here: a web process that joins nothing does without its memory

    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(part.pdf) as source:
                whole.pages.extend(source.pages)
        whole.save(target, deterministic_id=True)
    return Converted(
        pdf=target,
        pages=pages,
        previews=[preview for part in parts for preview in part.previews],
        sizes=[size for part in parts for size in part.sizes],
        thumbnail=parts[0].thumbnail,
        signature=SignatureState.TIADA,
        sha256_original=[digest for part in parts for digest in part.sha256_original],
        sha256_stored=sha256(target),
        size=target.stat().st_size,
        dhash=parts[0].dhash,
    )


def _copy(storage: Storage, key: str, target: Path) -> Path:
    with storage.open(key) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return target
