"""Admin and operator OPD: find a person, hand out a code; admins also close accounts."""

from __future__ import annotations

import uuid

from flask import flash, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.accounts import codes, management, people_queries, person_page, visitor
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import printable
from portal.accounts.models import CodePurpose
from portal.accounts.tokens import readable
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.web.htmx import render


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
    return person_page.show(pegawai_id)


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
        session[person_page.SHOWN_ONCE] = {"pegawai": pegawai_id.hex, "kode": readable(code)}
    return redirect(url_for("accounts.admin_person", pegawai_id=pegawai_id), 303)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/nonaktifkan")
@requires(Permission.ACCOUNTS_MANAGE)
def deactivate(pegawai_id: uuid.UUID) -> Response:
    """Close the account."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        management.deactivate(writing, actor, person)
        return "Akun dinonaktifkan dan semua perangkatnya dikeluarkan."

    return person_page.act_on(pegawai_id, act)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/aktifkan")
@requires(Permission.ACCOUNTS_MANAGE)
def reactivate(pegawai_id: uuid.UUID) -> Response:
    """Open a closed account again."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        management.reactivate(writing, actor, person)
        return "Akun aktif kembali."

    return person_page.act_on(pegawai_id, act)


@blueprint.post("/admin/pegawai/<uuid:pegawai_id>/keluarkan")
@requires(Permission.ACCOUNTS_MANAGE)
def end_sessions(pegawai_id: uuid.UUID) -> Response:
    """Log the person out everywhere."""

    def act(writing: Session, actor: Actor, person: Pegawai) -> str:
        count = management.end_sessions(writing, actor, person)
        return f"{count} perangkat dikeluarkan."

    return person_page.act_on(pegawai_id, act)
