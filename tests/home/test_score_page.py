"""Skor: every point with its reason, its evidence, and what was not counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import Database
from portal.people.models import Pengembangan
from portal.vocabulary import DocumentState, JenisDiklat, JenisPegawai
from tests.home.conftest import Compute
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page
from tests.support.queries import statements

pytestmark = on_sqlite_alone
Opened = Callable[..., Page]


def test_each_dimension_has_its_points_of_the_maximum(compute: Compute, opened: Opened) -> None:
    compute()

    page = opened("home.score")

    assert page.texts(".dimension-total") == [
        "20,00 dari 25",
        "21,00 dari 40",
        "25,00 dari 30",
        "5,00 dari 5",
    ]


def test_each_indicator_has_its_points(compute: Compute, opened: Opened) -> None:
    compute()

    assert opened("home.score").texts(".indicator h3") == [
        "Diklat fungsional 15,00 / 15",
        "Diklat teknis 20 JP 6,00 / 15",
        "Seminar dan sejenisnya 0,00 / 10",
    ]


def test_the_yearly_duty_is_a_meter(compute: Compute, opened: Opened) -> None:
    compute()

    assert opened("home.score").texts(".meter") == ["20 JP wajib setahun 8 dari 20 JP"]


def test_the_evidence_is_named(compute: Compute, opened: Opened) -> None:
    compute()

    evidence = opened("home.score").texts(".evidence li")

    assert "Bimtek Asesmen" in evidence
    assert "S-1 Pendidikan Matematika" in evidence


def test_evidence_from_a_document_leads_to_it(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        document = builders.document(
            session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera
        )
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.SEMINAR,
                nama="Seminar Numerasi",
                tanggal_selesai=dt.date(TODAY.year, 1, 1),
                document_id=document.id,
            )
        )
    compute()

    assert opened("home.score").link("Seminar Numerasi") == f"/dokumen/{document.id}"


def test_what_is_not_counted_says_why(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.TEKNIS,
                nama="Bimtek Lama",
                jp=30,
                tanggal_selesai=dt.date(TODAY.year - 3, 5, 1),
            )
        )
    compute()

    (line,) = [
        words for words in opened("home.score").texts("details li") if "Bimtek Lama" in words
    ]

    assert len(line) > len("Bimtek Lama: ")


def test_points_on_their_way_are_told_beside_the_indicator(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DIAJUKAN)
    compute()

    assert "Bisa bertambah 10,00 poin dari dokumen yang sedang diperiksa." in (
        opened("home.score").text
    )


def test_the_rule_set_and_its_version_are_named(compute: Compute, opened: Opened) -> None:
    compute()

    page = opened("home.score")

    assert "bkn-2023, versi" in page.text
    assert "PermenPANRB 38/2018" in page.text


def test_the_official_number_is_left_to_bkn(compute: Compute, opened: Opened) -> None:
    compute()

    assert "Nilai resmi dihitung oleh BKN." in opened("home.score").text


def test_without_a_score_the_page_says_when_it_comes(opened: Opened) -> None:
    assert "Skor Anda belum dihitung" in opened("home.score").texts("h2")


def test_whoever_is_not_measured_reads_why(
    change: Callable[..., None], compute: Compute, opened: Opened
) -> None:
    change(jenis_pegawai=JenisPegawai.CPNS)
    compute()

    page = opened("home.score")

    assert f"Anda tidak diukur pada tahun {TODAY.year}" in page.text


def test_earlier_years_can_be_chosen(earlier_year: int, compute: Compute, opened: Opened) -> None:
    compute()

    page = opened("home.score", tahun=earlier_year)

    assert page.h1 == f"Skor {earlier_year}"
    assert page.texts(".filters a") == [str(TODAY.year), str(earlier_year)]


def test_only_an_earlier_year_is_shown_without_a_choice(earlier_year: int, opened: Opened) -> None:
    page = opened("home.score")

    assert page.h1 == f"Skor {earlier_year}"
    assert page.all(".filters") == []


@pytest.mark.parametrize("tahun", ["abc", "", "2026.5", "²", "٢٠٢٦x"])
def test_a_year_that_is_none_shows_the_newest(compute: Compute, opened: Opened, tahun: str) -> None:
    compute()

    assert opened("home.score", tahun=tahun).h1 == f"Skor {TODAY.year}"


@pytest.mark.parametrize("tahun", ["1999", "-1", "0", "9" * 40])
@pytest.mark.parametrize("computed", [True, False])
def test_a_year_without_a_score_is_not_found(
    browser: Browser, cast: Cast, compute: Compute, tahun: str, computed: bool
) -> None:
    if computed:
        compute()
    browser.enter(cast.sari)

    page = browser.get("home.score", tahun=tahun, expect=404)

    assert page.h1 == "Halaman tidak ditemukan"


def test_a_year_that_only_somebody_else_has_is_not_found(
    browser: Browser, cast: Cast, compute: Compute, earlier_year: int
) -> None:
    compute(cast.budi)
    browser.enter(cast.budi)

    browser.get("home.score", tahun=earlier_year, expect=404)


def test_nobody_reads_the_score_of_another(cast: Cast, compute: Compute, opened: Opened) -> None:
    compute()
    compute(cast.budi)

    assert "Bimtek Asesmen" not in opened("home.score", cast.budi).text


def test_hostile_names_of_evidence_stay_text(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    name = "<script>alert(1)</script> Seminar \u202e terbalik"
    with database.transaction() as session:
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.SEMINAR,
                nama=name,
                tanggal_selesai=dt.date(TODAY.year, 1, 1),
            )
        )
    compute()

    page = opened("home.score")

    assert any("<script>alert(1)</script>" in words for words in page.texts(".evidence li"))


def test_points_with_many_decimals_are_rounded_on_the_screen_alone(
    compute: Compute, opened: Opened
) -> None:
    compute(total=Decimal("71.0050"))

    assert opened("home.score").texts(".ring b") == ["71,01"]


def test_the_page_asks_little(app: Flask, browser: Browser, cast: Cast, compute: Compute) -> None:
    compute()
    browser.enter(cast.sari)

    with statements(app) as seen:
        browser.get("home.score")

    assert len(seen) <= 12
