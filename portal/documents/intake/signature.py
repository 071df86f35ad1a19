"""Whether a PDF carries a digital signature. Its validity is for the verifier's tools to say."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from pikepdf import Array, Object

from portal.documents.intake.active import dictionaries

_END_MARK = b"%%EOF"


def is_signed(pdf: pikepdf.Pdf, path: Path) -> bool:
    """Whether a signature covers this very file from its first byte (ISO 32000-1, 12.8.1).

    A mere claim is not enough: whoever is believed here is stored without being cleaned. So the
    ranges must lie in the file, frame exactly the signature's own hexadecimal string, and no
    foreign bytes may precede the file or follow its end mark.
    """
    data = path.read_bytes()
    if not data.startswith(b"%PDF-") or data.rpartition(_END_MARK)[2].strip(b"\0\r\n\t "):
        return False
    return any(_frames_its_signature(d, data) for d in dictionaries(pdf))


def _frames_its_signature(dictionary: Object, data: bytes) -> bool:
    ranges = dictionary.get("/ByteRange")
    contents = dictionary.get("/Contents")
    if not isinstance(ranges, Array) or not isinstance(contents, pikepdf.String):
        return False
    if len(ranges) != 4:
        return False
    start, before, after, rest = (int(number) for number in ranges)
    framed = data[before:after].strip()
    return (
        start == 0
        and 0 < before < after
        and rest > 0
        and after + rest <= len(data)
        and framed.startswith(b"<")
        and framed.endswith(b">")
    )
