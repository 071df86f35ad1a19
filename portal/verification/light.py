"""How a check speaks: a light, a sentence, and a link where there is something to compare with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from portal.vocabulary import LabelledEnum


class Light(LabelledEnum):
    """Values are the classes of the style sheet, labels are read aloud beside the colour."""

    GREEN = "ok", "Sesuai"
    YELLOW = "warn", "Perlu dilihat"
    RED = "bad", "Tidak sesuai"
    UNREAD = "info", "Tidak terbaca"


@dataclass(frozen=True, slots=True)
class Check:
    light: Light
    title: str
    detail: str = ""
    twin_id: uuid.UUID | None = None
    """The item to compare with."""
