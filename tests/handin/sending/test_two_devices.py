"""A draft of the phone that is also open elsewhere: neither overwrites the other unseen."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.documents.models import Document, DocumentFile
from portal.handin import uploads
from portal.vocabulary import DocumentState
from tests.handin.going import OTHER, photo
from tests.handin.sending.phone import Phone
from tests.handin.sending.test_story import DATA, ready
from tests.handin.support import in_process
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_worker", "quick_intake")]
S = DocumentState


@pytest.fixture
def quick_intake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversion of forms in this process."""
    monkeypatch.setattr(uploads, "convert_isolated", in_process)


@pytest.fixture
def desktop(second_browser: Browser, cast: Cast) -> Browser:
    """Sari at a PC."""
    second_browser.enter(cast.sari)
    return second_browser


def item(database: Database, key: str) -> Document:
    with database.reading() as session:
        return session.get_one(Document, uuid.UUID(key))


def keep(phone: Phone, key: str, **typed: Any) -> dict[str, Any]:
    answer = phone.post("/kirim/isian", dokumen=key, isian={**DATA, **typed})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def hand_in(phone: Phone, key: str, **typed: Any) -> Any:
    message = {"dokumen": key, "isian": {**DATA, **typed}, "benar": True, "keadaan": "draf"}
    return phone.post("/kirim/ajukan", **message)


def at_desktop(desktop: Browser, key: str, **typed: Any) -> None:
    desktop.get("documents.edit", document_id=key)
    desktop.submit("Simpan draf", **{**{k: str(v) for k, v in DATA.items()}, **typed})


def papers(database: Database) -> list[tuple[uuid.UUID, int]]:
    with database.reading() as session:
        rows = session.execute(select(DocumentFile.id, DocumentFile.pages))
        return [(row.id, row.pages) for row in rows]


def test_a_phone_that_types_on_meets_no_stranger(phone: Phone, database: Database) -> None:
    key = phone.draft()
    for words in ("Semi", "Seminar", "Seminar Literasi"):
        assert keep(phone, key, nama=words)["salah"] == {}

    assert item(database, key).nama == "Seminar Literasi"


def test_a_phone_does_not_overwrite_what_the_pc_wrote(
    phone: Phone, desktop: Browser, database: Database
) -> None:
    key = phone.draft()
    keep(phone, key, nama="Dari ponsel")
    at_desktop(desktop, key, nama="Dari PC")

    told = keep(phone, key, nama="Lagi dari ponsel")

    assert item(database, key).nama == "Dari PC"
    assert "di tempat lain diisi “Dari PC”" in told["salah"]["nama"]
    assert (told["poin"], "Belum ada yang ditimpa" in told["catatan"]) == ("", True)


def test_typing_on_does_not_wear_the_question_down(
    phone: Phone, desktop: Browser, database: Database
) -> None:
    key = phone.draft()
    at_desktop(desktop, key, nama="Dari PC")
    for number in range(3):
        keep(phone, key, nama=f"Dari ponsel {number}")

    assert item(database, key).nama == "Dari PC"


def test_ajukan_of_the_phone_asks_first_and_obeys_then(
    app: Flask, phone: Phone, desktop: Browser, database: Database
) -> None:
    key = phone.draft()
    ready(phone, app, key)
    at_desktop(desktop, key, nama="Dari PC")

    asked = hand_in(phone, key, nama="Dari ponsel")
    before = item(database, key)
    obeyed = hand_in(phone, key, nama="Dari ponsel")

    assert (asked.status_code, list(asked.get_json()["isian"])) == (422, ["nama"])
    assert (before.state, before.nama) == (S.DRAF, "Dari PC")
    assert (obeyed.status_code, item(database, key).nama) == (200, "Dari ponsel")


def test_a_repetition_whose_answer_was_lost_still_asks(
    app: Flask, phone: Phone, desktop: Browser, database: Database
) -> None:
    key = phone.draft()
    ready(phone, app, key)
    at_desktop(desktop, key, nama="Dari PC")
    kept = phone.browser.client.get_cookie("isian")
    assert kept is not None
    hand_in(phone, key, nama="Dari ponsel")
    phone.browser.client.set_cookie("isian", kept.value)

    again = hand_in(phone, key, nama="Dari ponsel")

    assert (again.status_code, item(database, key).nama) == (422, "Dari PC")


def test_the_pc_does_not_overwrite_what_the_phone_wrote(
    phone: Phone, desktop: Browser, database: Database
) -> None:
    key = phone.draft()
    desktop.get("documents.edit", document_id=key)
    keep(phone, key, nama="Dari ponsel")

    page = desktop.submit("Simpan draf", nama="Dari PC", expect=409)

    assert item(database, key).nama == "Dari ponsel"
    assert "di tempat lain diisi “Dari ponsel”" in page.text


def test_fields_that_the_phone_does_not_name_stay(phone: Phone, database: Database) -> None:
    key = phone.draft()
    keep(phone, key)

    phone.post("/kirim/isian", dokumen=key, isian={"nama": "Hanya nama"})

    assert (item(database, key).nama, item(database, key).jp) == ("Hanya nama", 4)


def test_without_its_cookie_a_phone_overwrites_nothing(phone: Phone, database: Database) -> None:
    key = phone.draft()
    keep(phone, key, nama="Pertama")
    phone.browser.client.delete_cookie("isian")

    told = keep(phone, key, nama="Kedua")

    assert item(database, key).nama == "Pertama"
    assert list(told["salah"]) == ["nama"]


@pytest.mark.parametrize("begun", [True, False])
def test_a_draft_begun_again_does_not_learn_what_it_never_showed(
    phone: Phone, desktop: Browser, database: Database, begun: bool
) -> None:
    key = phone.draft()
    if begun:
        keep(phone, key, nama="Dari ponsel")
    at_desktop(desktop, key, nama="Dari PC")

    phone.post("/kirim/draf", id=key, jenis="seminar")
    keep(phone, key, nama="Kedua")

    assert item(database, key).nama == "Dari PC"


def test_new_pictures_of_the_phone_replace_its_own_paper(
    app: Flask, phone: Phone, database: Database
) -> None:
    key = phone.draft()
    ready(phone, app, key)
    before = papers(database)

    ready(phone, app, key, OTHER)

    assert papers(database) != before


def test_pictures_of_the_phone_do_not_replace_a_paper_of_the_pc(
    app: Flask, phone: Phone, desktop: Browser, database: Database
) -> None:
    key = phone.draft()
    desktop.get("documents.files", document_id=key)
    desktop.submit("Simpan, lalu tambah halaman", sertifikat=photo())
    before, upload = papers(database), phone.upload(key, OTHER)

    asked = phone.order(key, upload)
    obeyed = phone.order(key, upload)

    assert (asked.status_code, obeyed.status_code) == (409, 202)
    assert "Sertifikat berubah di tempat lain" in asked.get_json()["pesan"]
    assert papers(database) == before


def test_foto_ulang_replaces_the_paper_that_it_was_opened_for(
    app: Flask, phone: Phone, desktop: Browser, database: Database
) -> None:
    key = phone.draft()
    desktop.get("documents.files", document_id=key)
    desktop.submit("Simpan, lalu tambah halaman", sertifikat=photo())
    phone.post("/kirim/draf", id=key)

    assert ready(phone, app, key, OTHER)


def test_the_pc_does_not_replace_a_paper_that_the_phone_has_sent_meanwhile(
    app: Flask, phone: Phone, desktop: Browser, database: Database
) -> None:
    key = phone.draft()
    desktop.get("documents.files", document_id=key)
    ready(phone, app, key)
    before = papers(database)

    page = desktop.submit("Lanjut", sertifikat=photo(OTHER), expect=409)

    assert papers(database) == before
    assert "Sertifikat berubah di tempat lain" in page.text
