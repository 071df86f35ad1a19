"""Facts of a quickly read line as the engine knows them."""

from __future__ import annotations

import datetime as dt

from msgspec import UnsetType

from portal.scoring.engine.inputs import TINGKAT, Pendidikan, Pengembangan
from portal.scoring.hitung.fast.lines import Degree
from portal.vocabulary import JenisDiklat, LatihanStruktural, Tingkat

Given = str | None | UnsetType
"""A word of the input; null and absent are the same to the rules."""


def tingkat(word: Given) -> Tingkat | None:
    """A level of education."""
    return TINGKAT[word] if isinstance(word, str) else None


def degree(item: Degree) -> Pendidikan:
    """One of `pendidikan`."""
    return Pendidikan(TINGKAT[item.tingkat], item.tanggal_lulus or None, item.tahun_lulus or None)


def course(jenis: int, jp: int, end: dt.date | None, latihan: int | None) -> Pengembangan:
    """One of `pengembangan`."""
    level = LatihanStruktural(str(latihan)) if latihan else None
    return Pengembangan(JenisDiklat(str(jenis)), jp, end, level)
