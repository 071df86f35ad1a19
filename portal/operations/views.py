"""Health, metrics, and the page of the nightly reconciliation."""

from __future__ import annotations

import datetime as dt
import hmac

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from sqlalchemy import select

from portal.access import public, reading, requires
from portal.db import now
from portal.documents import scanning
from portal.errors import NotFound, Unavailable
from portal.jobs import WORKER, Heartbeat, failed_nights
from portal.operations import readiness, walks
from portal.operations.file_examination import KIND as EXAMINATION
from portal.operations.file_examination import findings_of as findings_of_examination
from portal.operations.metrics import Numbers
from portal.operations.models import Reconciliation
from portal.operations.reconciliation import findings_of
from portal.permissions import Permission
from portal.settings import Settings

HISTORY = 14
"""Nights that the page shows."""
LATE = dt.timedelta(minutes=5)
"""A worker that was not seen for so long is away."""

NIGHTS = {
    "recompute": "Penghitungan skor harian",
    "remind": "Pengingat bagi pegawai",
    "retain": "Penghapusan menurut masa simpan",
    "sweep": "Pembersihan berkas yatim",
    "digests": "Surat ringkasan",
    "statistics": "Statistik basis data",
    "reconcile": "Rekonsiliasi",
    "periksa": "Pemeriksaan otomatis dokumen",
}
"""How the acts of the night are called."""

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Numbers for Prometheus; behind a bearer token, absent in production without one."""
    settings: Settings = current_app.extensions["settings"]
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if settings.metrics_token is None:
        if settings.production:
            raise NotFound
    elif scheme != "Bearer" or not hmac.compare_digest(
        given.encode(), settings.metrics_token.encode()
    ):
        raise NotFound
    numbers: Numbers = current_app.extensions["metrics"]
    return Response(numbers.told(), mimetype=numbers.mimetype)


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Database and object store answer, the schema is of this code or newer, and the rule set of
    every measured year is on offer; 503 names what is missing."""
    faults = readiness.faults(reading(), current_app.extensions["storage"])
    response = jsonify(status="ok" if not faults else "not ready", faults=faults)
    response.status_code = 503 if faults else 200
    return response


def _scanner_away() -> bool:
    """Whether a virus scanner is configured and does not answer: no file is taken then."""
    scanner = scanning.connect(current_app.extensions["settings"])
    if scanner is None:
        return False
    try:
        scanner.ping()
    except Unavailable:
        return True
    return False


@blueprint.get("/admin/rekonsiliasi")
@requires(Permission.OPERATIONS_READ)
def reconciliation() -> str:
    """The last nightly reconciliation and the last examination of all files: red lines with their
    remedies."""
    reports = reading().scalars(
        select(Reconciliation).order_by(Reconciliation.mulai.desc()).limit(HISTORY)
    )
    runs = [(report, findings_of(report)) for report in reports]
    examination = walks.last(reading(), EXAMINATION)
    return render_template(
        "operations/reconciliation.html",
        runs=runs,
        worker=reading().scalar(select(Heartbeat.terlihat).where(Heartbeat.nama == WORKER)),
        worker_late=now() - LATE,
        failed_nights={
            NIGHTS.get(name, name): again for name, again in failed_nights(reading()).items()
        },
        scanner_away=_scanner_away(),
        examination=examination,
        damages=findings_of_examination(examination) if examination else [],
    )
