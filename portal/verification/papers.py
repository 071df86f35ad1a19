"""An item with what a machine read in its paper."""

from __future__ import annotations

import uuid

from sqlalchemy import and_
from sqlalchemy.orm import Session, aliased, undefer

from portal.documents.arrivals import Reading
from portal.documents.models import Document, DocumentFile
from portal.documents.reading.queries import MAIN
from portal.errors import NotFound
from portal.permissions import Actor, Permission
from portal.verification.queries import GONE, WHOLE
from portal.verification.rights import reach


def with_reading(
    session: Session, actor: Actor, document_id: uuid.UUID
) -> tuple[Document, Reading | None]:
    """As `queries.document_in_scope`, with the reading of its main paper; still one query."""
    main = aliased(DocumentFile)
    current = and_(main.document_id == Document.id, main.superseded_at.is_(None))
    statement = (
        WHOLE.add_columns(Reading)
        .outerjoin(main, and_(current, main.role.in_(MAIN)))
        .outerjoin(Reading, Reading.file_id == main.id)
        .where(Document.id == document_id, reach(actor, Permission.QUEUE_READ))
        .options(undefer(Reading.text))
    )
    row = session.execute(statement).unique().one_or_none()
    if row is None:
        raise NotFound(GONE)
    return row[0], row[1]
