"""The first screen: where one stands, what brings most, what is in progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from portal.agency.models import MeasuringYear
from portal.db import Database
from portal.people.models import Pendidikan, Pengembangan
from portal.vocabulary import DocumentState, JenisDiklat, JenisPegawai, Tingkat
from portal.wording import tanggal_pendek
from tests.home.conftest import TARGET, Compute
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page
from tests.support.queries import statements

Opened = Callable[..., Page]
MOST_QUERIES = 12
NEW_YEAR = dt.date(TODAY.year, 1, 1)
SIXTY = "Wolfeschlegelsteinhausenbergerdorff Kusumaningratdiningsih"


def hand_in(
    database: Database, cast: Cast, state: DocumentState = DocumentState.DIAJUKAN, number: int = 1
) -> None:
    with database.transaction() as session:
        for _ in range(number):
            builders.document(session, cast.sari, state, verifier=cast.vera)


def take_every_step_but_a_seminar(database: Database, cast: Cast) -> None:
    """Give sari everything else that a certificate or a degree can bring."""
    own = {"pegawai_id": cast.sari.pegawai_id}
    with database.transaction() as session:
        session.add_all(
            [
                Pengembangan(
                    **own,
                    jenis=JenisDiklat.TEKNIS,
                    nama="Bimtek",
                    jp=20,
                    tanggal_selesai=NEW_YEAR,
                ),
                Pendidikan(**own, tingkat=Tingkat.S3, tanggal_lulus=dt.date(2020, 1, 1)),
            ]
        )


def take_the_seminar(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.SEMINAR,
                nama="Seminar",
                tanggal_selesai=NEW_YEAR,
            )
        )


def facts(page: Page) -> dict[str, str]:
    """The lines beside the ring."""
    return dict(zip(page.texts(".facts dt"), page.texts(".facts dd"), strict=True))


def test_the_figures_are_those_of_the_design(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    hand_in(database, cast)
    compute()

    page = opened("home.index")

    assert page.texts(".ring p") == ["71,00 Sedang"]
    assert facts(page) == {
        f"Target {TODAY.year}": "80,00",
        "Masih kurang": "9,00",
        "Bisa menjadi": "81,00",
    }


@on_sqlite_alone
def test_a_press_on_the_ring_leads_to_the_reasons(compute: Compute, opened: Opened) -> None:
    compute()

    ring = opened("home.index").one("a.ring")

    assert ring["href"] == "/skor"
    assert ring.get_text(" ", strip=True).endswith("71,00 Sedang , lihat alasan setiap nilai")


def test_the_four_dimensions_stand_with_what_may_still_come(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    hand_in(database, cast)
    compute()

    assert opened("home.index").texts(".dimensions li") == [
        "Kualifikasi 20 / 25",
        "Kompetensi 21 / 40 , bisa bertambah 10",
        "Kinerja 25 / 30",
        "Disiplin 5 / 5",
    ]


def test_the_best_step_says_what_it_brings_and_leads_to_its_upload(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    hand_in(database, cast)
    compute()

    page = opened("home.index")

    assert page.texts(".gold p") == [
        "Diklat teknis 12 JP lagi tahun ini: +9,00 poin → 80,00 Sedang , target tercapai"
    ]
    assert page.link("Unggah sertifikatnya") == "/dokumen/baru?jenis=teknis"


@on_sqlite_alone
def test_a_step_of_who_is_above_the_target_reaches_nothing_new(
    compute: Compute, opened: Opened
) -> None:
    compute(total=TARGET)

    assert "target tercapai" not in opened("home.index").one(".gold").get_text()


@on_sqlite_alone
def test_the_day_of_the_score_is_told_and_that_it_is_an_estimate(
    compute: Compute, opened: Opened
) -> None:
    compute()

    page = opened("home.index")

    assert f"Perkiraan portal, per {tanggal_pendek(TODAY)}" in page.text
    assert "kinerja masih sementara" in page.text


@on_sqlite_alone
def test_a_score_that_was_not_renewed_is_marked(compute: Compute, opened: Opened) -> None:
    compute(per_tanggal=TODAY - dt.timedelta(days=5))

    assert "Belum diperbarui" in opened("home.index").text


@on_sqlite_alone
def test_a_score_of_yesterday_is_no_cause_for_concern(
    cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute(per_tanggal=cast.sari.today - dt.timedelta(days=1))

    assert "Belum diperbarui" not in opened("home.index").text


@on_sqlite_alone
def test_without_a_score_the_page_says_when_it_comes(opened: Opened) -> None:
    page = opened("home.index")

    assert f"Skor {TODAY.year} belum dihitung" in page.texts("h2")
    assert page.all(".ring") == []


@on_sqlite_alone
def test_without_a_score_of_this_year_that_of_the_last_is_one_step_away(
    earlier_year: int, opened: Opened
) -> None:
    page = opened("home.index")

    assert page.link(f"Lihat skor {earlier_year}") == f"/skor?tahun={earlier_year}"


@on_sqlite_alone
def test_whoever_is_not_measured_reads_why(
    change: Callable[..., None], compute: Compute, opened: Opened
) -> None:
    change(jenis_pegawai=JenisPegawai.CPNS)
    compute()

    page = opened("home.index")

    assert "Anda belum termasuk yang diukur" in page.text
    assert "CPNS" in page.text
    assert (page.all(".ring"), page.all(".gold")) == ([], [])


@on_sqlite_alone
def test_above_the_target_nothing_is_missing(compute: Compute, opened: Opened) -> None:
    compute(total=85)

    assert facts(opened("home.index"))["Di atas target"] == "5,00"


@on_sqlite_alone
def test_without_a_target_the_ring_stands_alone(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    with database.transaction() as session:
        session.execute(update(MeasuringYear).values(target=None))

    page = opened("home.index")

    assert facts(page) == {}
    assert page.texts(".ring p") == ["71,00 Sedang"]


@on_sqlite_alone
def test_whoever_has_taken_every_step_is_told_so(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    take_every_step_but_a_seminar(database, cast)
    take_the_seminar(database, cast)
    compute()

    page = opened("home.index")

    assert "Semua langkah sudah Anda tempuh" in page.text
    assert page.all(".gold") == []


@on_sqlite_alone
def test_an_item_that_brings_nothing_promises_nothing(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    take_every_step_but_a_seminar(database, cast)
    take_the_seminar(database, cast)
    hand_in(database, cast)
    compute()

    page = opened("home.index")

    assert "Bisa menjadi" not in facts(page)
    assert "Semua langkah sudah Anda tempuh" in page.text


@on_sqlite_alone
def test_whoever_waits_for_the_last_step_is_told_so(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    take_every_step_but_a_seminar(database, cast)
    hand_in(database, cast)
    compute()

    page = opened("home.index")

    assert "Langkah terbaik Anda sudah berjalan" in page.text
    assert facts(page)["Bisa menjadi"] == "95,00"


@on_sqlite_alone
def test_a_name_of_sixty_letters_with_titles_is_shown_whole(
    change: Callable[..., None], compute: Compute, opened: Opened
) -> None:
    change(nama=SIXTY, gelar_depan="Prof. Dr. dr.", gelar_belakang="Sp.P.D., K.G.E.H., M.Kes.")
    compute()

    assert opened("home.index").texts(".who b") == [
        f"Prof. Dr. dr. {SIXTY}, Sp.P.D., K.G.E.H., M.Kes."
    ]


@on_sqlite_alone
@pytest.mark.parametrize("name", ["محمد أحمد", "🌸 Bunga 🌸", "<b>Sari</b>", "O'Neill & Sons"])
def test_a_strange_name_is_shown_as_it_is(
    change: Callable[..., None], opened: Opened, name: str
) -> None:
    change(nama=name, gelar_belakang="")

    page = opened("home.index")

    assert page.texts(".who b") == [name]
    assert page.one(".who b")["dir"] == "auto"


@on_sqlite_alone
def test_nothing_in_progress_leads_to_the_upload(compute: Compute, opened: Opened) -> None:
    compute()

    page = opened("home.index")

    assert "Tidak ada dokumen yang sedang diproses." in page.text
    assert page.link("Unggah sertifikat atau ijazah") == "/dokumen/baru"


@on_sqlite_alone
def test_what_needs_the_person_comes_first_with_what_to_repair(
    database: Database, cast: Cast, opened: Opened
) -> None:
    with database.transaction() as session:
        reason = builders.reason(session)
        builders.document(
            session,
            cast.sari,
            DocumentState.PERLU_PERBAIKAN,
            verifier=cast.vera,
            reason_id=reason.id,
        )
        builders.document(session, cast.sari, DocumentState.DIAJUKAN)

    first, second = opened("home.index").texts(".item")

    assert first == "Seminar Literasi Numerasi Tanggal tidak terbaca Perlu perbaikan"
    assert second.startswith("Seminar Literasi Numerasi Diajukan ")


@on_sqlite_alone
def test_a_draft_opens_where_it_was_left(database: Database, cast: Cast, opened: Opened) -> None:
    hand_in(database, cast, DocumentState.DRAF)

    (item,) = opened("home.index").all(".item")

    assert str(item["href"]).endswith("/berkas")


@on_sqlite_alone
@pytest.mark.parametrize(
    "state", [DocumentState.DISETUJUI, DocumentState.DIBATALKAN, DocumentState.DICABUT]
)
def test_what_is_finished_is_not_in_progress(
    database: Database, cast: Cast, opened: Opened, state: DocumentState
) -> None:
    hand_in(database, cast, state)

    assert opened("home.index").all(".item") == []


@on_sqlite_alone
def test_of_very_many_items_four_are_shown(database: Database, cast: Cast, opened: Opened) -> None:
    hand_in(database, cast, number=40)

    assert len(opened("home.index").all(".item")) == 4


@on_sqlite_alone
def test_items_of_others_are_not_shown(database: Database, cast: Cast, opened: Opened) -> None:
    hand_in(database, cast)

    assert opened("home.index", cast.budi).all(".item") == []


@on_sqlite_alone
def test_a_retired_person_reads_and_is_asked_for_nothing(
    change: Callable[..., None], compute: Compute, opened: Opened
) -> None:
    compute()
    change(pensiun_sejak=TODAY - dt.timedelta(days=1))

    page = opened("home.index")

    assert page.texts(".ring p") == ["71,00 Sedang"]
    assert [words for words in page.texts("main a") if "Unggah" in words] == []
    assert "Masa pengukuran Anda sudah selesai" in page.text
    assert "Langkah terbaik Anda" not in page.text
    assert facts(page) == {}


@on_sqlite_alone
def test_a_verifikator_sees_how_much_is_waiting(
    database: Database, cast: Cast, opened: Opened
) -> None:
    hand_in(database, cast, number=3)

    page = opened("home.index", cast.vera)

    assert "3 dokumen menunggu diperiksa" in page.text
    assert page.link("Buka antrean") == "/verifikasi"


@on_sqlite_alone
def test_nobody_else_sees_a_queue(opened: Opened) -> None:
    assert "menunggu diperiksa" not in opened("home.index").text


@on_sqlite_alone
@pytest.mark.parametrize("score", [True, False])
def test_the_page_asks_little(
    app: Flask, browser: Browser, cast: Cast, compute: Compute, score: bool
) -> None:
    if score:
        compute(cast.vera)
    browser.enter(cast.vera)

    with statements(app) as seen:
        browser.get("home.index")

    assert len(seen) <= MOST_QUERIES
