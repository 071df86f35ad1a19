"""Health, metrics, and the page of the nightly reconciliation."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from portal.access import public, reading
from portal.errors import NotFound
from portal.settings import Settings

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
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.metrics_token is None:
        if settings.production:
            raise NotFound
    elif not hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
        raise NotFound
    return Response(
        generate_latest(current_app.extensions["metrics"]), mimetype=CONTENT_TYPE_LATEST
    )


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Database and object store answer; 503 names the one that does not."""
    faults = []
    try:
        reading().execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001 -- whatever is wrong, the answer is the same
        faults.append("database")
    try:
        current_app.extensions["storage"].check()
    except Exception:  # noqa: BLE001 -- as above
        faults.append("object-store")
    response = jsonify(status="ok" if not faults else "not ready", faults=faults)
    response.status_code = 503 if faults else 200
    return response
