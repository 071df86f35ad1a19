"""An item with what a machine read in its paper."""

from __future__ import annotations

import uuid
from functools import lru_cache

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session, aliased, undefer

from portal.documents.arrivals import Reading
from portal.documents.models import Document, DocumentFile
from portal.documents.reading.queries import MAIN
from portal.errors import NotFound
from portal.permissions import Actor, Permission
from portal.verification.queries import GONE, item_in_reach_of
from portal.verification.rights import KEPT


@lru_cache(KEPT)
def _in_reach_of(actor: Actor) -> Select[Document, Reading]:
    main = aliased(DocumentFile)
    current = and_(main.document_id == Document.id, main.superseded_at.is_(None))
    return (
        item_in_reach_of(actor, Permission.QUEUE_READ)
        .add_columns(Reading)
        .outerjoin(main, and_(current, main.role.in_(MAIN)))
        .outerjoin(Reading, Reading.file_id == main.id)
        .options(undefer(Reading.text))
    )


def with_reading(
    session: Session, actor: Actor, document_id: uuid.UUID
) -> tuple[Document, Reading | None]:
    """As `queries.document_in_scope`, with the reading of its main paper; still one query."""
    found = session.execute(_in_reach_of(actor), {"document_id": document_id})
    row = found.unique().one_or_none()
    if row is None:
        raise NotFound(GONE)
    return row[0], row[1]
