"""/admin/perguruan-tinggi: the list against which an ijazah is checked."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.accounts.forms import refuse
from portal.agency.institutions import LONGEST, nearest, number_of
from portal.errors import Rejected
from portal.imports import institutions
from portal.imports.actions import Upload, check
from portal.imports.forms import InstitutionsForm
from portal.imports.institutions import LIMITS, Change, Names
from portal.permissions import Permission
from portal.web.fields import drawn
from portal.web.htmx import render

blueprint = Blueprint("institutions", __name__, url_prefix="/admin/perguruan-tinggi")
SHOWN = 30
_BLANK = partial(InstitutionsForm, formdata=None)


@blueprint.get("")
@requires(Permission.QUEUES_MANAGE)
def index() -> Response:
    """How long the list is, a look into it, the upload."""
    return _page()


@blueprint.post("")
@requires(Permission.QUEUES_MANAGE)
def upload() -> Response:
    """Take the names of a file."""
    form = InstitutionsForm()
    institutions.require(current_actor())
    if not form.validate():
        return _page(form, status=422)
    try:
        names, change = _take(form)
    except Rejected as refusal:
        refuse(form, Rejected(refusal.message, "berkas"))
        return _page(form, status=422)
    flash(_said(names, change), "ok")
    if names.bad:
        flash(" ".join([f"{names.bad} baris dilewati.", *names.told]), "warn")
    return redirect(url_for("institutions.index"), 303)


def _take(form: InstitutionsForm) -> tuple[Names, Change]:
    chosen = cast("FileStorage", form.berkas.data)
    given = Upload(chosen.filename or "", cast("Any", chosen.stream))
    sha256, _ = check(given, LIMITS)
    names = institutions.read(given.stream)
    with transaction() as session:
        actor = current_actor()
        change = institutions.write(session, actor, names, instead=form.instead, sha256=sha256)
    return names, change


def _said(names: Names, change: Change) -> str:
    parts = [f"{change.added} nama ditambahkan"]
    if change.removed:
        parts.append(f"{change.removed} dihapus")
    if names.twice:
        parts.append(f"{names.twice} baris berulang dilewati")
    return f"{', '.join(parts)}. Daftar sekarang berisi {change.total} nama."


def _page(form: InstitutionsForm | None = None, status: int = 200) -> Response:
    actor, session = current_actor(), reading()
    institutions.require(actor)
    words = " ".join(request.args.get("cari", "").split())[:LONGEST]
    instansi_id = actor.instansi_id
    return render(
        "institutions/index.html",
        status=status,
        form=form,
        fields=drawn("institutions/_fields.html", "upload", _BLANK, form),
        total=number_of(session, instansi_id),
        words=words,
        meant=nearest(session, instansi_id, words) if words else None,
        found=institutions.search(session, instansi_id, words, SHOWN),
        shown=SHOWN,
    )
