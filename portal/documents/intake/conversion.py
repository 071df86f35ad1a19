"""The conversion itself; it decodes what strangers sent, so run it through `convert_isolated`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portal.documents.intake.limits import Limits, megabytes
from portal.documents.intake.result import PDF_NAME, THUMBNAIL_NAME, Converted, preview_name
from portal.documents.intake.sniff import ACCEPTED, HEAD, Kind, recognise
from portal.errors import Rejected


def convert(paths: Sequence[Path], limits: Limits, workdir: Path) -> Converted:
    """One PDF, or pictures in the order of their pages, into the existing folder `workdir`.

    Raises Rejected with an Indonesian sentence that names the limit, the value and the remedy.
    """
    kinds = _accepted_kinds(paths, limits)
    if kinds == [Kind.PDF]:
        pages, signed = _take_pdf(paths[0], limits, workdir)
    else:
        pages, signed = _take_pictures(paths, kinds, limits, workdir), False
    return Converted.collect(paths, workdir, pages=pages, signed=signed)


def _accepted_kinds(paths: Sequence[Path], limits: Limits) -> list[Kind]:
    """What each file announces to be, when sizes and their combination are acceptable."""
    if not paths:
        raise Rejected(f"Belum ada berkas. {ACCEPTED}")
    if len(paths) > limits.max_pages:
        raise Rejected(
            f"Ada {len(paths)} foto. Paling banyak {limits.max_pages}. "
            "Pilih hanya halaman yang diperlukan."
        )
    kinds = []
    for number, path in enumerate(paths, start=1):
        with _Numbered(number, len(paths)):
            kinds.append(_accepted_kind(path, limits))
    if Kind.PDF in kinds and len(kinds) > 1:
        raise Rejected(
            f"Ada {len(kinds)} berkas, di antaranya PDF. Pilih satu PDF saja, atau foto semua. "
            "Gabungkan dahulu bila PDF-nya beberapa."
        )
    return kinds


def _accepted_kind(path: Path, limits: Limits) -> Kind:
    size = path.stat().st_size
    if size == 0:
        raise Rejected("Berkas kosong (0 byte). Periksa berkasnya, lalu pilih lagi.")
    if size > limits.max_bytes:
        raise Rejected(
            f"Berkas {megabytes(size)}. Paling besar {megabytes(limits.max_bytes)}. "
            "Foto ulang dengan resolusi lebih kecil atau pilih PDF."
        )
    with path.open("rb") as stream:
        return recognise(stream.read(HEAD))


def _take_pdf(path: Path, limits: Limits, workdir: Path) -> tuple[int, bool]:
    from portal.documents.intake.pdf import take_pdf
    from portal.documents.intake.pictures import write_webp
    from portal.documents.intake.render import render_pages

    target = workdir / PDF_NAME
    pages, signed = take_pdf(path, limits, target)
    rendered = render_pages(target, pages, limits.preview_side)
    for number, picture in enumerate(rendered, start=1):
        write_webp(picture, workdir / preview_name(number), limits.preview_side)
        if number == 1:
            write_webp(picture, workdir / THUMBNAIL_NAME, limits.thumbnail_side)
    return pages, signed


def _take_pictures(
    paths: Sequence[Path], kinds: Sequence[Kind], limits: Limits, workdir: Path
) -> int:
    from portal.documents.intake.assemble import Jpeg, assemble
    from portal.documents.intake.pictures import read_picture, write_jpeg, write_webp

    jpegs = []
    for number, (path, kind) in enumerate(zip(paths, kinds, strict=True), start=1):
        with _Numbered(number, len(paths)):
            picture = read_picture(path, kind, limits)
        jpeg = Jpeg(workdir / f"page-{number:03}.jpg", *picture.size, gray=picture.mode == "L")
        write_jpeg(picture, jpeg.path)
        jpegs.append(jpeg)
        write_webp(picture, workdir / preview_name(number), limits.preview_side)
        if number == 1:
            write_webp(picture, workdir / THUMBNAIL_NAME, limits.thumbnail_side)
    assemble(jpegs, workdir / PDF_NAME)
    for jpeg in jpegs:
        jpeg.path.unlink()
    return len(jpegs)


class _Numbered:
    """Says which of several files a refusal is about."""

    def __init__(self, number: int, total: int) -> None:
        self.prefix = f"Berkas ke-{number}: " if total > 1 else ""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self.prefix and isinstance(error, Rejected):
            raise Rejected(self.prefix + error.message) from error
