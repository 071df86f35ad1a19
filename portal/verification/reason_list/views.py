"""/admin/alasan: the reasons that verifikator choose from."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.accounts.forms import refuse
from portal.errors import Rejected
from portal.permissions import Permission
from portal.verification.reason_list import changes
from portal.verification.reason_list.changes import FIELDS
from portal.verification.reason_list.forms import ReasonForm, SwitchForm
from portal.vocabulary import DocumentKind
from portal.web.fields import drawn
from portal.web.htmx import render

blueprint = Blueprint("reasons", __name__, url_prefix="/admin/alasan")
_BLANK = partial(ReasonForm.of, formdata=None)


@blueprint.get("")
@requires(Permission.QUEUES_MANAGE)
def index() -> Response:
    """Every reason, by what it is for."""
    return _index()


@blueprint.get("/baru")
@requires(Permission.QUEUES_MANAGE)
def new() -> Response:
    """The empty form."""
    changes.require(current_actor())
    return _page()


@blueprint.post("/baru")
@requires(Permission.QUEUES_MANAGE)
def add() -> Response:
    """Keep a new reason."""
    form = ReasonForm.of()
    wording = form.wording() if form.validate() else None
    if wording is None:
        return _page(form, 422)
    try:
        with transaction() as session:
            changes.add(session, current_actor(), wording)
    except Rejected as refusal:
        refuse(form, refusal)
        return _page(form, 422)
    flash("Alasan ditambahkan. Pemeriksa dapat memilihnya sekarang.", "ok")
    return _to_list()


@blueprint.get("/<uuid:reason_id>")
@requires(Permission.QUEUES_MANAGE)
def edit(reason_id: uuid.UUID) -> Response:
    """The form of one reason."""
    changes.require(current_actor())
    reason = changes.found(reading(), reason_id)
    return _page(ReasonForm.of(reason, formdata=None), reason_id=reason_id)


@blueprint.post("/<uuid:reason_id>")
@requires(Permission.QUEUES_MANAGE)
def change(reason_id: uuid.UUID) -> Response:
    """Word it otherwise; old decisions keep their words."""
    form = ReasonForm.of(changes.found(reading(), reason_id))
    wording = form.wording() if form.validate() else None
    if wording is None:
        return _page(form, 422, reason_id)
    try:
        with transaction() as session:
            reason = changes.found(session, reason_id, lock=True)
            changes.change(session, current_actor(), reason, wording)
    except Rejected as refusal:
        refuse(form, refusal)
        return _page(form, 422, reason_id)
    flash("Alasan disimpan. Keputusan lama tetap dengan kata-kata lamanya.", "ok")
    return _to_list()


@blueprint.post("/<uuid:reason_id>/pakai", defaults={"on": True})
@blueprint.post("/<uuid:reason_id>/nonaktifkan", defaults={"on": False})
@requires(Permission.QUEUES_MANAGE)
def switch(reason_id: uuid.UUID, on: bool) -> Response:
    """Offer it again, or no more."""
    try:
        with transaction() as session:
            reason = changes.found(session, reason_id, lock=True)
            changes.switch(session, current_actor(), reason, on=on)
    except Rejected as refusal:
        return _index(refusal.message, 422)
    flash("Alasan dipakai lagi." if on else "Alasan tidak ditawarkan lagi.", "ok")
    return _to_list()


def _index(message: str = "", status: int = 200) -> Response:
    changes.require(current_actor())
    return render(
        "reasons/index.html",
        status=status,
        groups=changes.listed(reading()),
        message=message,
        kinds={kind.value: kind.label for kind in DocumentKind},
        fields=FIELDS,
        form=SwitchForm(formdata=None),
    )


def _page(
    form: ReasonForm | None = None, status: int = 200, reason_id: uuid.UUID | None = None
) -> Response:
    fields = drawn("reasons/_fields.html", "reason", _BLANK, form)
    return render("reasons/edit.html", status=status, form=form, fields=fields, reason_id=reason_id)


def _to_list() -> Response:
    return redirect(url_for("reasons.index"), 303)
