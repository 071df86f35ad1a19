"""The plan of the year: made in the simulation, taken apart, shown on Beranda."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.scoring.models import StoredScore
from tests.home.simulation_support import hand_in, planned, rows
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

pytestmark = on_sqlite_alone
Opened = Callable[..., Page]
PAGE = "home.simulation"


def test_the_chosen_steps_become_the_plan(
    database: Database, opened: Opened, browser: Browser
) -> None:
    opened(PAGE, seminar="1", teknis="20")

    page = browser.submit(f"Jadikan rencana {TODAY.year}")

    assert planned(database) == ["seminar", "teknis:20"]
    assert "Rencana Anda tersimpan." in page.text
    assert page.texts("#rencana li b") == [
        "Satu seminar atau sejenisnya tahun ini",
        "Diklat teknis sampai 20 JP tahun ini",
    ]
    assert "Inilah rencana Anda." in page.text


def test_a_plan_shows_where_each_step_stands(
    database: Database, cast: Cast, opened: Opened, browser: Browser
) -> None:
    opened(PAGE, seminar="1", teknis="20")
    browser.submit(f"Jadikan rencana {TODAY.year}")
    hand_in(database, cast)

    page = browser.get(PAGE)

    assert page.texts("#rencana small")[:2] == [
        "Sedang diperiksa",
        "Belum: 12 JP lagi, +9,00 poin · unggah",
    ]
    assert page.link("unggah") == "/dokumen/baru?jenis=teknis"
    assert page.link("Simulasikan") == "/skor/simulasi?teknis=20"


def test_a_step_that_is_being_examined_stays_in_a_new_plan(
    database: Database, cast: Cast, opened: Opened, browser: Browser
) -> None:
    opened(PAGE, seminar="1", teknis="20")
    browser.submit(f"Jadikan rencana {TODAY.year}")
    hand_in(database, cast)
    opened(PAGE, pendidikan="S-2")

    browser.submit(f"Jadikan rencana {TODAY.year}")

    assert sorted(planned(database)) == ["pendidikan:S-2", "seminar"]


def test_a_plan_is_recognised_beside_what_is_being_examined(
    database: Database, cast: Cast, opened: Opened, browser: Browser
) -> None:
    opened(PAGE, seminar="1", teknis="20")
    browser.submit(f"Jadikan rencana {TODAY.year}")
    hand_in(database, cast)

    assert "Inilah rencana Anda." in opened(PAGE, teknis="20").text


def test_the_sum_says_that_waiting_items_are_in_it(
    database: Database, cast: Cast, opened: Opened
) -> None:
    hand_in(database, cast)

    assert "termasuk 1 dokumen yang sedang diperiksa" in opened(PAGE).one("#ringkas").text


def test_hatching_is_explained_only_where_it_is_drawn(opened: Opened) -> None:
    assert "bergaris" not in opened(PAGE).text


def test_a_step_leaves_the_plan_by_its_button(
    database: Database, opened: Opened, browser: Browser
) -> None:
    opened(PAGE, seminar="1", teknis="20")
    browser.submit(f"Jadikan rencana {TODAY.year}")

    page = browser.submit("Hapus “Satu seminar atau sejenisnya tahun ini” dari rencana")

    assert planned(database) == ["teknis:20"]
    assert "Langkah itu sudah dihapus dari rencana Anda." in page.text


def test_taking_out_twice_is_told(cast: Cast, browser: Browser) -> None:
    browser.enter(cast.sari)
    gone = {"tahun": TODAY.year, "langkah": "seminar"}

    page = browser.post("home.remove_planned_step", gone, expect=409)

    assert "sudah selesai atau sudah dihapus" in page.text


def test_a_plan_of_nothing_comes_back_with_a_sentence(cast: Cast, browser: Browser) -> None:
    browser.enter(cast.sari)

    page = browser.post("home.save_plan", {"tahun": TODAY.year, "ingin": "90"}, expect=422)

    assert "Pilih sedikitnya satu langkah" in page.text
    assert page.one("#ingin")["value"] == "90"


@pytest.mark.parametrize("values", [{"seminar": "2"}, {"pendidikan": "SD"}, {"disiplin": "1"}])
def test_tampered_steps_make_no_plan(
    database: Database, cast: Cast, browser: Browser, values: dict[str, str]
) -> None:
    browser.enter(cast.sari)

    browser.post("home.save_plan", {"tahun": TODAY.year} | values, expect=422)

    assert planned(database) == []


@pytest.mark.parametrize("tahun", ["", "abc", "1899", str(TODAY.year - 1)])
@pytest.mark.parametrize("endpoint", ["home.save_plan", "home.remove_planned_step"])
def test_a_page_from_another_year_plans_nothing(
    cast: Cast, browser: Browser, endpoint: str, tahun: str
) -> None:
    browser.enter(cast.sari)

    page = browser.post(endpoint, {"tahun": tahun, "seminar": "1"}, expect=409)

    assert "Tahun pengukuran sudah berganti." in page.text


def test_skor_and_beranda_lead_here(compute: Callable[..., None], opened: Opened) -> None:
    compute()

    assert opened("home.index").link("Simulasi") == "/skor/simulasi?seminar=1"
    assert opened("home.score").link("Simulasi: naikkan nilai Anda")


def test_the_best_step_of_beranda_is_switched_on(
    compute: Callable[..., None], opened: Opened, browser: Browser
) -> None:
    compute()
    promised = opened("home.index").text

    page = browser.get(path=opened("home.index").link("Simulasi"))

    ((step, becomes),) = [row.rsplit(" ", 1) for row in rows(page, "#hasil")]
    assert f"{step}: {becomes} poin → {page.texts('#ringkas b')[0].split()[-1]}" in promised


def test_a_best_step_that_was_stored_without_its_key_opens_simulasi(
    database: Database, compute: Callable[..., None], opened: Opened
) -> None:
    compute()
    with database.transaction() as session:
        for stored in session.scalars(select(StoredScore).where(StoredScore.langkah.is_not(None))):
            kept = dict(stored.langkah or {})
            stored.langkah = {name: kept[name] for name in kept if name != "kunci"}

    assert opened("home.index").link("Simulasi") == "/skor/simulasi"


def test_beranda_shows_the_plan_in_one_line(
    compute: Callable[..., None], opened: Opened, browser: Browser
) -> None:
    compute()
    opened(PAGE, seminar="1", teknis="20")
    browser.submit(f"Jadikan rencana {TODAY.year}")

    page = browser.get("home.index")

    assert page.texts(".meter p") == ["Satu seminar atau sejenisnya tahun ini 0 dari 2 selesai"]
    assert page.link("Lihat rencana") == "/skor/simulasi#rencana"


def test_without_a_plan_beranda_says_nothing_of_one(
    compute: Callable[..., None], opened: Opened
) -> None:
    compute()

    assert "Rencana" not in opened("home.index").text
