"""The blueprint that all views of /verifikasi share; its endpoints are `verification.…`."""

from __future__ import annotations

from flask import Blueprint

from portal.web.htmx import keep_address

blueprint = Blueprint("verification", __name__, url_prefix="/verifikasi")
blueprint.after_request(keep_address)
