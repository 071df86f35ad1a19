"""Riwayat skor: the years, and each change with its cause."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import Database, now
from portal.scoring.models import ScoreChange
from portal.vocabulary import DocumentState
from portal.web.pagination import Position
from tests.home.conftest import Compute
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page
from tests.support.queries import statements

pytestmark = on_sqlite_alone
Opened = Callable[..., Page]


def note(database: Database, cast: Cast, **fields: object) -> None:
    values = {
        "pegawai_id": cast.sari.pegawai_id,
        "tahun": TODAY.year,
        "sebelum": Decimal(65),
        "sesudah": Decimal(71),
        "sebab": "Dokumen disetujui",
    }
    with database.transaction() as session:
        session.add(ScoreChange(**values | fields))


def test_without_any_score_the_page_says_so(opened: Opened) -> None:
    assert opened("home.score_history").texts("h2") == ["Belum ada riwayat"]


def test_each_year_leads_to_its_score(compute: Compute, opened: Opened) -> None:
    compute()

    page = opened("home.score_history")

    assert page.link(str(TODAY.year)) == f"/skor?tahun={TODAY.year}"
    assert page.texts("tbody tr") == [
        "Kualifikasi 20,00",
        "Kompetensi 21,00",
        "Kinerja 25,00",
        "Disiplin 5,00",
        "Nilai 71,00",
        "Kategori Sedang",
    ]


def test_one_year_needs_no_line(compute: Compute, opened: Opened) -> None:
    compute()

    assert opened("home.score_history").all(".line-chart") == []


def test_several_years_are_a_line_with_words(
    earlier_year: int, compute: Compute, opened: Opened
) -> None:
    compute()

    page = opened("home.score_history")

    label = str(page.all(".line-chart")[0]["aria-label"])
    assert label.startswith(f"Nilai per tahun. {earlier_year}: ")
    assert page.texts("thead a") == [str(TODAY.year), str(earlier_year)]
    assert page.texts("tbody tr")[0] == "Kualifikasi 20,00 20,00"


def test_the_first_computation_has_no_before(compute: Compute, opened: Opened) -> None:
    compute()

    (change,) = opened("home.score_history").texts(".timeline li")

    assert change.startswith(f"Penghitungan harian 71,00 · tahun {TODAY.year}")


@pytest.mark.parametrize(
    ("before", "after", "tone"), [(65, 71, "ok"), (71, 65, "warn"), (71, 71, "")]
)
def test_a_rise_and_a_fall_can_be_told_apart(
    database: Database,
    cast: Cast,
    compute: Compute,
    opened: Opened,
    before: int,
    after: int,
    tone: str,
) -> None:
    compute()
    note(database, cast, sebelum=Decimal(before), sesudah=Decimal(after))

    page = opened("home.score_history")

    change = page.all(".timeline li")[0]
    assert change.get("class", []) == ([tone] if tone else [])
    assert f"{before},00 → {after},00" in page.text


def test_a_change_to_not_measured_has_words(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    note(database, cast, sesudah=None)

    assert "65,00 → tidak diukur" in opened("home.score_history").text


def test_a_change_leads_to_the_document_behind_it(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    with database.transaction() as session:
        document = builders.document(
            session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera
        )
    note(database, cast, document_id=document.id, sebab="Seminar Literasi: disetujui")

    page = opened("home.score_history")

    assert page.link("Seminar Literasi: disetujui") == f"/dokumen/{document.id}"


def test_changes_of_others_are_not_shown(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute(cast.budi)
    note(database, cast, sebab="Rahasia Sari")

    assert "Rahasia Sari" not in opened("home.score_history", cast.budi).text


def test_the_dimensions_that_moved_are_told(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    note(database, cast, dimensi={"kinerja": ["25.00", "30.00"], "kompetensi": ["15", "10.125"]})

    (notes,) = opened("home.score_history").texts(".timeline li p")

    assert notes == "Kompetensi 15,00 → 10,13; Kinerja 25,00 → 30,00"


def test_the_first_points_are_no_movement(compute: Compute, opened: Opened) -> None:
    compute()

    assert opened("home.score_history").texts(".timeline li p") == []


def test_another_way_of_measuring_is_named_as_a_cause(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    note(database, cast, aturan_versi="baru+9a", waktu=now() + dt.timedelta(seconds=1))

    notes = opened("home.score_history").texts(".timeline li p")

    assert notes == ["Cara menghitung berubah (aturan versi baru+9a)"]


def test_the_way_of_the_year_is_a_line_with_its_causes(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    note(
        database,
        cast,
        sebab="Seminar: disetujui",
        sesudah=Decimal(81),
        waktu=now() + dt.timedelta(seconds=1),
    )

    label = str(opened("home.score_history").one(".line-chart")["aria-label"])

    assert label.startswith(f"Nilai {TODAY.year}. ")
    assert "71,00 (Penghitungan harian); " in label
    assert label.endswith("81,00 (Seminar: disetujui)")


def test_the_line_of_a_busy_year_shows_its_newest_steps(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    for count in range(1, 15):
        later = now() + dt.timedelta(seconds=count)
        note(database, cast, sesudah=Decimal(count), sebab=f"Ke-{count}", waktu=later)

    label = str(opened("home.score_history").one(".line-chart")["aria-label"])

    assert label.count("Ke-") == 6
    assert label.endswith("14,00 (Ke-14)")


def test_very_many_changes_stand_on_pages_none_lost_none_twice(
    database: Database, cast: Cast, compute: Compute, opened: Opened, browser: Browser
) -> None:
    moment = now()
    for count in range(45):
        # Several at the same moment: the key, not the clock, decides where a page ends.
        at = moment - dt.timedelta(minutes=count // 7)
        note(database, cast, sebab=f"Sebab {count:02}", waktu=at)
    compute()

    page, seen = opened("home.score_history"), []
    while True:
        seen += [words.split(" 65")[0] for words in page.texts(".timeline li")]
        older = page.all("a[rel=next]")
        if not older:
            break
        page = browser.get(path=str(older[0]["href"]))

    causes = sorted(cause for cause in seen if cause.startswith("Sebab"))
    assert causes == [f"Sebab {count:02}" for count in range(45)]


@pytest.mark.parametrize("place", ["", "x", "%00", "A" * 200])
def test_a_place_that_is_none_is_the_first_page(
    compute: Compute, opened: Opened, place: str
) -> None:
    compute()

    assert opened("home.score_history", sebelum=place).texts("h2") == [
        "Nilai per tahun",
        "Perubahan",
    ]


def test_a_place_after_the_last_change_says_so(compute: Compute, opened: Opened) -> None:
    compute()
    end = Position(dt.datetime(2001, 1, 1, tzinfo=dt.UTC), uuid.UUID(int=0)).encode()

    assert opened("home.score_history", sebelum=end).texts("h2") == ["Tidak ada perubahan lagi"]


def test_the_page_asks_little(app: Flask, browser: Browser, cast: Cast, compute: Compute) -> None:
    compute()
    browser.enter(cast.sari)

    with statements(app) as seen:
        browser.get("home.score_history")

    assert len(seen) <= 12
