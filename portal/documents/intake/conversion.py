"""The conversion itself; it decodes what strangers sent, so run it through `convert_isolated`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from portal.documents.intake.limits import Limits, megabytes, too_many_pages
from portal.documents.intake.result import PDF_NAME, THUMBNAIL_NAME, Converted, preview_name
from portal.documents.intake.sniff import ACCEPTED, HEAD, Kind, recognise
from portal.errors import Rejected
from portal.vocabulary import SignatureState

if TYPE_CHECKING:
    from PIL import Image

    from portal.documents.intake.assemble import Jpeg

TURNS = (0, 90, 180, 270)
"""Degrees clockwise by which a person may turn a file."""
SIGNED = (
    "PDF bertanda tangan digital tidak dapat digabung dengan halaman lain. "
    "Unggah berkas itu sendiri saja."
)


def convert(
    paths: Sequence[Path], limits: Limits, workdir: Path, turns: Sequence[int] = ()
) -> Converted:
    """Pictures and PDFs in the order of their pages, into the existing folder `workdir`.

    `turns` are degrees clockwise, one of TURNS for each file; none at all turns nothing. A signed
    PDF must come alone and stays as it is. Raises Rejected with an Indonesian sentence that names
    the limit, the value and the remedy.
    """
    kinds = _accepted_kinds(paths, limits)
    paper = _Paper(limits, workdir)
    several = len(paths) > 1
    for number, (path, kind) in enumerate(zip(paths, kinds, strict=True), start=1):
        turn = turns[number - 1] if turns else 0
        with _Numbered(number, len(paths)):
            if kind is Kind.PDF:
                paper.add_pdf(path, turn, several=several)
            else:
                paper.add_picture(path, kind, turn)
    paper.finish()
    return Converted.collect(
        paths, workdir, pages=paper.pages, signature=paper.signature, dhash=paper.dhash
    )


@dataclass
class _Paper:
    """What has been made so far; every picture is let go before the next is read."""

    limits: Limits
    workdir: Path
    pages: int = 0
    signature: SignatureState = SignatureState.TIADA
    dhash: str = ""
    parts: list[Jpeg | Path] = field(default_factory=list)

    def add_picture(self, path: Path, kind: Kind, turn: int) -> None:
        from portal.documents.intake.assemble import Jpeg
        from portal.documents.intake.pictures import read_picture, turned, write_jpeg

        picture = turned(read_picture(path, kind, self.limits), turn)
        self._show([picture])
        target = self.workdir / f"part-{self.pages:03}.jpg"
        write_jpeg(picture, target)
        self.parts.append(Jpeg(target, *picture.size, gray=picture.mode == "L"))

    def add_pdf(self, path: Path, turn: int, *, several: bool) -> None:
        from portal.documents.intake.pdf import take_pdf
        from portal.documents.intake.render import render_pages

        target = self.workdir / f"part-{self.pages + 1:03}.pdf"
        pages, self.signature = take_pdf(path, self.limits, target, turn=turn)
        if self.signature.kept and several:
            raise Rejected(SIGNED)
        self.parts.append(target)
        if self.pages + pages > self.limits.max_pages:
            raise too_many_pages(self.pages + pages, self.limits.max_pages)
        self._show(render_pages(target, pages, self.limits.preview_side))

    def _show(self, pictures: Sequence[Image.Image] | Iterator[Image.Image]) -> None:
        """Pictures for the screen of pages that follow those before."""
        from portal.documents.intake.pictures import write_webp
        from portal.documents.look import dhash

        for picture in pictures:
            self.pages += 1
            if self.pages > self.limits.max_pages:
                raise too_many_pages(self.pages, self.limits.max_pages)
            write_webp(picture, self.workdir / preview_name(self.pages), self.limits.preview_side)
            if self.pages == 1:
                write_webp(picture, self.workdir / THUMBNAIL_NAME, self.limits.thumbnail_side)
                self.dhash = dhash(picture)

    def finish(self) -> None:
        """Write the PDF; a single one is it already."""
        from portal.documents.intake.assemble import Jpeg, assemble

        target = self.workdir / PDF_NAME
        if len(self.parts) == 1 and isinstance(self.parts[0], Path):
            self.parts[0].replace(target)
            return
        assemble(self.parts, target)
        for part in self.parts:
            (part.path if isinstance(part, Jpeg) else part).unlink()


def _accepted_kinds(paths: Sequence[Path], limits: Limits) -> list[Kind]:
    """What each file announces to be, when sizes and number are acceptable."""
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


class _Numbered:
    """Says which of several files a refusal is about."""

    def __init__(self, number: int, total: int) -> None:
        self.prefix = f"Berkas ke-{number}: " if total > 1 else ""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self.prefix and isinstance(error, Rejected):
            raise Rejected(self.prefix + error.message) from error
