"""/verifikasi/massal: several items as they stand, and the approval of those that are all green.

The same page offers and reports: what was chosen lives in the address, what became of it in the
items themselves.
"""

from __future__ import annotations

from typing import cast

from flask import Response, flash, redirect, request, url_for

from portal.access import current_actor, reading, requires, transaction
from portal.errors import Rejected
from portal.permissions import Permission
from portal.verification import bulk
from portal.verification.blueprint import blueprint
from portal.verification.bulk import AT_ONCE, Fate, Pick
from portal.verification.forms import BulkForm
from portal.verification.item_page import filters
from portal.verification.onward import bounds
from portal.web.htmx import render

MANY = 4 * AT_ONCE
"""Choices that are read at all; of more it is only said that they are too many."""


@blueprint.get("/massal", endpoint="bulk")
@requires(Permission.VERIFY_DECIDE)
def look_over() -> Response:
    """What was chosen, as it stands; the button only when every item allows it."""
    return _page(_picks(request.args.getlist("id")))


@blueprint.post("/massal")
@requires(Permission.VERIFY_DECIDE)
def approve_bulk() -> Response:
    """Approve each by itself; the page tells which went and which did not."""
    picks = _picks(request.form.getlist("id"))
    if not BulkForm().validate():
        return _page(picks, "Muat ulang halaman ini, lalu coba lagi.", 422)
    try:
        fates = bulk.approve_each(transaction, current_actor(), picks, **bounds())
    except Rejected as refusal:
        return _page(picks, refusal.message, 422)
    _tell(fates)
    return cast("Response", redirect(_address(picks), 303))


def _tell(fates: list[Fate]) -> None:
    went = sum(fate.approved for fate in fates)
    if went:
        flash(f"{went} dokumen disetujui.", "ok")
    if went < len(fates):
        flash(f"{len(fates) - went} dokumen tidak disetujui; alasannya di bawah.", "warn")


def _picks(values: list[str]) -> list[Pick]:
    """What can be read of the choices; nonsense was never an item."""
    return bulk.distinct([pick for value in values[:MANY] if (pick := Pick.read(value))])


def _address(picks: list[Pick]) -> str:
    return url_for("verification.bulk", id=[str(pick) for pick in picks], **filters().address())


def _page(picks: list[Pick], message: str = "", status: int = 200) -> Response:
    try:
        bulk.check_number(picks)
        looks = bulk.look_over(reading(), current_actor(), picks)
    except Rejected as refusal:
        looks, message = [], message or refusal.message
    waiting = [look for look in looks if not look.decided]
    kinds = bulk.kinds_of(looks)
    return render(
        "verification/bulk.html",
        status=status,
        message=message,
        done=[look for look in looks if look.decided],
        ready=[look for look in waiting if look.ready],
        left=[look for look in waiting if not look.ready],
        kinds=kinds,
        rest=_address([look.pick for look in waiting if look.ready]),
        offered=bool(waiting) and len(kinds) == 1 and all(look.ready for look in waiting),
        filters=filters(),
        form=BulkForm(formdata=None),
        back=url_for("verification.queue", **filters().address()),
    )
