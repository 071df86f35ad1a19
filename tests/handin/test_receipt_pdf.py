"""The receipt as a PDF that every reader opens."""

from __future__ import annotations

import datetime as dt

import pypdfium2
import pytest

from portal.db import Database
from portal.documents.models import Document
from portal.handin.receipt_pdf import Receipt, draw
from portal.people.models import Pegawai
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.browser import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone


@pytest.fixture
def handed_in(database: Database, cast: Cast) -> Document:
    with database.transaction() as session:
        moment = dt.datetime(2026, 11, 19, 12, 15, tzinfo=dt.UTC)
        return builders.document(
            session,
            cast.sari,
            DocumentState.DIAJUKAN,
            receipt="K7M-204-91",
            submitted_at=moment,
        )


def text_of(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()


@on_sqlite_alone
def test_names_the_number_the_person_and_the_item(
    browser: Browser, cast: Cast, handed_in: Document
) -> None:
    browser.enter(cast.sari)
    answer = browser.client.get(f"/dokumen/{handed_in.id}/tanda-terima.pdf")
    words = text_of(answer.data)
    assert answer.mimetype == "application/pdf"
    assert all(part in words for part in ("K7M-204-91", "Sari Wulandari", "Seminar Literasi"))


@on_sqlite_alone
def test_is_offered_as_a_file_with_a_speaking_name(
    browser: Browser, cast: Cast, handed_in: Document
) -> None:
    browser.enter(cast.sari)
    answer = browser.client.get(f"/dokumen/{handed_in.id}/tanda-terima.pdf")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="tanda-terima-K7M-204-91.pdf"'


@on_sqlite_alone
def test_another_person_gets_no_receipt(browser: Browser, cast: Cast, handed_in: Document) -> None:
    browser.enter(cast.tono)
    assert browser.client.get(f"/dokumen/{handed_in.id}/tanda-terima.pdf").status_code == 404


@on_sqlite_alone
def test_a_draft_has_no_receipt_as_pdf(database: Database, browser: Browser, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari)
    browser.enter(cast.sari)
    assert browser.client.get(f"/dokumen/{document.id}/tanda-terima.pdf").status_code == 404


@on_sqlite_alone
@pytest.mark.parametrize("name", ["Siti 😀", "محمد", "Łukasz\u202e", "Nur\u00adaini — “Aini”"])
def test_a_name_in_any_script_makes_a_receipt(
    database: Database, browser: Browser, cast: Cast, handed_in: Document, name: str
) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).nama = name
    browser.enter(cast.sari)
    answer = browser.client.get(f"/dokumen/{handed_in.id}/tanda-terima.pdf")
    assert "K7M-204-91" in text_of(answer.data)


def test_very_long_words_stay_on_the_paper() -> None:
    rows = [("Nama", "Pendidikan" * 60), ("NIP", "")]
    made = draw(Receipt("A" * 300, "K7M-204-91", "", "B" * 300, [("Data", rows)], "C" * 500))
    assert "K7M-204-91" in text_of(made)
