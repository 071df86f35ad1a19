"""The decision that a verifikator can still take back, kept in the browser's session.

It only says what the page may offer; whether the seconds are over is decided by the action.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from flask import session

from portal.db import now
from portal.verification.blueprint import blueprint
from portal.verification.decisions import UNDO

_KEY = "urungkan"


@dataclass(frozen=True, slots=True)
class Pending:
    """What was decided, as a sentence, and the item while there is time to take it back."""

    sentence: str
    document_id: uuid.UUID | None
    seconds: float
    """Left to take it back; 0 with no item."""


def remember(document_id: uuid.UUID, sentence: str) -> None:
    """A decision was taken just now; the one before is told no more."""
    session[_KEY] = [str(document_id), now().timestamp() + UNDO.total_seconds(), sentence, False]


def forget() -> None:
    session.pop(_KEY, None)


@blueprint.app_template_global("last_decision")
def pending() -> Pending | None:
    """The last decision for the bar of a page: told once in any case, with its button as long as
    there is time."""
    kept = session.get(_KEY)
    if kept is None:
        return None
    document_id, until, sentence, told = kept
    left = until - now().timestamp()
    if left > 0:
        session[_KEY] = [document_id, until, sentence, True]
        return Pending(sentence, uuid.UUID(document_id), min(left, UNDO / dt.timedelta(seconds=1)))
    forget()
    return None if told else Pending(sentence, None, 0)
