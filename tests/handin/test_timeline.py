"""The owner reads what was written for the owner, and nothing that was kept for the archive."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal import audit
from portal.handin.timeline import story
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import Cast


def notes(session: Session, cast: Cast, action: str) -> list[str]:
    document = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
    facts = {"alasan": "Berkas buram", "catatan": "Lihat sudut kanan."}
    audit.record(session, cast.vera, action, document.id, **facts)
    session.flush()
    lines = audit.history(session, document.id)
    return [event.note for event in story(lines, document, cast.sari.pegawai_id)]


@pytest.mark.parametrize("action", ["document:approved", "document:first-approved"])
def test_the_note_of_an_approval_stays_in_the_archive(
    cast: Cast, session: Session, action: str
) -> None:
    assert "Lihat sudut kanan." not in notes(session, cast, action)[0]


@pytest.mark.parametrize("action", ["document:returned", "document:refused", "document:revoked"])
def test_reason_and_note_of_every_other_decision_are_told(
    cast: Cast, session: Session, action: str
) -> None:
    assert notes(session, cast, action) == ["Berkas buram · Lihat sudut kanan."]
