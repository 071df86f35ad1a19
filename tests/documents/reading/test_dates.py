"""Dates as Indonesian papers write them, and which of them means what."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.documents.reading import dates

MARCH_3, MARCH_5 = dt.date(2026, 3, 3), dt.date(2026, 3, 5)


def event(text: str) -> tuple[str, str] | None:
    found = dates.event(dates.spans(text))
    return (found.start.isoformat(), found.end.isoformat()) if found else None


@pytest.mark.parametrize(
    "words",
    [
        "3 s.d. 5 Maret 2026",
        "3 s/d 5 Maret 2026",
        "3 sd 5 Maret 2026",
        "3–5 Maret 2026",
        "3 - 5 Maret 2026",
        "3-5Maret2026",
        "3 sampai dengan 5 Maret 2026",
        "3 sampai\ndengan 5 Maret 2026",
        "3 hingga 5 Maret 2026",
        "3 Maret s.d. 5 Maret 2026",
        "3 Maret 2026 sampai dengan tanggal 5 Maret 2026",
        "Selasa, 3 Maret s.d. Kamis, 5 Maret 2026",
        "03/03/2026 s.d. 05/03/2026",
        "03-03-2026 - 05-03-2026",
        "3 s.d. 5 MARET 2026",
        "3 s.d. 5 Mar 2026",
        "3 s.d. 5 March 2026",
        "3 s.d. 5 Marei 2026",
        "3 s.d. 5 Maret 2O26",
    ],
)
def test_reads_a_range(words: str) -> None:
    assert event(f"dilaksanakan pada tanggal {words} di Rimbun") == ("2026-03-03", "2026-03-05")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("28 Februari - 2 Maret 2026", ("2026-02-28", "2026-03-02")),
        ("30 Desember 2025 s.d. 2 Januari 2026", ("2025-12-30", "2026-01-02")),
        ("3 dan 4 Maret 2026", ("2026-03-03", "2026-03-04")),
        ("3 & 4 Maret 2026", ("2026-03-03", "2026-03-04")),
        ("Kamis, 12 Maret 2026", ("2026-03-12", "2026-03-12")),
        ("12 Nopember 2025", ("2025-11-12", "2025-11-12")),
        ("12 Pebruari 2025", ("2025-02-12", "2025-02-12")),
        ("12.03.2026", ("2026-03-12", "2026-03-12")),
        ("l2 Maret 2026", ("2026-03-12", "2026-03-12")),
    ],
)
def test_reads_days(words: str, expected: tuple[str, str]) -> None:
    assert event(f"pada {words}") == expected


@pytest.mark.parametrize(
    "words",
    [
        "31 Februari 2026",
        "12 Mangga 2026",
        "99/99/2026",
        "12 Maret 1026",
        "5 Maret",
        "Nomor 421.3/12.03.2026",
        "GT.03.12/2026",
        "",
    ],
)
def test_leaves_what_is_no_date(words: str) -> None:
    assert event(words) is None


def test_a_range_that_runs_backwards_is_its_last_day() -> None:
    assert event("pada 9 - 5 Maret 2026") == ("2026-03-05", "2026-03-05")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Banjarbaru, 12 Maret 2026", "terbit"),
        ("Diterbitkan tanggal 12 Maret 2026", "terbit"),
        ("Ditetapkan di Rimbun pada tanggal 12 Maret 2026", "terbit"),
        ("Barabai, 12 Maret 1987", "terbit"),
        ("Tempat, tanggal lahir : Barabai, 12 Maret 1987", "lahir"),
        ("Peraturan LAN Nomor 10 tanggal 12 Maret 2018", "lain"),
        ("Bimtek Penyusunan Peraturan Daerah pada 12 Maret 2026", "acara"),
        ("hari Kamis, 12 Maret 2026", "acara"),
    ],
)
def test_tells_what_a_date_means(text: str, kind: str) -> None:
    assert [span.kind for span in dates.spans(text)] == [kind]


def test_the_day_of_issue_is_the_last_that_names_a_place() -> None:
    text = "Kandangan, 1 Maret 2026\npada 3 s.d. 5 Maret 2026\nRimbun, 6 Maret 2026"

    assert dates.issued(dates.spans(text), MARCH_3) == dt.date(2026, 3, 6)


def test_a_day_of_issue_before_the_event_is_taken_for_misread() -> None:
    assert dates.issued(dates.spans("Rimbun, 6 Maret 2006"), MARCH_5) is None
