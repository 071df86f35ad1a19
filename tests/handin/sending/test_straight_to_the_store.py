"""With an S3 the bytes never pass the portal: it signs, the phone sends, it counts."""

from __future__ import annotations

import dataclasses
import http.client
import socket
import uuid
from urllib.parse import urlsplit

import pytest
import structlog
from flask import Flask

from portal.launch.object_store import allow_browsers
from portal.settings import Settings
from portal.storage import keys
from scripts.rgw_local import Credentials
from tests.handin.sending.phone import PAPER, Phone, sha, slice_of, work
from tests.handin.sending.test_story import DATA, JPEG
from tests.support.components import PATIENCE
from tests.support.database import on_sqlite_alone

pytestmark = [
    on_sqlite_alone,
    pytest.mark.usefixtures("quick_worker"),
    pytest.mark.xdist_group("s3"),
]


@pytest.fixture
def settings(settings: Settings, bucket: Credentials) -> Settings:
    return dataclasses.replace(settings, object_store_url=bucket.url)


def send(part: dict[str, object], body: bytes) -> int:
    """The request that the portal has written down, without any cookie."""
    address = urlsplit(str(part["url"]))
    connection = http.client.HTTPConnection(address.netloc, timeout=PATIENCE)
    try:
        path = f"{address.path}?{address.query}"
        headers = dict(part["kepala"])  # type: ignore[call-overload]
        connection.request(str(part["metode"]), path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def deliver(phone: Phone, dokumen: str, data: bytes) -> tuple[str, list[int]]:
    """An upload and what the store answered to each of its parts."""
    upload = str(uuid.uuid4())
    parts = phone.announce(dokumen, data, id=upload).get_json()["bagian"]
    return upload, [send(part, slice_of(data, part["nomor"])) for part in parts]


def test_a_photo_goes_by_the_store_to_its_receipt(app: Flask, phone: Phone) -> None:
    dokumen = phone.draft()
    upload, _ = deliver(phone, dokumen, JPEG)
    phone.complete(upload)
    phone.order(dokumen, upload)
    work(app)

    answer = phone.post("/kirim/ajukan", dokumen=dokumen, isian=DATA, benar=True)

    assert (answer.status_code, bool(answer.get_json().get("tanda_terima"))) == (200, True)


def test_the_store_takes_every_part(phone: Phone) -> None:
    upload, statuses = deliver(phone, phone.draft(), PAPER)

    assert (statuses, phone.complete(upload).get_json()) == ([200, 200], {"lengkap": True})


def test_a_part_of_another_size_never_arrives(phone: Phone) -> None:
    upload = str(uuid.uuid4())
    parts = phone.announce(phone.draft(), id=upload).get_json()["bagian"]

    send(parts[0], slice_of(PAPER, 1) + b"x")

    assert phone.complete(upload).get_json()["kurang"] == [1, 2]


def test_a_signed_request_is_good_for_no_other_upload(app: Flask, phone: Phone) -> None:
    dokumen, mine, other = phone.draft(), str(uuid.uuid4()), str(uuid.uuid4())
    phone.announce(dokumen, id=other)
    part = phone.announce(dokumen, id=mine).get_json()["bagian"][0]

    send(part | {"url": part["url"].replace(mine, other)}, slice_of(PAPER, 1))

    assert not app.extensions["storage"].exists(keys.part(uuid.UUID(other), 1))


def test_the_portal_passes_no_bytes_on(phone: Phone) -> None:
    upload = str(uuid.uuid4())
    phone.announce(phone.draft(), id=upload)

    assert phone.part(upload, 1, slice_of(PAPER, 1)).status_code == 409


def test_a_part_exchanged_after_the_count_is_found_by_its_hash(app: Flask, phone: Phone) -> None:
    dokumen, upload = phone.draft(), str(uuid.uuid4())
    part = phone.announce(dokumen, JPEG, id=upload).get_json()["bagian"][0]
    send(part, JPEG)
    phone.complete(upload)
    send(part, JPEG[::-1])
    order = str(uuid.uuid4())
    phone.order(dokumen, upload, id=order)
    work(app)

    assert phone.get(f"/kirim/olahan/{order}").get_json()["keadaan"] == "gagal"


def test_pages_may_connect_to_the_store(phone: Phone, bucket: Credentials) -> None:
    policy = phone.get("/dokumen").headers["Content-Security-Policy"]

    assert f"connect-src 'self' {bucket.endpoint};" in policy


def test_the_store_learns_the_origin_of_the_portal(settings: Settings) -> None:
    assert allow_browsers(settings)


def test_a_store_that_is_away_keeps_nothing_from_starting(settings: Settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = f"http://k:s@127.0.0.1:{closed.getsockname()[1]}/portal"
        elsewhere = dataclasses.replace(settings, object_store_url=away)
        with structlog.testing.capture_logs() as lines:
            allowed = allow_browsers(elsewhere)

    assert not allowed
    assert "PutBucketCORS" in lines[-1]["remedy"]


def test_the_hash_of_a_part_is_not_taken_on_trust(app: Flask, phone: Phone) -> None:
    dokumen, upload = phone.draft(), str(uuid.uuid4())
    part = phone.announce(dokumen, JPEG, id=upload, sha256=sha(b"lain")).get_json()["bagian"][0]
    send(part, JPEG)
    phone.complete(upload)
    order = str(uuid.uuid4())
    phone.order(dokumen, upload, id=order)
    work(app)

    assert "Kirim ulang" in phone.get(f"/kirim/olahan/{order}").get_json()["pesan"]
