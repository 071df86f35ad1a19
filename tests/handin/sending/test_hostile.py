"""Whatever a client sends, it gets a sentence: never a failure of the portal, never a traceback."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from portal.handin.sending.messages import LARGEST
from tests.handin.sending.phone import PAPER, Phone, sha
from tests.handin.sending.test_story import DATA
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
ADDRESSES = (
    "/kirim/draf",
    "/kirim/unggahan",
    "/kirim/olahan",
    "/kirim/isian",
    "/kirim/ajukan",
)
ID = str(uuid.UUID(int=5))
ODD: list[Any] = [
    None,
    [],
    {},
    True,
    -1,
    0,
    1.5,
    2**63,
    10**400,
    "",
    "x",
    "\0",
    "\u202eterbalik",
    "🎓" * 300,
    "../../etc/passwd",
    "<script>",
    ID,
    ["a", 1],
    {"a": {"b": []}},
]
MESSAGES: dict[str, dict[str, Any]] = {
    "/kirim/draf": {"id": ID, "jenis": "seminar", "untuk": None, "ganti": None},
    "/kirim/unggahan": {
        "id": ID,
        "dokumen": ID,
        "nama": "foto.jpg",
        "jenis": "image/jpeg",
        "ukuran": len(PAPER),
        "sha256": sha(PAPER),
        "sha256_asal": None,
    },
    "/kirim/olahan": {
        "id": ID,
        "dokumen": ID,
        "peran": "sertifikat",
        "halaman": [{"unggahan": ID, "putar": 0}],
    },
    "/kirim/isian": {"dokumen": ID, "isian": DATA},
    "/kirim/ajukan": {"dokumen": ID, "isian": DATA, "benar": True, "keadaan": "draf"},
}


def is_told(answer: TestResponse) -> bool:
    """A success, or a refusal in words."""
    body = answer.get_json(silent=True)
    return answer.status_code < 300 or (
        answer.status_code < 500 and isinstance(body, dict) and bool(body.get("pesan"))
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_field_may_be_of_any_type(phone: Phone, address: str) -> None:
    """Every value in every field, for an item that is there."""
    dokumen = phone.draft()
    whole = {
        name: dokumen if name == "dokumen" else value for name, value in MESSAGES[address].items()
    }

    answers = [
        (field, value, phone.post(address, **(whole | {field: value})))
        for field in whole
        for value in ODD
    ]

    assert [(field, value) for field, value, answer in answers if not is_told(answer)] == []


@pytest.mark.parametrize("field", sorted(DATA))
def test_every_value_of_the_data_may_be_of_any_type(phone: Phone, field: str) -> None:
    dokumen = phone.draft()

    answers = [
        (value, phone.post("/kirim/isian", dokumen=dokumen, isian={field: value})) for value in ODD
    ]

    assert [value for value, answer in answers if not is_told(answer)] == []


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'"x"',
        b"\xff\xfe",
        b'{"id": "\\ud800"}',
        b'{"x": ' + b"[" * 20_000,
        b'{"a": 1, "a": 2}',
        b"<html>",
    ],
)
def test_what_is_no_message_is_told(phone: Phone, address: str, body: bytes) -> None:
    answer = phone.send(address, data=body, content_type="application/json")

    assert (answer.status_code, is_told(answer)) == (422, True)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_message_beyond_any_size_is_refused(phone: Phone, address: str) -> None:
    long = json.dumps({"id": "x" * LARGEST})

    assert phone.send(address, data=long, content_type="application/json").status_code == 413


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_form_is_no_message(phone: Phone, address: str) -> None:
    assert phone.send(address, data={"id": ID}).status_code == 422


@pytest.mark.parametrize("path", ["olahan/bukan-nomor", f"unggahan/{ID}/bagian/-1", "rahasia"])
def test_an_address_that_is_none_is_not_found(phone: Phone, path: str) -> None:
    assert phone.get(f"/kirim/{path}").status_code == 404


def test_lone_surrogates_in_the_data_are_refused(phone: Phone) -> None:
    body = json.dumps({"dokumen": phone.draft(), "isian": {"nama": "a\ud800b"}})

    answer = phone.send("/kirim/isian", data=body, content_type="application/json")

    assert answer.status_code == 422


def test_control_and_direction_characters_do_not_reach_the_data(phone: Phone) -> None:
    dokumen = phone.draft()
    phone.post("/kirim/isian", dokumen=dokumen, isian={"nama": "Semi\0nar \u202eSatu"})

    data = phone.post("/kirim/draf", id=dokumen).get_json()["data"]

    assert data["nama"] == "Seminar Satu"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_message_breaks_the_portal(app: Flask, phone: Phone, data: st.DataObject) -> None:
    """Messages of which some fields are as they should be and others anything."""
    address = data.draw(st.sampled_from(ADDRESSES))
    message = {name: data.draw(st.just(value) | JSON) for name, value in MESSAGES[address].items()}

    assert is_told(phone.post(address, **message))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["apa-saja", "unggahan/bukan-id/selesai", "draf/9", "isian/"])
def test_an_address_that_does_not_exist_is_told_in_json(
    phone: Phone, method: str, path: str
) -> None:
    answer = phone.browser.client.open(f"/kirim/{path}", method=method)

    assert (answer.status_code, answer.mimetype, is_told(answer)) == (404, "application/json", True)


def test_a_method_that_is_not_taken_is_told_in_json(phone: Phone) -> None:
    answer = phone.get("/kirim/ajukan")

    assert (answer.status_code, is_told(answer)) == (405, True)
