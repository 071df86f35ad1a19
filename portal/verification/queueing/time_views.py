"""/admin/antrean: terms, days off, absences."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from flask import Response, flash, request
from sqlalchemy.orm import Session

from portal.access import current_actor, reading, requires, transaction
from portal.accounts import absences
from portal.accounts.forms import refuse
from portal.accounts.models import Absence
from portal.agency import queries as agency_queries
from portal.agency import queues
from portal.agency.working_days import read_days_off
from portal.errors import Rejected
from portal.notifications.actions import notify
from portal.notifications.kinds import TUGAS
from portal.people.models import Pegawai
from portal.permissions import Permission
from portal.verification.queueing import members
from portal.verification.queueing.blueprint import FIELDS, blueprint, person_of, to
from portal.verification.queueing.forms import AbsenceForm, DaysOffForm, TermsForm
from portal.web.fields import drawn
from portal.web.htmx import render
from portal.wording import tanggal_pendek

LARGEST = 256 * 1024
"""Bytes of a CSV of days off."""
_BLANK_ABSENCE = partial(AbsenceForm, formdata=None)


@blueprint.get("/admin/antrean/tenggat")
@requires(Permission.QUEUES_MANAGE)
def terms() -> Response:
    """Working days per kind, and the kinds that the OPD looks at first."""
    instansi = members.agency(reading(), current_actor())
    return _terms(TermsForm.of(instansi, formdata=None))


def _terms(form: TermsForm, status: int = 200) -> Response:
    instansi = members.agency(reading(), current_actor())
    return render("queues/terms.html", form=form, instansi=instansi, status=status)


@blueprint.post("/admin/antrean/tenggat")
@requires(Permission.QUEUES_MANAGE)
def set_terms() -> Response:
    """Keep them; what waits keeps its day."""
    actor, form = current_actor(), TermsForm.of()
    if not form.validate():
        return _terms(form, 422)
    try:
        with transaction() as session:
            instansi = members.agency(session, actor)
            queues.set_terms(session, actor, instansi, form.days, form.first_level)
    except Rejected as refusal:
        refuse(form, refusal)
        return _terms(form, 422)
    flash("Tenggat dan lapis pertama disimpan.", "ok")
    return to("queues.terms")


@blueprint.get("/admin/antrean/libur")
@requires(Permission.QUEUES_MANAGE)
def days_off() -> Response:
    """The agency's own days off."""
    return _days_off(DaysOffForm(formdata=None))


def _days_off(form: DaysOffForm, status: int = 200) -> Response:
    actor, session = current_actor(), reading()
    since = actor.today.replace(month=1, day=1)
    days = agency_queries.days_off(session, members.agency(session, actor).id, since)
    return render("queues/days_off.html", form=form, days=days, since=since, status=status)


@blueprint.post("/admin/antrean/libur")
@requires(Permission.QUEUES_MANAGE)
def add_days_off() -> Response:
    """Enter the days of a CSV; all of them or none."""
    actor, form = current_actor(), DaysOffForm()
    try:
        days = read_days_off(_sent())
        with transaction() as session:
            instansi = members.agency(session, actor)
            new = queues.add_days_off(session, actor, instansi.id, days)
    except Rejected as refusal:
        form.validate()
        refuse(form, refusal)
        return _days_off(form, 422)
    flash(f"{len(days)} hari dibaca, {new} di antaranya baru.", "ok")
    return to("queues.days_off")


def _sent() -> bytes:
    sent = request.files.get("berkas")
    content = sent.read(LARGEST + 1) if sent else b""
    if not content:
        raise Rejected("Pilih berkas CSV dahulu.", "berkas")
    if len(content) > LARGEST:
        raise Rejected("Berkas ini terlalu besar untuk daftar hari libur.", "berkas")
    return content


@blueprint.post("/admin/antrean/libur/hapus")
@requires(Permission.QUEUES_MANAGE)
def remove_day_off() -> Response:
    """Make a day a working day again."""
    actor = current_actor()
    try:
        day = dt.date.fromisoformat(request.form.get("tanggal", ""))
    except ValueError:
        flash("Tanggal itu tidak terbaca. Muat ulang halaman.", "bad")
        return to("queues.days_off")
    with transaction() as session:
        queues.remove_day_off(session, actor, members.agency(session, actor).id, day)
    flash("Hari itu menjadi hari kerja lagi.", "ok")
    return to("queues.days_off")


@blueprint.get("/admin/antrean/ketidakhadiran")
@requires(Permission.QUEUES_MANAGE)
def away() -> Response:
    """Who is away, and who stands in."""
    return _away()


def _away(refused: AbsenceForm | None = None) -> Response:
    actor, session = current_actor(), reading()
    noted = absences.absences(session, members.agency(session, actor).id, actor.today)
    return render(
        "queues/away.html",
        fields=drawn(FIELDS, "absence", _BLANK_ABSENCE, refused),
        refused=refused,
        noted=noted,
        today=actor.today,
        status=422 if refused else 200,
    )


@blueprint.post("/admin/antrean/ketidakhadiran")
@requires(Permission.QUEUES_MANAGE)
def note_absence() -> Response:
    """Note days away."""
    actor, form = current_actor(), AbsenceForm()
    if not form.validate():
        return _away(form)
    try:
        with transaction() as session:
            person = person_of(session, form.nip.data, "nip")
            nip = form.pengganti.data
            stand_in = person_of(session, nip, "pengganti") if nip else None
            noted = absences.note_absence(session, actor, person, stand_in, *form.days)
            _tell_stand_in(session, noted, person)
    except Rejected as refusal:
        refuse(form, refusal)
        return _away(form)
    flash("Ketidakhadiran dicatat.", "ok")
    return to("queues.away")


def _tell_stand_in(session: Session, noted: Absence, person: Pegawai) -> None:
    """More items than usual will stand in the queue; whoever stands in should know why."""
    if noted.pengganti_id is None:
        return
    first, last = tanggal_pendek(noted.mulai), tanggal_pendek(noted.sampai)
    days = first if noted.mulai == noted.sampai else f"{first} sampai {last}"
    told = f"Dokumen yang biasanya diperiksanya ada di antrean Anda pada {days}."
    notify(
        session,
        noted.pengganti_id,
        f"Anda menggantikan {person.nama}",
        told,
        tujuan="verification.queue",
        jenis=TUGAS.code,
    )


@blueprint.post("/admin/antrean/ketidakhadiran/<uuid:absence_id>/hapus")
@requires(Permission.QUEUES_MANAGE)
def withdraw_absence(absence_id: uuid.UUID) -> Response:
    """The person is there after all."""
    actor = current_actor()
    with transaction() as session:
        noted = members.absence_of(session, actor, absence_id)
        absences.withdraw_absence(session, actor, noted)
    flash("Catatan ketidakhadiran dihapus.", "ok")
    return to("queues.away")
