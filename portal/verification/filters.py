"""What a verifikator asks of the queue. It lives in the address, so it survives every step."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from portal.documents.models import OPEN_STATES
from portal.verification.checking.light import Light
from portal.vocabulary import DocumentKind, DocumentState, LabelledEnum

Word = TypeVar("Word", bound=StrEnum)
LONGEST_SEARCH = 100
GENERAL = "umum"
"""In an address: the queue of the agency that has no row."""


class Due(LabelledEnum):
    """When a decision is due."""

    LEWAT = "lewat", "Lewat tenggat"
    HARI_INI = "hari-ini", "Jatuh tempo hari ini"
    SEGERA = "segera", "Dalam dua hari kerja"


class Mark(LabelledEnum):
    """What is special about an item."""

    KEMBAR = "kembar", "Ada kembarannya"
    KEBERATAN = "keberatan", "Keberatan"
    KEDUA = "kedua", "Pemeriksaan kedua"


AGES = (1, 3, 7, 14, 30)
"""Days since the hand-in to choose from."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Nonsense in an address asks for nothing; it is never an error."""

    kind: DocumentKind | None = None
    state: DocumentState | None = None
    opd_id: uuid.UUID | None = None
    mine: bool = False
    """Only what the actor holds at this moment."""
    text: str = ""
    """NIP, name, number of a certificate, or receipt."""
    antrean_id: uuid.UUID | None = None
    general: bool = False
    """Only the general queue of the agency."""
    due: Due | None = None
    mark: Mark | None = None
    light: Light | None = None
    days: int = 0
    """Handed in at least so many days ago."""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Filters:
        state = _word(DocumentState, args.get("keadaan", ""))
        queue, days = args.get("antrean", ""), args.get("umur", "")
        return cls(
            kind=_word(DocumentKind, args.get("jenis", "")),
            state=state if state in OPEN_STATES else None,
            opd_id=_id(args.get("opd", "")),
            mine=args.get("saya") == "ya",
            text=" ".join(args.get("cari", "").replace("\0", " ").split())[:LONGEST_SEARCH],
            antrean_id=_id(queue),
            general=queue == GENERAL,
            due=_word(Due, args.get("tenggat", "")),
            mark=_word(Mark, args.get("tanda", "")),
            light=_word(Light, args.get("lampu", "")),
            days=next((age for age in AGES if days == str(age)), 0),
        )

    @property
    def active(self) -> bool:
        return self != Filters()

    @property
    def counted(self) -> bool:
        """True when kept numbers answer them: kind, OPD, state and queue alone."""
        return self == replace(self, mine=False, text="", due=None, mark=None, light=None, days=0)

    @property
    def chosen(self) -> int:
        """How many of those behind "Saringan lain" are set."""
        return sum(map(bool, (self.due, self.mark, self.light, self.days)))

    def address(self, **changes: str | None) -> dict[str, Any]:
        """The parameters of an address with these filters; a change of None leaves one out."""
        queue = str(self.antrean_id) if self.antrean_id else GENERAL if self.general else None
        words = {
            "jenis": self.kind.value if self.kind else None,
            "keadaan": self.state.value if self.state else None,
            "opd": str(self.opd_id) if self.opd_id else None,
            "antrean": queue,
            "tenggat": self.due.value if self.due else None,
            "tanda": self.mark.value if self.mark else None,
            "lampu": self.light.value if self.light else None,
            "umur": str(self.days) if self.days else None,
            "saya": "ya" if self.mine else None,
            "cari": self.text or None,
        }
        return {name: word for name, word in (words | changes).items() if word}


def _word(words: type[Word], text: str) -> Word | None:
    try:
        return words(text)
    except ValueError:
        return None


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
