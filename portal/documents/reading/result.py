"""What the reading of a paper yields, and what is believed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST: dict[str, int] = {
    "nomor": 100,
    "nama_orang": 120,
    "nip": 18,
    "nama": 300,
    "penyelenggara": 200,
    "tanggal_mulai": 10,
    "tanggal_selesai": 10,
    "tanggal_sertifikat": 10,
    "jp": 4,
    "tanggal_lulus": 10,
    "perguruan_tinggi": 200,
    "program_studi": 200,
    "gelar": 60,
}
"""Fields that can be read, and their longest value in letters."""
MOST_CODES, LONGEST_CODE = 20, 500
"""Of a paper; a longer code is none of a certificate."""
LONGEST_TEXT = 20_000
LONGEST_ENGINE = 60


@dataclass(frozen=True)
class Paper:
    """Values by field (dates in ISO form), texts of codes, the words of all pages, the engine."""

    fields: dict[str, str]
    codes: list[str]
    text: str
    engine: str

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Paper:
        """What a child process said, cut to size; raises ValueError or TypeError for nonsense."""
        fields = {
            str(name): str(value)
            for name, value in dict(answer["fields"]).items()
            if name in LONGEST and 0 < len(str(value)) <= LONGEST[name]
        }
        codes = [str(code)[:LONGEST_CODE] for code in list(answer["codes"])[:MOST_CODES]]
        return cls(
            {name: _storable(value) for name, value in fields.items()},
            [_storable(code) for code in codes],
            _storable(str(answer["text"]))[:LONGEST_TEXT],
            _storable(str(answer["engine"]))[:LONGEST_ENGINE],
        )


def _storable(text: str) -> str:
    """Without what a database refuses."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
