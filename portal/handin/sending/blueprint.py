"""The blueprint that all views of /kirim share; its endpoints are `sending.…`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("sending", __name__)
