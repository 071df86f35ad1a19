"""/admin/antrean: queues, and who staffs them."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Response, flash

from portal.access import current_actor, reading, requires, transaction
from portal.accounts import management
from portal.accounts.forms import refuse
from portal.accounts.unit_choice import chosen_unit
from portal.agency import queues
from portal.errors import Rejected
from portal.permissions import Permission
from portal.verification.queueing import members, time_views
from portal.verification.queueing.blueprint import FIELDS, blueprint, person_of, to
from portal.verification.queueing.forms import MemberForm, QueueForm
from portal.vocabulary import DocumentKind
from portal.web.fields import drawn
from portal.web.htmx import render

# The other addresses declare themselves on the same blueprint by being imported.
__all__ = ["blueprint", "time_views"]
_BLANK_QUEUE = partial(QueueForm, formdata=None)
_BLANK_MEMBER = partial(MemberForm, formdata=None, prefix="anggota-")


@blueprint.get("/admin/antrean")
@requires(Permission.QUEUES_MANAGE)
def index() -> Response:
    """Every queue, and a form for another one."""
    return _index()


def _index(refused: QueueForm | None = None) -> Response:
    actor, session = current_actor(), reading()
    instansi = members.agency(session, actor)
    groups = members.groups(session, instansi)
    labels = {kind.value: kind.label for kind in DocumentKind}
    return render(
        "queues/index.html",
        groups=groups,
        labels=labels,
        fields=drawn(FIELDS, "queue", _BLANK_QUEUE, refused),
        refused=refused,
        status=422 if refused else 200,
    )


@blueprint.post("/admin/antrean")
@requires(Permission.QUEUES_MANAGE)
def add() -> Response:
    """Make a queue."""
    actor, form = current_actor(), QueueForm()
    if not form.validate():
        return _index(form)
    try:
        with transaction() as session:
            made = queues.set_queue(
                session,
                actor,
                members.agency(session, actor).id,
                None,
                nama=str(form.nama.data),
                kinds=form.kinds,
                opd=chosen_unit(session, actor, form),
            )
    except Rejected as refusal:
        refuse(form, refusal)
        return _index(form)
    flash("Antrean dibuat. Tambahkan anggotanya agar dokumen mulai dikirim ke sini.", "ok")
    return to("queues.show", antrean_id=made.id)


@blueprint.get("/admin/antrean/<uuid:antrean_id>")
@requires(Permission.QUEUES_MANAGE)
def show(antrean_id: uuid.UUID) -> Response:
    """One queue: what it takes, and who staffs it."""
    return _show(antrean_id)


def _show(
    antrean_id: uuid.UUID, form: QueueForm | None = None, member: MemberForm | None = None
) -> Response:
    actor, session = current_actor(), reading()
    antrean = members.queue_of(session, actor, antrean_id)
    present = {
        "nama": antrean.nama,
        "jenis": antrean.jenis_dokumen,
        "unit": antrean.opd.nama if antrean.opd else "",
        "aktif": antrean.aktif,
    }
    return render(
        "queues/show.html",
        antrean=antrean,
        members=members.members_of(session, antrean),
        form=form or QueueForm(formdata=None, data=present),
        member=drawn(FIELDS, "member", _BLANK_MEMBER, member),
        refused=form or member,
        status=422 if form or member else 200,
    )


@blueprint.post("/admin/antrean/<uuid:antrean_id>")
@requires(Permission.QUEUES_MANAGE)
def change(antrean_id: uuid.UUID) -> Response:
    """Change what a queue takes, or take it out of use."""
    actor, form = current_actor(), QueueForm()
    antrean = members.queue_of(reading(), actor, antrean_id)
    if not form.validate():
        return _show(antrean_id, form=form)
    try:
        with transaction() as session:
            antrean = members.queue_of(session, actor, antrean_id)
            same = antrean.opd is not None and form.unit.data == antrean.opd.nama
            queues.set_queue(
                session,
                actor,
                antrean.instansi_id,
                antrean,
                nama=str(form.nama.data),
                kinds=form.kinds,
                opd=antrean.opd if same else chosen_unit(session, actor, form),
                aktif=bool(form.aktif.data),
            )
    except Rejected as refusal:
        refuse(form, refusal)
        return _show(antrean_id, form=form)
    flash("Antrean disimpan. Dokumen yang menunggu dikirim ulang dalam satu menit.", "ok")
    return to("queues.show", antrean_id=antrean_id)


@blueprint.post("/admin/antrean/<uuid:antrean_id>/anggota")
@requires(Permission.QUEUES_MANAGE)
def add_member(antrean_id: uuid.UUID) -> Response:
    """Let somebody check the items of this queue."""
    actor, form = current_actor(), MemberForm(prefix="anggota-")
    members.queue_of(reading(), actor, antrean_id)
    if not form.validate():
        return _show(antrean_id, member=form)
    try:
        with transaction() as session:
            antrean = members.queue_of(session, actor, antrean_id)
            person = person_of(session, form.nip.data, "nip")
            management.grant(session, actor, person, form.role, None, antrean=antrean)
    except Rejected as refusal:
        refuse(form, refusal)
        return _show(antrean_id, member=form)
    flash("Anggota ditambahkan.", "ok")
    return to("queues.show", antrean_id=antrean_id)


@blueprint.post("/admin/antrean/<uuid:antrean_id>/anggota/<uuid:penugasan_id>/keluarkan")
@requires(Permission.QUEUES_MANAGE)
def remove_member(antrean_id: uuid.UUID, penugasan_id: uuid.UUID) -> Response:
    """End somebody's role in this queue."""
    actor = current_actor()
    try:
        with transaction() as session:
            antrean = members.queue_of(session, actor, antrean_id)
            for given in members.members_of(session, antrean):
                if given.id == penugasan_id:
                    management.revoke(session, actor, given.akun.pegawai, given.id)
                    flash(f"{given.akun.pegawai.nama} keluar dari antrean ini.", "ok")
    except Rejected as refusal:
        flash(refusal.message, "bad")
    return to("queues.show", antrean_id=antrean_id)
