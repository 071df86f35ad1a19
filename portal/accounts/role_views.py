"""Admins give and take roles."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, requires, transaction
from portal.accounts import management, people_queries, person_page
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import GrantForm, refuse
from portal.accounts.unit_choice import chosen_unit
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/peran")
@requires(Permission.ACCOUNTS_MANAGE)
def grant_role(pegawai_id: uuid.UUID) -> Response:
    """Give a role with its scope."""
    form = GrantForm()
    if not form.validate():
        return person_page.show(pegawai_id, 422, grant=form)
    actor = current_actor()
    try:
        with transaction() as writing:
            person = people_queries.person_in_scope(
                writing, actor, Permission.ACCOUNTS_MANAGE, pegawai_id
            )
            management.grant(
                writing,
                actor,
                person,
                form.role,
                chosen_unit(writing, actor, form),
                with_children=bool(form.dengan_bawahan.data),
                kinds=form.kinds,
                until=_end_of(form.sampai.data, actor),
            )
    except Rejected as refusal:
        refuse(form, refusal)
        return person_page.show(pegawai_id, 422, grant=form)
    flash(f"Peran {form.role.label} diberikan.", "ok")
    return redirect(url_for("accounts.admin_person", pegawai_id=pegawai_id), 303)


def _end_of(day: dt.date | None, actor: Actor) -> dt.datetime | None:
    """The end of a day by the clock of the agency."""
    if day is None or day >= dt.date.max:
        return None
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, actor.zone)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/peran/<uuid:penugasan_id>/cabut")
@requires(Permission.ACCOUNTS_MANAGE)
def revoke_role(pegawai_id: uuid.UUID, penugasan_id: uuid.UUID) -> Response:
    """Take a role away."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        role = management.revoke(writing, actor, person, penugasan_id)
        return f"Peran {role.label} dicabut."

    return person_page.act_on(pegawai_id, act)
