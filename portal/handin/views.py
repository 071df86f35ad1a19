"""/dokumen: the list, an item with its story, its papers, and the acts on a handed-in item."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import audit
from portal.access import current_actor, reading, requires, transaction
from portal.documents.files import PDF, PICTURE, page_key, pdf_key, thumb_key
from portal.documents.models import Document, DocumentFile
from portal.documents.queries import file_of, owned
from portal.documents.serving import send_object, send_siasn_copy
from portal.documents.transitions import Act, acts_from
from portal.errors import NotFound, Rejected, Unavailable
from portal.handin import (
    actions,
    capture_views,
    colleague,
    data_views,
    effect,
    fields,
    file_views,
    making,
    making_views,
    page_marks,
    queries,
    receipt_views,
    start_views,
)
from portal.handin.blueprint import blueprint
from portal.handin.file_views import to_list
from portal.handin.forms import ObjectionForm
from portal.handin.guards import EDITABLE
from portal.handin.kinds import ICONS, card_of
from portal.handin.queries import Filter
from portal.handin.timeline import story
from portal.permissions import Actor, Permission
from portal.questions import queries as questions
from portal.verification import readings
from portal.verification.corrections import in_sentences, waiting
from portal.verification.quality.waiting import wait_of
from portal.verification.readings import Way
from portal.vocabulary import DocumentState
from portal.web.htmx import render
from portal.web.pagination import Position
from portal.web.typed import clean

# The other views declare their pages on the same blueprint by being imported.
__all__ = [
    "blueprint",
    "capture_views",
    "colleague",
    "data_views",
    "file_views",
    "making_views",
    "receipt_views",
    "start_views",
]

LONGEST_SEARCH = 100
TABS = (
    DocumentState.PERLU_PERBAIKAN,
    DocumentState.DIAJUKAN,
    DocumentState.DIPERIKSA,
    DocumentState.MENUNGGU_KEDUA,
    DocumentState.DISETUJUI,
    DocumentState.DITOLAK,
    DocumentState.DIBATALKAN,
    DocumentState.DICABUT,
)
"""Order of the filter: what asks something of the person comes first; drafts have their place."""


@blueprint.get("/dokumen")
@requires(Permission.DOCUMENTS_READ_OWN)
def index() -> Response:
    """Drafts to go on with, then everything that was handed in, newest first."""
    actor, session = current_actor(), reading()
    wanted = _filter(actor)
    position = Position.decode(request.args.get("setelah"))
    plain = wanted.state is None and not wanted.search and position is None
    page = queries.listing(session, actor, wanted, position)
    drafts = queries.drafts(session, actor, for_others=wanted.for_others) if plain else []
    return render(
        "documents/index.html",
        partial="documents/_list.html",
        page=page,
        drafts=drafts,
        makings=making.unfinished(session, _changing([*drafts, *page.rows])),
        wanted=wanted,
        counts=queries.counts(session, actor, wanted),
        first=position is None,
        states=TABS,
        icons=ICONS,
        serves=actor.may(Permission.DOCUMENTS_HAND_IN_FOR),
        may_hand_in=actor.may(Permission.DOCUMENTS_HAND_IN),
    )


def _changing(documents: Sequence[Document]) -> list[uuid.UUID]:
    """Items whose papers may be in the making."""
    return [document.id for document in documents if document.state in EDITABLE]


def _filter(actor: Actor) -> Filter:
    code = request.args.get("status", "")
    return Filter(
        state=DocumentState(code) if code in list(DocumentState) else None,
        search=clean(request.args.get("cari"))[:LONGEST_SEARCH],
        for_others=request.args.get("untuk") == "rekan"
        and actor.may(Permission.DOCUMENTS_HAND_IN_FOR),
    )


@blueprint.get("/dokumen/<uuid:document_id>")
@requires(Permission.DOCUMENTS_READ_OWN)
def show(document_id: uuid.UUID) -> Response:
    """Where an item is, what it holds, what happened to it, and what can be done now."""
    return _item_page(document_id, ObjectionForm(formdata=None))


def _item_page(document_id: uuid.UUID, form: ObjectionForm, status: int = 200) -> Response:
    actor, session = current_actor(), reading()
    document = owned(session, actor, document_id)
    owner = document.owner
    lines = audit.history(session, document.id)
    return render(
        "documents/show.html",
        status=status,
        document=document,
        own=owner.id == actor.pegawai_id,
        acts=_acts(actor, document),
        Act=Act,
        card=card_of(document.kind, document.jenis).code,
        events=story(lines, document, actor.pegawai_id),
        readers=readings.readers(lines, owner.id),
        wait=wait_of(session, document),
        would_bring=effect.would_bring(session, actor, document),
        brought=effect.has_brought(session, actor, document),
        details_rows=fields.shown(document),
        proposals=in_sentences(document, waiting(session, document)),
        versi=page_marks.fresh(document),
        form=form,
        makings=making.of_item(session, document),
        made=False,
        questions=questions.about_item(session, actor, document.id),
        may_ask=actor.may(Permission.QUESTIONS_ASK),
    )


def _acts(actor: Actor, document: Document) -> frozenset[Act]:
    """What the transition table and the person's permission allow together."""
    if not actor.may(Permission.DOCUMENTS_HAND_IN):
        return frozenset()
    second = document.first_approver_id is not None
    return acts_from(document.state, second_round=second, objected=document.objected)


@blueprint.post("/dokumen/<uuid:document_id>/batalkan")
@requires(Permission.DOCUMENTS_HAND_IN)
def withdraw(document_id: uuid.UUID) -> Response:
    """Take an item back."""
    actor = current_actor()
    with transaction() as session:
        document = owned(session, actor, document_id)
        actions.withdraw(session, actor, document, today=actor.today)
    flash("Dokumen dibatalkan. Anda dapat mengajukannya lagi sebagai dokumen baru.", "ok")
    return redirect(url_for("documents.show", document_id=document_id), 303)


@blueprint.post("/dokumen/<uuid:document_id>/keberatan", endpoint="object")
@requires(Permission.DOCUMENTS_HAND_IN)
def object_(document_id: uuid.UUID) -> Response:
    """Object to a refusal."""
    actor, form = current_actor(), ObjectionForm()
    try:
        with transaction() as session:
            document = owned(session, actor, document_id)
            note = form.catatan.data or ""
            actions.object_(session, actor, document, note, today=actor.today)
    except Rejected as refusal:
        form.catatan.errors = [refusal.message]
        return _item_page(document_id, form, 422)
    except Unavailable as unavailable:
        form.catatan.errors = [unavailable.message]
        return _item_page(document_id, form, 503)
    flash("Keberatan diajukan. Verifikator lain akan memeriksanya.", "ok")
    return redirect(url_for("documents.show", document_id=document_id), 303)


@blueprint.post("/dokumen/<uuid:document_id>/hapus")
@requires(Permission.DOCUMENTS_HAND_IN)
def discard(document_id: uuid.UUID) -> Response:
    """Throw a draft away."""
    actor = current_actor()
    marked = page_marks.FIELD in request.form  # phones drop what they hold
    seen = page_marks.shown() if marked else None
    try:
        with transaction() as session:
            document = owned(session, actor, document_id)
            back = to_list(document)
            actions.discard(session, actor, document, seen=seen)
    except actions.ItemChanged:
        flash("Draf ini diubah di tempat lain. Belum dihapus: lihat isinya dahulu.", "warn")
        return redirect(url_for("documents.show", document_id=document_id), 303)
    flash("Draf dihapus.", "ok")
    return back


@blueprint.get("/dokumen/<uuid:document_id>/berkas/<uuid:file_id>")
@requires(Permission.DOCUMENTS_READ_OWN)
def pdf(document_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """The paper itself to keep; never opened inside the portal."""
    document, file = _paper(document_id, file_id, Way.BERKAS)
    name = f"{file.role.label} {document.receipt or 'draf'}.pdf"
    return send_object(pdf_key(file), name, PDF, "attachment")


@blueprint.get("/dokumen/<uuid:document_id>/berkas/<uuid:file_id>/siasn")
@requires(Permission.DOCUMENTS_READ_OWN)
def siasn(document_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """The paper as small as SIASN wants it."""
    document, file = _paper(document_id, file_id, Way.SIASN)
    return send_siasn_copy(file, f"{file.role.label} {document.receipt or 'draf'} SIASN.pdf")


@blueprint.get("/dokumen/<uuid:document_id>/berkas/<uuid:file_id>/halaman/<int:number>")
@requires(Permission.DOCUMENTS_READ_OWN)
def page(document_id: uuid.UUID, file_id: uuid.UUID, number: int) -> Response:
    """The picture of one page."""
    _, file = _paper(document_id, file_id)
    if not 1 <= number <= file.pages:
        raise NotFound(f"Berkas ini berisi {file.pages} halaman.")
    return send_object(page_key(file, number), f"halaman-{number}.webp", PICTURE)


@blueprint.get("/dokumen/<uuid:document_id>/berkas/<uuid:file_id>/kecil")
@requires(Permission.DOCUMENTS_READ_OWN)
def thumbnail(document_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """The small picture of the first page."""
    _, file = _paper(document_id, file_id)
    return send_object(thumb_key(file), "berkas.webp", PICTURE)


def _paper(
    document_id: uuid.UUID, file_id: uuid.UUID, way: Way = Way.LAYAR
) -> tuple[Document, DocumentFile]:
    """An item and its file within reach; an operator's reading is noted before bytes go out."""
    actor, session = current_actor(), reading()
    document = owned(session, actor, document_id)
    file = file_of(document, file_id)
    own = document.owner_id == actor.pegawai_id
    if not own and not readings.is_noted(session, actor, document_id, way):
        with transaction() as writing:
            readings.note(writing, actor, document_id, way)
    return document, file
