"""A file in parts: announced, sent, resumed, complete."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.db import Database
from portal.documents.arrivals import Upload
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.handin import actions as handin
from portal.handin.sending import actions
from portal.handin.sending.actions import PART_SIZE
from portal.storage import keys
from portal.vocabulary import DocumentState, FileRole
from tests.handin.sending.phone import PAPER, Phone, sha, slice_of, work
from tests.handin.support import SEMINAR, complete, stored
from tests.support import builders, sample_files
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
MISSING = str(uuid.UUID(int=7))


def filled(session: Session, cast: Cast, dokumen: str) -> Document:
    """The draft with everything that it needs."""
    document = owned(session, cast.sari, uuid.UUID(dokumen))
    handin.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored("kertas"))
    handin.fill(session, cast.sari, document, SEMINAR)
    return document


@pytest.fixture
def dokumen(phone: Phone) -> str:
    return phone.draft()


def test_a_file_is_cut_into_parts_of_one_size(phone: Phone, dokumen: str) -> None:
    answer = phone.announce(dokumen).get_json()

    assert (answer["ukuran_bagian"], answer["jumlah_bagian"]) == (PART_SIZE, 2)
    assert [part["ukuran"] for part in answer["bagian"]] == [PART_SIZE, len(PAPER) - PART_SIZE]


def test_a_part_is_sent_as_the_portal_says(phone: Phone, dokumen: str) -> None:
    part = phone.announce(dokumen).get_json()["bagian"][0]

    sent = phone.browser.client.open(
        part["url"], method=part["metode"], headers=part["kepala"], data=slice_of(PAPER, 1)
    )

    assert sent.status_code == 204


def test_only_missing_parts_are_asked_for_again(phone: Phone, dokumen: str) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)
    phone.part(upload, 2, slice_of(PAPER, 2))

    again = phone.announce(dokumen, id=upload).get_json()

    assert [part["nomor"] for part in again["bagian"]] == [1]


def test_nothing_is_asked_for_once_a_file_is_complete(phone: Phone, dokumen: str) -> None:
    upload = phone.upload(dokumen)

    assert phone.announce(dokumen, id=upload).get_json()["bagian"] == []


def test_a_complete_file_lies_in_the_store_byte_for_byte(
    app: Flask, phone: Phone, dokumen: str
) -> None:
    upload = uuid.UUID(phone.upload(dokumen))

    parts = []
    for number in (1, 2):
        with app.extensions["storage"].open(keys.part(upload, number)) as stream:
            parts.append(stream.read())
    assert b"".join(parts) == PAPER


def test_a_part_may_come_twice(phone: Phone, dokumen: str) -> None:
    upload = phone.deliver(dokumen)

    assert phone.part(upload, 1, slice_of(PAPER, 1)).status_code == 204


def test_what_is_missing_is_named_by_number(phone: Phone, dokumen: str) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)
    phone.part(upload, 1, slice_of(PAPER, 1))

    answer = phone.complete(upload)

    assert (answer.status_code, answer.get_json()["kurang"]) == (409, [2])


def test_a_part_of_another_size_in_the_store_counts_as_missing(
    app: Flask, phone: Phone, dokumen: str
) -> None:
    upload = phone.deliver(dokumen)
    app.extensions["storage"].put(
        keys.part(uuid.UUID(upload), 2), b"x", "image/jpeg", sha256=sha(b"x")
    )

    assert phone.complete(upload).get_json()["kurang"] == [2]


def test_complete_twice_is_as_once(phone: Phone, dokumen: str) -> None:
    upload = phone.upload(dokumen)

    assert phone.complete(upload).get_json() == {"lengkap": True}


def test_a_complete_file_takes_no_part(phone: Phone, dokumen: str) -> None:
    upload = phone.upload(dokumen)

    answer = phone.part(upload, 1, slice_of(PAPER, 1))

    assert (answer.status_code, answer.get_json()["pesan"]) == (
        409,
        "Berkas ini sudah sampai seluruhnya.",
    )


@pytest.mark.parametrize("number", [0, 3, 99_999])
def test_a_part_that_the_file_does_not_have_is_not_found(
    phone: Phone, dokumen: str, number: int
) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)

    assert phone.part(upload, number, b"x").status_code == 404


@pytest.mark.parametrize(
    ("length", "sentence"),
    [(PART_SIZE - 1, "terlalu pendek"), (PART_SIZE + 1, "terlalu panjang")],
)
def test_a_part_of_another_length_has_its_own_sentence(
    phone: Phone, dokumen: str, length: int, sentence: str
) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)

    answer = phone.part(upload, 1, b"x" * length)

    assert answer.status_code == 422
    assert sentence in answer.get_json()["pesan"]


def test_a_part_beyond_any_size_is_not_even_read(phone: Phone, dokumen: str) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)

    answer = phone.part(upload, 1, b"x" * (2 * 1024 * 1024))

    assert (answer.status_code, "terlalu besar" in answer.get_json()["pesan"]) == (413, True)


def torn(phone: Phone, upload: str, **environ: Any) -> TestResponse:
    """A part of which only the beginning comes."""
    return phone.send(
        f"/kirim/unggahan/{upload}/bagian/1",
        input_stream=io.BytesIO(PAPER[:100]),
        content_type="application/octet-stream",
        environ_overrides=environ,
    )


def test_a_line_that_breaks_in_a_part_is_told(phone: Phone, dokumen: str) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)

    answer = torn(phone, upload, CONTENT_LENGTH=str(PART_SIZE))

    assert (answer.status_code, "terputus" in answer.get_json()["pesan"]) == (422, True)


def test_a_part_without_a_length_is_refused(phone: Phone, dokumen: str) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)

    answer = torn(phone, upload, HTTP_TRANSFER_ENCODING="chunked")

    assert (answer.status_code, "Panjang kiriman" in answer.get_json()["pesan"]) == (411, True)


def test_a_broken_part_leaves_nothing(app: Flask, phone: Phone, dokumen: str) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)

    torn(phone, upload, CONTENT_LENGTH=str(PART_SIZE))

    assert list(app.extensions["storage"].iterate()) == []


@pytest.mark.parametrize(
    ("other", "status", "field"),
    [
        ({"ukuran": 0}, 422, "ukuran"),
        ({"ukuran": -1}, 422, "ukuran"),
        ({"ukuran": 2**63}, 413, "ukuran"),
        ({"ukuran": 10 * 1024 * 1024 + 1}, 413, "ukuran"),
        ({"jenis": "image/svg+xml"}, 422, "jenis"),
        ({"jenis": "text/html"}, 422, "jenis"),
        ({"jenis": ""}, 422, "jenis"),
        ({"sha256": "g" * 64}, 422, "sha256"),
        ({"sha256": "0" * 63}, 422, "sha256"),
        ({"sha256": "0" * 64 + "\n"}, 422, "sha256"),
        ({"sha256_asal": "A" * 64}, 422, "sha256_asal"),
    ],
)
def test_what_the_portal_does_not_take_is_told_at_its_field(
    phone: Phone, dokumen: str, other: dict[str, Any], status: int, field: str
) -> None:
    answer = phone.announce(dokumen, **other)

    assert (answer.status_code, list(answer.get_json()["isian"])) == (status, [field])


def test_a_refusal_of_size_tells_both_sizes(phone: Phone, dokumen: str) -> None:
    answer = phone.announce(dokumen, ukuran=14 * 1024 * 1024)

    assert "Berkas 14 MB. Paling besar 10 MB." in answer.get_json()["pesan"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\foto\\ijazah.jpg", "ijazah.jpg"),
        ("a\0b.jpg", "ab.jpg"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("شهادة 🎓.jpg", "شهادة 🎓.jpg"),
        ("", "berkas"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_a_name_is_kept_as_it_can_be_shown(
    phone: Phone, database: Database, dokumen: str, name: str, kept: str
) -> None:
    upload = uuid.uuid4()
    phone.announce(dokumen, id=str(upload), nama=name)

    with database.reading() as session:
        assert session.get_one(Upload, upload).name == kept


def test_an_id_is_good_for_one_file(phone: Phone, dokumen: str) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)

    assert phone.announce(dokumen, b"lain", id=upload).status_code == 409


def test_an_id_of_another_item_is_not_found(phone: Phone, dokumen: str) -> None:
    upload = str(uuid.uuid4())
    phone.announce(dokumen, id=upload)

    assert phone.announce(phone.draft(), id=upload).status_code == 404


def test_somebody_elses_upload_does_not_exist(phone: Phone, hers: Phone, dokumen: str) -> None:
    upload = phone.deliver(dokumen)

    answers = [
        hers.part(upload, 1, slice_of(PAPER, 1)),
        hers.complete(upload),
        hers.announce(hers.draft(), id=upload),
        hers.announce(dokumen),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4


def test_an_upload_that_nobody_announced_does_not_exist(phone: Phone) -> None:
    assert phone.part(MISSING, 1, b"x").status_code == 404


@pytest.mark.parametrize("kept", ["sha256", "sha256_asal"])
def test_a_file_that_was_handed_in_is_told_before_it_is_sent(
    phone: Phone, database: Database, cast: Cast, dokumen: str, kept: str
) -> None:
    with database.transaction() as session:
        earlier = complete(session, cast.sari, content="foto lama")
        handin.submit(session, cast.sari, earlier, today=TODAY)

    answer = phone.announce(dokumen, **{kept: sha(b"foto lama")})

    assert answer.status_code == 409
    assert answer.get_json()["tautan"] == f"/dokumen/{earlier.id}"


def test_an_operator_learns_only_that_there_is_an_earlier_one(
    hers: Phone, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        earlier = complete(session, cast.sari, content="foto lama")
        handin.submit(session, cast.sari, earlier, today=TODAY)
    dokumen = hers.draft(untuk=str(cast.sari.pegawai_id))

    answer = hers.announce(dokumen, sha256=sha(b"foto lama"))

    assert (answer.status_code, "tautan" in answer.get_json()) == (409, False)
    assert "Seminar" not in answer.text


def test_an_item_takes_so_many_unsent_files(
    phone: Phone, dokumen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        assert phone.announce(dokumen).status_code == 200

    answer = phone.announce(dokumen)

    assert (answer.status_code, "20 berkas" in answer.get_json()["pesan"]) == (422, True)


def test_a_person_has_so_many_bytes_on_the_way(
    phone: Phone, dokumen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", 2 * len(PAPER))
    phone.upload(dokumen, PAPER[::-1])
    phone.announce(phone.draft())

    answer = phone.announce(dokumen)

    assert (answer.status_code, "Ajukan atau hapus draf" in answer.get_json()["pesan"]) == (
        422,
        True,
    )


def test_bytes_of_what_was_handed_in_or_sent_by_another_take_no_room(
    phone: Phone,
    database: Database,
    cast: Cast,
    dokumen: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", len(PAPER))
    monkeypatch.setattr(actions, "MOST_KEPT", len(PAPER))
    phone.upload(dokumen)
    with database.transaction() as session:
        handin.submit(session, cast.sari, filled(session, cast, dokumen), today=TODAY)
    shared, theirs = phone.draft(), uuid.uuid4()
    assert phone.announce(shared, id=str(theirs)).status_code == 200
    with database.transaction() as session:
        session.get_one(Upload, theirs).sender_id = cast.oki.pegawai_id

    assert phone.announce(shared).status_code == 200


def test_files_of_finished_papers_have_a_bound_too(
    app: Flask, phone: Phone, dokumen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their parts stay in the store until the hand-in, so a loop must not fill it."""
    photo = sample_files.jpeg(sample_files.certificate((400, 283)))
    phone.order(dokumen, phone.upload(dokumen, photo))
    work(app)
    monkeypatch.setattr(actions, "MOST_KEPT", len(photo) + len(PAPER) - 1)

    assert phone.announce(dokumen).status_code == 422


def test_a_handed_in_item_takes_no_file(phone: Phone, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari, DocumentState.DIAJUKAN)

    assert phone.announce(str(document.id)).status_code == 409


def test_parts_for_an_item_that_was_handed_in_meanwhile_are_refused(
    phone: Phone, database: Database, dokumen: str, cast: Cast
) -> None:
    upload = phone.deliver(dokumen)
    with database.transaction() as session:
        document = filled(session, cast, dokumen)
        handin.submit(session, cast.sari, document, today=TODAY)

    statuses = [
        phone.part(upload, 1, slice_of(PAPER, 1)).status_code,
        phone.complete(upload).status_code,
    ]

    assert statuses == [409, 409]


def test_a_discarded_draft_takes_its_uploads_along(
    phone: Phone, database: Database, dokumen: str
) -> None:
    upload = phone.deliver(dokumen)

    phone.browser.post("documents.discard", document_id=dokumen)

    with database.reading() as session:
        assert session.get(Upload, uuid.UUID(upload)) is None
