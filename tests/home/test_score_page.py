"""Skor: every point with its reason, its evidence, and what was not counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import update

from portal.db import Database
from portal.people.models import Hukdis, Pendidikan, Pengembangan
from portal.scoring.models import StoredScore
from portal.verification import actions as verification
from portal.vocabulary import DocumentState, JenisDiklat, JenisPegawai, TingkatHukuman
from tests.home.conftest import Compute
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page
from tests.support.queries import statements

UTC = dt.UTC
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

    assert opened("home.score").texts(".card:not(#tahun-depan) .indicator h3") == [
        "Diklat fungsional 15,00 / 15",
        "Diklat teknis 20 JP 6,00 / 15",
        "Seminar dan sejenisnya 0,00 / 10",
    ]


def test_the_yearly_duty_is_a_meter(compute: Compute, opened: Opened) -> None:
    compute()

    assert opened("home.score").texts(".meter") == ["20 JP wajib setahun 8 dari 20 JP"]


def test_the_evidence_is_named(compute: Compute, opened: Opened) -> None:
    compute()

    evidence = opened("home.score").texts(".evidence li span")

    assert "Bimtek Asesmen" in evidence
    assert "S-1 Pendidikan Matematika" in evidence


def test_an_import_behind_a_point_is_named_with_its_day(
    database: Database, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        session.execute(update(Pendidikan).values(dicatat=dt.datetime(2026, 11, 2, 20, tzinfo=UTC)))
    compute()

    assert "Riwayat SIASN, diimpor 3 November 2026" in opened("home.score").texts(".evidence small")


def test_an_import_of_unknown_day_is_named_without_one(
    database: Database, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        session.execute(update(Pendidikan).values(dicatat=None))
    compute()

    assert "Riwayat SIASN" in opened("home.score").texts(".evidence small")


def test_the_approval_behind_a_point_is_named_with_its_day(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        document = builders.document(
            session, cast.sari, DocumentState.DIPERIKSA, verifier=cast.vera
        )
        day = dt.datetime(2026, 5, 3, 3, tzinfo=UTC)
        verification.approve(session, cast.vera, document, at=day)
    compute()

    origins = opened("home.score").texts(".evidence small")

    assert "Disetujui verifikator BKPSDM, 3 Mei 2026" in origins


def test_each_item_says_from_when_it_no_longer_counts(compute: Compute, opened: Opened) -> None:
    compute()

    (bimtek,) = [
        words
        for words in opened("home.score").texts(".evidence li")
        if words.startswith("Bimtek Asesmen")
    ]

    assert bimtek.endswith(f"Tidak dihitung lagi mulai 1 Januari {TODAY.year + 1}")


def test_a_punishment_says_from_when_it_takes_nothing_more(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        session.add(
            Hukdis(
                pegawai_id=cast.sari.pegawai_id,
                tingkat=TingkatHukuman.RINGAN,
                tmt=dt.date(TODAY.year, 1, 1),
            )
        )
    compute()

    assert f"Tidak lagi mengurangi nilai mulai 1 Januari {TODAY.year + 1}" in (
        opened("home.score").texts(".evidence small")
    )


def test_a_closed_year_speaks_of_no_end(
    earlier_year: int, compute: Compute, opened: Opened
) -> None:
    compute()

    assert "Tidak dihitung lagi" not in opened("home.score", tahun=earlier_year).text


def test_a_kind_that_the_post_does_not_ask_for_is_listed_with_the_reason(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.STRUKTURAL,
                nama="Diklat PIM IV",
                tanggal_selesai=dt.date(2019, 5, 1),
            )
        )
    compute()

    page = opened("home.score")

    assert "Tercatat, tetapi tidak dinilai (1)" in page.texts("summary")
    assert any(
        words.startswith("Diklat PIM IV") and "tidak dinilai untuk jabatan" in words
        for words in page.texts("details li")
    )


def test_the_first_of_january_is_told_with_what_falls_away(
    compute: Compute, opened: Opened
) -> None:
    compute()

    page = opened("home.score")

    told = page.texts("#tahun-depan")[0]
    assert told.startswith(f"Pada 1 Januari {TODAY.year + 1}")
    assert "nilai Anda turun 31,00 poin menjadi 40,00 Sangat Rendah" in told
    assert page.texts("#tahun-depan h3") == [
        "Predikat kinerja −25,00",
        "Diklat teknis 20 JP −6,00",
    ]
    assert f"Pastikan SKP {TODAY.year} dinilai dan tercatat" in told


def test_what_can_be_kept_this_year_leads_to_the_upload(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.SEMINAR,
                nama="Seminar Tahun Lalu",
                tanggal_selesai=dt.date(TODAY.year - 1, 5, 1),
            )
        )
    compute()

    page = opened("home.score")

    assert page.link("Unggah sertifikatnya") == "/dokumen/baru?jenis=seminar"


def test_whoever_retires_by_january_sees_no_outlook(
    change: Callable[..., None], compute: Compute, opened: Opened
) -> None:
    change(pensiun_sejak=dt.date(TODAY.year + 1, 1, 1))
    compute()

    assert opened("home.score").all("#tahun-depan") == []


def test_the_reasons_stand_before_what_may_come(compute: Compute, opened: Opened) -> None:
    compute()

    headings = opened("home.score").texts("main h2")

    assert headings[:4] == ["Kualifikasi", "Kompetensi", "Kinerja", "Disiplin"]
    assert headings[4].startswith("Pada 1 Januari")


def test_what_may_fall_away_is_one_step_from_the_top(compute: Compute, opened: Opened) -> None:
    compute()

    page = opened("home.score")

    links = {tag["href"]: tag.get_text(strip=True) for tag in page.all("ul.links a")}
    assert links["#tahun-depan"] == f"Pada 1 Januari {TODAY.year + 1} turun 31,00 poin"


def test_whoever_is_retired_misses_no_target(
    change: Callable[..., None], compute: Compute, opened: Opened
) -> None:
    compute()
    change(pensiun_sejak=TODAY)

    assert [row for row in opened("home.score").texts(".facts dt") if "Target" in row] == []


def test_a_closed_year_has_no_outlook(earlier_year: int, compute: Compute, opened: Opened) -> None:
    compute()

    assert opened("home.score", tahun=earlier_year).all("#tahun-depan") == []


def test_a_score_from_before_the_ledger_is_still_shown(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    with database.transaction() as session:
        row = session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year))
        row.rincian = [
            {
                **entry,
                "berlaku_sampai": None,
                "bukti": [{"nama": "Lama", "document_id": None} for _ in entry["bukti"]],
            }
            for entry in row.rincian
        ]

    assert "Lama" in opened("home.score").texts(".evidence span")


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


def test_a_rule_set_that_is_gone_is_named_by_its_id(compute: Compute, opened: Opened) -> None:
    compute(aturan="cendana-2025")

    assert "Aturan: cendana-2025, versi" in opened("home.score").text


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


def links_to_hand_in(page: Page) -> list[str]:
    """Where the rows of the score lead for what is still open."""
    found = page.all('.indicator a[href^="/dokumen/baru"]')
    return [str(link["href"]).partition("jenis=")[2] for link in found]


def test_a_row_with_open_points_leads_to_the_hand_in(compute: Compute, opened: Opened) -> None:
    compute()

    assert links_to_hand_in(opened("home.score")) == ["ijazah", "teknis", "seminar"]


def test_a_row_that_a_waiting_item_fills_leads_nowhere(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DIAJUKAN)
    compute()

    assert links_to_hand_in(opened("home.score")) == ["ijazah", "teknis"]
