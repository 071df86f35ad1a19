"""/impor: files of other systems – upload, preview, confirm, progress, report."""

from __future__ import annotations

import uuid
from typing import cast

from flask import Blueprint, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.db import now
from portal.documents.serving import send_object, storage
from portal.errors import Forbidden, NotFound, Rejected, Unavailable
from portal.imports import actions, page, queries
from portal.imports.forms import UploadForm
from portal.imports.models import Import
from portal.imports.processing import MESSAGES_TYPE
from portal.imports.registry import LABELS, OFFICIAL
from portal.imports.sheets import Limits
from portal.jobs import Queue
from portal.permissions import Permission
from portal.settings import Settings
from portal.storage import keys
from portal.web.htmx import render
from portal.web.pagination import Position, cut

blueprint = Blueprint("imports", __name__)


@blueprint.get("/impor")
@requires(Permission.IMPORTS_MANAGE)
def index() -> Response:
    """The upload form, and the imports before."""
    actor = current_actor()
    if not queries.agencies(actor):
        raise Forbidden(actions.WHOLE)
    return _index(UploadForm.of(actor, formdata=None))


@blueprint.post("/impor")
@requires(Permission.IMPORTS_MANAGE)
def upload() -> Response:
    """Take a file in; a worker looks through it."""
    actor = current_actor()
    actions.require(actor)
    form = UploadForm.of(actor)
    if not form.validate():
        return _index(form, status=422)
    try:
        received = actions.receive(storage(), form.upload, limits())
        with transaction() as session:
            row = actions.take_in(
                session, actor, received,
                import_id=form.import_id, jenis=OFFICIAL.name, tahun=form.year,
            )  # fmt: skip
    except Rejected as refusal:
        cast("list[str]", form.berkas.errors).append(refusal.message)
        return _index(form, status=422)
    except Unavailable as unavailable:
        return _index(form, [unavailable.message], status=503)
    _wake()
    return redirect(url_for("imports.show", import_id=row.id), 303)


@blueprint.get("/impor/<uuid:import_id>")
@requires(Permission.IMPORTS_MANAGE)
def show(import_id: uuid.UUID) -> Response:
    """Preview, progress or report: whatever the import has come to."""
    session = reading()
    row = queries.found(session, current_actor(), import_id)
    return render(
        "imports/show.html",
        partial="imports/_state.html",
        row=row,
        label=LABELS[row.jenis],
        earlier=queries.same_file(session, row) if row.is_ready else None,
        slow=row.is_waiting and now() - row.waits_since > page.PATIENCE,
        tiles=page.tiles(row),
        columns=page.columns(row),
        remarks=page.remarks(row),
    )


@blueprint.post("/impor/<uuid:import_id>/konfirmasi")
@requires(Permission.IMPORTS_MANAGE)
def confirm(import_id: uuid.UUID) -> Response:
    """Write the good rows."""
    actor = current_actor()
    with transaction() as session:
        actions.confirm(session, actor, queries.found(session, actor, import_id, lock=True))
    _wake()
    return redirect(url_for("imports.show", import_id=import_id), 303)


@blueprint.post("/impor/<uuid:import_id>/batal")
@requires(Permission.IMPORTS_MANAGE)
def cancel(import_id: uuid.UUID) -> Response:
    """Call it off."""
    actor = current_actor()
    with transaction() as session:
        actions.cancel(session, actor, queries.found(session, actor, import_id, lock=True))
    flash("Impor dibatalkan. Tidak ada data yang berubah.", "ok")
    return redirect(url_for("imports.index"), 303)


@blueprint.get("/impor/<uuid:import_id>/berkas")
@requires(Permission.IMPORTS_MANAGE)
def original(import_id: uuid.UUID) -> Response:
    """The file as it came in."""
    row = queries.found(reading(), current_actor(), import_id)
    return send_object(row.kunci_objek, row.nama_berkas, actions.DEFAULT_TYPE, "attachment")


@blueprint.get("/impor/<uuid:import_id>/pesan/unduh")
@requires(Permission.IMPORTS_MANAGE)
def messages(import_id: uuid.UUID) -> Response:
    """Every message about a row, as CSV."""
    row = queries.found(reading(), current_actor(), import_id)
    if not row.pratinjau:
        raise NotFound("Berkas ini belum selesai dibaca. Coba lagi sebentar lagi.")
    name = f"pesan-impor-{row.dibuat:%Y-%m-%d}.csv"
    return send_object(keys.import_messages(row.id), name, MESSAGES_TYPE, "attachment")


def limits() -> Limits:
    """What the settings allow."""
    settings: Settings = current_app.extensions["settings"]
    return Limits(settings.max_import_bytes)


def _index(form: UploadForm, messages: list[str] | None = None, status: int = 200) -> Response:
    after = Position.decode(request.args.get("sesudah"))
    before = (after.moment, after.id) if after else None
    rows = queries.listed(reading(), current_actor(), before=before)
    shown = cut(rows, queries.PAGE, _position)
    return render(
        "imports/index.html",
        status=status,
        form=form,
        messages=messages or [],
        rows=shown.rows,
        older=url_for("imports.index", sesudah=shown.next) if shown.next else None,
        newest=url_for("imports.index") if after else None,
        labels=LABELS,
        most=limits().size // 1024**2,
        state=page.state,
    )


def _position(row: Import) -> Position:
    return Position(row.dibuat, row.id)


def _wake() -> None:
    cast("Queue", current_app.extensions["queue"]).wake()
