"""What was read in the papers of an item."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from portal.db import now
from portal.documents.arrivals import Reading
from portal.documents.models import Document, DocumentFile
from portal.vocabulary import FileRole, ReadingState

OF_THE_HOLDER = ("nama_orang", "nip")
"""Read to be compared with the owner; no fields of an item."""
MAIN = (FileRole.SERTIFIKAT, FileRole.IJAZAH)
"""The papers whose words are the data of an item; the others only support them."""
PATIENCE = dt.timedelta(minutes=3)
"""So long a page waits for a reading; later it says nothing of it."""


def of_document(session: Session, document: Document) -> Reading | None:
    """The reading of the item's main paper."""
    main = main_file(document)
    return session.get(Reading, main.id) if main else None


def main_file(document: Document) -> DocumentFile | None:
    """The certificate, or the ijazah itself."""
    return next((file for file in document.current_files if file.role in MAIN), None)


def prefill(session: Session, document: Document) -> dict[str, str]:
    """Field → value as read (dates in ISO form), for the fields that the item leaves empty.

    The person's words win: what is filled is not named, whatever the paper says.
    """
    return offered(document, of_document(session, document))


def offered(document: Document, reading: Reading | None) -> dict[str, str]:
    """As `prefill`, of a reading that is at hand."""
    if reading is None or reading.state is not ReadingState.SELESAI:
        return {}
    return {
        name: value
        for name, value in reading.fields.items()
        if name not in OF_THE_HOLDER and getattr(document, name, "") in (None, "")
    }


def is_awaited(reading: Reading | None) -> bool:
    """Whether it is worth waiting for."""
    return (
        reading is not None
        and reading.state is ReadingState.MENUNGGU
        and reading.created_at > now() - PATIENCE
    )
