"""The list, the item page, the receipt, the papers, and who may see them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import audit
from portal.db import Database, now
from portal.documents.models import DocumentFile
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
LONG = "Nurul Hidayah Maharani Kusumawardhani Prawirodirdjo Sastroamidjojo Sekarningrum"


@pytest.fixture
def make(database: Database, cast: Cast, app: Flask) -> Any:
    """Writes an item of sari's and returns its id."""

    def write(state: S = S.DIAJUKAN, **values: Any) -> uuid.UUID:
        with database.transaction() as session:
            return builders.document(
                session,
                values.pop("owner", cast.sari),
                state,
                verifier=cast.vera,
                storage=app.extensions["storage"],
                **values,
            ).id

    return write


def file_of(database: Database, document_id: uuid.UUID) -> DocumentFile:
    with database.transaction() as session:
        return session.scalars(
            select(DocumentFile).where(DocumentFile.document_id == document_id)
        ).one()


def test_says_kindly_that_there_is_nothing_yet(sari: Browser) -> None:
    page = sari.get("documents.index")

    assert "Belum ada dokumen" in page.text


def test_drafts_stand_apart_and_lead_on(sari: Browser, make: Any) -> None:
    key = make(S.DRAF, nama="Belum selesai")

    page = sari.get("documents.index")

    assert f"/dokumen/{key}/berkas" in [str(a["href"]) for a in page.all("a.item")]


def test_filters_by_state(sari: Browser, make: Any) -> None:
    make(S.DITOLAK, nama="Yang ditolak")
    make(S.DISETUJUI, nama="Yang disetujui")

    page = sari.get("documents.index", status="ditolak")

    assert page.texts("a.item b") == ["Yang ditolak"]


@pytest.mark.parametrize("words", ["numerasi", "0412/bpmp", "K7M 204 91", "seminar"])
def test_finds_by_title_number_receipt_or_kind(sari: Browser, make: Any, words: str) -> None:
    make(nama="Literasi Numerasi", nomor="0412/BPMP-KS", receipt="K7M-204-91")

    page = sari.get("documents.index", cari=words)

    assert page.texts("a.item b") == ["Literasi Numerasi"]


def test_the_filter_counts_what_the_search_has_found(sari: Browser, make: Any) -> None:
    make(S.DITOLAK, nama="Literasi")
    make(S.DISETUJUI, nama="Literasi digital")
    make(S.DISETUJUI, nama="Gizi")

    page = sari.get("documents.index", cari="literasi")

    assert page.texts(".filters a") == ["Semua", "Disetujui 1", "Ditolak 1"]


def test_the_number_found_is_said_to_screen_readers(sari: Browser, make: Any) -> None:
    make(nama="Literasi")
    make(nama="Literasi digital")
    make(nama="Gizi")

    whole = sari.get("documents.index", cari="literasi")
    part = sari.get("documents.index", cari="gizi", htmx=True)
    nothing = sari.get("documents.index", cari="zzz", htmx=True)
    every = sari.get("documents.index")

    assert whole.texts("#temuan[role=status]") == ["2 dokumen ditemukan"]
    assert part.texts("#temuan[hx-swap-oob=true]") == ["1 dokumen ditemukan"]
    assert nothing.texts("#temuan") == ["Tidak ada dokumen yang ditemukan"]
    assert every.texts("#temuan") == [""]


def test_whoever_has_nothing_has_nothing_to_search(sari: Browser) -> None:
    page = sari.get("documents.index")

    assert page.all("form[role=search]") == []
    assert "Belum ada dokumen" in page.text


@pytest.mark.parametrize("words", ["%", "_", "\x00", "' OR 1=1 --", "x" * 5000, "عربى"])
def test_strange_words_find_nothing(sari: Browser, make: Any, words: str) -> None:
    make(nama="Literasi")

    page = sari.get("documents.index", cari=words)

    assert page.texts("a.item b") == ([] if words != "\x00" else ["Literasi"])


@pytest.mark.parametrize("nonsense", ["status=bukan", "setelah=xyz", "setelah=" + "A" * 500])
def test_nonsense_in_the_address_is_the_first_page(sari: Browser, make: Any, nonsense: str) -> None:
    make(nama="Literasi")

    page = sari.get(path=f"/dokumen?{nonsense}")

    assert page.texts("a.item b") == ["Literasi"]


def test_pages_hold_twenty_and_lose_none(sari: Browser, database: Database, cast: Cast) -> None:
    moment = now()
    with database.transaction() as session:
        for number in range(45):
            builders.document(
                session,
                cast.sari,
                S.DIAJUKAN,
                nama=f"Seminar {number:02}",
                created_at=moment - dt.timedelta(hours=number // 3),
            )

    titles, page = [], sari.get("documents.index")
    for _ in range(3):
        titles.append(page.texts("a.item b"))
        older = page.all("a[rel=next]")
        page = sari.get(path=str(older[0]["href"])) if older else page

    assert [len(part) for part in titles] == [20, 20, 5]
    assert len({title for part in titles for title in part}) == 45


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
    monday = dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)
    with database.transaction() as session:
        for _ in range(5):
            document = builders.document(session, cast.budi, S.DISETUJUI, verifier=cast.vera)
            document.submitted_at = monday - dt.timedelta(days=3)  # the Friday before
    with database.transaction() as session:
        from portal.documents.rulings import Decision

        for decision in session.scalars(select(Decision)):
            decision.at = monday + dt.timedelta(days=1)

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
    from portal import audit

    key = make(S.DITOLAK)
    with database.transaction() as session:
        audit.record(session, cast.vera, "document:refused", key, alasan="Buram")

    page = sari.get("documents.show", document_id=key)

    assert cast.vera.nama not in page.text
    assert "Verifikator BKPSDM" in page.text


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


def test_an_operator_lists_what_was_handed_in_for_others(
    browser: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = complete(session, cast.oki, cast.sari)
        actions.submit(session, cast.oki, document, today=TODAY)
    browser.enter(cast.oki)

    page = browser.get("documents.index", untuk="rekan")

    assert "Untuk Sari Wulandari" in page.text


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


def test_the_own_papers_are_read_without_a_line(
    sari: Browser, database: Database, make: Any
) -> None:
    key = make()

    address = sari.address(
        "documents.page", document_id=key, file_id=file_of(database, key).id, number=1
    )
    assert sari.client.get(address).status_code == 200

    with database.reading() as session:
        assert audit.history(session, key) == []
