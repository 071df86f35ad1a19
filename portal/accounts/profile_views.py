"""Profil: own data, security of the account, what is kept and who read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from flask import current_app, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, forget, reading, requires, transaction
from portal.accounts import actions, personal_data, queries, throttle, visitor
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import ChangePasswordForm, ShortcutsForm, refuse
from portal.db import now
from portal.errors import Rejected, Throttled
from portal.permissions import Actor, Permission
from portal.web.htmx import render

WRONG = "Kata sandi yang sekarang tidak cocok. Periksa kembali."
Section = Callable[[Session, Actor], list[dict[str, Any]]]


@blueprint.get("/profil")
@requires(Permission.PROFILE_OWN)
def profile() -> Response:
    """Who the portal takes the person for, and whom to tell when that is wrong."""
    actor, session = current_actor(), reading()
    person = queries.own_person(session, actor)
    roles = queries.roles_of(session, actor.akun_id)
    return render(
        "accounts/profile.html",
        person=person,
        roles=roles,
        retired=actor.retired,
        at_desk=actor.may(Permission.QUEUE_READ),
    )


def _security_page(form: ChangePasswordForm, status: int = 200) -> Response:
    actor, session = current_actor(), reading()
    akun = queries.own_account(session, actor)
    return render(
        "accounts/security.html",
        form=form,
        shortcuts=ShortcutsForm(formdata=None, pintasan=akun.pintasan),
        at_desk=actor.may(Permission.QUEUE_READ),
        devices=queries.devices(session, actor.akun_id, visitor.own_token()),
        status=status,
    )


@blueprint.get("/profil/keamanan")
@requires(Permission.PROFILE_OWN)
def security() -> Response:
    """Password, devices, shortcuts."""
    return _security_page(ChangePasswordForm())


@blueprint.post("/profil/keamanan/kata-sandi")
@requires(Permission.PROFILE_OWN)
def change_password() -> Response:
    """Replace the own password; every other device is logged out."""
    form = ChangePasswordForm()
    if not form.validate():
        return _security_page(form, 422)
    try:
        _prove(str(form.lama.data))
        token = visitor.replace_password(str(form.kata_sandi.data))
    except Rejected as refusal:
        refuse(form, refusal)
        return _security_page(form, 422)
    except Throttled as wait:
        refuse(form, Rejected(wait.message, field="lama"))
        return _security_page(form, 429)
    visitor.welcome(token)
    flash("Kata sandi diganti. Perangkat lain sudah dikeluarkan.", "ok")
    return redirect(url_for("accounts.security"), 303)


def _prove(password: str) -> None:
    """The present password, guessed no faster than at the login. Raises Rejected, Throttled."""
    actor = current_actor()
    key = throttle.person(actor.nip, "ganti")
    with transaction() as session:
        throttle.count(session, [key], now())
    stored = queries.own_account(reading(), actor).kata_sandi
    if not visitor.password_hasher().matches(stored, password):
        raise Rejected(WRONG, field="lama")
    with transaction() as session:
        throttle.forget(session, key)


@blueprint.post("/profil/keamanan/pintasan")
@requires(Permission.PROFILE_OWN)
def set_shortcuts() -> Response:
    """Single-key shortcuts on or off."""
    on = bool(ShortcutsForm().pintasan.data)
    with transaction() as session:
        actions.set_shortcuts(session, current_actor(), on=on)
    flash("Pintasan satu huruf aktif." if on else "Pintasan satu huruf dimatikan.", "ok")
    return redirect(url_for("accounts.security"), 303)


@blueprint.post("/profil/keamanan/akhiri")
@requires(Permission.PROFILE_OWN)
def end_device() -> Response:
    """Log one other device out."""
    with transaction() as session:
        actions.end_own_session(session, current_actor(), request.form.get("perangkat", "")[:64])
    flash("Perangkat itu sudah dikeluarkan.", "ok")
    return redirect(url_for("accounts.security"), 303)


@blueprint.post("/profil/keamanan/akhiri-lainnya")
@requires(Permission.PROFILE_OWN)
def end_other_devices() -> Response:
    """Log all devices out but this one."""
    with transaction() as session:
        count = actions.end_other_sessions(session, current_actor(), visitor.own_token())
    flash(f"{count} perangkat lain sudah dikeluarkan.", "ok")
    return redirect(url_for("accounts.security"), 303)


@blueprint.post("/profil/keamanan/akhiri-semua")
@requires(Permission.PROFILE_OWN)
def end_all_devices() -> Response:
    """Log all devices out, this one too."""
    with transaction() as session:
        actions.end_other_sessions(session, current_actor(), "")
    forget()
    flash("Anda sudah keluar dari semua perangkat.", "ok")
    return redirect(url_for("accounts.login"), 303)


def _sections() -> dict[str, Section]:
    """What other features keep about a person; handed in by the application."""
    return cast("dict[str, Section]", current_app.extensions.get("personal_data", {}))


@blueprint.get("/profil/data-saya")
@requires(Permission.PROFILE_OWN)
def my_data() -> Response:
    """What is kept about the person, who read the papers, and the way to take a copy."""
    actor, session = current_actor(), reading()
    readers = _sections().get("pembaca_dokumen")
    return render(
        "accounts/my_data.html",
        akun=queries.own_account(session, actor),
        readers=readers(session, actor) if readers else [],
    )


@blueprint.post("/profil/data-saya/unduh")
@requires(Permission.PROFILE_OWN)
def download_data() -> Response:
    """Everything about the person as one JSON file. A POST, because the taking is recorded."""
    actor = current_actor()
    with transaction() as session:
        content: dict[str, Any] = personal_data.collect(session, actor)
        content |= {name: section(session, actor) for name, section in _sections().items()}
        actions.note_copy(session, actor)
    response = current_app.response_class(
        json.dumps(content, ensure_ascii=False, indent=2, default=str), mimetype="application/json"
    )
    name = f"data-saya-{actor.today:%Y-%m-%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
