"""Whether a paper was handed in before: told to the owner at once, hinted to the verifikator.

Every question is answered from an index and among a bounded number of candidates, so that it
takes the same time with a thousand papers and with a million.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from portal.documents.arrivals import Original
from portal.documents.models import Document, DocumentFile
from portal.vocabulary import DocumentState

FREE_AGAIN = (DocumentState.DRAF, DocumentState.DIBATALKAN, DocumentState.DITOLAK)
"""Papers of such items may be handed in again."""


def of_owner(
    session: Session,
    owner_id: uuid.UUID,
    hashes: Iterable[str],
    *,
    except_id: uuid.UUID | None = None,
) -> Document | None:
    """The newest item of this person that stands and was made of one of these files.

    `hashes` are sha256 of files as they came in, or as the device had them before it made them
    smaller, or the fingerprint of a whole paper (DocumentFile.sha256_original). Drafts, withdrawn
    and refused items do not stand.
    """
    wanted = list(hashes)
    came_in = exists().where(
        Original.file_id == DocumentFile.id,
        or_(Original.sha256.in_(wanted), Original.sha256_source.in_(wanted)),
    )
    # Begins at the few items of the owner, however many people sent the same file.
    statement = (
        select(Document)
        .join(DocumentFile, DocumentFile.document_id == Document.id)
        .where(
            Document.owner_id == owner_id,
            Document.state.not_in(FREE_AGAIN),
            DocumentFile.superseded_at.is_(None),
            or_(DocumentFile.sha256_original.in_(wanted), came_in),
        )
        .order_by(Document.submitted_at.desc())
        .limit(1)
    )
    if except_id is not None:
        statement = statement.where(Document.id != except_id)
    return session.scalar(statement)
