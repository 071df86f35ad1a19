"""One item open in two tabs, on two devices, before two people: nothing is overwritten unseen."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.documents.models import Document, DocumentFile
from portal.verification import corrections
from portal.vocabulary import DocumentState
from tests.handin.going import DATA, OTHER, begin, files_in, only, photo, write
from tests.handin.support import complete, draft
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_intake")]
S = DocumentState
THIRD = OTHER + b"\x00"


@pytest.fixture
def key(database: Database, cast: Cast, app: Flask) -> uuid.UUID:
    """A draft of sari's that lacks nothing."""
    return write(database, cast, app)


def tab(browser: Browser, endpoint: str, key: uuid.UUID) -> str:
    """Open a page of the item in a tab of its own; the mark that its form carries."""
    page = browser.get(endpoint, document_id=key)
    return str(page.all("input[name=versi]")[-1]["value"])


def save(
    browser: Browser, key: uuid.UUID, versi: str | None, *, expect: int = 303, **typed: Any
) -> Page:
    """Send the data of a tab."""
    mark = {} if versi is None else {"versi": versi}
    data = {**DATA, **mark, "aksi": "draf", **typed}
    return browser.post("documents.save", data, document_id=key, expect=expect)


def test_the_later_tab_does_not_overwrite_the_earlier(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    first, second = tab(sari, "documents.edit", key), tab(sari, "documents.edit", key)
    save(sari, key, first, nama="Dari tab pertama")

    save(sari, key, second, nama="Dari tab kedua", expect=409)

    assert only(database).nama == "Dari tab pertama"


def test_the_page_comes_back_with_the_own_input_and_the_other_value(
    sari: Browser, key: uuid.UUID
) -> None:
    first, second = tab(sari, "documents.edit", key), tab(sari, "documents.edit", key)
    save(sari, key, first, nama="Dari tab pertama")

    page = save(sari, key, second, nama="Dari tab kedua", expect=409)

    assert page.one("[name=nama]")["value"] == "Dari tab kedua"
    assert "di tempat lain diisi “Dari tab pertama”" in page.text
    assert "Belum ada yang ditimpa" in page.text


def test_saving_again_is_the_choice_of_the_person(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    first, second = tab(sari, "documents.edit", key), tab(sari, "documents.edit", key)
    save(sari, key, first, nama="Dari tab pertama")
    save(sari, key, second, nama="Dari tab kedua", expect=409)

    sari.submit("Simpan draf")

    assert only(database).nama == "Dari tab kedua"


def test_what_a_tab_left_alone_takes_over_the_newer_value(
    sari: Browser, key: uuid.UUID, database: Database
) -> None:
    shown = only(database).nama
    first, second = tab(sari, "documents.edit", key), tab(sari, "documents.edit", key)
    save(sari, key, first, nama="Dari tab pertama")

    page = save(sari, key, second, nama=shown, nomor="999", expect=409)

    assert page.one("[name=nama]")["value"] == "Dari tab pertama"
    assert page.one("[name=nomor]")["value"] == "999"


def test_equal_values_of_two_tabs_are_no_quarrel(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    first, second = tab(sari, "documents.edit", key), tab(sari, "documents.edit", key)
    save(sari, key, first, nama="Sama")

    save(sari, key, second, nama="Sama")

    assert only(database).nama == "Sama"


def test_who_goes_back_to_the_form_meets_no_stranger(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    versi = tab(sari, "documents.edit", key)
    save(sari, key, versi, nama="Pertama")

    save(sari, key, versi, nama="Kedua")

    assert only(database).nama == "Kedua"


def test_the_own_tab_is_told_of_another_that_wrote_after_it(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    first, second = tab(sari, "documents.edit", key), tab(sari, "documents.edit", key)
    save(sari, key, first, nama="Pertama")
    save(sari, key, second, nama="Kedua", expect=409)
    sari.submit("Simpan draf")

    save(sari, key, first, nama="Ketiga", expect=409)

    assert only(database).nama == "Kedua"


def test_a_wrong_date_does_not_make_the_next_save_a_stranger(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    versi = tab(sari, "documents.edit", key)
    save(sari, key, versi, aksi="lanjut", tanggal_selesai="2099-01-01", expect=422)

    sari.submit("Lanjut", tanggal_selesai=DATA["tanggal_selesai"], nama="Betul")

    assert only(database).nama == "Betul"


HOSTILE = [
    None,
    "",
    "x",
    "A" * 50_000,
    "abcdefgh.",
    "abcdefgh.AAAA.AAAA",
    "abcdefgh." + "AAAA" * 20 + "." + "AAAA" * 8,
    "abcdefgh.1.2.3",
    "\x00\x01~~.;=",
    "عربى.عربى",
]


@pytest.mark.parametrize("versi", HOSTILE, ids=range(len(HOSTILE)))
def test_a_mark_that_proves_nothing_overwrites_nothing(
    sari: Browser, database: Database, key: uuid.UUID, versi: str | None
) -> None:
    before = only(database).nama

    page = save(sari, key, versi, nama="Sembarang", expect=409)

    assert (only(database).nama, page.one("[name=nama]")["value"]) == (before, "Sembarang")


@pytest.mark.parametrize("cookie", ["", "x" * 4000, "~" * 300, "abcdefgh.%00~=;", "AAAAAAAA.A.B~"])
def test_a_strange_cookie_is_as_none(
    sari: Browser, database: Database, key: uuid.UUID, cookie: str
) -> None:
    sari.client.set_cookie("isian", cookie)
    versi = tab(sari, "documents.edit", key)

    save(sari, key, versi, nama="Baru")

    assert only(database).nama == "Baru"


def test_the_cookie_stays_small(sari: Browser, key: uuid.UUID) -> None:
    for number in range(20):
        save(sari, key, tab(sari, "documents.edit", key), nama=f"Seminar {number}")

    kept = sari.client.get_cookie("isian")

    assert kept is not None
    assert len(kept.value) < 600


def test_typing_into_an_item_that_was_handed_in_elsewhere_is_shown_again(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    versi = tab(sari, "documents.edit", key)
    sari.get("documents.review", document_id=key)
    sari.submit("Ajukan", benar="y")

    page = save(sari, key, versi, nama="Terlambat", expect=409)

    assert "Terlambat" in page.text
    assert only(database).nama != "Terlambat"


def test_a_tab_from_before_the_return_keeps_what_is_closed_now(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    with database.transaction() as session:
        reason = builders.reason(session, fields=["nomor"])
    key = write(database, cast, app, S.PERLU_PERBAIKAN, reason_id=reason.id)
    versi = tab(sari, "documents.edit", key)

    page = save(sari, key, versi, nama="Nama dari tab lama", nomor="77", expect=409)

    assert "Nama dari tab lama" in page.text
    assert page.one("[name=nomor]")["value"] == "77"


def test_two_tabs_repair_a_returned_item(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app, S.PERLU_PERBAIKAN)
    first, second = tab(sari, "documents.edit", key), tab(sari, "documents.edit", key)
    save(sari, key, first, nomor="Pertama")

    save(sari, key, second, nomor="Kedua", expect=409)

    assert only(database).nomor == "Pertama"


def test_the_operator_and_the_colleague_work_at_the_same_time(
    sari: Browser, second_browser: Browser, database: Database, cast: Cast
) -> None:
    second_browser.enter(cast.oki)
    with database.transaction() as session:
        key = complete(session, cast.oki, cast.sari).id
    hers, his = tab(sari, "documents.edit", key), tab(second_browser, "documents.edit", key)
    save(sari, key, hers, nama="Tulisan Sari")

    page = save(second_browser, key, his, nama="Tulisan Oki", expect=409)

    assert only(database).nama == "Tulisan Sari"
    assert "di tempat lain diisi “Tulisan Sari”" in page.text


@pytest.mark.parametrize("state", [S.DRAF, S.PERLU_PERBAIKAN])
def test_ajukan_from_a_stale_tab_hands_in_nothing(
    sari: Browser, database: Database, cast: Cast, app: Flask, state: S
) -> None:
    key = write(database, cast, app, state)
    stale = tab(sari, "documents.review", key)
    save(sari, key, tab(sari, "documents.edit", key), nama="Diubah di tab lain")

    page = hand_in(sari, key, stale)

    assert only(database).state is state
    assert "Nama kegiatan" in page.one("[role=alert]").get_text()
    assert "Diubah di tab lain" in page.text


def test_ajukan_again_after_looking_hands_it_in(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    stale = tab(sari, "documents.review", key)
    save(sari, key, tab(sari, "documents.edit", key), nama="Diubah di tab lain")
    hand_in(sari, key, stale)

    sari.submit("Ajukan", benar="y")

    assert only(database).state is S.DIAJUKAN


@pytest.mark.parametrize("versi", HOSTILE, ids=range(len(HOSTILE)))
def test_ajukan_without_a_mark_that_fits_hands_in_nothing(
    sari: Browser, database: Database, key: uuid.UUID, versi: str | None
) -> None:
    hand_in(sari, key, versi)

    assert only(database).state is S.DRAF


def test_ajukan_is_told_of_another_paper(sari: Browser, database: Database) -> None:
    begin(sari)
    key = only(database).id
    sari.submit("Lanjut", **DATA)
    stale = tab(sari, "documents.review", key)
    sari.get("documents.files", document_id=key)
    sari.submit("Lanjut", sertifikat=photo(OTHER))

    page = hand_in(sari, key, stale)

    assert "Sertifikat" in page.one("[role=alert]").get_text()


def papers(page: Page) -> dict[str, str]:
    """What a tab of the papers says that it has seen."""
    return {str(tag["name"]): str(tag["value"]) for tag in page.all("input[name^=isi_]")}


def hand_in(browser: Browser, key: uuid.UUID, versi: str | None) -> Page:
    """Press Ajukan on a stale page."""
    mark = {} if versi is None else {"versi": versi}
    data = {"benar": "y", **mark}
    return browser.post("documents.submit", data, document_id=key, expect=409)


def current(database: Database) -> list[tuple[uuid.UUID, int]]:
    with database.reading() as session:
        rows = session.execute(
            select(DocumentFile.id, DocumentFile.pages).where(DocumentFile.superseded_at.is_(None))
        )
        return [(row.id, row.pages) for row in rows]


def test_two_tabs_that_add_pages_lose_none_in_silence(sari: Browser, database: Database) -> None:
    begin(sari)
    key = only(database).id
    seen = papers(sari.get("documents.files", document_id=key))
    sari.post("documents.save_files", {**seen, "tambah_sertifikat": photo(OTHER)}, document_id=key)

    page = sari.post(
        "documents.save_files",
        {**seen, "tambah_sertifikat": photo(THIRD)},
        document_id=key,
        expect=409,
    )

    assert "Sertifikat berubah di tempat lain" in page.text
    assert [pages for _, pages in current(database)] == [2]


def test_a_tab_does_not_replace_a_paper_that_it_has_not_seen(
    sari: Browser, database: Database
) -> None:
    begin(sari)
    key = only(database).id
    seen = papers(sari.get("documents.files", document_id=key))
    sari.post("documents.save_files", {**seen, "sertifikat": photo(OTHER)}, document_id=key)
    before = current(database)

    sari.post(
        "documents.save_files", {**seen, "sertifikat": photo(THIRD)}, document_id=key, expect=409
    )

    assert current(database) == before


def test_two_tabs_that_bring_the_first_paper_keep_the_first(
    sari: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        key = draft(session, cast.sari).id
    seen = papers(sari.get("documents.files", document_id=key))
    sari.post("documents.save_files", {**seen, "sertifikat": photo()}, document_id=key)
    before = current(database)

    sari.post(
        "documents.save_files", {**seen, "sertifikat": photo(OTHER)}, document_id=key, expect=409
    )

    assert current(database) == before


def test_choosing_again_replaces_it(sari: Browser, database: Database) -> None:
    begin(sari)
    key = only(database).id
    seen = papers(sari.get("documents.files", document_id=key))
    sari.post("documents.save_files", {**seen, "sertifikat": photo(OTHER)}, document_id=key)
    before = current(database)
    sari.post(
        "documents.save_files", {**seen, "sertifikat": photo(THIRD)}, document_id=key, expect=409
    )

    sari.submit("Lanjut", sertifikat=photo(THIRD))

    assert current(database) != before
    assert files_in(database) == 1


def test_a_tab_does_not_remove_a_paper_that_it_has_not_seen(
    sari: Browser, database: Database
) -> None:
    begin(sari)
    key = only(database).id
    seen = papers(sari.get("documents.files", document_id=key))
    sari.post("documents.save_files", {**seen, "tambah_sertifikat": photo(OTHER)}, document_id=key)
    before = current(database)

    page = sari.post(
        "documents.remove_file", {**seen, "peran": "sertifikat"}, document_id=key, expect=409
    )

    assert current(database) == before
    assert "Sertifikat berubah di tempat lain" in page.text


def test_removing_twice_is_as_once(sari: Browser, database: Database) -> None:
    begin(sari)
    key = only(database).id
    seen = papers(sari.get("documents.files", document_id=key))
    sari.post("documents.remove_file", {**seen, "peran": "sertifikat"}, document_id=key)

    sari.post("documents.remove_file", {**seen, "peran": "sertifikat"}, document_id=key)

    assert current(database) == []


@pytest.mark.parametrize("seen", ["", "x", "A" * 50_000, str(uuid.UUID(int=7)), "\x00", "عربى"])
@pytest.mark.parametrize("field", ["sertifikat", "tambah_sertifikat"])
def test_a_strange_paper_replaces_nothing(
    sari: Browser, database: Database, field: str, seen: str
) -> None:
    begin(sari)
    key, before = only(database).id, current(database)

    sari.post(
        "documents.save_files",
        {"isi_sertifikat": seen, field: photo(OTHER)},
        document_id=key,
        expect=409,
    )

    assert current(database) == before


def test_proposals_are_not_taken_over_what_was_written_meanwhile(
    sari: Browser, database: Database, cast: Cast, app: Flask
) -> None:
    key = write(database, cast, app, S.PERLU_PERBAIKAN)
    with database.transaction() as session:
        corrections.propose(
            session, cast.vera, session.get_one(Document, key), {"nama": "Usulan Vera"}
        )
    stale = tab(sari, "documents.edit", key)
    save(sari, key, stale, aksi="isi", nama="Ditulis kemudian")

    page = sari.post("documents.take_proposals", {"versi": stale}, document_id=key)

    assert only(database).nama == "Ditulis kemudian"
    assert "Usulan belum dipakai" in page.text


def test_a_draft_that_another_tab_has_filled_is_not_thrown_away_unseen(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    stale = str(sari.get("documents.show", document_id=key).one("input[name=versi]")["value"])
    save(sari, key, tab(sari, "documents.edit", key), nama="Diisi di tab lain")

    page = sari.post("documents.discard", {"versi": stale}, document_id=key)

    assert "Belum dihapus" in page.text
    assert only(database).nama == "Diisi di tab lain"


def test_a_draft_that_was_seen_is_thrown_away(
    sari: Browser, database: Database, key: uuid.UUID
) -> None:
    sari.get("documents.show", document_id=key)

    sari.submit("Ya, hapus draf ini")

    with database.reading() as session:
        assert session.get(Document, key) is None
