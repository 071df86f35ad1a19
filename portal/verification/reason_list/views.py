"""/admin/alasan: the reasons that verifikator choose from."""

from __future__ import annotations

import uuid
from functools import lru_cache

from flask import Blueprint, flash, redirect, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.accounts.forms import refuse
from portal.errors import Conflict, Rejected
from portal.permissions import Permission
from portal.verification.reason_list import changes
from portal.verification.reason_list.changes import FIELDS, Wording
from portal.verification.reason_list.forms import ReasonForm, SwitchForm
from portal.vocabulary import DocumentKind
from portal.web.fields import draw
from portal.web.htmx import render

blueprint = Blueprint("reasons", __name__, url_prefix="/admin/alasan")
_KEPT = 64
"""Forms kept in memory, 4 KB each: there are some two dozen reasons."""


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
    return _page(_untouched(None))


@blueprint.post("/baru")
@requires(Permission.QUEUES_MANAGE)
def add() -> Response:
    """Keep a new reason."""
    form = ReasonForm.of()
    wording = form.wording() if form.validate() else None
    if wording is None:
        return _refused(form)
    try:
        with transaction() as session:
            changes.add(session, current_actor(), wording)
    except Rejected as refusal:
        refuse(form, refusal)
        return _refused(form)
    flash("Alasan ditambahkan. Pemeriksa dapat memilihnya sekarang.", "ok")
    return _to_list()


@blueprint.get("/<uuid:reason_id>")
@requires(Permission.QUEUES_MANAGE)
def edit(reason_id: uuid.UUID) -> Response:
    """The form of one reason."""
    changes.require(current_actor())
    present = changes.wording_of(changes.found(reading(), reason_id))
    return _page(_untouched(present), reason_id=reason_id)


@blueprint.post("/<uuid:reason_id>")
@requires(Permission.QUEUES_MANAGE)
def change(reason_id: uuid.UUID) -> Response:
    """Word it otherwise; old decisions keep their words."""
    form = ReasonForm.of(changes.wording_of(changes.found(reading(), reason_id)))
    wording = form.wording() if form.validate() else None
    if wording is None:
        return _refused(form, reason_id)
    try:
        with transaction() as session:
            reason = changes.found(session, reason_id, lock=True)
            changes.change(session, current_actor(), reason, wording)
    except Rejected as refusal:
        refuse(form, refusal)
        return _refused(form, reason_id)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _refused(form, reason_id, 409)
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


@lru_cache(_KEPT)
def _untouched(wording: Wording | None) -> Markup:
    """The fields before anybody typed, the same for every admin: drawn once for each wording."""
    return _fields(ReasonForm.of(wording, formdata=None))


def _fields(form: ReasonForm) -> Markup:
    return draw("reasons/_fields.html", "reason", form)


def _refused(form: ReasonForm, reason_id: uuid.UUID | None = None, status: int = 422) -> Response:
    return _page(_fields(form), form, reason_id, status)


def _page(
    fields: Markup,
    form: ReasonForm | None = None,
    reason_id: uuid.UUID | None = None,
    status: int = 200,
) -> Response:
    return render(
        "reasons/edit.html",
        status=status,
        form=form,
        fields=fields,
        reason_id=reason_id,
    )


def _to_list() -> Response:
    return redirect(url_for("reasons.index"), 303)
