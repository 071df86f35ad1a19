"""/skor/simulasi: switches, goal, plan; the address holds everything and may hold anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.agency.models import MeasuringYear
from portal.db import Database
from portal.people.models import Hukdis, Kinerja, Pendidikan, Pengembangan
from portal.scoring.models import PlannedStep, StoredScore
from portal.settings import Settings
from portal.vocabulary import (
    DocumentState,
    JenisDiklat,
    JenisPegawai,
    Predikat,
    Tingkat,
    TingkatHukuman,
)
from tests.support import builders
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


def rows(page: Page, within: str) -> list[str]:
    """Steps with their points."""
    return page.texts(f"{within} .gains li")


def hand_in(database: Database, cast: Cast, **fields: Any) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DIAJUKAN, **fields)


def aim(database: Database, target: int | None) -> None:
    with database.transaction() as session:
        session.execute(update(MeasuringYear).values(target=target))


def everything_done(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        own = {"pegawai_id": cast.sari.pegawai_id}
        ended = dt.date(TODAY.year, 1, 1)
        best = Predikat.SANGAT_BAIK
        session.add_all(
            [
                Pengembangan(**own, jenis=JenisDiklat.TEKNIS, jp=20, tanggal_selesai=ended),
                Pengembangan(**own, jenis=JenisDiklat.SEMINAR, tanggal_selesai=ended),
                Pendidikan(**own, tingkat=Tingkat.S3),
                Kinerja(**own, tahun=TODAY.year, predikat=best, dinilai=TODAY),
            ]
        )


def planned(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(PlannedStep.kunci).order_by(PlannedStep.urutan)))


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

    assert [row[-6:].strip() for row in rows(opened(PAGE), ".sources")] == ["+10,00", "+0,00"]


def test_the_target_of_the_agency_is_the_first_goal(database: Database, opened: Opened) -> None:
    aim(database, 80)

    page = opened(PAGE)

    assert page.one("#ingin")["value"] == "80"
    assert rows(page, "#jawaban") == [
        "Satu seminar atau sejenisnya tahun ini +10,00",
        "Menjadi 81,00 Tinggi",
    ]


@pytest.mark.parametrize(("target", "goal"), [(None, "81"), (60, "81")])
def test_without_a_target_above_it_is_the_next_category(
    database: Database, opened: Opened, target: int | None, goal: str
) -> None:
    aim(database, target)

    assert opened(PAGE).one("#ingin")["value"] == goal


@pytest.mark.parametrize("text", ["85", "85,00", "85.0", " 85 "])
def test_a_goal_is_answered_with_the_lightest_steps(opened: Opened, text: str) -> None:
    page = opened(PAGE, ingin=text)

    assert "Cara paling ringan menuju 85:" in page.text
    assert rows(page, "#jawaban") == [
        "Satu seminar atau sejenisnya tahun ini +10,00",
        "Diklat teknis 6 JP lagi tahun ini +4,50",
        "Menjadi 85,50 Tinggi",
    ]


def test_one_button_switches_the_answer_on(opened: Opened, browser: Browser) -> None:
    page = opened(PAGE, ingin="85")

    then = browser.get(path=page.link("Pakai langkah ini"))

    assert then.texts("#ringkas b") == ["menjadi 85,50"]
    assert "Inilah yang sedang Anda lihat." in then.text


def test_a_goal_that_is_reached_needs_nothing(opened: Opened) -> None:
    assert "Nilai Anda sudah 71,00." in opened(PAGE, ingin="70").text


def test_a_goal_that_what_waits_reaches_says_so(
    database: Database, cast: Cast, opened: Opened
) -> None:
    hand_in(database, cast)

    page = opened(PAGE, ingin="81")

    assert "Dokumen yang sedang diperiksa sudah membawa Anda ke 81,00." in page.text


def test_a_goal_out_of_reach_is_told_with_the_highest(
    database: Database, cast: Cast, opened: Opened
) -> None:
    with database.transaction() as session:
        session.add(
            Hukdis(
                pegawai_id=cast.sari.pegawai_id,
                tingkat=TingkatHukuman.RINGAN,
                tmt=dt.date(TODAY.year, 1, 1),
            )
        )

    page = opened(PAGE, ingin="100")

    assert "100 tidak dapat dicapai tahun ini. Yang tertinggi 98,00" in page.text
    assert page.link("Pakai langkah ini")


def test_whoever_has_done_everything_is_told_so(
    database: Database, cast: Cast, opened: Opened
) -> None:
    everything_done(database, cast)

    page = opened(PAGE)

    assert "Tidak ada lagi langkah yang menambah nilai Anda tahun ini." in page.text
    assert "Nilai Anda sudah 100,00." in page.text
    assert page.all("#hasil form") == []


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
