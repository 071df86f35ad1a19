"""The blueprint that all views of /dokumen share; its endpoints are `documents.…`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("documents", __name__)
