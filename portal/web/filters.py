"""How numbers, dates and sizes are written in Indonesian."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask

from portal import wording
from portal.access import optional_actor
from portal.vocabulary import ZONES
from portal.wording import plain, points, whole

_KEPT = 4096
"""Moments kept in words: pages of lists say the same ones again and again."""


def tanggal(value: dt.date | None) -> str:
    """12 Oktober 2026; an en dash when there is none."""
    return wording.tanggal(value) if value else "–"


def tanggal_pendek(value: dt.date | None) -> str:
    """12 Okt 2026; an en dash when there is none."""
    return wording.tanggal_pendek(value) if value else "–"


def tanggal_iso(value: str) -> str:
    """An ISO date that was stored as text, in words."""
    return tanggal(dt.date.fromisoformat(value))


def waktu(value: dt.datetime | None) -> str:
    """21 Nov 2026, 10.42 WITA – in the time zone of the agency."""
    if value is None:
        return "–"
    actor = optional_actor()
    return _waktu(value, actor.zona_waktu if actor else "Asia/Jakarta")


@lru_cache(_KEPT)
def _waktu(value: dt.datetime, zone: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return f"{tanggal_pendek(local.date())}, {local:%H.%M} {ZONES.get(zone, '')}".rstrip()


def ukuran(value: int) -> str:
    """Bytes in words: 340 KB, 1,2 MB."""
    if value < 1024:
        return f"{value} byte"
    if round(value / 1024) < 1024:
        return f"{round(value / 1024)} KB"
    return f"{value / 1024 / 1024:.1f} MB".replace(".", ",")


def inisial(name: str) -> str:
    """First letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:])) or "?"


def install(app: Flask) -> None:
    for act in (points, plain, whole, tanggal, tanggal_iso, tanggal_pendek, waktu, ukuran, inisial):
        app.jinja_env.filters[act.__name__] = cast("object", act)
