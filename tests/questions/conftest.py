"""Things that the tests of Tanya BKD share."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.documents.models import Document
from portal.permissions import Actor
from portal.questions import actions
from portal.questions.models import Question
from portal.vocabulary import DocumentState
from tests.questions.support import Desk, Opened
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.page import Page

Asked = Callable[..., Question]


@pytest.fixture
def item(session: Session, cast: Cast) -> Document:
    """A seminar of sari's that waits."""
    return builders.document(session, cast.sari, DocumentState.DIAJUKAN)


@pytest.fixture
def asked(session: Session, cast: Cast, item: Document) -> Asked:
    """Begins a thread, of sari about her item unless told otherwise."""

    def make(
        words: str = "Mengapa JP saya dihitung separuh?",
        *,
        actor: Actor | None = None,
        about: object = None,
        at: dt.datetime | None = None,
    ) -> Question:
        return actions.ask(
            session,
            actor or cast.sari,
            about or item,  # type: ignore[arg-type]
            words,
            question_id=uuid.uuid4(),
            at=at,
        )

    return make


@pytest.fixture
def desk(database: Database, cast: Cast) -> Desk:
    with database.transaction() as session:
        item = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        question = builders.question(session, cast.sari, item)
        return Desk(item.id, question.id)


@pytest.fixture
def opened(browser: Browser) -> Opened:
    """A page as somebody sees it."""

    def act(actor: Actor, endpoint: str, **values: object) -> Page:
        browser.enter(actor)
        return browser.get(endpoint, **values)

    return act
