"""The books of a drill: a good day has no fault, and each kind of fault is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.people.models import Pengembangan
from portal.scoring.actions import recompute
from portal.scoring.models import ScoreChange
from portal.verification import actions, claims
from portal.verification.models import QueueCount
from portal.vocabulary import DocumentKind, DocumentState
from tests.drill import books
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
Spoil = Callable[[Session, Cast, Document], object]


def decided(session: Session, cast: Cast) -> Document:
    """An item of Sari that was returned, undone, and approved."""
    recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")
    document = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
    claims.claim(session, cast.vera, document)
    actions.return_(session, cast.vera, document, builders.reason(session))
    actions.undo(session, cast.vera, document)
    actions.approve(session, cast.vera, document)
    return document


def test_a_good_day_has_no_fault(database: Database, cast: Cast) -> None:
    begun = now()
    with database.transaction() as session:
        decided(session, cast)

    assert books.faults(database, begun) == []


def decide_twice(session: Session, cast: Cast, document: Document) -> None:
    session.add(
        Decision(
            document_id=document.id,
            owner_id=document.owner_id,
            decider_id=cast.bima.pegawai_id,
            act=Act.SETUJUI,
            revision=document.revision,
        )
    )


def lose_the_record(session: Session, _cast: Cast, document: Document) -> None:
    session.execute(delete(Pengembangan).where(Pengembangan.document_id == document.id))


def lose_a_change(session: Session, cast: Cast, _document: Document) -> None:
    newest = select(ScoreChange.id).order_by(ScoreChange.waktu.desc()).limit(1).scalar_subquery()
    session.execute(delete(ScoreChange).where(ScoreChange.id == newest))


def withdraw_unseen(session: Session, _cast: Cast, document: Document) -> None:
    gone = update(Document).where(Document.id == document.id)
    session.execute(gone.values(state=DocumentState.DIBATALKAN))


def miscount(session: Session, _cast: Cast, _document: Document) -> None:
    kind, state = DocumentKind.SEMINAR, DocumentState.DIAJUKAN
    session.add(QueueCount(kind=kind, state=state, lapis_pertama=False, jumlah=1))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (decide_twice, "decided 2 times"),
        (lose_the_record, "0 records while disetujui"),
        (lose_the_record, "computed"),
        (lose_a_change, "stored"),
        (withdraw_unseen, "its audit says disetujui"),
        (miscount, "beside the items"),
    ],
)
def test_a_fault_is_found(database: Database, cast: Cast, spoil: Spoil, said: str) -> None:
    begun = now()
    with database.transaction() as session:
        spoil(session, cast, decided(session, cast))

    assert said in "; ".join(books.faults(database, begun))
