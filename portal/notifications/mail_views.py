"""/profil/surel, and the way out of letters for whoever holds one."""

from __future__ import annotations

import uuid
from typing import cast

from flask import Blueprint, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import mail
from portal.access import current_actor, public, reading, requires, transaction
from portal.accounts.queries import own_person
from portal.errors import NotFound
from portal.notifications import actions, queries, unsubscribing
from portal.notifications.forms import MailForm
from portal.notifications.kinds import Kind
from portal.permissions import Permission
from portal.settings import Settings
from portal.web.htmx import render

blueprint = Blueprint("mail", __name__)
BROKEN = (
    "Tautan ini tidak lengkap. Salin seluruh tautan dari surel, atau masuk lalu buka Profil, Surel."
)


def _settings() -> Settings:
    return cast("Settings", current_app.extensions["settings"])


def _page(form: MailForm, status: int = 200) -> Response:
    address = own_person(reading(), current_actor()).email
    return render(
        "notifications/mail.html",
        form=form,
        address=address if mail.is_usable(address) else "",
        sends=_settings().smtp_url is not None,
        status=status,
    )


@blueprint.get("/profil/surel")
@requires(Permission.PROFILE_OWN)
def choices() -> Response:
    """How each kind of message comes by e-mail."""
    actor = current_actor()
    ways = queries.mail_ways(reading(), actor.pegawai_id)
    chosen = {code: cara.value for code, cara in ways.items()}
    return _page(MailForm.of(actor, formdata=None, data=chosen))


@blueprint.post("/profil/surel")
@requires(Permission.PROFILE_OWN)
def choose() -> Response:
    """Keep the choices."""
    form = MailForm.of(current_actor())
    if not form.validate():
        return _page(form, 422)
    with transaction() as session:
        actions.choose(session, current_actor(), form.ways)
    flash("Pilihan surel disimpan.", "ok")
    return redirect(url_for("mail.choices"), 303)


def _signed() -> tuple[uuid.UUID, list[Kind]]:
    """Whom the link of a letter is about; raises NotFound for one that was not made here."""
    found = unsubscribing.read(_settings().secret_key, request.args.get("tanda", "")[:200])
    if found is None:
        raise NotFound(BROKEN)
    return found


@blueprint.get(unsubscribing.PATH)
@public
def confirm() -> Response:
    """Ask before the letters end; whoever looks into links before their reader does ends
    nothing."""
    _, kinds = _signed()
    return render("notifications/unsubscribe.html", kinds=kinds, done=False)


@blueprint.post(unsubscribing.PATH)
@public
def unsubscribe() -> Response:
    """End the letters, for a press on the page and for a mail program alike (RFC 8058): the
    signature of the link stands for the login and the form's token, and there is no redirect."""
    pegawai_id, kinds = _signed()
    with transaction() as session:
        actions.unsubscribe(session, pegawai_id, kinds)
    return render("notifications/unsubscribe.html", kinds=kinds, done=True)
