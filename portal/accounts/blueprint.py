"""The blueprint that all views of accounts share; its endpoints are `accounts.…`."""

from __future__ import annotations

from flask import Blueprint

from portal.accounts.passwords import RULES

blueprint = Blueprint("accounts", __name__)


@blueprint.context_processor
def _rules() -> dict[str, tuple[str, ...]]:
    return {"rules": RULES}
