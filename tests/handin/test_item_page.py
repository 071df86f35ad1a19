"""The page of an item: where it is, what can be done now."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import audit
from portal.agency.working_days import DAY, WorkingDays
from portal.db import Database, now
from portal.documents.models import Document
from portal.handin import actions
from portal.people.models import Pegawai
from portal.vocabulary import DocumentState
from tests.handin.support import complete
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements

pytestmark = on_sqlite_alone
S = DocumentState


def test_the_list_asks_the_database_no_more_for_many_items(
    app: Flask, sari: Browser, make: Any
) -> None:
    make()
    with statements(app) as few:
        sari.get("documents.index")
    for _ in range(9):
        make()

    with statements(app) as many:
        sari.get("documents.index")

    assert len(many) == len(few) <= 12


def test_search_answers_htmx_with_the_list_alone(sari: Browser, make: Any) -> None:
    make(nama="Literasi")

    page = sari.get("documents.index", cari="lit", htmx=True)

    assert not page.is_whole
    assert page.texts("a.item b") == ["Literasi"]


def test_tells_the_place_in_the_queue(sari: Browser, make: Any, cast: Cast) -> None:
    make(owner=cast.budi)
    key = make()

    page = sari.get("documents.show", document_id=key)

    assert "Anda ke-2" in page.text


def test_admits_that_the_wait_is_unknown(sari: Browser, make: Any) -> None:
    page = sari.get("documents.show", document_id=make())

    assert "Belum cukup riwayat" in page.text


def test_tells_the_usual_wait_from_real_decisions(
    sari: Browser, database: Database, cast: Cast, make: Any
) -> None:
    known = WorkingDays()
    friday = now().replace(hour=3) - 14 * DAY
    while friday.weekday() != 4 or known.after(friday.date(), 2) - friday.date() != 4 * DAY:
        friday -= DAY
    with database.transaction() as session:
        for _ in range(5):
            document = builders.document(session, cast.budi, S.DISETUJUI, verifier=cast.vera)
            document.submitted_at = friday
    with database.transaction() as session:
        from portal.documents.rulings import Decision

        for decision in session.scalars(select(Decision)):
            decision.at = friday + 4 * DAY

    page = sari.get("documents.show", document_id=make())

    assert "2 hari kerja" in page.text


def test_a_return_says_how_to_repair(sari: Browser, database: Database, make: Any) -> None:
    with database.transaction() as session:
        reason = builders.reason(session).id

    page = sari.get(
        "documents.show",
        document_id=make(S.PERLU_PERBAIKAN, reason_id=reason, note="Bagian kanan gelap."),
    )

    assert "Foto ulang bagian tanggal di tempat terang." in page.text
    assert "Bagian kanan gelap." in page.text


def test_a_repair_opens_only_the_wrong_fields(sari: Browser, database: Database, make: Any) -> None:
    with database.transaction() as session:
        reason = builders.reason(session, fields=["nomor"]).id
    key = make(S.PERLU_PERBAIKAN, reason_id=reason)

    page = sari.get("documents.files", document_id=key)

    shown = {str(tag.get("name")) for tag in page.all("form [name]")}
    assert page.h1 == "Perbaiki data"
    assert shown == {"csrf_token", "versi", "nomor", "aksi"}


def test_a_repaired_item_is_handed_in_again(sari: Browser, database: Database, make: Any) -> None:
    with database.transaction() as session:
        reason = builders.reason(session, fields=["nomor"]).id
    key = make(S.PERLU_PERBAIKAN, reason_id=reason)
    sari.get("documents.edit", document_id=key)
    sari.submit("Lanjut", nomor="0413/BPMP")

    page = sari.submit("Ajukan ulang", benar="y")

    assert "Diajukan ulang" in page.text


def test_the_last_look_tells_that_the_returned_paper_is_still_the_same(
    sari: Browser, database: Database, make: Any
) -> None:
    with database.transaction() as session:
        reason = builders.reason(session).id
    key = make(S.PERLU_PERBAIKAN, reason_id=reason)

    page = sari.get("documents.review", document_id=key)

    assert "Berkasnya masih yang dikembalikan: “Tanggal tidak terbaca”" in page.text
    assert "Diajukan ulang" in sari.submit("Ajukan ulang", benar="y").text


def test_a_new_paper_is_not_asked_about(
    sari: Browser, database: Database, app: Flask, make: Any
) -> None:
    with database.transaction() as session:
        reason = builders.reason(session).id
    key = make(S.PERLU_PERBAIKAN, reason_id=reason)
    with database.transaction() as session:
        document = session.get_one(Document, key)
        document.current_files[0].superseded_at = now()
        builders.file(session, document, storage=app.extensions["storage"])

    page = sari.get("documents.review", document_id=key)

    assert "masih yang dikembalikan" not in page.text


def test_where_the_return_was_about_the_data_the_paper_may_stay(
    sari: Browser, database: Database, make: Any
) -> None:
    with database.transaction() as session:
        reason = builders.reason(session, fields=["nomor"]).id

    page = sari.get("documents.review", document_id=make(S.PERLU_PERBAIKAN, reason_id=reason))

    assert "masih yang dikembalikan" not in page.text


def test_an_item_can_be_taken_back_without_javascript(sari: Browser, make: Any) -> None:
    sari.get("documents.show", document_id=make())

    page = sari.submit("Ya, batalkan dokumen ini")

    assert "Dibatalkan" in page.text


def test_a_draft_can_be_thrown_away(sari: Browser, make: Any) -> None:
    sari.get("documents.show", document_id=make(S.DRAF))

    page = sari.submit("Ya, hapus draf ini")

    assert "Draf dihapus" in page.text


def test_a_short_objection_keeps_its_words(sari: Browser, make: Any) -> None:
    sari.get("documents.show", document_id=make(S.DITOLAK))

    page = sari.submit("Kirim keberatan", expect=422, catatan="Salah")

    assert page.one("textarea").get_text().strip() == "Salah"


def test_an_objection_goes_back_to_the_queue(sari: Browser, make: Any) -> None:
    sari.get("documents.show", document_id=make(S.DITOLAK))

    page = sari.submit("Kirim keberatan", catatan="Nama saya tertulis di halaman dua.")

    assert "Keberatan diajukan" in page.text
    assert "Nama saya tertulis di halaman dua." in page.text


def test_the_verifikator_stays_unnamed(
    sari: Browser, database: Database, cast: Cast, make: Any
) -> None:

    key = make(S.DITOLAK)
    with database.transaction() as session:
        audit.record(session, cast.vera, "document:refused", key, alasan="Buram")

    page = sari.get("documents.show", document_id=key)

    assert cast.vera.nama not in page.text
    assert "Verifikator BKPSDM" in page.text


def test_an_operator_lists_what_was_handed_in_for_others(
    browser: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = complete(session, cast.oki, cast.sari)
        actions.submit(session, cast.oki, document, today=TODAY)
    browser.enter(cast.oki)

    page = browser.get("documents.index", untuk="rekan")

    assert "Untuk Sari Wulandari" in page.text


def test_the_step_of_the_files_names_the_kind(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.sari)

    page = browser.get("documents.new", jenis="kepemimpinan")

    assert "Diklat kepemimpinan" in page.one("main").get_text()


@pytest.mark.parametrize("state", [S.DITOLAK, S.DIBATALKAN])
def test_what_never_goes_to_bkn_promises_nothing_of_it(sari: Browser, make: Any, state: S) -> None:
    page = sari.get("documents.show", document_id=make(state))

    assert "Status di BKN" not in page.text


def test_a_retired_person_reads_and_changes_nothing(
    browser: Browser, database: Database, cast: Cast, make: Any
) -> None:
    key = make(S.DITOLAK)
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).pensiun_sejak = TODAY
    browser.enter(cast.sari)

    page = browser.get("documents.show", document_id=key)

    assert page.all("form[action*='/dokumen/']") == []
    browser.post("documents.withdraw", document_id=key, expect=403)
