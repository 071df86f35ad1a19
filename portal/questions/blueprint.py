"""The blueprint that all views of Tanya BKD share; its endpoints are `questions.…`."""

from __future__ import annotations

from flask import Blueprint

from portal.web.htmx import keep_address

blueprint = Blueprint("questions", __name__)
blueprint.after_request(keep_address)
