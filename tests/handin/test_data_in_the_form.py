"""The fields of the form: what is read, kept, asked about and refused."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from portal.db import Database
from tests.handin.going import DATA, begin, only, write
from tests.handin.support import NEW_YEAR
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_intake")]


def test_a_draft_keeps_what_is_wrong(sari: Browser, database: Database) -> None:
    begin(sari)

    sari.submit("Simpan draf", **DATA | {"jp": "2000", "tanggal_selesai": ""})

    document = only(database)
    assert (document.jp, document.tanggal_selesai) == (2000, None)


def test_a_faulty_form_keeps_what_was_typed(sari: Browser) -> None:
    begin(sari)

    page = sari.submit("Lanjut", expect=422, **DATA | {"jp": "duabelas"})

    assert page.one("input[name=jp]")["value"] == "duabelas"
    assert page.one("input[name=nama]")["value"] == DATA["nama"]


def test_a_faulty_form_keeps_the_draft_too(sari: Browser, database: Database) -> None:
    begin(sari)

    sari.submit("Lanjut", expect=422, **DATA | {"jp": "duabelas"})

    assert only(database).nama == DATA["nama"]


NEXT_YEAR = dt.date(TODAY.year + 1, 12, 31)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"nama": ""}, "Isi nama kegiatan"),
        ({"jenis": ""}, "Pilih jenis kegiatannya"),
        ({"jenis": "99"}, "Pilih jenis kegiatannya"),
        ({"jenis": "3", "jp": ""}, "Isi JP"),
        ({"jp": "2000"}, "JP 2000 di luar batas: isi antara 0 dan 1.200"),
        ({"jenis": "3", "jp": "0"}, "JP 0 di luar batas"),
        ({"jp": "-4"}, "bukan angka"),
        ({"jp": "4,5"}, "“4,5” bukan bilangan bulat. Tulis tanpa koma, misalnya 4."),
        ({"jp": "2.000"}, "JP 2000 di luar batas"),
        ({"jp": "1.2345"}, "“1.2345” bukan bilangan bulat"),
        ({"jp": "0008.5"}, "“0008.5” bukan bilangan bulat. Tulis tanpa koma, misalnya 8."),
        ({"jp": "٤"}, "bukan angka"),
        ({"jp": "99999999999999999999"}, "bukan angka"),
        ({"tanggal_selesai": NEXT_YEAR.isoformat()}, "belum tiba"),
        ({"tanggal_selesai": "31-02-2026"}, "tidak ada di kalender"),
        ({"tanggal_selesai": "kemarin"}, "Tulis tanggal sebagai hari-bulan-tahun"),
        ({"tanggal_selesai": "0000-00-00"}, "tidak ada di kalender"),
        ({"tanggal_selesai": "30 Februari 2026"}, "tidak ada di kalender"),
        ({"tanggal_selesai": "3–5 Maret 2026"}, "belum dapat dibaca"),
        ({"tanggal_selesai": "3 Smarch 2026"}, "belum dapat dibaca"),
        ({"tanggal_selesai": "2026-W10-2"}, "belum dapat dibaca"),
        ({"tanggal_mulai": "1900-01-01"}, "lebih awal daripada Anda lahir"),
        ({"tanggal_selesai": f"{TODAY.year - 1}-12-31"}, "lebih awal daripada tanggal mulai"),
        ({"nomor": "9" * 101}, "Nomor 101 huruf. Paling banyak 100 huruf"),
        ({"nama": "x" * 301}, "Nama kegiatan 301 huruf. Paling banyak 300 huruf"),
    ],
)
def test_says_what_is_wrong_at_its_field(
    sari: Browser,
    database: Database,
    cast: Cast,
    app: Flask,
    typed: dict[str, str],
    sentence: str,
) -> None:
    key = write(database, cast, app)
    sari.get("documents.edit", document_id=key)

    page = sari.submit("Lanjut", expect=422, **DATA | typed)

    assert sentence in " ".join(page.texts(".field .error"))


@pytest.mark.parametrize("typed", ["01-01-{}", "1/1/{}", "{}-01-01"])
def test_reads_dates_as_people_write_them(
    sari: Browser, database: Database, cast: Cast, app: Flask, typed: str
) -> None:
    key = write(database, cast, app)
    sari.get("documents.edit", document_id=key)

    sari.submit("Lanjut", **DATA | {"tanggal_selesai": typed.format(TODAY.year)})

    assert only(database).tanggal_selesai == NEW_YEAR


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Seminar \t Literasi\r\n ", "Seminar Literasi"),
        ("Seminar\x00 \x1bNumerasi", "Seminar Numerasi"),
        ("ندوة 🎓 Numerasi", "ندوة 🎓 Numerasi"),
        ("\u202eisaremuN", "isaremuN"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE document; --", "'; DROP TABLE document; --"),
    ],
)
def test_names_are_cleaned_and_kept(
    sari: Browser, database: Database, cast: Cast, app: Flask, typed: str, kept: str
) -> None:
    key = write(database, cast, app)
    sari.get("documents.edit", document_id=key)

    sari.submit("Simpan draf", **DATA | {"nama": typed})

    assert only(database).nama == kept


def test_many_jp_in_a_day_are_asked_about_but_not_refused(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app, jp=24)

    page = sari.get("documents.review", document_id=key)

    assert "24 JP dalam 1 hari" in page.text
    assert sari.submit("Ajukan", benar="y")


def test_hints_at_the_jp_of_a_kind(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app, jenis="10")

    page = sari.get("documents.edit", document_id=key)

    assert "20 JP per kegiatan magang" in page.text


def test_the_hint_follows_the_jenis_that_is_chosen(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)

    page = sari.get("documents.edit", document_id=key, jenis="14", htmx=True)

    assert "2 JP per sesi coaching" in page.one("#jp-petunjuk").get_text()
