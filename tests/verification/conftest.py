"""Things that the tests of the queue share."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import TODAY, Cast

Held = Callable[..., Document]
Make = Callable[..., uuid.UUID]


@pytest.fixture
def held(session: Session, cast: Cast) -> Held:
    """Makes an item of Sari (or `owner`) that Vera (or `verifier`) holds."""

    def make(
        owner: Actor | None = None, verifier: Actor | None = None, **fields: object
    ) -> Document:
        return builders.document(
            session,
            owner or cast.sari,
            DocumentState.DIPERIKSA,
            verifier=verifier or cast.vera,
            **fields,
        )

    return make


@pytest.fixture
def make(app: Flask, database: Database) -> Make:
    """Puts an item with its file into the running portal; returns its id."""

    def build(
        owner: Actor, state: DocumentState = DocumentState.DIAJUKAN, **fields: Any
    ) -> uuid.UUID:
        with database.transaction() as session:
            storage = app.extensions["storage"]
            return builders.document(session, owner, state, storage=storage, **fields).id

    return build


@pytest.fixture
def reasons(database: Database, cast: Cast) -> dict[Act, str]:
    """One reason per act; returns their ids."""
    with database.transaction() as session:
        return {
            act: str(builders.reason(session, act).id)
            for act in (Act.KEMBALIKAN, Act.TOLAK, Act.CABUT)
        }


@pytest.fixture
def measured(session: Session, cast: Cast) -> None:
    """Sari's score of today is stored: 71,00."""
    recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")


@pytest.fixture
def two(cast: Cast, make: Make) -> tuple[uuid.UUID, uuid.UUID]:
    """An item of Sari that Vera holds, and the one of Budi that follows."""
    start = now()
    first = make(
        cast.sari,
        DocumentState.DIPERIKSA,
        verifier=cast.vera,
        submitted_at=start - dt.timedelta(days=3),
    )
    return first, make(cast.budi, submitted_at=start - dt.timedelta(days=2))
