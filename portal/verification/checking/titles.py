"""Whether the title of a course speaks for the kind that was chosen (words in judul.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from portal.documents.models import Document
from portal.verification.checking.light import Check, Code, Light
from portal.vocabulary import DocumentKind

_FILE = Path(__file__).with_name("judul.toml")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
STRENGTHS = ("kuat", "lemah")
Words = Mapping[DocumentKind, tuple[str, ...]]


@cache
def _words() -> tuple[Words, ...]:
    """Kind → words that tell it, padded with blanks; the strong ones first."""
    table = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(
        {
            DocumentKind(kind): tuple(f" {word} " for word in entry[strength])
            for kind, entry in table.items()
        }
        for strength in STRENGTHS
    )


def told_by(title: str) -> frozenset[DocumentKind]:
    """The kinds for which a title speaks; none for a title that tells nothing.

    Of several the one whose word is longest speaks: "diklat fungsional" is no mere "diklat".
    """
    text = f" {' '.join(_WORD.findall(title.casefold()))} "
    for words in _words():
        longest = {
            kind: max((len(word) for word in own if word in text), default=0)
            for kind, own in words.items()
        }
        most = max(longest.values())
        if most:
            return frozenset(kind for kind, length in longest.items() if length == most)
    return frozenset()


def title(document: Document) -> Iterator[Check]:
    """The title against the kind; a leadership course has a level and no title."""
    if document.kind is DocumentKind.KEPEMIMPINAN or not document.nama.strip():
        return
    told = told_by(document.nama)
    chosen = document.jenis.label if document.jenis else document.kind.label
    if document.kind in told:
        yield Check(Code.JENIS, Light.GREEN, "Judul sesuai dengan jenisnya", f"{chosen}.")
    elif told:
        words = " atau ".join(sorted(kind.label.lower() for kind in told))
        yield Check(
            Code.JENIS,
            Light.YELLOW,
            f"Judulnya seperti {words}",
            f"Diajukan sebagai {chosen.lower()}. Cocokkan dengan sertifikat.",
        )
    else:
        yield Check(Code.JENIS, Light.GREEN, "Judul tidak menyebut jenis lain", f"{chosen}.")
