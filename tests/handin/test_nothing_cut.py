"""What is too long comes back whole; what is still missing is told at the step where it is."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.db import Database
from tests.handin.going import DATA, begin, files_in, only, photo, write
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_intake")]


def test_a_long_title_comes_back_whole_instead_of_being_cut_by_the_browser(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)
    page = sari.get("documents.edit", document_id=key)
    assert page.all("#isian [maxlength]") == []

    page = sari.submit("Simpan draf", expect=422, **DATA | {"nama": "Judul " * 100})

    assert page.one("[name=nama]")["value"] == ("Judul " * 100).strip()


def test_a_degree_without_its_transcript_is_told_so_at_once(
    sari: Browser, database: Database
) -> None:
    page = begin(sari, "ijazah", expect=422, ijazah=photo())

    assert "Transkrip nilai belum ada." in page.text
    assert files_in(database) == 1


def test_more_pages_of_a_degree_can_be_added_before_its_transcript(sari: Browser) -> None:
    sari.get("documents.new", jenis="ijazah")

    page = sari.submit("Simpan, lalu tambah halaman", ijazah=photo())

    assert "Transkrip nilai belum ada." not in page.text


def test_the_number_of_hours_is_no_number_input_that_drops_a_comma(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)

    page = sari.get("documents.edit", document_id=key)

    assert (page.one("#jp")["type"], page.one("#jp")["inputmode"]) == ("text", "numeric")


@pytest.mark.parametrize("typed", ["12", " 12\xa0JP ", "12jp", "12 Jam", "12 jam pelajaran"])
def test_hours_may_be_written_with_their_unit(
    sari: Browser, database: Database, cast: Cast, app: Flask, typed: str
) -> None:
    key = write(database, cast, app)
    sari.get("documents.edit", document_id=key)

    sari.submit("Simpan draf", **DATA | {"jp": typed})

    assert only(database).jp == 12
