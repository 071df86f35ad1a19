"""/verifikasi/uji-petik/bagian: how many of the approvals are looked at again."""

from __future__ import annotations

from typing import cast

from flask import Response, flash, redirect, url_for
from sqlalchemy.orm import Session

from portal.access import current_actor, reading, requires, transaction
from portal.agency.actions import describe
from portal.agency.models import Instansi
from portal.errors import Forbidden
from portal.permissions import Permission
from portal.verification.blueprint import blueprint
from portal.verification.quality.forms import ShareForm
from portal.web.htmx import render

MANAGE = Permission.QUEUES_MANAGE


@blueprint.get("/uji-petik/bagian")
@requires(MANAGE)
def share() -> Response:
    """The share as it is."""
    agency = _agency(reading())
    return _show(ShareForm(None, persen=agency.uji_petik_persen))


@blueprint.post("/uji-petik/bagian", endpoint="set_share")
@requires(MANAGE)
def change() -> Response:
    """Set another share; what was drawn already stays."""
    form = ShareForm()
    if not form.validate():
        return _show(form, 422)
    with transaction() as writing:
        agency = _agency(writing)
        changed = describe(writing, current_actor(), agency, uji_petik_persen=form.percent)
    flash("Bagian uji petik tersimpan." if changed else "Tidak ada yang berubah.", "ok")
    return cast("Response", redirect(url_for("verification.share"), 303))


def _agency(session: Session) -> Instansi:
    """The actor's agency; raises Forbidden for an admin of a part of it."""
    actor = current_actor()
    if all(grant.opd_id for grant in actor.grants_for(MANAGE)):
        raise Forbidden(
            "Bagian uji petik berlaku untuk seluruh instansi dan diatur admin instansi."
        )
    return session.get_one(Instansi, actor.instansi_id)


def _show(form: ShareForm, status: int = 200) -> Response:
    may_decide = current_actor().may(Permission.VERIFY_DECIDE)
    return render(
        "verification/quality/share.html", form=form, status=status, may_decide=may_decide
    )
