"""/admin/audit: who did what, and the same as a file."""

from __future__ import annotations

import tempfile
from typing import cast

from flask import Blueprint, current_app, request, send_file
from sqlalchemy import ColumnElement, select
from werkzeug.wrappers import Response

from portal import audit
from portal.access import current_actor, database, reading, requires, transaction
from portal.audit.sealing import head
from portal.audit.words import GROUPS, act, told
from portal.db import now
from portal.errors import Rejected
from portal.operations import audit_export, audit_log
from portal.operations.models import Reconciliation
from portal.permissions import Actor, Permission
from portal.storage.disposition import content_disposition
from portal.web.htmx import render
from portal.wording import whole

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")
FIELDS = ("dari", "sampai", "oleh", "tentang", "tindakan")
EXPORTED = "audit:exported"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_XLSX = 50_000
"""Lines of a workbook that a browser waits for; JSON Lines have no limit."""
LONGEST = 60
_LAST_REPORT = select(Reconciliation).order_by(Reconciliation.mulai.desc()).limit(1)


@blueprint.get("")
@requires(Permission.AUDIT_READ)
def index() -> Response:
    """Lines within reach, newest first, as the filters want them."""
    return _page()


def _given(source: object) -> dict[str, str]:
    values = cast("dict[str, str]", source)
    return {name: values.get(name, "")[:LONGEST].replace("\x00", "") for name in FIELDS}


def _page(refusal: Rejected | None = None, status: int = 200) -> Response:
    actor, session = current_actor(), reading()
    given = _given(request.values)
    search = None
    if refusal is None:
        try:
            search = audit_log.wanted(session, actor.zone, given, audit_log.people_of(actor))
        except Rejected as error:
            refusal = error
    before = audit_log.placed(request.args.get("sebelum", ""))
    rows, following = audit_log.newest(session, actor, search, before) if search else ([], None)
    return render(
        "operations/audit.html",
        status=status,
        rows=rows,
        following=following,
        subjects=audit_log.subjects(session, (row.entry for row in rows)),
        given=given,
        filters={name: value for name, value in given.items() if value},
        first=before is None,
        refusal=refusal,
        groups=GROUPS,
        act=act,
        told=told,
        head=head(session),
        report=session.scalar(_LAST_REPORT),
        most=MOST_XLSX,
    )


@blueprint.post("/ekspor")
@requires(Permission.AUDIT_READ)
def export() -> Response:
    """What the filters show as a file. A POST, because the taking is recorded."""
    actor = current_actor()
    given = _given(request.form)
    as_xlsx = request.form.get("bentuk") == "xlsx"
    try:
        chosen = _chosen(actor, given, most=MOST_XLSX if as_xlsx else None)
    except Rejected as refusal:
        return _page(refusal, 422)
    with transaction() as session:
        facts = {name: value for name, value in given.items() if value}
        shape = "xlsx" if as_xlsx else "jsonl"
        audit.record(session, actor, EXPORTED, actor.instansi_id, bentuk=shape, saring=facts)
    found = audit_export.batches(database(), *chosen, named=as_xlsx)
    name = f"audit-{actor.today:%Y-%m-%d}.{shape}"
    if as_xlsx:
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by the answer once it is sent
        audit_export.write_xlsx(found, file, actor.zone)
        file.seek(0)
        return send_file(file, XLSX, as_attachment=True, download_name=name)
    answer = current_app.response_class(
        audit_export.json_lines(found), mimetype="application/x-ndjson"
    )
    answer.headers["Content-Disposition"] = content_disposition("attachment", name)
    return answer


def _chosen(
    actor: Actor, given: dict[str, str], *, most: int | None
) -> tuple[ColumnElement[bool], ...]:
    """What the filters want within reach, up to this moment, so that the file ends. Raises
    Rejected when that is more than `most` lines."""
    search = audit_log.wanted(reading(), actor.zone, given, audit_log.people_of(actor))
    chosen = (audit_log.in_scope(actor), audit_log.fits(search), audit.AuditEntry.at <= now())
    if most and audit_log.is_more_than(reading(), most, chosen):
        raise Rejected(
            f"Lebih dari {whole(most)} baris. Persempit tanggalnya, atau unduh sebagai JSON Lines."
        )
    return chosen
