"""Who stands behind a session: asked on every request, so it has to stay small."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import event

from portal.accounts.models import LoginSession, Penugasan
from portal.accounts.presence import person_of_session
from portal.accounts.tokens import digest
from portal.db import Database, now
from portal.permissions import Actor, Grant
from portal.vocabulary import Role
from tests.support.cast import Cast

TOKEN = "token-untuk-uji"


def log_in(database: Database, actor: Actor, hours: int = 1) -> None:
    with database.transaction() as session:
        session.add(
            LoginSession(
                token_hash=digest(TOKEN),
                akun_id=actor.akun_id,
                kedaluwarsa=now() + dt.timedelta(hours=hours),
            )
        )


def test_the_actor_is_the_person_with_all_grants(database: Database, cast: Cast) -> None:
    log_in(database, cast.oki)

    with database.reading() as session:
        found = person_of_session(session, TOKEN)

    assert found is not None
    assert found.actor == cast.oki


def test_two_queries_are_enough(database: Database, cast: Cast) -> None:
    log_in(database, cast.oki)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    with database.reading() as session:
        person_of_session(session, TOKEN)

    assert len([text for text in statements if text.startswith("SELECT")]) == 2


def test_an_ended_session_is_nobody(database: Database, cast: Cast) -> None:
    log_in(database, cast.sari, hours=-1)

    with database.reading() as session:
        assert person_of_session(session, TOKEN) is None


def test_a_token_is_not_known_by_its_hash(database: Database, cast: Cast) -> None:
    log_in(database, cast.sari)

    with database.reading() as session:
        assert person_of_session(session, digest(TOKEN)) is None


def test_a_grant_that_ran_out_is_dropped(database: Database, cast: Cast) -> None:
    log_in(database, cast.oki)
    with database.transaction() as session:
        for role, end in ((Role.AUDITOR, -1), (Role.PIMPINAN, 1)):
            session.add(
                Penugasan(
                    akun_id=cast.oki.akun_id,
                    peran=role,
                    instansi_id=cast.units.instansi_id,
                    berakhir=now() + dt.timedelta(hours=end),
                )
            )

    with database.reading() as session:
        found = person_of_session(session, TOKEN)

    assert found is not None
    assert found.actor.roles == {Role.ASN, Role.OPERATOR_OPD, Role.PIMPINAN}
    assert Grant(Role.PIMPINAN, cast.units.instansi_id) in found.actor.grants
