"""Parts that browsers send straight to the store: one signed request, for exactly these bytes."""

from __future__ import annotations

import datetime as dt
import http.client
import socket
import uuid
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import botocore.auth
import pytest

from portal.errors import Unavailable
from portal.storage import PartRequest, Storage, keys
from portal.storage.s3 import Address, S3Storage
from scripts.rgw_local import Credentials
from tests.support.components import PATIENCE

UPLOAD = uuid.UUID("3f9b2a58-91a7-4c3e-8a55-6b1a4f0f7c01")
KEY, OTHER = keys.part(UPLOAD, 1), keys.part(UPLOAD, 2)
BINARY = {"Content-Type": "application/octet-stream"}
BYTES = b"sepuluh ok"
ORIGIN, ELSEWHERE = "https://portal.example.go.id", "https://penipu.example"
REFUSED = {400, 403}
on_s3 = pytest.mark.xdist_group("s3")


def signed(store: Storage, *, size: int = len(BYTES), seconds: int = 60) -> PartRequest:
    request = store.presign_part(
        KEY, size=size, content_type=BINARY["Content-Type"], seconds=seconds
    )
    assert request is not None
    return request


def send(
    url: str,
    body: bytes = BYTES,
    headers: Mapping[str, str] = BINARY,
    *,
    method: str = "PUT",
    chunked: bool = False,
) -> int:
    """Status of one request as a browser would send it."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    try:
        path = f"{parts.path}?{parts.query}"
        data = iter([body]) if chunked else body
        connection.request(method, path, data, dict(headers), encode_chunked=chunked)
        return connection.getresponse().status
    finally:
        connection.close()


def preflight(url: str, origin: str = ORIGIN, headers: str = "content-type") -> bool:
    """Whether a browser would send the part after asking the store."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": headers,
    }
    try:
        connection.request("OPTIONS", f"{parts.path}?{parts.query}", headers=asked)
        answer = connection.getresponse()
        allowed = answer.headers.get("Access-Control-Allow-Origin")
        return answer.status == 200 and allowed in {origin, "*"}
    finally:
        connection.close()


def changed(url: str, **query: str) -> str:
    """The address with parts of its query replaced."""
    parts = urlsplit(url)
    pairs = dict(parse_qsl(parts.query)) | {k.replace("_", "-"): v for k, v in query.items()}
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def test_a_folder_leaves_the_parts_to_the_app(local: Storage) -> None:
    assert local.presign_part(KEY, size=1, content_type="text/plain", seconds=60) is None


def test_a_folder_has_no_browsers_to_allow(local: Storage) -> None:
    local.allow_browser([ORIGIN])

    assert list(local.iterate()) == []


def test_refuses_to_sign_a_part_under_a_foreign_key(store: Storage) -> None:
    with pytest.raises(ValueError, match="key"):
        store.presign_part("uploads/../rahasia", size=1, content_type="text/plain", seconds=60)


@on_s3
def test_a_signed_part_arrives(s3: Storage) -> None:
    send(signed(s3).url)

    with s3.open(KEY) as stream:
        assert stream.read() == BYTES


@on_s3
def test_tells_the_method_and_the_headers_to_send(s3: Storage) -> None:
    request = signed(s3)

    assert (request.method, dict(request.headers)) == ("PUT", BINARY)


@on_s3
def test_the_same_part_may_come_twice(s3: Storage) -> None:
    request = signed(s3)

    assert [send(request.url), send(request.url)] == [200, 200]


@on_s3
@pytest.mark.parametrize("body", [b"", BYTES[:-1], BYTES + b"x", BYTES * 1000])
def test_a_part_of_another_size_is_refused(s3: Storage, body: bytes) -> None:
    assert send(signed(s3).url, body) in REFUSED


@on_s3
def test_a_part_without_a_length_is_refused(s3: Storage) -> None:
    assert send(signed(s3).url, chunked=True) in {*REFUSED, 411}


@on_s3
@pytest.mark.parametrize("headers", [{"Content-Type": "text/html"}, {"Content-Type": ""}, {}])
def test_a_part_of_another_type_is_refused(s3: Storage, headers: Mapping[str, str]) -> None:
    assert send(signed(s3).url, headers=headers) in REFUSED


@on_s3
def test_a_request_is_good_for_no_other_key(s3: Storage) -> None:
    assert send(signed(s3).url.replace(KEY, OTHER)) in REFUSED


@on_s3
def test_a_request_is_good_for_no_other_bucket(s3: Storage, bucket: Credentials) -> None:
    assert send(signed(s3).url.replace(bucket.bucket, "portal")) in {*REFUSED, 404}


@on_s3
def test_an_expired_request_is_refused(s3: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=16)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: earlier)

    assert send(signed(s3, seconds=900).url) in REFUSED


@on_s3
def test_a_prolonged_request_is_refused(s3: Storage) -> None:
    assert send(changed(signed(s3).url, X_Amz_Expires="86400")) in REFUSED


@on_s3
def test_a_request_signs_no_more_headers_than_it_says(s3: Storage) -> None:
    fewer = changed(signed(s3).url, X_Amz_SignedHeaders="host")

    assert send(fewer, BYTES + b"x") in REFUSED


@on_s3
@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_a_request_is_good_for_no_other_method(s3: Storage, method: str) -> None:
    send(signed(s3).url)

    assert send(signed(s3).url, method=method) in {*REFUSED, 405}


@on_s3
def test_a_refused_part_leaves_nothing(s3: Storage) -> None:
    send(signed(s3).url, BYTES + b"x")

    assert list(s3.iterate()) == []


@on_s3
def test_signs_for_the_origin_that_browsers_reach(bucket: Credentials) -> None:
    store = S3Storage.from_url(bucket.url, "https://berkas.example.go.id")

    assert signed(store).url.startswith(f"https://berkas.example.go.id/{bucket.bucket}/{KEY}?")


@on_s3
def test_pages_of_the_portal_may_send_once_they_are_allowed(s3: Storage) -> None:
    s3.allow_browser([ORIGIN])

    assert preflight(signed(s3).url)


@on_s3
def test_pages_of_others_may_not_send(s3: Storage) -> None:
    s3.allow_browser([ORIGIN])

    assert not preflight(signed(s3).url, ELSEWHERE)


@on_s3
def test_pages_may_not_send_other_headers(s3: Storage) -> None:
    s3.allow_browser([ORIGIN])

    assert not preflight(signed(s3).url, headers="x-amz-acl")


def rules_of(bucket: Credentials, store: Storage) -> list[dict[str, object]]:
    answer = store._client.get_bucket_cors(Bucket=bucket.bucket)  # type: ignore[attr-defined]
    return list(answer["CORSRules"])


@on_s3
def test_allowing_twice_adds_no_second_rule(s3: Storage, bucket: Credentials) -> None:
    s3.allow_browser([ORIGIN])
    before = rules_of(bucket, s3)

    s3.allow_browser([ORIGIN])

    assert rules_of(bucket, s3) == before


@on_s3
def test_rules_that_others_made_stay(s3: Storage, bucket: Credentials) -> None:
    foreign = {"AllowedOrigins": ["https://lain.example"], "AllowedMethods": ["GET"]}
    s3._client.put_bucket_cors(  # type: ignore[attr-defined]
        Bucket=bucket.bucket, CORSConfiguration={"CORSRules": [foreign]}
    )

    s3.allow_browser([ORIGIN])

    origins = [rule["AllowedOrigins"] for rule in rules_of(bucket, s3)]
    assert ["https://lain.example"] in origins


def test_says_so_when_the_store_to_allow_is_away() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        store = S3Storage(Address(f"http://127.0.0.1:{port}", "portal", "k", "s"))

        with pytest.raises(Unavailable):
            store.allow_browser([ORIGIN])


@on_s3
def test_says_so_when_the_keys_may_not_allow_anything(bucket: Credentials) -> None:
    store = S3Storage(Address(bucket.endpoint, bucket.bucket, "bukan", "kuncinya"))

    with pytest.raises(Unavailable):
        store.allow_browser([ORIGIN])
