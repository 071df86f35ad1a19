"""Things that the tests of the queue share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.documents.models import Document
from portal.permissions import Actor
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import Cast

Held = Callable[..., Document]


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
