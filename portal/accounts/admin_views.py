"""Admin and operator OPD: find a person, hand out a code; admins also roles, units, closing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from flask import flash, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.accounts import codes, management, people_queries, queries, visitor
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import GrantForm, RetireForm, TransferForm, UnitForm, printable, refuse
from portal.accounts.models import CodePurpose
from portal.accounts.tokens import readable
from portal.agency.models import Opd
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.web.htmx import render

SHOWN_ONCE = "kode_baru"
"""Where a fresh code waits for the page that follows: the cookie of the one who made it."""
Act = Callable[[Session, Actor, Pegawai], str]


@blueprint.get("/admin/pegawai")
@requires(Permission.ACCOUNTS_ISSUE_CODE)
def admin_people() -> Response:
    """Search within the own scope; nobody is listed before something is asked."""
    text = printable(request.args.get("q", "")).strip()[:100]
    found = people_queries.search(reading(), current_actor(), text)
    return render(
        "accounts/admin_people.html", partial="accounts/_people.html", q=text, found=found
    )


@blueprint.get("/admin/pegawai/<uuid:pegawai_id>")
@requires(Permission.ACCOUNTS_ISSUE_CODE)
def admin_person(pegawai_id: uuid.UUID) -> Response:
    """One person with account, code, and – for admins – roles, unit and retirement."""
    return _person_page(pegawai_id)


def _person_page(
    pegawai_id: uuid.UUID,
    status: int = 200,
    grant: GrantForm | None = None,
    transfer: TransferForm | None = None,
    retire: RetireForm | None = None,
) -> Response:
    actor, reads = current_actor(), reading()
    person = people_queries.person_in_scope(
        reads, actor, Permission.ACCOUNTS_ISSUE_CODE, pegawai_id
    )
    akun = people_queries.account_of(reads, person)
    waiting = session.get(SHOWN_ONCE, {})
    if waiting:
        session.pop(SHOWN_ONCE)
    return render(
        "accounts/admin_person.html",
        person=person,
        akun=akun,
        code=waiting.get("kode") if waiting.get("pegawai") == pegawai_id.hex else None,
        devices=queries.devices(reads, akun.id) if akun else [],
        roles=queries.roles_of(reads, akun.id) if akun else [],
        manages=_manages(reads, actor, pegawai_id),
        myself=person.id == actor.pegawai_id,
        grant=grant or GrantForm(formdata=None),
        transfer=transfer or TransferForm(formdata=None, prefix="pindah-"),
        retire=retire or RetireForm(formdata=None, prefix="pensiun-"),
        status=status,
    )


def _manages(reads: Session, actor: Actor, pegawai_id: uuid.UUID) -> bool:
    """Whether the actor is an admin of this person, not only an operator who hands out codes."""
    return people_queries.is_in_scope(reads, actor, Permission.ACCOUNTS_MANAGE, pegawai_id)


def _act(pegawai_id: uuid.UUID, act: Act) -> Response:
    """Run an act of an admin on a person in scope; its sentence, or its refusal, is shown on the
    person's page."""
    actor = current_actor()
    try:
        with transaction() as writing:
            person = people_queries.person_in_scope(
                writing, actor, Permission.ACCOUNTS_MANAGE, pegawai_id
            )
            flash(act(writing, actor, person), "ok")
    except Rejected as refusal:
        flash(refusal.message, "bad")
    return redirect(url_for("accounts.admin_person", pegawai_id=pegawai_id), 303)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/kode")
@requires(Permission.ACCOUNTS_ISSUE_CODE)
def issue_code(pegawai_id: uuid.UUID) -> Response:
    """Make a code for a person who was checked face to face."""
    actor = current_actor()
    try:
        with transaction() as writing:
            person = people_queries.person_in_scope(
                writing, actor, Permission.ACCOUNTS_ISSUE_CODE, pegawai_id
            )
            secret = visitor.settings().secret_key
            code = codes.issue(writing, actor, person, CodePurpose.AKTIVASI, secret)
    except Rejected as refusal:
        flash(refusal.message, "bad")
    else:
        session[SHOWN_ONCE] = {"pegawai": pegawai_id.hex, "kode": readable(code)}
    return redirect(url_for("accounts.admin_person", pegawai_id=pegawai_id), 303)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/peran")
@requires(Permission.ACCOUNTS_MANAGE)
def grant_role(pegawai_id: uuid.UUID) -> Response:
    """Give a role with its scope."""
    form = GrantForm()
    if not form.validate():
        return _person_page(pegawai_id, 422, grant=form)
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
                _chosen_unit(writing, actor, form),
                with_children=bool(form.dengan_bawahan.data),
                kinds=form.kinds,
                until=_end_of(form.sampai.data, actor),
            )
    except Rejected as refusal:
        refuse(form, refusal)
        return _person_page(pegawai_id, 422, grant=form)
    flash(f"Peran {form.role.label} diberikan.", "ok")
    return redirect(url_for("accounts.admin_person", pegawai_id=pegawai_id), 303)


def _end_of(day: dt.date | None, actor: Actor) -> dt.datetime | None:
    """The end of a day by the clock of the agency."""
    if day is None or day >= dt.date.max:
        return None
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, actor.zone)


def _chosen_unit(writing: Session, actor: Actor, form: UnitForm) -> Opd | None:
    """The unit that a form names. Raises Rejected, and fills the choice, when several fit."""
    text = (form.unit.data or "").strip()
    if form.unit_id.data:
        chosen = people_queries.unit(writing, actor, _uuid(form.unit_id.data))
        form.offer([(chosen.id.hex, chosen.nama)])
        return chosen
    if not text:
        return None
    fitting = people_queries.units_like(writing, actor, text)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise Rejected(f"Tidak ada unit aktif bernama “{text}”. Periksa ejaannya.", field="unit")
    form.offer(
        (unit.id.hex, f"{unit.nama} – {unit.parent.nama}" if unit.parent else unit.nama)
        for unit in fitting[: people_queries.MOST_UNITS]
    )
    raise Rejected("Beberapa unit cocok. Pilih satu, atau ketik lebih lengkap.", field="unit_id")


def _required_unit(writing: Session, actor: Actor, form: UnitForm) -> Opd:
    unit = _chosen_unit(writing, actor, form)
    if unit is None:
        raise Rejected("Isi unit yang baru.", field="unit")
    return unit


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Rejected("Pilih satu unit dari daftar.", field="unit_id") from error


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/peran/<uuid:penugasan_id>/cabut")
@requires(Permission.ACCOUNTS_MANAGE)
def revoke_role(pegawai_id: uuid.UUID, penugasan_id: uuid.UUID) -> Response:
    """Take a role away."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        role = management.revoke(writing, actor, person, penugasan_id)
        return f"Peran {role.label} dicabut."

    return _act(pegawai_id, act)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/nonaktifkan")
@requires(Permission.ACCOUNTS_MANAGE)
def deactivate(pegawai_id: uuid.UUID) -> Response:
    """Close the account."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        management.deactivate(writing, actor, person)
        return "Akun dinonaktifkan dan semua perangkatnya dikeluarkan."

    return _act(pegawai_id, act)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/aktifkan")
@requires(Permission.ACCOUNTS_MANAGE)
def reactivate(pegawai_id: uuid.UUID) -> Response:
    """Open a closed account again."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        management.reactivate(writing, actor, person)
        return "Akun aktif kembali."

    return _act(pegawai_id, act)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/keluarkan")
@requires(Permission.ACCOUNTS_MANAGE)
def end_sessions(pegawai_id: uuid.UUID) -> Response:
    """Log the person out everywhere."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        count = management.end_sessions(writing, actor, person)
        return f"{count} perangkat dikeluarkan."

    return _act(pegawai_id, act)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/pindah")
@requires(Permission.PEOPLE_MANAGE)
def transfer_person(pegawai_id: uuid.UUID) -> Response:
    """Move the person to another unit."""
    form = TransferForm(prefix="pindah-")
    if not form.validate():
        return _person_page(pegawai_id, 422, transfer=form)
    actor = current_actor()
    try:
        with transaction() as writing:
            person = people_queries.person_in_scope(
                writing, actor, Permission.PEOPLE_MANAGE, pegawai_id
            )
            unit = _required_unit(writing, actor, form)
            ended = management.transfer(writing, actor, person, unit)
    except Rejected as refusal:
        refuse(form, refusal)
        return _person_page(pegawai_id, 422, transfer=form)
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
        return _person_page(pegawai_id, 422, retire=form)

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        management.retire(writing, actor, person, day)
        return "Tanggal pensiun tersimpan. Sejak hari itu akun hanya dapat membaca."

    return _act(pegawai_id, act)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/batal-pensiun")
@requires(Permission.PEOPLE_MANAGE)
def withdraw_retirement(pegawai_id: uuid.UUID) -> Response:
    """Take a retirement back."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        management.retire(writing, actor, person, None)
        return "Pensiun dibatalkan; akun kembali seperti semula."

    return _act(pegawai_id, act)
