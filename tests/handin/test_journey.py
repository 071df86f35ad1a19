"""From /dokumen/baru to the receipt, as a person without JavaScript goes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.documents.models import Document
from portal.errors import Unavailable
from portal.handin.kinds import CARDS
from portal.vocabulary import DocumentState
from tests.handin.going import DATA, begin, files_in, only, photo, write
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_intake")]
S = DocumentState


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
