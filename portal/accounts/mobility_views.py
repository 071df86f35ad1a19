"""Admins move people to other units, and note their retirement."""

from __future__ import annotations

import uuid

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, requires, transaction
from portal.accounts import management, people_queries, person_page
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import RetireForm, TransferForm, refuse
from portal.accounts.unit_choice import required_unit
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/pindah")
@requires(Permission.PEOPLE_MANAGE)
def transfer_person(pegawai_id: uuid.UUID) -> Response:
    """Move the person to another unit."""
    form = TransferForm(prefix="pindah-")
    if not form.validate():
        return person_page.show(pegawai_id, 422, transfer=form)
    actor = current_actor()
    try:
        with transaction() as writing:
            person = people_queries.person_in_scope(
                writing, actor, Permission.PEOPLE_MANAGE, pegawai_id
            )
            unit = required_unit(writing, actor, form)
            ended = management.transfer(writing, actor, person, unit)
    except Rejected as refusal:
        refuse(form, refusal)
        return person_page.show(pegawai_id, 422, transfer=form)
    also = f" Peran yang ikut berakhir: {', '.join(r.label for r in ended)}." if ended else ""
    flash(f"Dipindahkan ke {unit.nama}.{also}", "ok")
    return redirect(url_for("accounts.admin_person", pegawai_id=pegawai_id), 303)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/pensiun")
@requires(Permission.PEOPLE_MANAGE)
def retire_person(pegawai_id: uuid.UUID) -> Response:
    """Note the first day of retirement."""
    form = RetireForm(prefix="pensiun-")
    day = form.tanggal.data
    if not form.validate() or day is None:
        return person_page.show(pegawai_id, 422, retire=form)

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        management.retire(writing, actor, person, day)
        return "Tanggal pensiun tersimpan. Sejak hari itu akun hanya dapat membaca."

    return person_page.act_on(pegawai_id, act)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/batal-pensiun")
@requires(Permission.PEOPLE_MANAGE)
def withdraw_retirement(pegawai_id: uuid.UUID) -> Response:
    """Take a retirement back."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        management.retire(writing, actor, person, None)
        return "Pensiun dibatalkan; akun kembali seperti semula."

    return person_page.act_on(pegawai_id, act)
