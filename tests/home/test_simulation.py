"""/skor/simulasi: switches; the address holds everything and may hold anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.db import Database
from portal.settings import Settings
from portal.vocabulary import (
    JenisPegawai,
)
from tests.home.simulation_support import hand_in, planned, rows
from tests.support.app import Browser, MakeApp
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page
from tests.support.queries import statements

pytestmark = on_sqlite_alone
Opened = Callable[..., Page]
PAGE = "home.simulation"
MOST_QUERIES = 12
MOST_BYTES = 20 * 1024


def test_at_first_everything_is_as_it_is(opened: Opened) -> None:
    page = opened(PAGE)

    assert page.texts("#ringkas") == ["Nilai sekarang 71,00 → menjadi 71,00 Sedang"]
    assert page.all("[checked]") == []
    assert "Pilih satu langkah" in page.text


def test_what_can_be_switched_on_stands_from_the_lightest(opened: Opened) -> None:
    page = opened(PAGE)

    names = [str(tag["name"]) for tag in page.all("form[method=get] :is(select, [type=checkbox])")]
    assert names == ["seminar", "teknis", "kinerja", "pendidikan"]


def test_every_hour_is_offered_with_its_points(opened: Opened) -> None:
    texts = opened(PAGE).texts("#teknis option")

    assert (texts[0], texts[1], texts[-1]) == (
        "Tetap seperti sekarang",
        "1 JP lagi: +0,75",
        "12 JP lagi: +9,00",
    )


def test_switches_of_the_address_are_on_and_counted(opened: Opened) -> None:
    page = opened(PAGE, seminar="1", teknis="15")

    assert page.texts("#ringkas") == ["Nilai sekarang 71,00 → menjadi 86,25 Tinggi"]
    assert page.one("#seminar").has_attr("checked")
    assert page.texts("#teknis option[selected]") == ["7 JP lagi: +5,25"]
    assert rows(page, "#hasil") == [
        "Satu seminar atau sejenisnya tahun ini +10,00",
        "Diklat teknis 7 JP lagi tahun ini +5,25",
    ]


def test_the_dimensions_tell_now_and_then(opened: Opened) -> None:
    page = opened(PAGE, seminar="1", kinerja="Sangat Baik", pendidikan="S-2")

    assert page.texts("#hasil .dimensions .value") == [
        "20 → 25 / 25",
        "21 → 31 / 40",
        "25 → 30 / 30",
        "5 / 5",
    ]
    assert len(page.all("#hasil .ring-chart .coming")) == 3


def test_one_address_is_one_result(opened: Opened) -> None:
    """What is shared or bookmarked names every switch; nothing else is kept."""
    first = opened(PAGE, teknis="20", ingin="85")
    again = opened(PAGE, teknis="20", ingin="85")

    assert first.one("#hasil").get_text() == again.one("#hasil").get_text()


def test_the_form_works_without_javascript(opened: Opened, browser: Browser) -> None:
    opened(PAGE)

    page = browser.submit("Hitung", seminar="1", ingin="85")

    assert page.texts("#ringkas b") == ["menjadi 81,00"]


def test_for_htmx_only_the_answer_is_sent(cast: Cast, browser: Browser) -> None:
    browser.enter(cast.sari)

    part = browser.get(PAGE, htmx=True, seminar="1")

    assert not part.is_whole
    assert [tag["id"] for tag in part.all("[id]")] == ["hasil", "ringkas", "jawaban"]
    assert [tag["id"] for tag in part.all("[hx-swap-oob]")] == ["ringkas", "jawaban"]


def test_what_waits_is_on_its_way_and_no_switch(
    database: Database, cast: Cast, opened: Opened
) -> None:
    hand_in(database, cast)

    page = opened(PAGE)

    assert page.texts("#ringkas")[0].startswith("Nilai sekarang 71,00 → menjadi 81,00 Tinggi")
    assert page.all("#seminar") == []
    assert rows(page, ".sources") == ["Seminar Literasi Numerasi +10,00"]
    assert "Sudah penuh, termasuk yang sedang diperiksa" in page.text


def test_of_two_that_wait_for_the_same_one_adds_nothing(
    database: Database, cast: Cast, opened: Opened
) -> None:
    hand_in(database, cast)
    hand_in(database, cast)

    page = opened(PAGE)

    assert [row[-6:].strip() for row in page.texts(".sources > .gains li")] == ["+10,00"]
    assert page.texts(".sources summary") == ["1 dokumen lain tidak menambah nilai"]
    assert len(page.all(".sources details a")) == 1


def test_where_nothing_that_waits_adds_no_item_is_called_another_one(
    database: Database, cast: Cast, opened: Opened
) -> None:
    hand_in(database, cast, tanggal_selesai=dt.date(TODAY.year - 5, 5, 1))

    page = opened(PAGE)

    assert page.texts(".sources summary") == ["1 dokumen tidak menambah nilai"]


@pytest.mark.parametrize(
    "values",
    [
        {"seminar": "<script>alert(1)</script>"},
        {"teknis": "-5"},
        {"teknis": "9" * 400},
        {"teknis": "٢٠"},
        {"pendidikan": "S-9"},
        {"pendidikan": "SD"},
        {"kinerja": "Buruk sekali"},
        {"kepemimpinan": "1"},
        {"fungsional": "1"},
        {"seminar": "2"},
    ],
)
def test_what_nobody_offers_is_passed_over_plainly(opened: Opened, values: dict[str, str]) -> None:
    page = opened(PAGE, **values)

    assert page.texts("#ringkas b") == ["menjadi 71,00"]
    assert "Sebagian pilihan dilewati" in page.text


@pytest.mark.parametrize("text", ["seratus", "-1", "0", "100,01", "1e2", "NaN", "81,005", "९०"])
def test_a_goal_that_is_no_number_up_to_a_hundred_is_asked_for_again(
    opened: Opened, text: str
) -> None:
    page = opened(PAGE, ingin=text)

    assert "Tulis angka di atas 0 sampai 100, misalnya 81." in page.text
    assert page.one("#ingin")["value"] == "81"


def test_foreign_parameters_change_nothing(opened: Opened) -> None:
    page = opened(PAGE, disiplin="1", pegawai_id="x", tahun="1899")

    assert page.texts("#ringkas b") == ["menjadi 71,00"]
    assert "dilewati" not in page.text


def test_simulating_keeps_nothing(database: Database, opened: Opened) -> None:
    opened(PAGE, seminar="1", ingin="91")

    assert planned(database) == []


def test_the_salary_is_an_illustration_and_says_so(opened: Opened) -> None:
    page = opened(PAGE, seminar="1")

    card = page.one("#hasil .card:last-child").get_text(" ", strip=True)
    assert "71 % Rp7.100.000" in card
    assert "81 % Rp8.100.000" in card
    assert "Ilustrasi, bukan ketentuan" in card


def test_an_agency_can_leave_the_salary_out(
    settings: Settings, make_app: MakeApp, database: Database, cast: Cast
) -> None:
    browser = Browser(make_app(replace(settings, salary_example=0)))
    browser.enter(cast.sari)

    assert "Gaji tunggal" not in browser.get(PAGE).text


def test_whoever_is_not_measured_reads_why(change: Callable[..., None], opened: Opened) -> None:
    change(jenis_pegawai=JenisPegawai.CPNS)

    page = opened(PAGE)

    assert "CPNS belum diukur" in page.text
    assert page.all("main form") == []


def test_whoever_is_not_measured_plans_nothing(
    change: Callable[..., None], cast: Cast, browser: Browser
) -> None:
    change(jenis_pegawai=JenisPegawai.CPNS)
    browser.enter(cast.sari)

    browser.post("home.save_plan", {"tahun": TODAY.year, "seminar": "1"}, expect=422)


def test_a_retired_person_reads_why(change: Callable[..., None], opened: Opened) -> None:
    change(pensiun_sejak=TODAY - dt.timedelta(days=1))

    assert "Masa pengukuran Anda sudah selesai" in opened(PAGE).text


def test_a_retired_person_plans_nothing(
    change: Callable[..., None], cast: Cast, browser: Browser
) -> None:
    change(pensiun_sejak=TODAY - dt.timedelta(days=1))
    browser.enter(cast.sari)

    browser.post("home.save_plan", {"tahun": TODAY.year, "seminar": "1"}, expect=403)


def test_the_page_asks_little_and_weighs_little(
    app: Flask, database: Database, cast: Cast, opened: Opened, browser: Browser
) -> None:
    for _ in range(5):
        hand_in(database, cast)
    opened(PAGE, teknis="20")
    browser.submit(f"Jadikan rencana {TODAY.year}")

    with statements(app) as seen:
        page = browser.get(PAGE)

    assert len(seen) <= MOST_QUERIES
    assert len(page.html) < MOST_BYTES
