"""What phones may say: one shape for each address, checked to the last type before anything else.

Names are Indonesian, as they travel; unknown ones are ignored, so that an older portal understands
a newer script.
"""

from __future__ import annotations

import re
import uuid
from typing import Annotated, TypeVar

import msgspec

from portal.errors import Rejected
from portal.vocabulary import FileRole

LARGEST = 64 * 1024
"""Bytes of a message: all fields at their longest, or 200 pages, several times over."""
UNREADABLE = "Kiriman dari ponsel tidak terbaca. Muat ulang halaman ini lalu coba lagi."
_PLACE = re.compile(r"\$\.([a-z_0-9]+)")
Sha256 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Value = str | int | bool | None
Told = TypeVar("Told")


class Beginning(msgspec.Struct):
    """A draft to begin (`jenis`: code of a card) or to continue (the id alone)."""

    id: uuid.UUID
    jenis: str | None = None
    untuk: uuid.UUID | None = None
    """The colleague for whom an operator OPD hands in."""
    ganti: uuid.UUID | None = None
    """The approved item that the new one is to replace."""


class Announcement(msgspec.Struct):
    """A file that is to come in parts."""

    id: uuid.UUID
    dokumen: uuid.UUID
    nama: str
    jenis: str
    ukuran: int
    sha256: Sha256
    sha256_asal: Sha256 | None = None


class Page(msgspec.Struct):
    """One upload in its place, with its turn clockwise in degrees."""

    unggahan: uuid.UUID
    putar: int = 0


class Order(msgspec.Struct):
    """A paper to be made of uploads, in order."""

    id: uuid.UUID
    dokumen: uuid.UUID
    peran: FileRole
    halaman: list[Page]


class Entries(msgspec.Struct):
    """Data of an item; fields that are not named stay as they are."""

    dokumen: uuid.UUID
    isian: dict[str, Value] = {}


class Submission(Entries):
    """The last word: the data, and that they are right."""

    benar: bool = False
    keadaan: str | None = None
    """State in which the person saw the item; keeps a late repetition from handing in a repair."""


def read(raw: bytes, shape: type[Told]) -> Told:
    """The message; raises Rejected naming the part that does not fit."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.MsgspecError, RecursionError) as error:
        place = _PLACE.search(str(error))
        raise Rejected(UNREADABLE, place[1] if place else None) from error
