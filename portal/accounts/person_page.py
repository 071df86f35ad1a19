"""The page of one person as an admin or an operator OPD sees it, and acts that lead back to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from flask import flash, redirect, session, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, transaction
from portal.accounts import people_queries, queries
from portal.accounts.forms import GrantForm, RetireForm, TransferForm
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.web.fields import drawn
from portal.web.htmx import render

FORMS: dict[str, Callable[..., FlaskForm]] = {
    "grant": GrantForm,
    "transfer": partial(TransferForm, prefix="pindah-"),
    "retire": partial(RetireForm, prefix="pensiun-"),
}
_BLANK = {name: partial(form, formdata=None) for name, form in FORMS.items()}
SHOWN_ONCE = "kode_baru"
"""Where a fresh code waits for the page that follows: the cookie of the one who made it."""
Act = Callable[[Session, Actor, Pegawai], str]


def show(
    pegawai_id: uuid.UUID,
    status: int = 200,
    **refused: FlaskForm,
) -> Response:
    """The page; a form that was refused (`grant`, `transfer` or `retire`) is shown again with its
    input.

    Raises NotFound outside the actor's scope.
    """
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
        serves=_serves(reads, actor, person),
        fields={
            name: drawn("accounts/_fields.html", name, blank, refused.get(name))
            for name, blank in _BLANK.items()
        },
        refused=refused,
        status=status,
    )


def _serves(reads: Session, actor: Actor, person: Pegawai) -> bool:
    """Whether the actor hands in for this person, as an operator of the unit."""
    wanted = Permission.DOCUMENTS_HAND_IN_FOR
    return (
        actor.may(wanted)
        and not person.has_retired(actor.today)
        and people_queries.is_in_scope(reads, actor, wanted, person.id)
    )


def _manages(reads: Session, actor: Actor, pegawai_id: uuid.UUID) -> bool:
    """Whether the actor is an admin of this person, not only an operator who hands out codes."""
    return people_queries.is_in_scope(reads, actor, Permission.ACCOUNTS_MANAGE, pegawai_id)


def act_on(pegawai_id: uuid.UUID, act: Act) -> Response:
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
