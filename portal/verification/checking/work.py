"""The job that notes the worst light of an item and whether it has a twin, as hints for the queue.

It may run twice or late: it computes from what stands now, and writes only into the revision that
it looked at.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.documents.check_orders import KIND, order
from portal.documents.models import OPEN_STATES, Document
from portal.documents.reading.queries import of_document
from portal.jobs import Queue
from portal.verification.checking.everything import all_checks
from portal.verification.checking.gathering import gather
from portal.verification.checking.light import worst
from portal.verification.checking.twins import Twin
from portal.vocabulary import DocumentState

ATTEMPTS = 3
RANK = 5
"""Behind what somebody waits for."""
CATCH_UP = 20_000
"""Items without a light that one night looks at; more follow in the next."""


def install(queue: Queue, database: Database) -> None:
    """Register the handler, and the night that finds what was never looked at."""
    run = handler(database)
    queue.handle(KIND, run, attempts=ATTEMPTS, rank=RANK)
    queue.nightly(KIND, lambda: catch_up(database), hour=18)


def handler(database: Database) -> Callable[[Mapping[str, Any]], None]:
    """Runs one order."""

    def run(payload: Mapping[str, Any]) -> None:
        look_at(database, uuid.UUID(payload["document_id"]))

    return run


def look_at(database: Database, document_id: uuid.UUID) -> None:
    """Note light and twins of one item; nothing for what no longer waits."""
    with database.reading() as session:
        document = session.get(Document, document_id)
        if document is None or document.state is DocumentState.DRAF:
            return
        twins, values = look(session, document)
        revision = document.revision
        others = _outdated(document, twins)
    with database.transaction() as session:
        for other in others:
            order(session, other)
        if values:
            session.execute(
                update(Document)
                .where(
                    Document.id == document_id,
                    Document.revision == revision,
                    Document.state.in_(OPEN_STATES),
                )
                .values(**values)
            )


def catch_up(database: Database) -> int:
    """Order the checks of waiting items that have no light yet; returns how many."""
    unlit = (
        select(Document.id)
        .where(Document.state.in_(OPEN_STATES), Document.lampu.is_(None))
        .order_by(Document.submitted_at)
        .limit(CATCH_UP)
    )
    with database.transaction() as session:
        found = session.scalars(unlit).all()
        for document_id in found:
            order(session, document_id)
    return len(found)


def hints(session: Session, document: Document) -> dict[str, object]:
    """What the queue is to know of an item as it stands: its columns and their values."""
    return look(session, document)[1]


def look(session: Session, document: Document) -> tuple[tuple[Twin, ...], dict[str, object]]:
    """The twins of an item, and its hints; no hints for what no longer waits."""
    today = now().astimezone(document.owner.instansi.zone).date()
    known = gather(session, None, document, of_document(session, document), today)
    if not document.is_open:
        return known.twins, {}
    light = worst(all_checks(document, known))
    return known.twins, {"lampu": light.value, "kembar": bool(known.twins)}


def _outdated(document: Document, twins: Iterable[Twin]) -> list[uuid.UUID]:
    """Waiting twins whose mark does not know of this item yet, or still does although it went.

    An item that waits orders others only as long as they bear no mark, so that two never order
    each other in turn."""
    return [
        twin.document.id
        for twin in twins
        if twin.document.is_open and twin.document.kembar is not document.is_open
    ]
