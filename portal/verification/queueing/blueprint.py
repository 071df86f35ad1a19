"""The blueprint of the admin's pages about queues, and what its views share."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy.orm import Session

from portal.access import current_actor
from portal.accounts import people_queries
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Permission

blueprint = Blueprint("queues", __name__)
FIELDS = "queues/_fields.html"
"""Template of the fields of every form here."""


def person_of(session: Session, nip: str | None, field: str) -> Pegawai:
    """Somebody of the agency; raises Rejected at the field otherwise."""
    person = people_queries.person_by_nip(
        session, current_actor(), Permission.QUEUES_MANAGE, nip or ""
    )
    if person is None:
        raise Rejected("Tidak ada pegawai dengan NIP ini di instansi Anda.", field)
    return person


def to(endpoint: str, **values: object) -> Response:
    """On to another page."""
    return cast("Response", redirect(url_for(endpoint, **values), 303))  # type: ignore[arg-type]
