"""What a digital signature in a PDF says about its bytes. Whose it is, and whether its certificate
holds, is for the verifier's tools to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pikepdf
from pikepdf import Array, Object

from portal.documents.intake.active import dictionaries
from portal.vocabulary import SignatureState

MOST = 16
"""Signatures of one file that are looked at; each is a hash over all of its bytes."""
_END_MARK = b"%%EOF"
_BLANK = b"\0\r\n\t "
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
"""The attribute of a CMS signature that holds the hash of what was signed (RFC 5652, 11.2)."""
_TIMESTAMPED = bytes.fromhex("060b2a864886f70d0109100104")
"""What a time stamp is about: its text holds the hash (RFC 3161, 2.4.2)."""
_HASHES = ("sha256", "sha512", "sha384", "sha1")


@dataclass(frozen=True, slots=True)
class _Signature:
    """One signature that frames its own place in the file (ISO 32000-1, 12.8.1)."""

    contents: bytes
    before: int
    after: int
    end: int
    """Where what it covers ends."""

    def covers(self, data: bytes) -> bool:
        """From the first byte to the last; blanks at the end are no content."""
        return not data[self.end :].strip(_BLANK)

    def fits(self, data: bytes) -> bool | None:
        """Whether the bytes are those that were signed; None when their hash is not told."""
        if _MESSAGE_DIGEST not in self.contents and _TIMESTAMPED not in self.contents:
            return None
        signed = memoryview(data)
        for name in _HASHES:
            digest = hashlib.new(name, signed[: self.before], usedforsecurity=False)
            digest.update(signed[self.after : self.end])
            if digest.digest() in self.contents:
                return True
        return False


def examine(pdf: pikepdf.Pdf, path: Path) -> SignatureState:
    """Whether the file carries signatures, and whether it is as it was when they were made.

    A mere claim is not enough: whoever is believed here is stored without being cleaned. So the
    ranges must lie in the file, frame exactly the signature's own hexadecimal string, and no
    foreign bytes may precede the file or follow its end mark; else the state is TIDAK_SAH.
    """
    claims = [found for found in dictionaries(pdf) if _claims(found)]
    if not claims:
        return SignatureState.TIADA
    data = path.read_bytes()
    if not data.startswith(b"%PDF-") or data.rpartition(_END_MARK)[2].strip(_BLANK):
        return SignatureState.TIDAK_SAH
    framed = list(islice(_framed(claims, data), MOST + 1))
    if not framed:
        return SignatureState.TIDAK_SAH
    return SignatureState.TAK_TERBACA if len(framed) > MOST else _state(framed, data)


def _state(framed: list[_Signature], data: bytes) -> SignatureState:
    fits = [signature.fits(data) for signature in framed]
    if False in fits:
        return SignatureState.BERUBAH
    if None in fits:
        return SignatureState.TAK_TERBACA
    if any(signature.covers(data) for signature in framed):
        return SignatureState.UTUH  # what came after an earlier one, the last one has signed
    return SignatureState.DITAMBAH


def _claims(dictionary: Object) -> bool:
    return isinstance(dictionary.get("/ByteRange"), Array)


def _framed(claims: list[Object], data: bytes) -> Iterator[_Signature]:
    for claim in claims:
        ranges, contents = claim["/ByteRange"], claim.get("/Contents")
        if not isinstance(contents, pikepdf.String) or len(ranges) != 4:
            continue
        start, before, after, rest = (int(number) for number in ranges)
        text = data[before:after].strip() if 0 < before < after else b""
        in_place = start == 0 and rest > 0 and after + rest <= len(data)
        if in_place and text.startswith(b"<") and text.endswith(b">"):
            yield _Signature(bytes(contents), before, after, after + rest)
