"""What a conversion yields."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.vocabulary import SignatureState

PDF_NAME = "file.pdf"
THUMBNAIL_NAME = "thumbnail.webp"


def preview_name(number: int) -> str:
    """File name of a page picture; the first page is 1."""
    return f"page-{number:03}.webp"


def sha256(path: Path) -> str:
    """Hexadecimal hash of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of one of our WebP pictures, read from its header alone.

    A page that knows them keeps the place of a picture that is still on its way. Raises
    ValueError for anything that the intake does not write.
    """
    with path.open("rb") as stream:
        head = stream.read(30)
    if head[8:16] != b"WEBPVP8 " or head[23:26] != b"\x9d\x01\x2a":
        raise ValueError(f"not a picture of the intake: {path.name}")
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


@dataclass(frozen=True)
class Converted:
    """The checked PDF and its pictures, all inside the work folder."""

    pdf: Path
    pages: int
    previews: list[Path]
    """One WebP per page, in order."""
    sizes: list[tuple[int, int]]
    """Width and height of each of them, in pixels."""
    thumbnail: Path
    """A small WebP of the first page."""
    signature: SignatureState
    """What a digital signature says about the bytes."""
    sha256_original: list[str]
    """Of each file as it came in, in order."""
    sha256_stored: str
    size: int
    """Of the PDF, in bytes."""
    dhash: str = ""
    """Look of the first page (portal.documents.look), 16 hexadecimal digits."""

    @classmethod
    def collect(
        cls,
        originals: Sequence[Path],
        workdir: Path,
        *,
        pages: int,
        signature: SignatureState,
        dhash: str,
    ) -> Converted:
        """Look for the outcome under its fixed names and hash both ends.

        Raises FileNotFoundError when something is missing.
        """
        pdf, thumbnail = workdir / PDF_NAME, workdir / THUMBNAIL_NAME
        previews = [workdir / preview_name(number) for number in range(1, pages + 1)]
        thumbnail.stat()
        return cls(
            pdf=pdf,
            pages=pages,
            previews=previews,
            sizes=[picture_size(picture) for picture in previews],
            thumbnail=thumbnail,
            signature=signature,
            sha256_original=[sha256(path) for path in originals],
            sha256_stored=sha256(pdf),
            size=pdf.stat().st_size,
            dhash=dhash,
        )

    @property
    def signed(self) -> bool:
        """Carries a digital signature, hence kept byte for byte."""
        return self.signature.kept

    @property
    def fingerprint(self) -> str:
        """One hash for all that came in: the file's own, or that of the list of hashes."""
        if len(self.sha256_original) == 1:
            return self.sha256_original[0]
        return hashlib.sha256("\n".join(self.sha256_original).encode()).hexdigest()
