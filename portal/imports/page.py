"""What the pages say about an import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from portal.imports.models import Import
from portal.imports.registry import kind_of
from portal.wording import whole

PATIENCE = dt.timedelta(minutes=2)
"""After so long without progress the page says that the worker may be away."""
_WORDS = {
    "baru": "Baru",
    "berubah": "Berubah",
    "sama": "Sama",
    "lama": "Lebih lama, masuk riwayat",
    "galat": "Galat, dilewati",
}
_DONE = {**_WORDS, "baru": "Ditambahkan", "berubah": "Diperbarui", "sama": "Tidak berubah"}
_HEADINGS = {"nip": "NIP", "updated": "Tanggal dihitung"}
_ALWAYS = frozenset({"baru", "berubah", "sama", "galat"})
Look = tuple[str, str, str]
"""Word, tone and icon of a pill."""


def state(row: Import) -> Look:
    """Where an import stands."""
    if row.galat:
        return "Tidak terbaca", "bad", "cross"
    if row.dibatalkan:
        return "Dibatalkan", "flat", "minus"
    if row.selesai:
        return "Selesai", "ok", "check"
    if row.is_running:
        return "Sedang ditulis", "info", "refresh"
    if row.is_ready:
        return "Menunggu konfirmasi", "warn", "eye"
    return "Sedang dibaca", "info", "refresh"


def tiles(row: Import) -> list[tuple[str, str]]:
    """Counts by fate: word and number. Of a finished import what was done."""
    counts, words = (row.result, _DONE) if row.selesai else (row.counts, _WORDS)
    if not row.pratinjau:
        return []
    return [
        (word, whole(counts.get(fate, 0)))
        for fate, word in words.items()
        if fate in _ALWAYS or counts.get(fate)
    ]


def columns(row: Import) -> list[tuple[str, str | None]]:
    """Every column that the kind knows, with the heading of the file (None: not there)."""
    known = kind_of(row.jenis).columns
    there: dict[str, str] = row.pratinjau.get("kolom", {})
    names = (*known.required, *known.optional)
    return [(heading(name), there.get(name)) for name in names]


def heading(name: str) -> str:
    """A column as people call it."""
    return _HEADINGS.get(name) or name.replace("_", " ").capitalize()


def remarks(row: Import) -> Sequence[dict[str, Any]]:
    """The first messages about rows."""
    found: list[dict[str, Any]] = row.pratinjau.get("pesan", [])
    return [{**one, "kolom": heading(one["kolom"])} for one in found]
