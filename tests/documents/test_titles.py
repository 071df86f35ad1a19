"""What people call an item."""

from __future__ import annotations

import pytest

from portal.documents.models import Document
from portal.vocabulary import DocumentKind, LatihanStruktural, Tingkat


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        (
            {"kind": DocumentKind.IJAZAH, "tingkat": Tingkat.S1, "program_studi": "Matematika"},
            "Ijazah S-1 Matematika",
        ),
        ({"kind": DocumentKind.IJAZAH, "nama": "lain"}, "Ijazah"),
        (
            {"kind": DocumentKind.KEPEMIMPINAN, "latihan_struktural": LatihanStruktural.PIM3},
            LatihanStruktural.PIM3.label,
        ),
        ({"kind": DocumentKind.KEPEMIMPINAN, "nama": "PKA"}, "PKA"),
        ({"kind": DocumentKind.SEMINAR, "nama": "Seminar Literasi"}, "Seminar Literasi"),
        ({"kind": DocumentKind.SEMINAR, "nama": ""}, DocumentKind.SEMINAR.label),
    ],
)
def test_an_item_is_called_by_what_its_kind_is_known_by(
    fields: dict[str, object], title: str
) -> None:
    assert Document(**fields).title == title
