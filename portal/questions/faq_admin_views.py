"""/admin/tanya-jawab: writing, wording, ordering and switching off what everybody reads."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.access import current_actor, reading, requires, transaction
from portal.accounts.forms import refuse
from portal.errors import Rejected
from portal.permissions import Permission
from portal.questions import faq, faq_queries
from portal.questions.blueprint import blueprint
from portal.questions.forms import FaqForm
from portal.questions.models import Faq
from portal.web.htmx import render


@blueprint.get("/admin/tanya-jawab")
@requires(Permission.FAQ_MANAGE)
def faq_index() -> Response:
    """Everything that is kept, in its order."""
    actor, session = current_actor(), reading()
    return render("questions/faq.html", rows=faq_queries.managed(session, actor))


@blueprint.get("/admin/tanya-jawab/baru")
@requires(Permission.FAQ_MANAGE)
def faq_new() -> Response:
    """The place to write one that nobody has asked yet."""
    faq_queries.agency(current_actor(), Permission.FAQ_MANAGE)
    return _form_page(FaqForm.fresh(), None)


@blueprint.post("/admin/tanya-jawab/baru")
@requires(Permission.FAQ_MANAGE)
def faq_write() -> AnyResponse:
    """Write one."""
    actor, form = current_actor(), FaqForm()
    try:
        with transaction() as session:
            faq.write(session, actor, form.words, faq_id=form.made_id)
    except Rejected as refusal:
        refuse(form, refusal)
        return _form_page(form, None, 422)
    return _back("Tanya-jawab tersimpan.")


@blueprint.post("/admin/tanya-jawab/awal")
@requires(Permission.FAQ_MANAGE)
def faq_begin() -> AnyResponse:
    """Load the questions that every agency may begin with."""
    with transaction() as session:
        added = faq.begin(session, current_actor())
    return _back(f"{added} tanya-jawab ditambahkan." if added else "Semuanya sudah ada.")


@blueprint.get("/admin/tanya-jawab/<uuid:faq_id>")
@requires(Permission.FAQ_MANAGE)
def faq_edit(faq_id: uuid.UUID) -> Response:
    """The words of one."""
    row = faq_queries.managed_one(reading(), current_actor(), faq_id)
    return _form_page(FaqForm.of(row), row)


@blueprint.post("/admin/tanya-jawab/<uuid:faq_id>")
@requires(Permission.FAQ_MANAGE)
def faq_change(faq_id: uuid.UUID) -> AnyResponse:
    """Word it otherwise."""
    actor, form = current_actor(), FaqForm()
    try:
        with transaction() as session:
            faq.change(session, actor, faq_id, form.words)
    except Rejected as refusal:
        refuse(form, refusal)
        return _form_page(form, faq_queries.managed_one(reading(), actor, faq_id), 422)
    return _back("Perubahan tersimpan.")


@blueprint.post("/admin/tanya-jawab/<uuid:faq_id>/naik", defaults={"up": True})
@blueprint.post("/admin/tanya-jawab/<uuid:faq_id>/turun", defaults={"up": False})
@requires(Permission.FAQ_MANAGE)
def faq_move(faq_id: uuid.UUID, up: bool) -> AnyResponse:
    """Change places with a neighbour."""
    with transaction() as session:
        faq.move(session, current_actor(), faq_id, up=up)
    return redirect(url_for("questions.faq_index", _anchor=f"t-{faq_id.hex}"), 303)


@blueprint.post("/admin/tanya-jawab/<uuid:faq_id>/tampilkan", defaults={"on": True})
@blueprint.post("/admin/tanya-jawab/<uuid:faq_id>/sembunyikan", defaults={"on": False})
@requires(Permission.FAQ_MANAGE)
def faq_switch(faq_id: uuid.UUID, on: bool) -> AnyResponse:
    """Show it to everybody, or to nobody."""
    with transaction() as session:
        faq.switch(session, current_actor(), faq_id, on=on)
    return _back("Tampil lagi di Bantuan." if on else "Disembunyikan dari Bantuan.")


def _back(sentence: str) -> AnyResponse:
    flash(sentence, "ok")
    return redirect(url_for("questions.faq_index"), 303)


def _form_page(form: FaqForm, row: Faq | None, status: int = 200) -> Response:
    return render("questions/faq_form.html", status=status, form=form, row=row)
