"""What a kind of file has to offer, so that all of them share upload, preview and progress."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.imports.columns import Columns, Line


class Fate(StrEnum):
    """What becomes of a row."""

    BARU = "baru"
    BERUBAH = "berubah"
    SAMA = "sama"
    LAMA = "lama"
    """Older than what is kept: goes into the history."""
    GALAT = "galat"
    """Left out; a message says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing about a row. `isi` repeats foreign input: shortened, and masked where it is a
    NIP."""

    baris: int
    kolom: str
    isi: str
    pesan: str
    galat: bool = True
    """False for what is odd but taken over all the same."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A row with its fate."""

    fate: Fate
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Order:
    """How the file of one agency is to be read."""

    instansi_id: uuid.UUID
    zone: ZoneInfo
    now: dt.datetime
    received: dt.datetime
    """When the portal first saw these bytes: stands in where the file tells no time."""
    tahun: int | None = None
    """The measured year that the admin named for the whole file."""
    impor_id: uuid.UUID | None = None

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()


class Kind(Protocol):
    """One kind of file."""

    @property
    def name(self) -> str:
        """As it is stored: "nilai-bkn"."""

    @property
    def columns(self) -> Columns:
        """What the header has to name."""

    def key(self, order: Order, line: Line) -> Hashable | None:
        """What a file may hold only once; None where the row does not tell."""

    def take(
        self, session: Session, order: Order, lines: Sequence[Line], *, write: bool
    ) -> list[Taken]:
        """The fate of each of some hundred lines, which all differ in their keys; written down
        too when `write`."""
