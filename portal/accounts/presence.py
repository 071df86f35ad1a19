"""The bridge from a session token to the person of a request (portal.access asks for it)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.access import LoggedIn
from portal.accounts.queries import present


def person_of_session(session: Session, token: str, *, demo: bool = False) -> LoggedIn | None:
    """Who is behind the token; None when the session has ended or the account is closed.

    A demo account is nobody outside demo mode (`demo`), also when its session began before.
    """
    found = present(session, token)
    if found is None or (found.demo and not demo):
        return None
    return LoggedIn(token, found.actor, found.pending, found.shortcuts)
