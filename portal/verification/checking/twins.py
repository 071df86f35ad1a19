"""Items that look like another, as a hint for whoever verifies."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.documents import duplicates
from portal.documents.duplicates import Likeness
from portal.documents.models import Document
from portal.permissions import Actor, Permission
from portal.verification.rights import within_reach

SHOWN = 5
"""So many twins are named; of the others it is said that they are."""


@dataclass(frozen=True, slots=True)
class Twin:
    """Another handed-in item; `reachable` when the actor may open it."""

    document: Document
    likeness: Likeness
    reachable: bool


def find(session: Session, actor: Actor | None, document: Document) -> tuple[Twin, ...]:
    """The surest twins, one more than are shown when there are so many. Without an actor none is
    within reach."""
    return tuple(
        Twin(
            twin.document,
            twin.likeness,
            actor is not None and within_reach(actor, Permission.QUEUE_READ, twin.document),
        )
        for twin in duplicates.twins(session, document, most=SHOWN + 1)
    )
