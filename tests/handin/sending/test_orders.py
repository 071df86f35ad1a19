"""Papers ordered of uploads, and how far they are."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.db import Database, now
from portal.documents.arrivals import Processing, Reading
from portal.documents.models import Document, DocumentFile
from portal.handin import processing
from portal.jobs import Job
from portal.vocabulary import DocumentState, ProcessingState, ReadingState
from tests.handin.sending.phone import PAPER, Phone, work
from tests.handin.sending.test_story import DATA, JPEG, ready
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_worker")]
P = ProcessingState


@pytest.fixture
def dokumen(phone: Phone) -> str:
    return phone.draft()


def jobs(database: Database) -> int:
    with database.reading() as session:
        count = select(func.count()).select_from(Job).where(Job.kind == processing.KIND)
        return session.scalar(count) or 0


def settle(database: Database, order: str, state: P, message: str = "") -> None:
    """What the worker would write down about a paper that could not be made."""
    with database.transaction() as session:
        session.execute(
            update(Processing)
            .where(Processing.id == uuid.UUID(order))
            .values(state=state, message=message, finished_at=now())
        )


def pending(phone: Phone, dokumen: str) -> str:
    """An order that no worker has seen."""
    order = str(uuid.uuid4())
    assert phone.order(dokumen, phone.upload(dokumen, JPEG), id=order).status_code == 202
    return order


def test_an_order_is_under_way_at_once(phone: Phone, dokumen: str) -> None:
    answer = phone.order(dokumen, phone.upload(dokumen))

    assert (answer.status_code, answer.get_json()) == (
        202,
        {"keadaan": "diproses", "pesan": "", "halaman": 1, "bacaan": None},
    )


def test_an_order_becomes_a_job(phone: Phone, database: Database, dokumen: str) -> None:
    phone.order(dokumen, phone.upload(dokumen))

    assert jobs(database) == 1


def test_the_same_order_twice_is_one_job(phone: Phone, database: Database, dokumen: str) -> None:
    upload, order = phone.upload(dokumen), str(uuid.uuid4())
    answers = [phone.order(dokumen, upload, id=order) for _ in range(2)]

    assert ([answer.status_code for answer in answers], jobs(database)) == ([202, 202], 1)


def test_an_id_is_good_for_one_order(phone: Phone, dokumen: str) -> None:
    upload, order = phone.upload(dokumen), str(uuid.uuid4())
    phone.order(dokumen, upload, id=order)

    turned = phone.order(dokumen, id=order, halaman=[{"unggahan": upload, "putar": 90}])

    assert turned.status_code == 409


def test_a_finished_paper_tells_its_pages(app: Flask, phone: Phone, dokumen: str) -> None:
    order = ready(phone, app, dokumen)

    answer = phone.get(f"/kirim/olahan/{order}").get_json()

    assert (answer["keadaan"], answer["halaman"]) == ("siap", 1)


def test_what_was_read_is_told_beside_it(
    app: Flask, phone: Phone, database: Database, dokumen: str
) -> None:
    order = ready(phone, app, dokumen)
    with database.transaction() as session:
        file_id = session.scalars(select(DocumentFile.id)).one()
        session.merge(
            Reading(
                file_id=file_id,
                state=ReadingState.SELESAI,
                fields={"nomor": "12/X"},
                finished_at=now(),
            )
        )

    answer = phone.get(f"/kirim/olahan/{order}").get_json()

    assert answer["bacaan"] == {"keadaan": "selesai", "isian": {"nomor": "12/X"}}


def test_asking_each_second_costs_three_questions(app: Flask, phone: Phone, dokumen: str) -> None:
    order = pending(phone, dokumen)

    with statements(app) as seen:
        phone.get(f"/kirim/olahan/{order}")

    assert len(seen) <= 3, seen


def test_bytes_that_are_no_picture_have_to_be_replaced(
    app: Flask, phone: Phone, dokumen: str
) -> None:
    order = str(uuid.uuid4())
    phone.order(dokumen, phone.upload(dokumen, PAPER), id=order)
    work(app)

    answer = phone.get(f"/kirim/olahan/{order}").get_json()

    assert (answer["keadaan"], bool(answer["pesan"])) == ("gagal", True)


def test_an_upload_that_lacks_parts_is_named_by_its_page(phone: Phone, dokumen: str) -> None:
    here, torn = phone.upload(dokumen), str(uuid.uuid4())
    phone.announce(dokumen, id=torn)

    answer = phone.order(dokumen, here, torn)

    assert (answer.status_code, answer.get_json()["kurang"]) == (409, [2])


SOMETHING = str(uuid.UUID(int=1))


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"peran": "ijazah"}, "peran"),
        ({"peran": "surat-cinta"}, "peran"),
        ({"halaman": []}, "halaman"),
        ({"halaman": [{"unggahan": SOMETHING}] * 21}, "halaman"),
        ({"halaman": [{"unggahan": SOMETHING, "putar": 45}]}, "halaman"),
        ({"halaman": [{"unggahan": SOMETHING, "putar": -90}]}, "halaman"),
        (
            {"halaman": [{"unggahan": SOMETHING, "putar": t} for t in (90, 45)]},
            "halaman",
        ),
        ({"halaman": [{"unggahan": "x"}]}, "halaman"),
    ],
)
def test_an_order_that_makes_no_sense_is_told_at_its_field(
    phone: Phone, dokumen: str, other: dict[str, Any], field: str
) -> None:
    answer = phone.order(dokumen, **other)

    assert (answer.status_code, list(answer.get_json()["isian"])) == (422, [field])


def test_an_order_of_ten_thousand_pages_is_too_large(phone: Phone, dokumen: str) -> None:
    pages = [{"unggahan": str(uuid.UUID(int=1)), "putar": 0}] * 10_000

    assert phone.order(dokumen, halaman=pages).status_code == 413


def test_the_same_page_may_stand_in_a_paper_twice(phone: Phone, dokumen: str) -> None:
    upload = phone.upload(dokumen, JPEG)

    assert phone.order(dokumen, upload, upload).get_json()["halaman"] == 2


def test_uploads_of_another_item_are_not_found(phone: Phone, dokumen: str) -> None:
    foreign = phone.upload(phone.draft())

    assert phone.order(dokumen, foreign).status_code == 404


def test_uploads_and_orders_of_somebody_else_are_not_found(
    phone: Phone, hers: Phone, dokumen: str
) -> None:
    upload, order = phone.upload(dokumen), str(uuid.uuid4())
    phone.order(dokumen, upload, id=order)

    answers = [
        hers.order(dokumen, upload),
        hers.order(hers.draft(), upload),
        hers.order(hers.draft(), upload, id=order),
        hers.get(f"/kirim/olahan/{order}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


def test_a_handed_in_item_takes_no_order(phone: Phone, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari, DocumentState.DIAJUKAN)

    assert phone.order(str(document.id), str(uuid.uuid4())).status_code == 409


def hand_in(phone: Phone, dokumen: str) -> Any:
    return phone.post("/kirim/ajukan", dokumen=dokumen, isian=DATA, benar=True)


def test_nothing_is_handed_in_while_a_paper_is_being_made(phone: Phone, dokumen: str) -> None:
    pending(phone, dokumen)

    answer = hand_in(phone, dokumen)

    assert (answer.status_code, answer.get_json()["lagi"]) == (425, 2)


def test_nothing_is_handed_in_while_a_second_paper_is_being_made(
    app: Flask, phone: Phone, dokumen: str
) -> None:
    ready(phone, app, dokumen)
    pending(phone, dokumen)

    assert hand_in(phone, dokumen).status_code == 425


def test_pages_hand_nothing_in_meanwhile_either(
    app: Flask, phone: Phone, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari)
    phone.browser.get("documents.review", document_id=document.id)
    phone.post("/kirim/draf", id=str(document.id))
    pending(phone, str(document.id))

    page = phone.browser.submit("Ajukan", benar="y", expect=422)

    assert "sedang diolah" in page.text


@pytest.mark.parametrize("state", [P.GAGAL, P.KARANTINA])
def test_a_needed_paper_that_could_not_be_made_keeps_the_item_back(
    app: Flask, phone: Phone, database: Database, dokumen: str, state: P
) -> None:
    ready(phone, app, dokumen)
    settle(database, pending(phone, dokumen), state, "Foto ulang halaman 2.")

    answer = hand_in(phone, dokumen)

    assert (answer.status_code, answer.get_json()["isian"]) == (
        422,
        {"berkas": "Sertifikat: Foto ulang halaman 2."},
    )


def test_a_newer_paper_settles_one_that_could_not_be_made(
    app: Flask, phone: Phone, database: Database, dokumen: str
) -> None:
    settle(database, pending(phone, dokumen), P.GAGAL, "Foto ulang.")
    ready(phone, app, dokumen)

    assert hand_in(phone, dokumen).status_code == 200


def test_one_may_stay_with_the_paper_that_is_there(
    app: Flask, phone: Phone, database: Database, dokumen: str
) -> None:
    ready(phone, app, dokumen)
    settle(database, pending(phone, dokumen), P.GAGAL, "Foto ulang.")
    phone.browser.get("documents.files", document_id=dokumen)

    phone.browser.submit("Tetap pakai sertifikat yang tersimpan")

    assert hand_in(phone, dokumen).status_code == 200


def postponed(database: Database, order: str) -> None:
    with database.transaction() as session:
        session.get_one(Processing, uuid.UUID(order)).message = processing.WAITING


def test_a_phone_asks_seldom_while_the_store_is_away(
    phone: Phone, database: Database, dokumen: str
) -> None:
    order = pending(phone, dokumen)
    postponed(database, order)

    answer = phone.get(f"/kirim/olahan/{order}")

    assert (answer.status_code, answer.get_json()["pesan"]) == (503, processing.WAITING)


def test_pages_say_that_the_portal_tries_again_by_itself(
    phone: Phone, database: Database, dokumen: str
) -> None:
    postponed(database, pending(phone, dokumen))

    page = phone.browser.get("documents.show", document_id=dokumen)

    assert "Portal mencoba lagi sendiri" in page.text
    assert page.one("#olahan")["hx-trigger"] == "every 60s"


def test_ajukan_meanwhile_says_why_it_waits(phone: Phone, database: Database, dokumen: str) -> None:
    postponed(database, pending(phone, dokumen))

    answer = hand_in(phone, dokumen)

    assert (answer.status_code, answer.get_json()["lagi"]) == (425, 60)
    assert "Portal mencoba lagi sendiri" in answer.get_json()["pesan"]


def test_an_order_under_way_cannot_be_waved_away(phone: Phone, dokumen: str) -> None:
    order = pending(phone, dokumen)

    phone.browser.post("documents.keep_paper", document_id=dokumen, processing_id=order, expect=409)

    assert phone.get(f"/kirim/olahan/{order}").get_json()["keadaan"] == "diproses"


@pytest.mark.parametrize("endpoint", ["documents.show", "documents.files"])
def test_pages_show_a_paper_in_the_making(phone: Phone, dokumen: str, endpoint: str) -> None:
    pending(phone, dokumen)

    page = phone.browser.get(endpoint, document_id=dokumen)

    assert "Sertifikat sedang diolah" in page.text


@pytest.mark.parametrize(
    ("state", "words"), [(P.GAGAL, "Perlu diganti"), (P.KARANTINA, "Karantina")]
)
def test_pages_show_what_could_not_be_made(
    phone: Phone, database: Database, dokumen: str, state: P, words: str
) -> None:
    settle(database, pending(phone, dokumen), state, "Foto ulang halaman 2.")

    page = phone.browser.get("documents.show", document_id=dokumen)

    assert f"{words}: sertifikat" in page.text
    assert "Foto ulang halaman 2." in page.text


def test_the_list_of_drafts_tells_it_too(phone: Phone, dokumen: str) -> None:
    pending(phone, dokumen)

    assert "Berkas sedang diolah" in phone.browser.get("documents.index").text


def test_the_part_of_the_page_asks_again_only_while_there_is_something_to_ask(
    app: Flask, phone: Phone, dokumen: str
) -> None:
    pending(phone, dokumen)
    before = phone.browser.get("documents.making", document_id=dokumen, htmx=True)
    work(app)
    after = phone.browser.get("documents.making", document_id=dokumen, htmx=True)

    assert [page.one("#olahan").get("hx-trigger") for page in (before, after)] == ["every 2s", None]
    assert "Berkas sudah siap" in after.text


def test_the_part_opened_by_hand_leads_to_the_item(phone: Phone, dokumen: str) -> None:
    page = phone.browser.get("documents.making", document_id=dokumen)

    assert page.path == f"/dokumen/{dokumen}"


def test_a_handed_in_item_tells_nothing_of_it_any_more(
    phone: Phone, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari)
    phone.post("/kirim/draf", id=str(document.id))
    settle(database, pending(phone, str(document.id)), P.GAGAL, "Foto ulang.")
    with database.transaction() as session:
        session.execute(
            update(Document)
            .where(Document.id == document.id)
            .values(state=DocumentState.DIAJUKAN, submitted_at=now(), receipt="XXXX-XXXX")
        )

    page = phone.browser.get("documents.show", document_id=document.id)

    assert "Perlu diganti" not in page.text
