"""/admin/pegawai/<id>/hubungan: husband or wife, and the direct superior, of one person."""

from __future__ import annotations

import uuid

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.accounts import people_queries
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import TiesForm, refuse
from portal.errors import Forbidden, Rejected
from portal.people.models import Pegawai
from portal.people.ties import set_ties
from portal.permissions import Permission
from portal.web.htmx import render

MANAGE = Permission.PEOPLE_MANAGE
UNKNOWN = "NIP ini tidak ditemukan di instansi Anda."


@blueprint.get("/admin/pegawai/<uuid:pegawai_id>/hubungan")
@requires(MANAGE)
def ties(pegawai_id: uuid.UUID) -> Response:
    """What is noted now."""
    return _show(pegawai_id)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/hubungan", endpoint="set_ties")
@requires(MANAGE)
def change(pegawai_id: uuid.UUID) -> Response:
    """Note it anew."""
    form, actor = TiesForm(), current_actor()
    if pegawai_id == actor.pegawai_id:
        raise Forbidden("Hubungan Anda sendiri dicatat admin lain.")
    if not form.validate():
        return _show(pegawai_id, form)
    try:
        with transaction() as writing:
            person = people_queries.person_in_scope(writing, actor, MANAGE, pegawai_id)
            changed = set_ties(
                writing,
                actor,
                person,
                pasangan=_found(writing, form, "pasangan"),
                atasan=_found(writing, form, "atasan"),
            )
    except Rejected as refusal:
        refuse(form, refusal)
        return _show(pegawai_id, form)
    flash("Hubungan tersimpan." if changed else "Tidak ada yang berubah.", "ok")
    return redirect(url_for("accounts.ties", pegawai_id=pegawai_id), 303)


def _found(session: Session, form: TiesForm, name: str) -> Pegawai | None:
    nip = form[name].data
    if not nip:
        return None
    person = people_queries.person_by_nip(session, current_actor(), MANAGE, nip)
    if person is None:
        raise Rejected(UNKNOWN, name)
    return person


def _show(pegawai_id: uuid.UUID, form: TiesForm | None = None) -> Response:
    actor, session = current_actor(), reading()
    person = people_queries.person_in_scope(session, actor, MANAGE, pegawai_id)
    spouse = session.get(Pegawai, person.pasangan_id) if person.pasangan_id else None
    superior = session.get(Pegawai, person.atasan_id) if person.atasan_id else None
    kept = {
        "pasangan": spouse.number.spaced if spouse else "",
        "atasan": superior.number.spaced if superior else "",
    }
    return render(
        "accounts/ties.html",
        status=422 if form else 200,
        person=person,
        spouse=spouse,
        superior=superior,
        myself=person.id == actor.pegawai_id,
        form=form or TiesForm(None, data=kept),
    )
