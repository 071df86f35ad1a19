"""Steps 3 and 4: the data of an item, the check of everything, and Ajukan."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.documents.arrivals import Reading
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.documents.reading import queries as readings
from portal.documents.reading.words import as_words
from portal.errors import Conflict, Rejected, Unavailable
from portal.handin import actions, fields, page_marks
from portal.handin.blueprint import blueprint
from portal.handin.file_views import editable, to_item, to_list
from portal.handin.forms import DataForm, DeclarationForm, typed_into_closed
from portal.handin.guards import EDITABLE, opened_fields, still_the_returned_papers
from portal.handin.prefill import take_read
from portal.handin.receiving import told_with_link
from portal.handin.versions import mark
from portal.permissions import Actor, Permission
from portal.scoring import queries as scores
from portal.verification.corrections import in_sentences, waiting
from portal.vocabulary import DocumentState, JenisDiklat
from portal.web.htmx import asks_for, render

CLOSED = (
    "Sesudah Anda membuka halaman ini, dokumen dikembalikan dan hanya bagian yang keliru yang "
    "dibuka. Belum ada yang disimpan. Isian di bawah tidak dapat dipakai lagi."
)
NOT_TAKEN = (
    "Usulan belum dipakai: isian itu diubah di tempat lain sesudah Anda membuka halaman ini. "
    "Cocokkan sekali lagi."
)


@blueprint.get("/dokumen/<uuid:document_id>/data")
@requires(Permission.DOCUMENTS_HAND_IN)
def edit(document_id: uuid.UUID) -> Response:
    """The fields of the kind; after a return only those that are to be repaired. With `jenis`
    in the address the hint at JP speaks of that kind (asked as soon as it is chosen)."""
    document = editable(reading(), document_id)
    if document is None:
        return to_item(document_id)
    read = readings.of_document(reading(), document)
    if asks_for("bacaan"):
        return _reading_part(document, read)
    code = request.args.get("jenis")
    asked = JenisDiklat(code) if code in list(JenisDiklat) else None
    form = DataForm.of(document, opened_fields(document), asked=asked)
    take_read(form, readings.offered(document, read))
    return _data_page(document, form, read=read)


def _reading_part(document: Document, read: Reading | None) -> Response:
    """What has been read meanwhile, offered beside the form; 204 as long as there is nothing."""
    if readings.is_awaited(read):
        return Response(status=204)
    opened = opened_fields(document)
    offer = [
        (fields.LABELS[name], as_words(value))
        for name, value in readings.offered(document, read).items()
        if name in opened
    ]
    return render(
        "documents/_reading.html", document=document, reading_awaited=False, reading_offer=offer
    )


@blueprint.post("/dokumen/<uuid:document_id>/data")
@requires(Permission.DOCUMENTS_HAND_IN)
def save(document_id: uuid.UUID) -> Response:
    """Keep what was typed, right or wrong; go on only with what is right."""
    actor = current_actor()
    document = owned(reading(), actor, document_id)
    form = DataForm.of(document, opened_fields(document))
    typed = typed_into_closed(document)
    if typed or document.state not in EDITABLE:
        return _closed_page(document, form, typed)
    try:
        with transaction() as session:
            document = owned(session, actor, document_id)
            actions.fill(session, actor, document, form.values(), seen=page_marks.known())
            seen = mark(document)
    except actions.Changed as newer:
        form.show_newer(newer)
        document = owned(reading(), actor, document_id)
        return _data_page(document, form, [newer.message], 409, seen=newer.mark)
    except (Conflict, Rejected):  # handed in, or returned, at this very moment
        return _closed_page(owned(reading(), actor, document_id), form, typed_into_closed(document))
    except Unavailable as unavailable:
        return _data_page(document, form, [unavailable.message], 503)
    answer = _after_saving(owned(reading(), actor, document_id), form, seen)
    return page_marks.remember(answer, seen)


def _after_saving(document: Document, form: DataForm, seen: str) -> Response:
    if request.form.get("aksi") == "draf":
        if form.show_unreadable():
            message = "Draf tersimpan, kecuali isian berikut."
            return _data_page(document, form, [message], 422, seen=seen)
        flash("Draf tersimpan. Lanjutkan kapan saja dari halaman Dokumen.", "ok")
        return to_list(document)
    if request.form.get("aksi") == "isi" and not form.show_unreadable():
        return redirect(url_for("documents.edit", document_id=document.id), 303)
    if not form.check(document, current_actor().today):
        return _data_page(document, form, status=422, seen=seen)
    return redirect(url_for("documents.review", document_id=document.id), 303)


def _closed_page(document: Document, form: DataForm, typed: list[tuple[str, str]]) -> Response:
    """What was typed into fields that meanwhile are closed: shown, to be copied, not written."""
    if document.state not in EDITABLE:
        if not typed:
            return to_item(document.id)
        return render("documents/late.html", status=409, document=document, typed=typed)
    return _data_page(document, form, [CLOSED], 409, typed=typed)


def _data_page(
    document: Document,
    form: DataForm,
    messages: list[str] | None = None,
    status: int = 200,
    *,
    read: Reading | None = None,
    typed: Sequence[tuple[str, str]] = (),
    seen: str | None = None,
) -> Response:
    opened = opened_fields(document)
    closed = [name for name in fields.OF_KIND[document.kind] if name not in opened]
    return render(
        "documents/data.html",
        status=status,
        document=document,
        form=form,
        versi=page_marks.fresh_of(seen or mark(document)),
        typed=typed,
        messages=messages or [],
        own=document.owner_id == current_actor().pegawai_id,
        repair=document.state is DocumentState.PERLU_PERBAIKAN,
        files_open=fields.FILES in opened,
        closed=fields.shown(document, closed),
        reading_awaited=readings.is_awaited(read),
        reading_offer=(),
        proposals=in_sentences(document, waiting(reading(), document)),
    )


@blueprint.post("/dokumen/<uuid:document_id>/usulan")
@requires(Permission.DOCUMENTS_HAND_IN)
def take_proposals(document_id: uuid.UUID) -> Response:
    """Take over what the verifikator proposed; the owner looks at it, then hands in."""
    actor = current_actor()
    if editable(reading(), document_id) is None:
        return to_item(document_id)
    try:
        with transaction() as session:
            document = owned(session, actor, document_id)
            taken = actions.take_over(session, actor, document, seen=page_marks.shown())
    except actions.Changed:
        flash(NOT_TAKEN, "warn")
        return redirect(url_for("documents.edit", document_id=document_id), 303)
    told = "Usulan pemeriksa dipakai. Cocokkan dengan dokumen Anda, lalu lanjutkan."
    flash(told if taken else "Isian Anda sudah sama dengan usulan pemeriksa.", "ok")
    return redirect(url_for("documents.edit", document_id=document_id), 303)


@blueprint.get("/dokumen/<uuid:document_id>/periksa")
@requires(Permission.DOCUMENTS_HAND_IN)
def review(document_id: uuid.UUID) -> Response:
    """Everything once more, what it would bring, and the declaration."""
    document = editable(reading(), document_id)
    if document is None:
        return to_item(document_id)
    return _review_page(document, DeclarationForm(formdata=None))


@blueprint.post("/dokumen/<uuid:document_id>/ajukan")
@requires(Permission.DOCUMENTS_HAND_IN)
def submit(document_id: uuid.UUID) -> Response:
    """Hand in. A second tap finds the item handed in and leads to it."""
    actor, form = current_actor(), DeclarationForm()
    document = editable(reading(), document_id)
    if document is None:
        return to_item(document_id)
    if not form.declared():
        return _review_page(document, form, status=422)
    try:
        receipt = _hand_in(actor, document_id)
    except actions.ItemChanged as changed:
        fresh, blank = owned(reading(), actor, document_id), DeclarationForm(formdata=None)
        return _review_page(fresh, blank, [changed.message], 409)
    except actions.Duplicate as duplicate:
        return _review_page(document, form, [told_with_link(duplicate, actor)], 422)
    except Rejected as refusal:
        return _review_page(document, form, [refusal.message], 422)
    except Unavailable as unavailable:
        return _review_page(document, form, [unavailable.message], 503)
    flash(f"Dokumen diajukan. Nomor terima {receipt}.", "ok")
    return to_item(document_id)


def _hand_in(actor: Actor, document_id: uuid.UUID) -> str:
    with transaction() as session:
        document = owned(session, actor, document_id)
        return actions.hand_in(session, actor, document, seen=page_marks.shown())


def _review_page(
    document: Document,
    form: DeclarationForm,
    messages: list[str] | None = None,
    status: int = 200,
) -> Response:
    actor = current_actor()
    own = document.owner_id == actor.pegawai_id
    faults = fields.all_faults(document, today=actor.today)
    gain = None
    if own and not faults:
        gain = scores.gain_if_approved(reading(), document, today=actor.today)
    return render(
        "documents/review.html",
        status=status,
        document=document,
        form=form,
        versi=page_marks.fresh(document),
        messages=messages or [],
        own=own,
        faults=faults,
        questions=_questions(document),
        gain=gain,
        details_rows=fields.shown(document),
        repair=document.state is DocumentState.PERLU_PERBAIKAN,
        FILES=fields.FILES,
    )


def _questions(document: Document) -> list[str]:
    """What the person should look at once more; blocks nothing."""
    asked = fields.questions(fields.values_of(document))
    if document.reason and still_the_returned_papers(reading(), document):
        asked.append(
            f"Berkasnya masih yang dikembalikan: “{document.reason.label}”. Ganti lewat “Ubah "
            "berkas”, atau lanjutkan bila menurut Anda sudah jelas."
        )
    return asked
