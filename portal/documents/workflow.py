"""One guarded way to change the state of an item: compare-and-set by the transition table."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from portal.documents.models import OPEN_STATES, Document
from portal.documents.transitions import Act, target
from portal.errors import Conflict
from portal.vocabulary import DocumentState


def advance(session: Session, document: Document, act: Act, **values: Any) -> DocumentState:
    """Move `document` by `act` and set `values` with it; returns the new state.

    The row changes only when it still is as `document` was read: same state, revision and
    holder. Raises Conflict when the act is not possible or somebody was faster.
    """
    state = target(
        document.state,
        act,
        second_round=document.first_approver_id is not None,
        objected=document.objected,
    )
    if state is None:
        raise Conflict(
            f"Dokumen ini berstatus “{document.state_label}”, jadi tidak dapat diproses dengan "
            f"“{act.label}”. Muat ulang halaman untuk melihat keadaan terbaru."
        )
    if state not in OPEN_STATES:
        values["tenggat"] = None  # the clock stands still while nobody has to decide
    statement = (
        update(Document)
        .where(
            Document.id == document.id,
            Document.state == document.state,
            Document.revision == document.revision,
            Document.claimed_by_id.is_not_distinct_from(document.claimed_by_id),
        )
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    changed = cast("CursorResult[Any]", session.execute(statement))
    if changed.rowcount != 1:
        raise Conflict("Dokumen ini baru saja diproses di tempat lain. Muat ulang halaman ini.")
    session.refresh(document)
    return document.state
