"""From /dokumen/baru to the receipt, as a person without JavaScript goes."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import Database
from portal.documents.models import Document, DocumentFile
from portal.errors import Unavailable
from portal.handin.kinds import CARDS
from portal.vocabulary import DocumentKind, DocumentState, FileRole
from tests.handin.support import NEW_YEAR
from tests.support import builders, hostile_files, sample_files
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_intake")]
S = DocumentState
JPEG = sample_files.jpeg(sample_files.certificate((400, 283)))
OTHER = sample_files.jpeg(sample_files.certificate((400, 283), nomor="999"))
DATA = {
    "jenis": "9",
    "nama": "Seminar Literasi Numerasi",
    "penyelenggara": "BPMP Kalimantan Selatan",
    "tanggal_mulai": NEW_YEAR.isoformat(),
    "tanggal_selesai": NEW_YEAR.isoformat(),
    "jp": "4",
    "nomor": "0412/BPMP-KS/X/2026",
}


def photo(content: bytes = JPEG, name: str = "foto.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def begin(browser: Browser, card: str = "seminar", *, expect: int = 303, **files: Any) -> Page:
    """Choose files for a new item of a card; leads to the page of its data."""
    browser.get("documents.new", jenis=card)
    return browser.submit("Lanjut", expect=expect, **(files or {"sertifikat": photo()}))


def only(database: Database) -> Document:
    with database.transaction() as session:
        return session.scalars(select(Document)).one()


def files_in(database: Database) -> int:
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(DocumentFile)) or 0


def write(
    database: Database, cast: Cast, app: Flask, state: S = S.DRAF, **values: Any
) -> uuid.UUID:
    """An item of sari's with a paper that has bytes; returns its id."""
    with database.transaction() as session:
        made = builders.document(
            session,
            cast.sari,
            state,
            verifier=cast.vera,
            storage=app.extensions["storage"],
            **values,
        )
        return made.id


def test_a_photo_becomes_a_handed_in_item(sari: Browser, database: Database) -> None:
    begin(sari)
    sari.submit("Lanjut", **DATA)
    page = sari.submit("Ajukan", benar="y")

    document = only(database)
    assert document.state is S.DIAJUKAN
    assert f"Nomor terima {document.receipt}" in page.text


def test_says_what_it_would_bring_before_it_is_handed_in(sari: Browser) -> None:
    begin(sari)

    page = sari.submit("Lanjut", **DATA)

    assert "Bila disetujui: +10,00 poin → 81,00 Tinggi" in page.text


def test_the_card_tells_how_many_jp_are_missing(sari: Browser) -> None:
    page = sari.get("documents.new")

    assert "Terhitung 8 dari 20 JP" in page.text


@pytest.mark.parametrize("card", [card.code for card in CARDS])
def test_every_card_leads_to_its_files(sari: Browser, card: str) -> None:
    page = sari.get("documents.new", jenis=card)

    assert page.all("input[type=file]")


def test_every_jenis_of_siasn_can_be_chosen(sari: Browser) -> None:
    page = begin(sari)

    offered = {str(option["value"]) for option in page.all("select[name=jenis] option")}
    assert offered == {"", *map(str, range(2, 26))}  # 1 has a card and fields of its own


def test_a_card_of_one_jenis_asks_no_further(sari: Browser, database: Database) -> None:
    begin(sari, "kepemimpinan")

    assert only(database).jenis == "1"


def test_sending_the_first_form_twice_makes_one_item(sari: Browser, database: Database) -> None:
    page = sari.get("documents.new", jenis="seminar")
    form = {"id": page.one("input[name=id]")["value"]}
    sari.post("documents.start", {**form, "sertifikat": photo()}, jenis="seminar")

    sari.post("documents.start", {**form, "sertifikat": photo()}, jenis="seminar")

    assert (only(database).id, files_in(database)) == (uuid.UUID(str(form["id"])), 1)


def test_several_photos_become_pages_of_one_paper(sari: Browser, database: Database) -> None:
    begin(sari, sertifikat=[photo(), photo(OTHER, "belakang.jpg")])

    assert [file.pages for file in _files(database)] == [2]


def test_pages_can_be_added_photo_by_photo(sari: Browser, database: Database) -> None:
    sari.get("documents.new", jenis="seminar")
    sari.submit("Simpan, lalu tambah halaman", sertifikat=photo())

    sari.submit("Lanjut", tambah_sertifikat=photo(OTHER))

    assert [(file.pages, len(file.original_names)) for file in _files(database)] == [(2, 2)]


def test_adding_a_page_twice_by_a_double_tap_adds_it_once(
    sari: Browser, database: Database
) -> None:
    sari.get("documents.new", jenis="seminar")
    page = sari.submit("Simpan, lalu tambah halaman", sertifikat=photo())
    address = str(page.one("form[enctype]")["action"])
    seen = {"isi_sertifikat": page.one("input[name=isi_sertifikat]")["value"]}
    sari.post(path=address, data={**seen, "tambah_sertifikat": photo(OTHER)})

    sari.post(path=address, data={**seen, "tambah_sertifikat": photo(OTHER)})

    assert [file.pages for file in _files(database)] == [2]


def test_every_page_of_a_paper_can_be_looked_at(sari: Browser, database: Database) -> None:
    begin(sari, sertifikat=[photo(), photo(OTHER)])
    file = _files(database)[0]

    answer = sari.client.get(f"/dokumen/{file.document_id}/berkas/{file.id}/halaman/2")

    assert (answer.status_code, answer.mimetype) == (200, "image/webp")


def test_a_refused_file_is_named_and_the_others_are_kept(sari: Browser, database: Database) -> None:
    page = begin(
        sari, expect=422, sertifikat=[photo(), photo(b"", "kosong.jpg"), photo(OTHER, "b.jpg")]
    )

    assert [file.pages for file in _files(database)] == [2]
    assert "kosong.jpg: Berkas kosong (0 byte)" in page.text


def test_a_refused_first_file_begins_no_item(sari: Browser, database: Database) -> None:
    page = begin(sari, expect=422, sertifikat=photo(b"<html>halo</html>", "sertifikat.pdf"))

    assert files_in(database) == 0
    assert "sertifikat.pdf:" in page.text


def test_no_file_at_all_is_asked_for(sari: Browser) -> None:
    sari.get("documents.new", jenis="seminar")

    page = sari.submit("Lanjut", expect=422)

    assert "Belum ada berkas" in page.text


def test_too_many_photos_are_counted_aloud(sari: Browser) -> None:
    page = begin(sari, expect=422, sertifikat=[photo() for _ in range(21)])

    assert "Anda memilih 21 berkas. Paling banyak 20" in page.text


def test_a_signed_pdf_takes_no_further_page(sari: Browser, database: Database) -> None:
    page = begin(
        sari, expect=422, sertifikat=[photo(sample_files.signed_pdf(), "ttd.pdf"), photo()]
    )

    assert "bertanda tangan digital tidak dapat digabung" in page.text


def test_the_name_of_a_file_is_only_data(sari: Browser, database: Database) -> None:
    begin(sari, sertifikat=photo(name="../../etc/\u202egpj.<b>x</b>.jpg"))

    assert "/" not in _files(database)[0].original_names[0]


def test_an_ijazah_needs_its_transcript(sari: Browser, database: Database) -> None:
    page = begin(sari, "ijazah", expect=303, ijazah=photo(), transkrip=photo(OTHER))

    assert page.h1 == "Isi data"
    assert {file.role for file in _files(database)} == {FileRole.IJAZAH, FileRole.TRANSKRIP}


def test_the_ijazah_is_kept_when_the_transcript_is_refused(
    sari: Browser, database: Database
) -> None:
    begin(sari, "ijazah", expect=422, ijazah=photo(), transkrip=photo(hostile_files.gif()))

    assert [file.role for file in _files(database)] == [FileRole.IJAZAH]


def test_the_missing_transcript_is_asked_for_before_the_data(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app, kind=DocumentKind.IJAZAH, jenis=None)
    sari.get("documents.files", document_id=key)

    page = sari.submit("Lanjut", expect=422, ijazah=photo())

    assert "Transkrip nilai belum ada" in page.text


def test_a_paper_can_be_taken_off(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)
    sari.get("documents.files", document_id=key)

    sari.submit("Hapus berkas ini")

    assert files_in(database) == 0


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


TOMORROW = TODAY.replace(year=TODAY.year + 1)


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
        ({"jp": "0008.5"}, "“0008.5” bukan bilangan bulat. Tulis tanpa koma, misalnya 8."),
        ({"jp": "٤"}, "bukan angka"),
        ({"jp": "99999999999999999999"}, "bukan angka"),
        ({"tanggal_selesai": TOMORROW.isoformat()}, "belum tiba"),
        ({"tanggal_selesai": "31-02-2026"}, "tidak ada di kalender"),
        ({"tanggal_selesai": "kemarin"}, "Tulis tanggal sebagai hari-bulan-tahun"),
        ({"tanggal_selesai": "0000-00-00"}, "tidak ada di kalender"),
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


def test_nothing_is_handed_in_without_the_declaration(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)
    sari.get("documents.review", document_id=key)

    page = sari.submit("Ajukan", expect=422)

    assert "Centang pernyataan ini" in page.text
    assert only(database).state is S.DRAF


def test_an_incomplete_draft_shows_what_is_missing_instead_of_the_button(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app, nama="")

    page = sari.get("documents.review", document_id=key)

    assert "Isi nama kegiatan" in page.text
    assert "Ajukan" not in page.texts("button")


def test_a_second_tap_on_ajukan_leads_to_the_item(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)
    review = sari.get("documents.review", document_id=key)
    data = {"benar": "y", "versi": review.one("input[name=versi]")["value"]}
    sari.post("documents.submit", data, document_id=key)

    page = sari.post("documents.submit", data, document_id=key)

    assert page.path.endswith(str(key))


def test_the_back_button_after_ajukan_leads_to_the_item(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app, S.DIAJUKAN)

    page = sari.get("documents.edit", document_id=key)

    assert page.path.endswith(str(key))


def test_a_file_handed_in_before_is_told_with_a_link(sari: Browser, database: Database) -> None:
    begin(sari)
    sari.submit("Lanjut", **DATA)
    sari.submit("Ajukan", benar="y")
    earlier = only(database)

    page = begin(sari, expect=422)

    assert f"sudah diajukan sebagai “{DATA['nama']}”" in page.text
    assert page.link("Lihat dokumen itu").endswith(str(earlier.id))


def test_a_store_that_is_away_loses_nothing(
    sari: Browser, database: Database, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise Unavailable("Penyimpanan berkas sedang tidak terjangkau.")

    page = sari.get("documents.new", jenis="seminar")
    key = page.one("input[name=id]")["value"]
    monkeypatch.setattr(app.extensions["storage"], "put", away)

    page = sari.submit("Lanjut", expect=503, sertifikat=photo())

    assert "sedang tidak terjangkau" in page.text
    assert page.one("input[name=id]")["value"] == key
    assert files_in(database) == 0


def test_a_locked_database_keeps_what_was_typed(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)
    sari.get("documents.edit", document_id=key)
    impatient(app)

    with database.transaction() as session:
        session.execute(select(Document))
        page = sari.submit("Lanjut", expect=503, **DATA | {"nama": "Yang baru"})

    assert page.one("input[name=nama]")["value"] == "Yang baru"


def impatient(app: Flask) -> None:
    """Let the app's SQLite give up at once instead of waiting for the lock."""
    from sqlalchemy import event

    engine = app.extensions["database"].engine
    engine.dispose()
    event.listen(
        engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=0")
    )


def test_nonsense_as_an_id_begins_nothing(sari: Browser) -> None:
    sari.get("documents.new", jenis="seminar")

    sari.post("documents.start", {"id": "../x"}, jenis="seminar", expect=404)


def test_the_id_of_somebody_elses_item_is_not_found(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    with database.transaction() as session:
        foreign = builders.document(session, cast.tono).id

    sari.get("documents.new", jenis="seminar")
    sari.post(
        "documents.start",
        {"id": str(foreign), "sertifikat": photo()},
        jenis="seminar",
        expect=404,
    )


def _files(database: Database) -> list[DocumentFile]:
    with database.transaction() as session:
        rows = session.scalars(select(DocumentFile).where(DocumentFile.superseded_at.is_(None)))
        return list(rows)


def test_the_hint_follows_the_jenis_that_is_chosen(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app)

    page = sari.get("documents.edit", document_id=key, jenis="14", htmx=True)

    assert "2 JP per sesi coaching" in page.one("#jp-petunjuk").get_text()
