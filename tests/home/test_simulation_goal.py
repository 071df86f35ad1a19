"""/skor/simulasi: the goal and its lightest steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import update

from portal.agency.models import MeasuringYear
from portal.db import Database
from portal.people.models import Hukdis, Kinerja, Pendidikan, Pengembangan
from portal.vocabulary import (
    JenisDiklat,
    Predikat,
    Tingkat,
    TingkatHukuman,
)
from tests.home.simulation_support import hand_in, rows
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

pytestmark = on_sqlite_alone
Opened = Callable[..., Page]
PAGE = "home.simulation"


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
