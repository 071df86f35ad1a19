"""Riwayat skor: the years, and each change with its cause."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from portal.db import Database
from portal.scoring.models import ScoreChange
from portal.vocabulary import DocumentState
from tests.home.conftest import Compute
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

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
    assert page.texts("tbody tr") == [f"{TODAY.year} 71,00 Sedang"]


def test_one_year_needs_no_line(compute: Compute, opened: Opened) -> None:
    compute()

    assert opened("home.score_history").all(".line-chart") == []


def test_several_years_are_a_line_with_words(
    earlier_year: int, compute: Compute, opened: Opened
) -> None:
    compute()

    page = opened("home.score_history")

    label = str(page.one(".line-chart")["aria-label"])
    assert label.startswith(f"Nilai per tahun. {earlier_year}: ")
    assert page.texts("tbody a") == [str(TODAY.year), str(earlier_year)]


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


def test_of_very_many_changes_the_newest_fifty_are_shown(
    database: Database, cast: Cast, compute: Compute, opened: Opened
) -> None:
    compute()
    for _ in range(60):
        note(database, cast)

    assert len(opened("home.score_history").all(".timeline li")) == 50
