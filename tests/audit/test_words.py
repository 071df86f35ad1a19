"""The facts of a line, as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from portal.audit.words import LONGEST, told


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""),
        ({"revision": 2}, "revisi: 2"),
        ({"cara_memperbaiki": "Foto ulang."}, "cara memperbaiki: Foto ulang."),
        ({"tenggat": "2026-11-26"}, "tenggat: 26 November 2026"),
        ({"tenggat": "2026-02-31"}, "tenggat: 2026-02-31"),
        ({"catatan": "terbit 2026-11-26"}, "catatan: terbit 2026-11-26"),
        ({"aktif": True, "antrean_lama": None}, "aktif: ya · antrean lama: –"),
        ({"jenis": [], "catatan": ""}, "jenis: – · catatan: –"),
        ({"changed": {"uji_petik_persen": 5}}, "diubah: uji petik persen 5"),
    ],
)
def test_facts_are_told_in_words_for_people(facts: dict[str, Any], words: str) -> None:
    assert told(facts) == words


def test_very_long_facts_are_cut() -> None:
    assert len(told({"note": "a" * 10_000})) == LONGEST
