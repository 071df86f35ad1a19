"""BKN's value beside the own estimate, and why they differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from portal.db import Database, now
from portal.permissions import Actor
from portal.scoring.models import OfficialScore
from portal.vocabulary import DocumentState
from portal.wording import tanggal
from tests.home.conftest import Compute
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page
from tests.support.queries import statements

Opened = Callable[..., Page]
Keep = Callable[..., None]
PULLED = dt.datetime(TODAY.year, 1, 3, 5, tzinfo=dt.UTC)


@pytest.fixture
def keep(database: Database, cast: Cast) -> Keep:
    """Keep a value of BKN's for sari; fields replace any column."""

    def act(actor: Actor = cast.sari, **fields: Any) -> None:
        values: dict[str, Any] = {
            "pegawai_id": actor.pegawai_id, "tahun": None, "kualifikasi": Decimal(20),
            "kompetensi": Decimal("17.5"), "kinerja": Decimal(25), "disiplin": Decimal(5),
            "total": Decimal("67.5"), "dihitung": dt.date(2025, 2, 12), "ditarik": PULLED,
        }  # fmt: skip
        with database.transaction() as session:
            session.add(OfficialScore(**values | fields))

    return act


def line(page: Page) -> str:
    (found,) = [text for text in page.texts("main p") if text.startswith("Resmi BKN")]
    return found


def causes(page: Page) -> list[str]:
    (found,) = page.all("section#resmi")
    return [" ".join(p.get_text(" ").split()) for p in found.select(".indicator p")]


def test_beranda_tells_the_official_value_with_its_days(
    compute: Compute, keep: Keep, opened: Opened
) -> None:
    compute()
    keep()

    assert line(opened("home.index")) == ("Resmi BKN: 67,50 · dihitung 12 Feb 2025 · ditarik 3 Jan")


def test_the_year_is_told_only_where_the_source_states_one(
    compute: Compute, keep: Keep, opened: Opened
) -> None:
    compute()
    keep(tahun=2024, dihitung=None)

    assert line(opened("home.index")) == "Resmi BKN 2024: 67,50 · ditarik 3 Jan"


@on_sqlite_alone
def test_a_pull_of_an_earlier_year_is_told_with_its_year(
    compute: Compute, keep: Keep, opened: Opened
) -> None:
    compute()
    keep(ditarik=dt.datetime(2024, 11, 3, 5, tzinfo=dt.UTC), dihitung=None)

    assert line(opened("home.index")).endswith("ditarik 3 Nov 2024")


@on_sqlite_alone
def test_without_a_value_nothing_is_said(compute: Compute, opened: Opened) -> None:
    compute()

    assert "Resmi BKN" not in opened("home.index").text


@on_sqlite_alone
def test_whoever_has_no_own_score_still_sees_that_of_bkn(keep: Keep, opened: Opened) -> None:
    keep()

    assert "67,50" in line(opened("home.index"))


@on_sqlite_alone
def test_the_values_of_others_are_not_shown(
    cast: Cast, compute: Compute, keep: Keep, opened: Opened
) -> None:
    compute(cast.budi)
    keep()

    assert "Resmi BKN" not in opened("home.index", cast.budi).text


@on_sqlite_alone
def test_the_newest_pull_stands_and_the_older_is_history(
    compute: Compute, keep: Keep, opened: Opened
) -> None:
    compute()
    keep()
    keep(total=Decimal(60), kompetensi=Decimal(10), ditarik=PULLED - dt.timedelta(days=200))

    assert "67,50" in line(opened("home.index"))
    assert "Nilai BKN sebelumnya (1)" in opened("home.score").text


@on_sqlite_alone
def test_a_value_of_an_older_year_that_is_pulled_later_does_not_push_the_newer_one_away(
    compute: Compute, keep: Keep, opened: Opened
) -> None:
    compute()
    keep(tahun=2024)
    keep(tahun=2023, total=Decimal(60), ditarik=PULLED + dt.timedelta(hours=5))

    assert line(opened("home.index")).startswith("Resmi BKN 2024: 67,50")


@on_sqlite_alone
def test_a_value_with_a_year_stands_before_an_older_pull_without_one(
    compute: Compute, keep: Keep, opened: Opened
) -> None:
    compute()
    keep(total=Decimal(60))
    keep(tahun=TODAY.year - 1, ditarik=PULLED + dt.timedelta(hours=5))

    assert line(opened("home.index")).startswith(f"Resmi BKN {TODAY.year - 1}: 67,50")


def test_skor_names_the_paper_that_bkn_does_not_have(
    database: Database, cast: Cast, compute: Compute, keep: Keep, opened: Opened
) -> None:
    from portal.people.models import Pengembangan
    from portal.vocabulary import JenisDiklat

    approved = now()
    with database.transaction() as session:
        item = builders.document(
            session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera, closed_at=approved
        )  # fmt: skip
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id, document_id=item.id, jenis=JenisDiklat.SEMINAR,
                nama=item.nama, tanggal_selesai=item.tanggal_selesai, sumber="portal",
            )
        )  # fmt: skip
    compute()
    keep(kompetensi=Decimal(21), total=Decimal(71))

    day = tanggal(approved.astimezone(cast.sari.zone).date())
    assert causes(opened("home.score")) == [
        f"BKN belum mencatat Seminar Literasi Numerasi yang disetujui di sini {day}."
    ]


@on_sqlite_alone
def test_skor_puts_both_values_side_by_side(compute: Compute, keep: Keep, opened: Opened) -> None:
    compute()
    keep()

    rows = opened("home.score").texts("table.data tbody tr")

    assert rows[:2] == ["Kualifikasi 20,00 20,00 0,00", "Kompetensi 17,50 21,00 +3,50"]


@on_sqlite_alone
def test_a_remark_of_bkn_is_shown_as_it_is(compute: Compute, keep: Keep, opened: Opened) -> None:
    compute()
    keep(keterangan={"kinerja": "<b>SKP</b> 🌸 belum ada"})

    assert causes(opened("home.score"))[-1] == "Catatan BKN: <b>SKP</b> 🌸 belum ada"


@on_sqlite_alone
@pytest.mark.parametrize("endpoint", ["home.index", "home.score"])
def test_the_pages_still_ask_little(
    app: Flask, browser: Browser, cast: Cast, compute: Compute, keep: Keep, endpoint: str
) -> None:
    compute()
    for number in range(30):
        keep(ditarik=PULLED - dt.timedelta(days=number))
    browser.enter(cast.sari)

    with statements(app) as seen:
        browser.get(endpoint)

    assert len(seen) <= 12
