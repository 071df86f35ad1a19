"""Handing bytes to a browser: a signed address of the store, or a stream."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

import pytest
from flask import Flask

from portal.documents.serving import AT_ONCE, send_object
from portal.errors import NotFound

KEY = "documents/00000000-0000-4000-8000-000000000001/file.pdf"


class Shelf:
    """A store with one object; `address` is what it signs."""

    def __init__(self, content: bytes | None, address: str | None = None) -> None:
        self.content, self.address = content, address
        self.asked: dict[str, Any] = {}

    def presign(self, key: str, **asked: Any) -> str | None:
        self.asked = {"key": key, **asked}
        return self.address

    def open(self, key: str) -> BinaryIO:
        if self.content is None:
            raise FileNotFoundError(key)
        return io.BytesIO(self.content)

    def size(self, key: str) -> int:
        return len(self.content or b"")


def answer(shelf: Shelf, disposition: str = "inline") -> Any:
    app = Flask("uji")
    app.extensions["storage"] = shelf
    with app.test_request_context():
        response = send_object(KEY, "Sertifikat K7M.pdf", "application/pdf", disposition)
        response.direct_passthrough = False
        return response


def test_a_store_that_signs_addresses_serves_by_itself() -> None:
    response = answer(Shelf(b"%PDF", address="https://simpan.example/x?tanda=1"))

    assert (response.status_code, response.location) == (303, "https://simpan.example/x?tanda=1")


def test_a_signed_address_lives_a_minute_and_names_the_file() -> None:
    shelf = Shelf(b"%PDF", address="https://simpan.example/x")

    answer(shelf, "attachment")

    assert shelf.asked == {
        "key": KEY,
        "seconds": 60,
        "filename": "Sertifikat K7M.pdf",
        "content_type": "application/pdf",
        "disposition": "attachment",
    }


@pytest.mark.parametrize("length", [4, AT_ONCE, AT_ONCE + 1])
def test_a_local_object_is_sent_whole(length: int) -> None:
    assert len(answer(Shelf(b"x" * length)).get_data()) == length


def test_a_file_may_load_and_run_nothing() -> None:
    response = answer(Shelf(b"%PDF"))

    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_paper_stays_on_no_shared_computer() -> None:
    assert answer(Shelf(b"%PDF")).headers["Cache-Control"] == "no-store"


def test_a_missing_object_is_not_found() -> None:
    with pytest.raises(NotFound, match="tidak ditemukan di penyimpanan"):
        answer(Shelf(None))
