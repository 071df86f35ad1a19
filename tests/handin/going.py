"""The way through the form, as the tests of its steps go it."""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.db import Database
from portal.documents.models import Document, DocumentFile
from portal.vocabulary import DocumentState
from tests.handin.support import NEW_YEAR
from tests.support import builders, sample_files
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.page import Page

JPEG = sample_files.jpeg(sample_files.certificate((400, 283)))
OTHER = sample_files.jpeg(sample_files.certificate((400, 283), nomor="999"))
DATA = {
    "jenis": "9",
    "nama": "Seminar Literasi Numerasi",
    "penyelenggara": "BPMP Kalimantan Selatan",
    "tanggal_mulai": NEW_YEAR.isoformat(),
    "tanggal_selesai": NEW_YEAR.isoformat(),
    "jp": "4",
    "nomor": "0412/BPMP-KS/X/2026",
}


def photo(content: bytes = JPEG, name: str = "foto.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def begin(browser: Browser, card: str = "seminar", *, expect: int = 303, **files: Any) -> Page:
    """Choose files for a new item of a card; leads to the page of its data."""
    browser.get("documents.new", jenis=card)
    return browser.submit("Lanjut", expect=expect, **(files or {"sertifikat": photo()}))


def only(database: Database) -> Document:
    with database.transaction() as session:
        return session.scalars(select(Document)).one()


def files_in(database: Database) -> int:
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(DocumentFile)) or 0


def write(
    database: Database,
    cast: Cast,
    app: Flask,
    state: DocumentState = DocumentState.DRAF,
    **values: Any,
) -> uuid.UUID:
    """An item of sari's with a paper that has bytes; returns its id."""
    with database.transaction() as session:
        made = builders.document(
            session,
            cast.sari,
            state,
            verifier=cast.vera,
            storage=app.extensions["storage"],
            **values,
        )
        return made.id
