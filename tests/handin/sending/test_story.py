"""From the account to the receipt, as a phone with a script goes."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from portal.db import Database
from portal.documents.models import Document
from portal.vocabulary import DocumentState
from tests.handin.sending.phone import Phone, work
from tests.handin.support import NEW_YEAR
from tests.support import sample_files
from tests.support.database import on_sqlite_alone

pytestmark = [on_sqlite_alone, pytest.mark.usefixtures("quick_worker")]
JPEG = sample_files.jpeg(sample_files.certificate((400, 283)))
DATA = {
    "jenis": "9",
    "nama": "Seminar Literasi Numerasi",
    "penyelenggara": "BPMP Kalimantan Selatan",
    "tanggal_mulai": NEW_YEAR.isoformat(),
    "tanggal_selesai": NEW_YEAR.isoformat(),
    "jp": 4,
    "nomor": "0412/BPMP-KS/X/2026",
}


def ready(phone: Phone, app: Flask, dokumen: str, data: bytes = JPEG) -> str:
    """A paper that was made; id of its order."""
    order = str(uuid.uuid4())
    answer = phone.order(dokumen, phone.upload(dokumen, data), id=order)
    assert answer.status_code == 202, answer.text
    work(app)
    return order


def test_a_photo_becomes_a_paper_with_a_receipt(
    app: Flask, phone: Phone, database: Database
) -> None:
    dokumen = phone.draft()
    order = ready(phone, app, dokumen)
    state = phone.get(f"/kirim/olahan/{order}").get_json()
    answer = phone.post("/kirim/ajukan", dokumen=dokumen, isian=DATA, benar=True)

    with database.reading() as session:
        document = session.get_one(Document, uuid.UUID(dokumen))
    assert (state["keadaan"], state["halaman"], answer.status_code) == ("siap", 1, 200), state
    assert answer.get_json() == {
        "tanda_terima": document.receipt,
        "tautan": f"/dokumen/{dokumen}",
    }
    assert document.state is DocumentState.DIAJUKAN


def test_the_second_tap_tells_the_same_receipt(app: Flask, phone: Phone) -> None:
    dokumen = phone.draft()
    ready(phone, app, dokumen)
    first = phone.post("/kirim/ajukan", dokumen=dokumen, isian=DATA, benar=True).get_json()

    second = phone.post("/kirim/ajukan", dokumen=dokumen, isian={}, benar=True)

    assert (second.status_code, second.get_json()) == (200, first)
