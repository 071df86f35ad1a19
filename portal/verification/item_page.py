"""The page of one item, as it stands after whatever was tried on it."""

from __future__ import annotations

import uuid
from base64 import b64encode
from dataclasses import dataclass, field, replace

from flask import Response, current_app, request, session, url_for

from portal.access import current_actor, logged_in, reading
from portal.db import now
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.errors import Conflict, Rejected
from portal.verification import bench, sealed
from portal.verification.bench import Bench
from portal.verification.claims import has_run_out
from portal.verification.decisions import LONGEST_NOTE
from portal.verification.filters import Filters
from portal.verification.forms import ReasonForm, ReturnForm, RevisionForm, TakeOverForm
from portal.verification.papers import with_reading
from portal.verification.proposing import Proposing, proposing
from portal.vocabulary import DocumentState
from portal.web.htmx import asks_for, render, swap_anyway

DESK = "meja"
"""Id of the element that holds queue, paper and decision; htmx replaces it as a whole."""
CONFLICT = 409
KEPT = "catatan"
"""Key of the browser session: a note whose decision came too late, until it can be sent again."""


@dataclass(frozen=True)
class Attempt:
    """What was tried and did not work: a form with its errors, or a sentence about a conflict."""

    act: Act | None = None
    form: RevisionForm | TakeOverForm | None = None
    message: str = ""
    note: str = ""
    status: int = 200


@dataclass(frozen=True)
class Forms:
    """The forms of the page, by act; only those whose buttons are shown are rendered."""

    approve: RevisionForm | None
    take_over: TakeOverForm | None
    reasoned: dict[Act, RevisionForm] = field(default_factory=dict)
    proposing: Proposing | None = None
    """Beside Kembalikan."""


def filters() -> Filters:
    """The filters in the address, carried along by every link and form."""
    return Filters.of(request.args)


def typed_note() -> str:
    """A note that was typed on a page whose claim was lost or let go."""
    return request.form.get("catatan", "").replace("\0", "")[:LONGEST_NOTE]


def show(
    document_id: uuid.UUID, attempt: Attempt | None = None, *, opened: bool = False
) -> Response:
    """The item's page, or its desk alone when that is to be replaced; raises NotFound outside the
    actor's reach. `opened`: the reading is noted, so the page may bring the keys of its pictures.
    """
    actor, reader, chosen = current_actor(), reading(), filters()
    document, read = with_reading(reader, actor, document_id)
    desk = bench.gather(reader, actor, document, read, chosen)
    attempt = attempt or Attempt()
    person = logged_in()
    kept = session.get(KEPT) or ["", ""]
    response = render(
        "verification/item.html",
        status=attempt.status,
        bench=desk,
        document=document,
        filters=chosen,
        carried=chosen.address(),
        forms=_forms(desk, attempt, kept[1] if kept[0] == str(document.id) else ""),
        attempt=attempt,
        part=asks_for(DESK),
        keys=_keys(document) if opened and desk.rights.decide else {},
        ahead=_following(desk) if desk.rights.decide else None,
        shortcuts=person is None or person.shortcuts,
        Act=Act,
        back=url_for("verification.queue", **chosen.address()),
    )
    return swap_anyway(response, DESK)


def again(document_id: uuid.UUID, attempt: Attempt, refusal: Conflict | Rejected) -> Response:
    """The page as it stands now, with the refusal and whatever was typed."""
    status = CONFLICT if isinstance(refusal, Conflict) else 422
    return show(document_id, replace(attempt, message=refusal.message, status=status))


def _keys(document: Document) -> dict[tuple[uuid.UUID, int], str]:
    """For the pictures that the browser may have fetched ahead."""
    secret, actor_id = current_app.extensions["settings"].secret_key, current_actor().pegawai_id
    return {
        (file_id, number): b64encode(sealed.key_of(secret, actor_id, file_id, number)).decode()
        for file_id, number in sealed.first_pages(document)
    }


def _following(desk: Bench) -> uuid.UUID | None:
    """The item that will probably come next; its pictures are fetched ahead."""
    moment = now()
    for other in desk.beside:
        held = other.state is DocumentState.DIPERIKSA and not has_run_out(other, moment)
        if other.id != desk.document.id and not held:
            return other.id
    return None


def _forms(desk: Bench, attempt: Attempt, note: str) -> Forms:
    revision = desk.document.revision
    reasoned: dict[Act, RevisionForm] = {}
    for act, offered in desk.reasons.items():
        form = ReasonForm(None, revisi=revision, catatan=note).for_act(act.value)
        form.offer(offered)
        reasoned[act] = form
    if isinstance(attempt.form, RevisionForm) and attempt.status == CONFLICT:
        attempt.form.revisi.data = str(revision)  # told what is new: the next press is about that
    if attempt.act in reasoned and isinstance(attempt.form, RevisionForm):
        reasoned[attempt.act] = attempt.form
    returning = attempt.form if isinstance(attempt.form, ReturnForm) else None
    return Forms(
        approve=_approving(attempt, revision) if desk.rights.decide else None,
        take_over=_taking_over(attempt) if desk.rights.take_over else None,
        reasoned=reasoned,
        proposing=proposing(desk.document.kind, desk.lines, returning)
        if Act.KEMBALIKAN in reasoned
        else None,
    )


def _approving(attempt: Attempt, revision: int) -> RevisionForm:
    if attempt.act is Act.SETUJUI and isinstance(attempt.form, RevisionForm):
        return attempt.form
    return RevisionForm(None, revisi=revision).for_act(Act.SETUJUI.value)


def _taking_over(attempt: Attempt) -> TakeOverForm:
    return attempt.form if isinstance(attempt.form, TakeOverForm) else TakeOverForm(None)
