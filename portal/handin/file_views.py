"""/dokumen/<id>/berkas: step 2, the papers of a draft or of a repair that opened them."""

from __future__ import annotations

import uuid
from typing import cast

from flask import current_app, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.errors import NotFound, Unavailable
from portal.handin import actions, fields, making
from portal.handin.blueprint import blueprint
from portal.handin.forms import FilesForm, field_of
from portal.handin.guards import EDITABLE, opened_fields
from portal.handin.papers import order_reading
from portal.handin.receiving import Outcome, Stored, current_file, receive, seen_papers
from portal.jobs import Lane, Queue
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.vocabulary import FileRole
from portal.web.htmx import render


def files_page(
    form: FilesForm,
    *,
    action: str,
    owner: Pegawai,
    document_id: uuid.UUID,
    document: Document | None = None,
    outcome: Outcome | None = None,
) -> Response:
    """The page of step 2; without `document` there is no draft yet, only the id it will have."""
    return render(
        "documents/files.html",
        status=outcome.status if outcome else 200,
        form=form,
        action=action,
        owner=owner,
        own=owner.id == current_actor().pegawai_id,
        document_id=document_id,
        document=document,
        papers=[(role, field_of(role), current_file(document, role)) for role in form.roles()],
        messages=outcome.messages if outcome else [],
        makings=making.of_item(reading(), document) if document else [],
        made=False,
    )


def page_of(document: Document, outcome: Outcome | None = None) -> Response:
    """The page of step 2 for an item that is there."""
    return files_page(
        FilesForm.of(document.kind, {file.role for file in document.current_files}),
        action=url_for("documents.save_files", document_id=document.id),
        owner=document.owner,
        document_id=document.id,
        document=document,
        outcome=outcome,
    )


def onward(document: Document) -> Response:
    """To the next step: back to the papers where more pages are wanted, to the data, or (when a
    return opened no data) to the check."""
    if request.form.get("aksi") == "tambah":
        endpoint = "documents.files"
    elif opened_fields(document) & set(fields.OF_KIND[document.kind]):
        endpoint = "documents.edit"
    else:
        endpoint = "documents.review"
    return redirect(url_for(endpoint, document_id=document.id), 303)


def editable(session: Session, document_id: uuid.UUID) -> Document | None:
    """The item while its content may change; None sends the back button to the item's page."""
    document = owned(session, current_actor(), document_id)
    return document if document.state in EDITABLE else None


def to_item(document_id: uuid.UUID) -> Response:
    return redirect(url_for("documents.show", document_id=document_id), 303)


def to_list(document: Document) -> Response:
    """To the list that holds the item: the own one, or that of what is handed in for others."""
    own = document.owner_id == current_actor().pegawai_id
    return redirect(url_for("documents.index", untuk=None if own else "rekan"), 303)


def attach_all(
    session: Session,
    actor: Actor,
    document: Document,
    stored: list[Stored],
) -> None:
    """Rows for the objects that were stored, and the order to read them."""
    for one in stored:
        attached = actions.attach(session, actor, document, one.role, one.file, seen=one.seen)
        order_reading(session, queue(), attached)


def queue() -> Queue:
    """The jobs of this application; woken after the commit of `attach_all`."""
    return cast("Queue", current_app.extensions["queue"])


@blueprint.get("/dokumen/<uuid:document_id>/berkas")
@requires(Permission.DOCUMENTS_HAND_IN)
def files(document_id: uuid.UUID) -> Response:
    """The papers as they are, with fields to replace them and to add pages."""
    document = editable(reading(), document_id)
    if document is None:
        return to_item(document_id)
    if fields.FILES not in opened_fields(document):
        return onward(document)
    return page_of(document)


@blueprint.post("/dokumen/<uuid:document_id>/berkas")
@requires(Permission.DOCUMENTS_HAND_IN)
def save_files(document_id: uuid.UUID) -> Response:
    """Take in more files; the ones that cannot be used are named, the others are kept."""
    actor = current_actor()
    document = editable(reading(), document_id)
    if document is None:
        return to_item(document_id)
    outcome = receive(FilesForm.of(document.kind), document.owner_id, document)
    if outcome.stored:
        _write(actor, document_id, outcome)
    return after_papers(owned(reading(), actor, document_id), outcome)


def after_papers(document: Document, outcome: Outcome) -> Response:
    """The next step; this one again with what could not be used or is still missing."""
    if not outcome.messages and request.form.get("aksi") != "tambah":
        outcome.messages += _still_missing(document)
    if outcome.messages:
        return page_of(document, outcome)
    return onward(document)


def _write(actor: Actor, document_id: uuid.UUID, outcome: Outcome) -> None:
    try:
        with transaction() as session:
            attach_all(session, actor, owned(session, actor, document_id), outcome.stored)
        queue().wake(Lane.BERKAS)
    except (actions.Duplicate, actions.PaperChanged, Unavailable) as refusal:
        outcome.refuse(refusal)


def _still_missing(document: Document) -> list[str]:
    # A letter of equivalence is asked for once the data say that the degree is foreign.
    return [
        f"{role.label} belum ada. Pilih foto atau PDF-nya lebih dahulu."
        for role in fields.missing_files(document)
    ]


@blueprint.post("/dokumen/<uuid:document_id>/berkas/hapus")
@requires(Permission.DOCUMENTS_HAND_IN)
def remove_file(document_id: uuid.UUID) -> Response:
    """Take one paper off."""
    actor, code = current_actor(), request.form.get("peran", "")
    if code not in list(FileRole):
        raise NotFound
    role = FileRole(code)
    try:
        with transaction() as session:
            document = owned(session, actor, document_id)
            actions.detach(session, actor, document, role, seen=seen_papers(role))
    except actions.PaperChanged as newer:
        outcome = Outcome()
        outcome.refuse(newer)
        return page_of(owned(reading(), actor, document_id), outcome)
    flash(f"{role.label} dihapus dari dokumen ini.", "ok")
    return redirect(url_for("documents.files", document_id=document_id), 303)
