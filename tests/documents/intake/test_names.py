"""File names are data."""

from __future__ import annotations

import pytest

from portal.documents.intake import display_name
from portal.documents.intake.limits import MIB, megabytes
from tests.support.hostile_files import NAMES


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ijazah S-1 Sari.pdf", "Ijazah S-1 Sari.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sari\\ijazah.pdf", "ijazah.pdf"),
        ("ijazah\0.pdf", "ijazah.pdf"),
        ("ijazah\u202efdp.exe", "ijazahfdp.exe"),
        ("شهادة.pdf", "شهادة.pdf"),
        ("dua\n\tbaris.jpg", "dua baris.jpg"),
        ("e\u0301.pdf", "é.pdf"),
        (".htaccess", "htaccess"),
        ("tanpa akhiran", "tanpa akhiran"),
        ("", "berkas"),
        ("   ", "berkas"),
        ("...", "berkas"),
        ("\ud800.pdf", "pdf"),
    ],
)
def test_shows_a_name_without_its_tricks(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_cuts_a_long_name_before_its_suffix() -> None:
    shown = display_name("a" * 300 + ".pdf")

    assert (len(shown), shown[-5:]) == (120, "a.pdf")


def test_cuts_a_long_name_that_only_looks_like_a_suffix() -> None:
    assert len(display_name("a." + "b" * 300)) == 120


@pytest.mark.parametrize("name", NAMES)
def test_every_name_can_be_stored_and_sent(name: str) -> None:
    assert display_name(name).encode()


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_a_path(name: str) -> None:
    assert not {"/", "\\", "\0"} & set(display_name(name))


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (14 * MIB, "14 MB"),
        (10 * MIB + 1, "10,1 MB"),
        (MIB // 2, "0,5 MB"),
        (1, "0,1 MB"),
    ],
)
def test_shows_sizes_rounded_up(size: int, shown: str) -> None:
    assert megabytes(size) == shown
