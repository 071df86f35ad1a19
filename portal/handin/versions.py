"""What a page was drawn from, so that nothing newer is overwritten by somebody who has not seen it.

A page carries the mark of the item that it shows: a few letters for each field and each paper. An
act that is given the mark compares it under the lock of the row. A mark is a claim of the browser:
one that is missing or nonsense has seen nothing, a forged one harms nobody but its sender.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.documents.columns import in_words, written
from portal.documents.models import Document
from portal.errors import Conflict
from portal.handin import fields
from portal.handin.kinds import FILES
from portal.vocabulary import FileRole

_LETTERS = 4
"""Of base 64: one change in sixteen million goes unseen."""
_MARK = re.compile(r"((?:[\w-]{4}){1,20})\.((?:[\w-]{4}){1,8})", re.ASCII)

NEWER = (
    "Isian ini diubah di tempat lain (tab, perangkat, atau orang lain) sesudah Anda membukanya. "
    "Belum ada yang ditimpa, dan isian Anda masih ada. Cocokkan yang bertanda, lalu simpan lagi."
)
NEWER_PAPER = (
    "{role} berubah di tempat lain (tab, perangkat, atau orang lain) sesudah halaman ini dibuka. "
    "Belum ada yang diganti atau dihapus. Lihat berkas yang sekarang; bila tetap perlu, pilih "
    "berkas Anda lagi."
)


class Changed(Conflict):
    """Fields that somebody else has changed since they were shown; nothing was written."""

    def __init__(self, mark: str, newer: Mapping[str, Any], untouched: frozenset[str]) -> None:
        self.mark = mark
        """Of the item as it stands."""
        self.newer = newer
        """Field → the value that stands there now."""
        self.untouched = untouched
        """Those of them that this person left as they were shown."""
        super().__init__(NEWER)

    def sentences(self) -> dict[str, str]:
        """Field → what stands there, for the person to compare."""
        told = {name: in_words(value) for name, value in self.newer.items()}
        return {
            name: f"{fields.LABELS[name]}: di tempat lain "
            + (f"diisi “{words}”. " if words else "dikosongkan. ")
            + "Simpan lagi bila isian Anda yang benar."
            for name, words in told.items()
        }


class PaperChanged(Conflict):
    """The paper of this role is another one than was shown; nothing was written."""

    def __init__(self, role: FileRole) -> None:
        self.role = role
        super().__init__(NEWER_PAPER.format(role=role.label))


class ItemChanged(Conflict):
    """The item is no longer as the page showed it that was to hand it in."""


@dataclass(frozen=True)
class Seen:
    """What a page has shown; without letters nothing is known of it."""

    fields: str = ""
    papers: str = ""

    @classmethod
    def read(cls, mark: str | None) -> Seen:
        """The mark of a page as the browser sent it."""
        found = _MARK.fullmatch(mark or "")
        return cls(*found.groups()) if found else cls()

    def check(self, document: Document, values: Mapping[str, Any]) -> None:
        """Raises Changed when one of `values` would overwrite what was not seen."""
        letters = dict(zip(fields.OF_KIND[document.kind], _parts(self.fields), strict=False))
        newer, untouched = {}, set()
        for name, value in values.items():
            present, shown = getattr(document, name), letters.get(name)
            if written(present) == written(value) or _is_seen(name, present, shown):
                continue
            newer[name] = present
            if shown == _letters(name, value):
                untouched.add(name)
        if newer:
            raise Changed(mark(document), newer, frozenset(untouched))

    def check_whole(self, document: Document) -> None:
        """Raises ItemChanged, naming what has changed, unless the item is as it was shown."""
        if mark(document) == f"{self.fields}.{self.papers}":
            return
        changed = self._changed(document)
        which = f": {', '.join(changed)}" if changed else ""
        raise ItemChanged(
            f"Dokumen ini berubah sesudah halaman ini dibuka{which}. Belum diajukan. "
            "Periksa sekali lagi, lalu ajukan."
        )

    def has_seen(self, document: Document, role: FileRole, file_id: uuid.UUID) -> bool:
        """Whether this paper was there."""
        letters = dict(zip(FILES[document.kind], _parts(self.papers), strict=False))
        return letters.get(role) == _letters(role, file_id)

    def _changed(self, document: Document) -> list[str]:
        now = Seen.read(mark(document))
        names = [fields.LABELS[name] for name in fields.OF_KIND[document.kind]]
        names += [role.label for role in FILES[document.kind]]
        before = _parts(self.fields) + _parts(self.papers)
        present = _parts(now.fields) + _parts(now.papers)
        if len(before) != len(present):
            return []
        return [name for name, old, new in zip(names, before, present, strict=True) if old != new]


def mark(document: Document) -> str:
    """Of the item as it stands."""
    data = (_letters(name, getattr(document, name)) for name in fields.OF_KIND[document.kind])
    present = {file.role: file.id for file in document.current_files}
    papers = (_letters(role, present.get(role)) for role in FILES[document.kind])
    return f"{''.join(data)}.{''.join(papers)}"


def _letters(name: str, value: Any) -> str:
    digest = hashlib.sha256(f"{name}={written(value)}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:_LETTERS].decode()


def _parts(letters: str) -> list[str]:
    return [letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS)]


def _is_seen(name: str, present: Any, shown: str | None) -> bool:
    """What stands there was shown; where nothing is known, an empty place is no loss."""
    if shown is None:
        return present in (None, "", False)
    return shown == _letters(name, present)
