"""An owner is moved to another unit at the moment of a hand-in: the item follows all the same."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.agency.models import Opd
from portal.db import Database
from portal.documents.models import Document
from portal.handin import actions as handin
from portal.people import mobility
from portal.people.models import Pegawai
from portal.verification import actions as verification
from portal.verification.queueing.rerouting import reroute
from portal.verification.queueing.routing import Routed, route
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_postgresql_alone

S = DocumentState
STANDS = 0.5
"""Seconds after which the move waits for the hand-in, or has gone past it."""
NOTE = "Tanggalnya terbaca jelas di halaman pertama."


def move_and_follow(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        unit = session.get_one(Opd, cast.units.kesehatan.id)
        mobility.transfer(session, None, session.get_one(Pegawai, cast.sari.pegawai_id), unit)
    reroute(database)


def submit(session: Session, cast: Cast, document: Document) -> object:
    return handin.submit(session, cast.sari, document, today=TODAY)


def resubmit(session: Session, cast: Cast, document: Document) -> object:
    return handin.resubmit(session, cast.sari, document, {}, TODAY)


def object_(session: Session, cast: Cast, document: Document) -> object:
    return handin.object_(session, cast.sari, document, NOTE, today=TODAY)


@on_postgresql_alone
@pytest.mark.parametrize(
    ("state", "act"),
    [(S.DRAF, submit), (S.PERLU_PERBAIKAN, resubmit), (S.DITOLAK, object_)],
)
def test_an_item_handed_in_while_its_owner_moves_is_counted_in_the_new_unit(
    database: Database,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    state: S,
    act: Callable[..., Any],
) -> None:
    with database.transaction() as session:
        item: uuid.UUID = builders.document(session, cast.sari, state, verifier=cast.vera).id
    moving = threading.Thread(target=move_and_follow, args=(database, cast))

    def routed(*arguments: Any) -> Routed:
        way = route(*arguments)
        moving.start()
        moving.join(STANDS)
        return way

    monkeypatch.setattr(handin, "route", routed)
    with database.transaction() as session:
        act(session, cast, session.get_one(Document, item))
    moving.join()

    with database.reading() as session:
        assert session.get_one(Document, item).opd_id == cast.units.kesehatan.id


def test_an_item_whose_decision_is_undone_is_counted_where_its_owner_has_moved(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera)
        item, reason = document.id, builders.reason(session)
        verification.return_(session, cast.vera, document, reason)
    move_and_follow(database, cast)

    with database.transaction() as session:
        verification.undo(session, cast.vera, session.get_one(Document, item))

    with database.reading() as session:
        assert session.get_one(Document, item).opd_id == cast.units.kesehatan.id
