"""What a verifikator asks of the queue. It lives in the address, so it survives every step."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from portal.documents.models import OPEN_STATES
from portal.vocabulary import DocumentKind, DocumentState

Word = TypeVar("Word", bound=StrEnum)
LONGEST_SEARCH = 100


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

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Filters:
        state = _word(DocumentState, args.get("keadaan", ""))
        return cls(
            kind=_word(DocumentKind, args.get("jenis", "")),
            state=state if state in OPEN_STATES else None,
            opd_id=_id(args.get("opd", "")),
            mine=args.get("saya") == "ya",
            text=" ".join(args.get("cari", "").replace("\0", " ").split())[:LONGEST_SEARCH],
        )

    @property
    def active(self) -> bool:
        return self != Filters()

    def address(self, **changes: str | None) -> dict[str, Any]:
        """The parameters of an address with these filters; a change of None leaves one out."""
        words = {
            "jenis": self.kind.value if self.kind else None,
            "keadaan": self.state.value if self.state else None,
            "opd": str(self.opd_id) if self.opd_id else None,
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
