"""Who gets the papers, who works for colleagues, and what is noted of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal import audit
from portal.db import Database
from portal.handin import actions
from portal.vocabulary import DocumentState
from tests.handin.support import complete, file_of
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements

pytestmark = on_sqlite_alone
S = DocumentState
LONG = "Nurul Hidayah Maharani Kusumawardhani Prawirodirdjo Sastroamidjojo Sekarningrum"


def test_a_claim_that_was_let_go_tells_nothing(
    sari: Browser, database: Database, cast: Cast, make: Any
) -> None:
    from portal import audit

    key = make()
    with database.transaction() as session:
        audit.record(session, cast.vera, "document:claimed", key)
        audit.record(session, cast.vera, "document:released", key)

    page = sari.get("documents.show", document_id=key)

    assert "Mulai diperiksa" not in page.text


def test_an_approved_item_offers_a_replacement(sari: Browser, make: Any) -> None:
    page = sari.get("documents.show", document_id=make(S.DISETUJUI))

    page = sari.get(path=page.link("Ajukan pengganti"))

    assert page.h1 == "Foto atau pilih berkas"


def test_the_receipt_can_be_printed(sari: Browser, make: Any) -> None:
    page = sari.get("documents.receipt", document_id=make(receipt="K7M-204-91"))

    assert page.h1 == "Tanda terima K7M-204-91"


def test_a_draft_has_no_receipt(sari: Browser, make: Any) -> None:
    sari.get("documents.receipt", document_id=make(S.DRAF), expect=404)


@pytest.mark.parametrize("address", ["", "/kecil", "/halaman/1"])
def test_another_person_gets_no_bytes(
    browser: Browser, database: Database, cast: Cast, make: Any, address: str
) -> None:
    key = make()
    file = file_of(database, key)
    browser.enter(cast.tono)

    answer = browser.client.get(f"/dokumen/{key}/berkas/{file.id}{address}")

    assert answer.status_code == 404


def test_a_file_of_another_item_is_not_found(
    sari: Browser, database: Database, cast: Cast, make: Any
) -> None:
    own, foreign = make(), file_of(database, make(owner=cast.tono))

    answer = sari.client.get(f"/dokumen/{own}/berkas/{foreign.id}")

    assert answer.status_code == 404


def test_a_page_that_the_file_does_not_have_is_not_found(
    sari: Browser, database: Database, make: Any
) -> None:
    key = make()

    sari.get(path=f"/dokumen/{key}/berkas/{file_of(database, key).id}/halaman/2", expect=404)


def test_the_paper_itself_is_only_downloaded(sari: Browser, database: Database, make: Any) -> None:
    key = make()

    answer = sari.client.get(f"/dokumen/{key}/berkas/{file_of(database, key).id}")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_missing_object_is_said_plainly(
    app: Flask, sari: Browser, database: Database, make: Any
) -> None:
    from portal.documents.files import pdf_key

    key = make()
    file = file_of(database, key)
    app.extensions["storage"].delete(pdf_key(file))

    page = sari.get(path=f"/dokumen/{key}/berkas/{file.id}", expect=404)

    assert "tidak ditemukan di penyimpanan" in page.text


@pytest.mark.parametrize("name", ["tono", "vera", "ani", "aud", "kepala", "oki"])
def test_nobody_else_finds_the_item(browser: Browser, cast: Cast, make: Any, name: str) -> None:
    key = make()
    browser.enter(cast.everybody[name])

    browser.get("documents.show", document_id=key, expect=404)


def test_an_operator_finds_colleagues_of_the_own_opd_only(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)

    page = browser.get("documents.colleague", cari="nama yang ada di semua")

    assert page.texts("a.item b") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [("sari wul", True), ("198704122010012015", True), ("19870412 201001 2 015", True),
     ("Tono", False), ("199002172014031002", False), ("Oki Pratama", False)],
)  # fmt: skip
def test_an_operator_searches_by_name_or_nip(
    browser: Browser, cast: Cast, words: str, found: bool
) -> None:
    browser.enter(cast.oki)

    page = browser.get("documents.colleague", cari=words)

    assert bool(page.texts("a.item b")) is found


def test_one_letter_is_too_little_to_search_for(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)

    page = browser.get("documents.colleague", cari="s")

    assert "Ketik sedikitnya 3 huruf" in page.text


def test_only_operators_search_for_colleagues(sari: Browser) -> None:
    sari.get("documents.colleague", cari="budi", expect=403)


def test_an_operator_sees_no_points_of_a_colleague(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.oki)

    page = browser.get("documents.new", untuk=cast.sari.pegawai_id)

    assert "JP" not in page.text
    assert "poin" not in page.text


@pytest.mark.parametrize("name", ["tono", "vera", "sari"])
def test_nobody_begins_for_people_out_of_reach(browser: Browser, cast: Cast, name: str) -> None:
    browser.enter(cast.everybody[name])

    browser.get("documents.new", untuk=cast.budi.pegawai_id, expect=404)


def test_what_an_operator_handed_in_names_the_operator(
    browser: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = complete(session, cast.oki, cast.sari)
        actions.submit(session, cast.oki, document, today=TODAY)
        key = document.id
    browser.enter(cast.sari)

    page = browser.get("documents.show", document_id=key)

    assert "Oki Pratama (operator OPD)" in page.text


@pytest.mark.parametrize(
    ("endpoint", "button"),
    [("documents.edit", "Simpan draf"), ("documents.show", "Ya, hapus draf ini")],
)
def test_an_operator_comes_back_to_the_list_of_colleagues(
    browser: Browser, database: Database, cast: Cast, endpoint: str, button: str
) -> None:
    with database.transaction() as session:
        key = complete(session, cast.oki, cast.sari).id
    browser.enter(cast.oki)
    browser.get(endpoint, document_id=key)

    page = browser.submit(button)

    assert page.path == "/dokumen?untuk=rekan"


def test_a_long_name_and_a_name_from_right_to_left_are_shown(
    browser: Browser, database: Database, cast: Cast, make: Any
) -> None:
    key = make(nama=f"ندوة {LONG} 🎓")
    browser.enter(cast.sari)

    page = browser.get("documents.show", document_id=key)

    assert page.one("h1")["dir"] == "auto"


@pytest.mark.parametrize("state", list(S))
def test_the_item_page_asks_few_questions(app: Flask, sari: Browser, make: Any, state: S) -> None:
    key = make(state)

    with statements(app) as seen:
        sari.get("documents.show", document_id=key)

    assert len(seen) <= 12


def test_the_check_asks_few_questions(app: Flask, sari: Browser, make: Any) -> None:
    key = make(S.DRAF)

    with statements(app) as seen:
        sari.get("documents.review", document_id=key)

    assert len(seen) <= 12


@pytest.mark.parametrize("endpoint", ["documents.pdf", "documents.page", "documents.thumbnail"])
def test_the_owner_learns_that_an_operator_read_a_paper(
    browser: Browser, database: Database, cast: Cast, make: Any, endpoint: str
) -> None:
    key = make(created_by_id=cast.oki.pegawai_id)
    number = {"number": 1} if endpoint == "documents.page" else {}
    browser.enter(cast.oki)

    address = browser.address(
        endpoint, document_id=key, file_id=file_of(database, key).id, **number
    )
    statuses = {browser.client.get(address).status_code for _ in range(2)}

    with database.reading() as session:
        lines = [line for line in audit.history(session, key) if line.action == "document:read"]
    assert (statuses, [line.actor_id for line in lines]) == ({200}, [cast.oki.pegawai_id])
