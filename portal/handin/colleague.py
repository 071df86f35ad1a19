"""/dokumen/baru/rekan: an operator OPD finds the colleague to hand in for."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires
from portal.handin import queries
from portal.handin.blueprint import blueprint
from portal.permissions import Permission
from portal.web.htmx import render
from portal.web.typed import clean

LONGEST, SHORTEST = 100, 3


@blueprint.get("/dokumen/baru/rekan", endpoint="colleague")
@requires(Permission.DOCUMENTS_HAND_IN_FOR)
def choose() -> Response:
    """Search by NIP or name among the people of the operator's units."""
    search = clean(request.args.get("cari"))[:LONGEST]
    found = None
    if len(search) >= SHORTEST:
        found = queries.colleagues(reading(), current_actor(), search)
    return render(
        "documents/colleague.html",
        partial="documents/_colleagues.html",
        search=search,
        shortest=SHORTEST,
        most=queries.COLLEAGUES,
        found=found,
    )
