"""What several tests of accounts do first."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts import codes
from portal.accounts.models import Akun, CodePurpose
from portal.accounts.queries import present
from portal.audit import AuditEntry
from portal.db import Database
from portal.people.models import Pegawai
from portal.permissions import Actor
from tests.support.app import Browser

NEW = "gajah-lampu-sungai-3"
"""A password that nobody in the cast has."""
WRONG = "bukan-kata-sandinya"
SECRET = "rahasia-untuk-uji-saja-0123456789"
"""That of the fixture `settings`."""


def account(database: Database, actor: Actor, **values: object) -> None:
    """Set columns of somebody's account."""
    with database.transaction() as session:
        session.execute(update(Akun).where(Akun.id == actor.akun_id).values(**values))


def person(database: Database, actor: Actor, **values: object) -> None:
    """Set columns of somebody's personal data."""
    with database.transaction() as session:
        session.execute(update(Pegawai).where(Pegawai.id == actor.pegawai_id).values(**values))


def code_for(database: Database, actor: Actor, issuer: Actor | None = None) -> str:
    """A fresh one-time code for somebody."""
    with database.transaction() as session:
        pegawai = session.get_one(Pegawai, actor.pegawai_id)
        return codes.issue(session, issuer, pegawai, CodePurpose.AKTIVASI, SECRET)


def acts_on(session: Session, actor: Actor) -> list[str]:
    """The audit lines about a person, oldest first."""
    statement = (
        select(AuditEntry.action)
        .where(AuditEntry.subject_id == actor.pegawai_id)
        .order_by(AuditEntry.id)
    )
    return list(session.scalars(statement))


def now_acting(session: Session, browser: Browser) -> Actor:
    """The actor behind the browser's cookie, as the next request will see it."""
    with browser.client.session_transaction() as cookie:
        found = present(session, cookie["_user_id"])
    assert found is not None
    return found.actor
