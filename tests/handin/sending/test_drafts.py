"""Who is logged in, drafts, data and the hand-in, as answers to a script."""

from __future__ import annotations

import base64
import errno
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Akun
from portal.db import Database
from portal.documents.models import Document
from portal.errors import Unavailable
from portal.handin import actions as handin
from portal.handin.sending import draft_views, upload_views
from portal.people.models import Pegawai
from portal.vocabulary import DocumentState
from tests.handin.sending.phone import Phone
from tests.handin.sending.test_story import DATA, ready
from tests.handin.support import complete
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_worker")]
S = DocumentState


def test_the_account_has_a_key_of_32_bytes_for_its_drafts(phone: Phone, cast: Cast) -> None:
    answer = phone.get("/kirim/akun").get_json()

    assert (len(base64.b64decode(answer["kunci"])), answer["nama"]) == (32, cast.sari.nama)


def test_an_account_keeps_its_key_from_login_to_login(phone: Phone, cast: Cast) -> None:
    before = phone.get("/kirim/akun").get_json()
    phone.browser.logout()
    phone.browser.enter(cast.sari)

    after = phone.get("/kirim/akun").get_json()

    assert (after["akun"], after["kunci"]) == (before["akun"], before["kunci"])


def test_another_account_has_another_key(phone: Phone, hers: Phone) -> None:
    first, second = (one.get("/kirim/akun").get_json() for one in (phone, hers))

    assert {first["kunci"], first["akun"]}.isdisjoint({second["kunci"], second["akun"]})


def test_the_account_tells_no_number_of_a_person(phone: Phone, cast: Cast) -> None:
    told = phone.get("/kirim/akun").text

    assert [secret for secret in (str(cast.sari.akun_id), cast.sari.nip) if secret in told] == []


def test_nothing_of_it_is_kept_on_the_way(phone: Phone) -> None:
    assert phone.get("/kirim/akun").headers["Cache-Control"] == "no-store"


def test_without_login_a_script_is_told_where_to_log_in(browser: Browser) -> None:
    answer = browser.client.get("/kirim/akun")

    assert (answer.status_code, answer.get_json()["tautan"]) == (401, "/masuk")


def test_a_step_that_is_due_comes_first(browser: Browser, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.get_one(Akun, cast.sari.akun_id).setuju_privasi = None
    browser.enter(cast.sari)

    answer = browser.client.get("/kirim/akun")

    assert (answer.status_code, answer.get_json()["tautan"]) == (401, "/privasi")


def test_a_stale_token_is_told_in_json(phone: Phone) -> None:
    answer = phone.browser.client.post("/kirim/draf", json={}, headers={"X-CSRFToken": "lama"})

    assert (answer.status_code, list(answer.get_json())) == (400, ["pesan"])


def test_the_retired_hand_nothing_in(browser: Browser, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).pensiun_sejak = TODAY
    browser.enter(cast.sari)

    answer = browser.client.get("/kirim/akun")

    assert (answer.status_code, list(answer.get_json())) == (403, ["pesan"])


def test_a_draft_begins_with_what_the_phone_has_to_ask(phone: Phone) -> None:
    dokumen = str(uuid.uuid4())

    answer = phone.post("/kirim/draf", id=dokumen, jenis="ijazah").get_json()

    assert (answer["id"], answer["judul"], answer["keadaan"]) == (dokumen, "Ijazah", "draf")
    assert [(role["kode"], role["wajib"]) for role in answer["peran"]] == [
        ("ijazah", True),
        ("transkrip", True),
        ("izin-belajar", False),
        ("penyetaraan", False),
    ]


def test_a_draft_begun_twice_is_one(phone: Phone, database: Database) -> None:
    dokumen = str(uuid.uuid4())
    answers = [phone.post("/kirim/draf", id=dokumen, jenis="teknis") for _ in range(2)]

    with database.reading() as session:
        assert len(session.scalars(select(Document)).all()) == 1
    assert answers[0].get_json() == answers[1].get_json()


def test_a_draft_is_gone_on_with_by_its_id(phone: Phone) -> None:
    dokumen = phone.draft()
    phone.post("/kirim/isian", dokumen=dokumen, isian={"nama": "Seminar"})

    answer = phone.post("/kirim/draf", id=dokumen).get_json()

    assert (answer["data"]["nama"], answer["lanjut"]) == ("Seminar", f"/dokumen/{dokumen}/data")


def test_a_repair_tells_what_is_open(phone: Phone, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        reason = builders.reason(session)
        reason.fields = ["berkas"]
        document = builders.document(
            session, cast.sari, S.PERLU_PERBAIKAN, verifier=cast.vera, reason_id=reason.id
        )

    answer = phone.post("/kirim/draf", id=str(document.id)).get_json()

    assert (answer["terbuka"], answer["lanjut"]) == (["berkas"], f"/dokumen/{document.id}/periksa")


def test_a_handed_in_item_is_no_draft(phone: Phone, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari, S.DIAJUKAN)

    answer = phone.post("/kirim/draf", id=str(document.id))

    assert answer.status_code == 409
    assert answer.get_json() == {
        "pesan": "Dokumen ini sudah “Diajukan”.",
        "tanda_terima": document.receipt,
        "tautan": f"/dokumen/{document.id}",
    }


@pytest.mark.parametrize(
    ("message", "status"),
    [({}, 404), ({"jenis": "karangan"}, 422), ({"ganti": str(uuid.UUID(int=9))}, 404)],
)
def test_a_draft_of_nothing_is_refused(phone: Phone, message: dict[str, Any], status: int) -> None:
    assert phone.post("/kirim/draf", id=str(uuid.uuid4()), **message).status_code == status


def test_a_draft_of_somebody_else_does_not_exist(phone: Phone, hers: Phone) -> None:
    dokumen = phone.draft()

    answers = [
        hers.post("/kirim/draf", id=dokumen),
        hers.post("/kirim/draf", id=dokumen, jenis="seminar"),
        hers.post("/kirim/isian", dokumen=dokumen),
        hers.post("/kirim/ajukan", dokumen=dokumen, benar=True),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


def test_an_operator_begins_for_a_colleague_of_the_own_units(hers: Phone, cast: Cast) -> None:
    answer = hers.post(
        "/kirim/draf", id=str(uuid.uuid4()), jenis="seminar", untuk=str(cast.sari.pegawai_id)
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["tono", "vera"])
def test_nobody_begins_for_people_elsewhere(hers: Phone, cast: Cast, name: str) -> None:
    other = str(cast.everybody[name].pegawai_id)

    answer = hers.post("/kirim/draf", id=str(uuid.uuid4()), jenis="seminar", untuk=other)

    assert answer.status_code == 404


def test_who_serves_nobody_begins_for_nobody(phone: Phone, cast: Cast) -> None:
    other = str(cast.budi.pegawai_id)

    answer = phone.post("/kirim/draf", id=str(uuid.uuid4()), jenis="seminar", untuk=other)

    assert answer.status_code == 404


def test_a_replacement_begins_with_the_data_of_the_old_item(
    phone: Phone, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        old = builders.document(session, cast.sari, S.DISETUJUI, verifier=cast.vera)

    answer = phone.post("/kirim/draf", id=str(uuid.uuid4()), ganti=str(old.id)).get_json()

    assert (answer["data"]["nama"], answer["data"]["jp"]) == (old.nama, "4")


def test_data_that_are_right_tell_what_they_bring(phone: Phone) -> None:
    answer = phone.post("/kirim/isian", dokumen=phone.draft(), isian=DATA).get_json()

    assert (answer["salah"], answer["tanya"]) == ({}, [])
    assert answer["poin"].startswith("+")
    assert answer["menjadi"].split(" ", 1)[0].replace(",", "").isdigit()


def test_an_operator_learns_no_points(hers: Phone, cast: Cast) -> None:
    dokumen = hers.draft(untuk=str(cast.sari.pegawai_id))

    answer = hers.post("/kirim/isian", dokumen=dokumen, isian=DATA).get_json()

    assert (answer["poin"], answer["menjadi"], answer["catatan"]) == ("", "", "")


def test_data_that_are_wrong_are_told_at_their_fields(phone: Phone) -> None:
    wrong = DATA | {"jp": "banyak", "tanggal_mulai": "31-02-2026", "nama": ""}

    answer = phone.post("/kirim/isian", dokumen=phone.draft(), isian=wrong).get_json()

    assert set(answer["salah"]) == {"jp", "tanggal_mulai", "nama"}


def test_fields_that_are_not_named_stay(phone: Phone) -> None:
    dokumen = phone.draft()
    phone.post("/kirim/isian", dokumen=dokumen, isian=DATA)

    phone.post("/kirim/isian", dokumen=dokumen, isian={"jp": 8})

    data = phone.post("/kirim/draf", id=dokumen).get_json()["data"]
    assert (data["nama"], data["jp"]) == (DATA["nama"], "8")


def test_the_page_of_the_data_shows_what_the_phone_saved(phone: Phone) -> None:
    dokumen = phone.draft()
    phone.post("/kirim/isian", dokumen=dokumen, isian=DATA)

    page = phone.browser.get("documents.edit", document_id=dokumen)

    assert page.one("#nama").get("value") == DATA["nama"]


@pytest.mark.parametrize("value", [True, False])
def test_a_tick_is_kept(phone: Phone, value: bool) -> None:
    dokumen = phone.draft("ijazah")
    phone.post("/kirim/isian", dokumen=dokumen, isian={"luar_negeri": not value})

    phone.post("/kirim/isian", dokumen=dokumen, isian={"luar_negeri": value})

    data = phone.post("/kirim/draf", id=dokumen).get_json()["data"]
    assert data["luar_negeri"] is value


def test_closed_fields_of_a_repair_stay(phone: Phone, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        reason = builders.reason(session)
        reason.fields = ["jp"]
        document = builders.document(
            session, cast.sari, S.PERLU_PERBAIKAN, verifier=cast.vera, reason_id=reason.id
        )
    phone.post("/kirim/draf", id=str(document.id))

    phone.post("/kirim/isian", dokumen=str(document.id), isian={"jp": 6, "nama": "Lain"})

    data = phone.post("/kirim/draf", id=str(document.id)).get_json()["data"]
    assert (data["jp"], data["nama"]) == ("6", document.nama)


def test_a_handed_in_item_keeps_its_data(phone: Phone, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari, S.DIAJUKAN)

    answer = phone.post("/kirim/isian", dokumen=str(document.id), isian={"nama": "Lain"})

    assert answer.status_code == 409


def test_everything_that_lacks_is_told_at_once(phone: Phone) -> None:
    answer = phone.post("/kirim/ajukan", dokumen=phone.draft())

    assert answer.status_code == 422
    assert {"nama", "tanggal_mulai", "benar"} <= set(answer.get_json()["isian"])


def test_what_was_typed_is_kept_also_when_something_lacks(phone: Phone) -> None:
    dokumen = phone.draft()

    phone.post("/kirim/ajukan", dokumen=dokumen, isian={"nama": "Seminar"}, benar=True)

    assert phone.post("/kirim/draf", id=dokumen).get_json()["data"]["nama"] == "Seminar"


def test_a_missing_paper_is_told(phone: Phone) -> None:
    answer = phone.post("/kirim/ajukan", dokumen=phone.draft(), isian=DATA, benar=True)

    assert (answer.status_code, answer.get_json()["isian"]) == (
        422,
        {"berkas": "Unggah sertifikat."},
    )


@pytest.mark.parametrize("state", [S.DIAJUKAN, S.DIPERIKSA, S.DISETUJUI, S.DITOLAK])
def test_a_late_repetition_tells_the_receipt(
    phone: Phone, database: Database, cast: Cast, state: S
) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari, state, verifier=cast.vera)

    answer = phone.post("/kirim/ajukan", dokumen=str(document.id), isian={}, benar=True)

    assert (answer.status_code, answer.get_json()["tanda_terima"]) == (200, document.receipt)


def test_a_late_repetition_hands_no_repair_in(phone: Phone, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari, S.PERLU_PERBAIKAN, verifier=cast.vera)

    answer = phone.post(
        "/kirim/ajukan", dokumen=str(document.id), isian={}, benar=True, keadaan="draf"
    )

    with database.reading() as session:
        assert session.get_one(Document, document.id).state is S.PERLU_PERBAIKAN
    assert answer.get_json()["tanda_terima"] == document.receipt


def test_a_repair_is_handed_in_as_a_new_revision(
    phone: Phone, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari, S.PERLU_PERBAIKAN, verifier=cast.vera)
    phone.post("/kirim/draf", id=str(document.id))

    phone.post("/kirim/ajukan", dokumen=str(document.id), isian={"jp": 6}, benar=True)

    with database.reading() as session:
        after = session.get_one(Document, document.id)
    assert (after.state, after.revision, after.jp) == (S.DIAJUKAN, 2, 6)


def test_what_was_handed_in_meanwhile_is_told_with_its_link(
    app: Flask, phone: Phone, database: Database, cast: Cast
) -> None:
    dokumen = phone.draft()
    ready(phone, app, dokumen)
    with database.transaction() as session:
        kept = session.get_one(Document, uuid.UUID(dokumen)).current_files[0].sha256_original
        earlier = complete(session, cast.sari)
        earlier.current_files[0].sha256_original = kept
        handin.submit(session, cast.sari, earlier, today=TODAY)

    answer = phone.post("/kirim/ajukan", dokumen=dokumen, isian=DATA, benar=True)

    assert (answer.status_code, answer.get_json()["tautan"]) == (409, f"/dokumen/{earlier.id}")


def test_a_store_that_is_away_is_told(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = phone.deliver(phone.draft())

    def away(_upload: object) -> dict[int, int]:
        raise Unavailable("Penyimpanan berkas sedang tidak terjangkau.")

    monkeypatch.setattr(upload_views, "_present", away)

    answer = phone.complete(upload)

    assert (answer.status_code, list(answer.get_json())) == (503, ["pesan"])


@pytest.mark.parametrize(
    ("fault", "status"),
    [(ZeroDivisionError(), 500), (OSError(errno.ENOSPC, "No space left on device"), 503)],
)
def test_a_fault_of_the_portal_is_told_in_json(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    app.config["SHOW_ERROR_PAGES"] = True

    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr(draft_views, "opened_fields", broken)

    answer = phone.post("/kirim/draf", id=str(uuid.uuid4()), jenis="seminar")

    assert (answer.status_code, list(answer.get_json())) == (status, ["pesan"])
