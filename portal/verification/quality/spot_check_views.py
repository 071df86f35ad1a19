"""/verifikasi/uji-petik: approvals to look at again, and proposals to withdraw."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import cast

from flask import Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session

from portal.access import current_actor, logged_in, reading, requires, transaction
from portal.db import now
from portal.documents.rulings import Reason
from portal.documents.transitions import Act
from portal.errors import Conflict, Rejected
from portal.permissions import Permission
from portal.verification.blueprint import blueprint
from portal.verification.checking import all_checks, paper
from portal.verification.checking.gathering import gather
from portal.verification.models import SpotCheck
from portal.verification.papers import with_reading
from portal.verification.quality import queries, spot_checks
from portal.verification.quality.forms import AGREES, LookForm
from portal.verification.queries import reasons
from portal.web.htmx import render
from portal.web.pagination import Position

QUARTER = dt.timedelta(days=90)


@blueprint.get("/uji-petik")
@requires(Permission.VERIFY_DECIDE)
def spot_checks_waiting() -> Response:
    """Second looks that wait for this person, how often two people agreed, open proposals."""
    actor, session = current_actor(), reading()
    after = Position.decode(request.args.get("setelah"))
    looked, agreed = queries.agreement(session, actor, now() - QUARTER)
    may_revoke = actor.may(Permission.VERIFY_REVOKE)
    return render(
        "verification/quality/spot_checks.html",
        page=queries.waiting(session, actor, after),
        number=queries.number_waiting(session, actor),
        looked=looked,
        agreed=agreed,
        proposals=queries.proposals(session, actor) if may_revoke else [],
        may_revoke=may_revoke,
        first=after is None,
        may_set=actor.may(Permission.QUEUES_MANAGE),
    )


@blueprint.get("/uji-petik/<uuid:spot_id>")
@requires(Permission.VERIFY_DECIDE)
def spot_check(spot_id: uuid.UUID) -> Response:
    """One approved item as on the desk. Who approved it and with which words stays unsaid, so that
    the second look is a look of one's own."""
    return _show(spot_id, LookForm(formdata=None))


@blueprint.post("/uji-petik/<uuid:spot_id>")
@requires(Permission.VERIFY_DECIDE)
def look(spot_id: uuid.UUID) -> Response:
    """Keep what the second look came to, and go on to the next."""
    actor, form = current_actor(), LookForm()
    if not form.validate():
        return _show(spot_id, form, status=422)
    try:
        with transaction() as writing:
            spot = queries.one(writing, actor, spot_id)
            spot_checks.look(
                writing,
                actor,
                spot,
                agrees=form.sependapat.data == AGREES,
                reason=_reason(writing, spot, form.alasan.data or ""),
                note=form.catatan.data or "",
            )
    except Rejected as refusal:
        field = form.alasan if refusal.field == "alasan" else form.catatan
        field.errors = [refusal.message]
        return _show(spot_id, form, status=422)
    except Conflict as refusal:
        flash(refusal.message, "warn")
        return _to_list()
    flash("Uji petik tersimpan. Terima kasih sudah memeriksa dengan teliti.", "ok")
    following = queries.next_after(reading(), actor, spot)
    if following is None:
        return _to_list()
    address = url_for("verification.spot_check", spot_id=following)
    return cast("Response", redirect(address, 303))


def _to_list() -> Response:
    return cast("Response", redirect(url_for("verification.spot_checks_waiting"), 303))


def _reason(session: Session, spot: SpotCheck, text: str) -> Reason | None:
    """One of those that are on offer; None for everything else."""
    with_act = reasons(session, spot.document, [Act.CABUT])[Act.CABUT]
    return next((reason for reason in with_act if str(reason.id) == text), None)


def _show(spot_id: uuid.UUID, form: LookForm, status: int = 200) -> Response:
    actor, session = current_actor(), reading()
    spot = queries.one(session, actor, spot_id)
    document, read = with_reading(session, actor, spot.document_id)
    form.offer(reasons(session, document, [Act.CABUT])[Act.CABUT])
    known = gather(session, actor, document, read, actor.today)
    person = logged_in()
    return render(
        "verification/quality/spot_check.html",
        status=status,
        spot=spot,
        document=document,
        form=form,
        bench={"lines": paper.lines(document, read), "was_read": paper.is_done(read)},
        checks=all_checks(document, known),
        beside=queries.waiting(session, actor, None).rows,
        keys={},
        shortcuts=person is None or person.shortcuts,
    )
