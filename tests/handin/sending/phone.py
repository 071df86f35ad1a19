"""The script of a phone, as far as the portal can tell: JSON, a session cookie, a token."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.documents.reading.work import KIND as READING
from portal.handin.sending.actions import PART_SIZE
from tests.support.app import Browser

PAPER = bytes(range(256)) * 1400
"""A file of two parts."""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Phone:
    """Speaks to /kirim for whoever is logged in in its browser."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.token = self.get("/kirim/akun").get_json()["csrf"]

    def get(self, path: str) -> TestResponse:
        return self.browser.client.get(path)

    def post(self, path: str, **message: Any) -> TestResponse:
        return self.send(path, json=message)

    def send(self, path: str, **request: Any) -> TestResponse:
        """Whatever a client can send, with a valid token."""
        headers = {"X-CSRFToken": self.token, **request.pop("headers", {})}
        return self.browser.client.post(path, headers=headers, **request)

    def draft(self, jenis: str = "seminar", **more: Any) -> str:
        """A fresh item; its id."""
        answer = self.post("/kirim/draf", id=str(uuid.uuid4()), jenis=jenis, **more)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["id"])

    def announce(self, dokumen: str, data: bytes = PAPER, **other: Any) -> TestResponse:
        message: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "dokumen": dokumen,
            "nama": "sertifikat.jpg",
            "jenis": "image/jpeg",
            "ukuran": len(data),
            "sha256": sha(data),
        }
        return self.post("/kirim/unggahan", **message | other)

    def part(self, upload: str, number: int, data: bytes) -> TestResponse:
        return self.send(
            f"/kirim/unggahan/{upload}/bagian/{number}",
            data=data,
            content_type="application/octet-stream",
        )

    def deliver(self, dokumen: str, data: bytes = PAPER) -> str:
        """A file announced and sent whole, but not called complete; its id."""
        upload = str(uuid.uuid4())
        answer = self.announce(dokumen, data, id=upload)
        assert answer.status_code == 200, answer.text
        for part in answer.get_json()["bagian"]:
            sent = self.part(upload, part["nomor"], slice_of(data, part["nomor"]))
            assert sent.status_code == 204, sent.text
        return upload

    def complete(self, upload: str) -> TestResponse:
        return self.post(f"/kirim/unggahan/{upload}/selesai")

    def upload(self, dokumen: str, data: bytes = PAPER) -> str:
        """A file that has arrived; its id."""
        upload = self.deliver(dokumen, data)
        assert self.complete(upload).status_code == 200
        return upload

    def order(self, dokumen: str, *uploads: str, **other: Any) -> TestResponse:
        message: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "dokumen": dokumen,
            "peran": "sertifikat",
            "halaman": [{"unggahan": upload, "putar": 0} for upload in uploads],
        }
        return self.post("/kirim/olahan", **message | other)


def slice_of(data: bytes, number: int) -> bytes:
    """The bytes of a part."""
    return data[(number - 1) * PART_SIZE : number * PART_SIZE]


def work(app: Flask) -> None:
    """What the worker does, in this process; the reading of papers has tests of its own."""
    queue = app.extensions["queue"]
    queue.handle(READING, lambda _payload: None)
    queue.run_due()
