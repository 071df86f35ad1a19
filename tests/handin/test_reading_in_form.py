"""What a machine read in the paper comes into the form as an offer; the person's words win."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import update

from portal.db import Database, now
from portal.documents.arrivals import Reading
from portal.documents.models import Document
from portal.documents.reading.queries import prefill
from portal.vocabulary import ReadingState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast

READ = {
    "nomor": "0412/BPMP-KS/X/2026",
    "nama": "Bimtek Asesmen",
    "tanggal_mulai": "2026-10-11",
    "jp": "32",
    "nip": "198704122010012015",
    "nama_orang": "Sari Rahmawati",
}
MARK = "Terbaca otomatis – periksa"


@pytest.fixture
def item(database: Database, cast: Cast) -> uuid.UUID:
    """A draft of Sari whose data are empty but for a name that she wrote."""
    empty = dict.fromkeys(("tanggal_mulai", "tanggal_selesai", "tanggal_sertifikat", "jp"))
    with database.transaction() as session:
        made = builders.document(
            session, cast.sari, nama="Nama saya sendiri", nomor="", penyelenggara="", **empty
        )
        session.add(Reading(file_id=made.current_files[0].id))
        return made.id


def finish(
    database: Database,
    fields: dict[str, str],
    state: ReadingState = ReadingState.SELESAI,
    created_at: dt.datetime | None = None,
) -> None:
    values = {"state": state, "fields": fields, "created_at": created_at or now()}
    with database.transaction() as session:
        session.execute(update(Reading).values(**values))


def test_fills_what_is_empty_and_marks_it(
    sari: Browser, item: uuid.UUID, database: Database
) -> None:
    finish(database, READ)

    page = sari.get("documents.edit", document_id=item)

    assert {name: page.one(f"#{name}")["value"] for name in ("nomor", "tanggal_mulai", "jp")} == {
        "nomor": READ["nomor"],
        "tanggal_mulai": READ["tanggal_mulai"],
        "jp": "32",
    }
    assert MARK in page.one("#nomor-catatan").get_text()


def test_never_replaces_what_the_person_wrote(
    sari: Browser, item: uuid.UUID, database: Database
) -> None:
    finish(database, READ)

    page = sari.get("documents.edit", document_id=item)

    assert page.one("#nama")["value"] == "Nama saya sendiri"
    assert not page.all("#nama-catatan")


def test_saves_nothing_by_looking(sari: Browser, item: uuid.UUID, database: Database) -> None:
    finish(database, READ)

    sari.get("documents.edit", document_id=item)

    with database.reading() as session:
        assert session.get_one(Document, item).nomor == ""


def test_asks_again_while_the_paper_is_being_read(sari: Browser, item: uuid.UUID) -> None:
    page = sari.get("documents.edit", document_id=item)

    assert page.one("#bacaan [hx-trigger]")["hx-trigger"] == "every 2s"
    headers = {"HX-Request": "true", "HX-Target": "bacaan"}
    assert sari.client.get(f"/dokumen/{item}/data", headers=headers).status_code == 204


def test_offers_the_values_beside_a_form_that_is_open(
    sari: Browser, item: uuid.UUID, database: Database
) -> None:
    finish(database, READ)

    headers = {"HX-Request": "true", "HX-Target": "bacaan"}
    part = sari.client.get(f"/dokumen/{item}/data", headers=headers).get_data(as_text=True)

    assert "0412/BPMP-KS/X/2026" in part
    assert "11 Oktober 2026" in part
    assert "Nama saya sendiri" not in part
    assert 'form="isian"' in part


def test_keeps_what_was_typed_when_the_offer_is_taken(
    sari: Browser, item: uuid.UUID, database: Database
) -> None:
    before = sari.get("documents.edit", document_id=item)
    versi = before.one("#isian input[name=versi]")["value"]
    finish(database, READ)

    page = sari.post(
        path=f"/dokumen/{item}/data",
        data={"nomor": "77/SAYA", "aksi": "isi", "nama": "Lain", "versi": versi},
    )

    assert page.one("#nomor")["value"] == "77/SAYA"
    assert page.one("#jp")["value"] == "32"


def test_stops_asking_when_nobody_reads(sari: Browser, item: uuid.UUID, database: Database) -> None:
    finish(database, {}, ReadingState.MENUNGGU, now() - dt.timedelta(minutes=10))

    assert not sari.get("documents.edit", document_id=item).all("#bacaan [hx-trigger]")


def test_leaves_out_what_a_column_cannot_hold(
    sari: Browser, item: uuid.UUID, database: Database
) -> None:
    finish(database, {"jp": "banyak", "tanggal_mulai": "2026-13-41", "nomor": "1" * 300})

    page = sari.get("documents.edit", document_id=item)

    assert not page.all(".note")


def test_hostile_words_of_a_paper_stay_words(
    sari: Browser, item: uuid.UUID, database: Database
) -> None:
    finish(database, {"nomor": '"><script>alert(1)</script>', "penyelenggara": "\u202eRTL 🙂"})

    page = sari.get("documents.edit", document_id=item)

    assert page.one("#nomor")["value"] == '"><script>alert(1)</script>'
    assert page.one("#penyelenggara")["value"] == "RTL 🙂"


def test_what_was_read_about_the_holder_is_no_field(database: Database, item: uuid.UUID) -> None:
    finish(database, READ)

    with database.reading() as session:
        read = prefill(session, session.get_one(Document, item))

    assert read.keys() == {"nomor", "tanggal_mulai", "jp"}
