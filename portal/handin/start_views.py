"""/dokumen/baru: step 1, the kind, and the first files, which make the draft."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.db import new_id
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.errors import NotFound, Rejected, Unavailable
from portal.handin import actions, queries
from portal.handin.blueprint import blueprint
from portal.handin.file_views import after_papers, attach_all, files_page, queue
from portal.handin.forms import FilesForm
from portal.handin.kinds import CARDS, Card, card, card_of
from portal.handin.receiving import Outcome, receive
from portal.jobs import Lane
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.scoring import queries as scores
from portal.web.htmx import render


@dataclass(frozen=True)
class Beginning:
    """What the address asks to begin: for whom, which kind, in place of which approved item."""

    owner: Pegawai
    own: bool
    card: Card | None
    replaces: Document | None = None

    @property
    def query(self) -> dict[str, Any]:
        """The same as parameters of an address."""
        asked: dict[str, Any] = {} if self.own else {"untuk": str(self.owner.id)}
        if self.card:
            asked["jenis"] = self.card.code
        if self.replaces:
            asked["ganti"] = str(self.replaces.id)
        return asked


@blueprint.get("/dokumen/baru")
@requires(Permission.DOCUMENTS_HAND_IN)
def new() -> Response:
    """The cards; with a kind in the address step 2, where the draft has an id but no row yet."""
    actor, session = current_actor(), reading()
    beginning = _beginning(session, actor)
    if beginning.card is not None:
        return _files_page(beginning, FilesForm.of(beginning.card.kind), new_id())
    own = beginning.own
    return render(
        "documents/new.html",
        cards=CARDS,
        # Points are nobody's business but the owner's.
        hints=scores.kind_hints(session, actor.pegawai_id, today=actor.today) if own else {},
        drafts=queries.drafts(session, actor) if own else [],
        beginning=beginning,
        serves=actor.may(Permission.DOCUMENTS_HAND_IN_FOR),
    )


@blueprint.post("/dokumen/baru")
@requires(Permission.DOCUMENTS_HAND_IN)
def start() -> Response:
    """Take in the first files. The draft carries the id of the form: two taps, one item."""
    actor = current_actor()
    beginning = _beginning(reading(), actor)
    document_id = _id(request.form.get("id"))
    if beginning.card is None or document_id is None:
        return redirect(url_for("documents.new", **beginning.query), 303)
    form = FilesForm.of(beginning.card.kind)
    outcome = receive(form, beginning.owner.id, None)
    if not outcome.anything:
        outcome.messages.append("Belum ada berkas. Pilih foto atau PDF-nya lebih dahulu.")
    document = None
    if outcome.stored:
        document = _begin(actor, beginning, beginning.card, document_id, outcome)
    if document is None:
        return _files_page(beginning, form, document_id, outcome)
    return after_papers(document, outcome)


def _beginning(session: Session, actor: Actor) -> Beginning:
    """Read the address; raises NotFound for people and items outside the actor's scope."""
    replaced = _id(request.args.get("ganti"))
    if replaced:
        document = owned(session, actor, replaced)
        own = document.owner_id == actor.pegawai_id
        return Beginning(document.owner, own, card_of(document.kind, document.jenis), document)
    chosen = card(request.args.get("jenis"))
    for_whom = _id(request.args.get("untuk"))
    if for_whom:
        return Beginning(queries.colleague(session, actor, for_whom), False, chosen)
    return Beginning(session.get_one(Pegawai, actor.pegawai_id), True, chosen)


def _id(text: str | None) -> uuid.UUID | None:
    """An id from an address or a hidden field; nonsense names nothing."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _files_page(
    beginning: Beginning, form: FilesForm, document_id: uuid.UUID, outcome: Outcome | None = None
) -> Response:
    return files_page(
        form,
        action=url_for("documents.start", **beginning.query),
        owner=beginning.owner,
        document_id=document_id,
        outcome=outcome,
    )


def _begin(
    actor: Actor, beginning: Beginning, chosen: Card, document_id: uuid.UUID, outcome: Outcome
) -> Document | None:
    """Draft and files in one transaction; None when nothing could be written."""
    try:
        with transaction() as session:
            document = actions.start_draft(
                session,
                actor,
                session.get_one(Pegawai, beginning.owner.id),
                document_id=document_id,
                kind=chosen.kind,
                jenis=chosen.only_jenis,
                replaces=beginning.replaces,
            )
            attach_all(session, actor, document, outcome.stored)
        queue().wake(Lane.BERKAS)
    except (Rejected, Unavailable) as failure:
        outcome.refuse(failure)
        return None
    except actions.PaperChanged as newer:  # the same draft was begun with another photo
        outcome.refuse(newer)
    return owned(reading(), actor, document_id)
