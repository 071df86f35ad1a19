"""What only the S3 store has to do: signed addresses, and a store that is away."""

from __future__ import annotations

import hashlib
import http.client
import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from botocore.config import Config

from portal.errors import Unavailable
from portal.storage import Storage, keys, s3
from portal.storage.s3 import Address, S3Storage
from scripts.rgw_local import Credentials
from tests.support.components import PATIENCE

pytestmark = pytest.mark.xdist_group("s3")  # one process waits for the store, the others go on

FILE = uuid.UUID("0b0e4a3c-5b59-4f0e-9a53-2f7b6f3f9d11")
KEY, OTHER = keys.stored(FILE), keys.thumbnail(FILE)
PDF = "application/pdf"


@dataclass(frozen=True)
class Answer:
    """What the store said to a plain HTTP client."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def fetch(url: str, method: str = "GET", body: bytes | None = None) -> Answer:
    """One request without any keys, as a browser would send it."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def changed(url: str, **query: str) -> str:
    """The address with parts of its query replaced."""
    parts = urlsplit(url)
    pairs = dict(parse_qsl(parts.query)) | {k.replace("_", "-"): v for k, v in query.items()}
    return urlunsplit(parts._replace(query=urlencode(pairs)))


@pytest.fixture
def store(s3: Storage) -> Storage:
    """A store with one object in it."""
    s3.put(KEY, b"%PDF isi", PDF, sha256=hashlib.sha256(b"%PDF isi").hexdigest())
    s3.put(OTHER, b"lain", "image/webp", sha256=hashlib.sha256(b"lain").hexdigest())
    return s3


@pytest.fixture
def url(store: Storage) -> str:
    """A signed address of the object."""
    address = store.presign(KEY, filename="Ijazah Sari.pdf", content_type=PDF)
    assert address is not None
    return address


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that is taken and never answers a connection."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield closed.getsockname()[1]


def test_a_signed_address_serves_the_object(url: str) -> None:
    assert fetch(url).body == b"%PDF isi"


def test_a_signed_address_carries_the_type(url: str) -> None:
    assert fetch(url).headers["Content-Type"] == PDF


def test_what_a_signed_address_serves_stays_on_no_shared_computer(url: str) -> None:
    assert fetch(url).headers["Cache-Control"] == "no-store"


def test_a_signed_address_carries_the_name_of_the_file(url: str) -> None:
    assert 'inline; filename="Ijazah Sari.pdf"' in fetch(url).headers["Content-Disposition"]


def test_a_signed_address_carries_a_name_in_any_script(store: Storage) -> None:
    url = store.presign(KEY, filename='شهادة "🎓"\r\nX: y.pdf', content_type=PDF)

    assert "%F0%9F%8E%93" in fetch(str(url)).headers["Content-Disposition"]


def test_an_expired_address_is_refused(store: Storage) -> None:
    url = str(store.presign(KEY, seconds=1, filename="a.pdf", content_type=PDF))

    assert fetch(changed(url, X_Amz_Date="20200101T000000Z")).status == 403


def test_an_address_outlives_its_time_by_nothing(store: Storage) -> None:
    url = str(store.presign(KEY, seconds=-1, filename="a.pdf", content_type=PDF))

    assert fetch(url).status in {400, 403}


def test_a_prolonged_address_is_refused(url: str) -> None:
    assert fetch(changed(url, X_Amz_Expires="86400")).status == 403


def test_an_address_for_another_object_is_refused(url: str) -> None:
    assert fetch(url.replace(KEY, OTHER)).status == 403


def test_an_address_with_another_disposition_is_refused(url: str) -> None:
    other = changed(url, response_content_disposition='attachment; filename="virus.exe"')

    assert fetch(other).status == 403


def test_an_address_with_another_type_is_refused(url: str) -> None:
    assert fetch(changed(url, response_content_type="text/html")).status == 403


def test_an_address_for_reading_does_not_write(url: str) -> None:
    assert fetch(url, "PUT", b"palsu").status == 403


def test_an_address_for_reading_does_not_delete(url: str) -> None:
    assert fetch(url, "DELETE").status == 403


def test_the_bare_address_is_refused(url: str) -> None:
    assert fetch(urlunsplit(urlsplit(url)._replace(query=""))).status == 403


def test_the_bucket_lists_nothing_to_strangers(url: str) -> None:
    folder = url.split("/documents/")[0]

    assert fetch(folder).status == 403


def test_signs_for_the_origin_that_browsers_reach(bucket: Credentials) -> None:
    store = S3Storage.from_url(bucket.url, "https://berkas.example.go.id")

    url = store.presign(KEY, filename="a.pdf", content_type=PDF)

    assert url.startswith(f"https://berkas.example.go.id/{bucket.bucket}/{KEY}?")


def test_stores_the_hash_beside_the_object(store: Storage, bucket: Credentials) -> None:
    head = store._client.head_object(Bucket=bucket.bucket, Key=KEY)  # type: ignore[attr-defined]

    assert head["Metadata"]["sha256"] == hashlib.sha256(b"%PDF isi").hexdigest()


@pytest.mark.parametrize("act", ["open", "size", "exists", "delete"])
def test_says_so_when_the_store_is_away(silent_port: int, act: str) -> None:
    store = S3Storage(Address(f"http://127.0.0.1:{silent_port}", "portal", "k", "s"))

    with pytest.raises(Unavailable, match="Penyimpanan berkas sedang tidak terjangkau"):
        getattr(store, act)(KEY)


def test_is_not_ready_when_the_store_is_away(silent_port: int) -> None:
    store = S3Storage(Address(f"http://127.0.0.1:{silent_port}", "portal", "k", "s"))

    with pytest.raises(Unavailable, match="Isian Anda tersimpan"):
        store.check()


def test_a_store_that_says_nothing_is_asked_once_and_for_seconds_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    impatient = s3._IMPATIENT
    assert impatient.read_timeout <= 5
    monkeypatch.setattr(s3, "_IMPATIENT", impatient.merge(Config(read_timeout=0.1)))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        store = S3Storage(Address(f"http://127.0.0.1:{mute.getsockname()[1]}", "portal", "k", "s"))

        with pytest.raises(Unavailable):
            store.check()

        mute.setblocking(False)
        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):
            mute.accept()


def test_is_not_ready_with_wrong_keys(bucket: Credentials) -> None:
    store = S3Storage(Address(bucket.endpoint, bucket.bucket, "bukan", "kuncinya"))

    with pytest.raises(Unavailable):
        store.check()


def test_is_not_ready_without_the_bucket(rgw: Credentials) -> None:
    store = S3Storage(Address(rgw.endpoint, "tiada", rgw.access_key, rgw.secret_key))

    with pytest.raises(Unavailable):
        store.check()


def test_reads_the_address_of_a_store() -> None:
    address = Address.parse("https://AK%2F1:s%40lt@s3.example.go.id:9000/berkas?region=id-1")

    assert address == Address("https://s3.example.go.id:9000", "berkas", "AK/1", "s@lt", "id-1")


def test_reads_an_address_with_a_bare_ipv6_host() -> None:
    address = Address.parse("http://k:s@[::1]:9000/berkas")

    assert address.endpoint == "http://[::1]:9000"


@pytest.mark.parametrize(
    ("url", "missing"),
    [
        ("https://host/berkas", "kunci, rahasia"),
        ("https://k:s@host", "bucket"),
        ("https://k:s@host/a/b", "bucket"),
        ("ftp://k:s@host/berkas", "http"),
        ("https://k@host/berkas", "rahasia"),
        ("https://k:s@host:99999/berkas", "tidak terbaca"),
        ("https://k:s@[host/berkas", "tidak terbaca"),
    ],
)
def test_names_what_an_address_lacks(url: str, missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        Address.parse(url)


def test_never_repeats_the_secret() -> None:
    with pytest.raises(ValueError) as failure:  # noqa: PT011  the text is looked at below
        Address.parse("https://k:rahasia-sekali@host")

    assert "rahasia-sekali" not in str(failure.value)


def test_never_shows_the_secret() -> None:
    assert "sekali" not in repr(Address.parse("https://k:sekali@host/berkas"))


def test_does_not_list_what_others_put_into_the_bucket(store: Storage, bucket: Credentials) -> None:
    store._client.put_object(  # type: ignore[attr-defined]
        Bucket=bucket.bucket, Key="catatan.txt", Body=b"x"
    )

    assert {info.key for info in store.iterate()} == {KEY, OTHER}
