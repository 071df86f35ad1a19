"""Whether the portal can serve people: what /readyz names when it cannot."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.scoring.engine.rules import RuleSetError
from portal.scoring.years import check_years
from portal.settings import ROOT
from portal.storage import Storage


def faults(session: Session, storage: Storage) -> list[str]:
    """What keeps the portal from serving, by the words of /readyz; empty when nothing does."""
    return [*_of_database(session), *_of_store(storage)]


def _of_database(session: Session) -> list[str]:
    """`database` is away, `schema` awaits `migrate`, `rules` of a measured year are missing."""
    try:
        session.execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001 -- whatever is wrong, the answer is the same
        return ["database"]
    try:
        at: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
        # A newer one is no fault: while machine after machine is renewed, old code still serves.
        if (at or "") < (ROOT / "migrations" / "HEAD").read_text().strip():
            return ["schema"]
        check_years(session)
    except SQLAlchemyError:  # no such table
        return ["schema"]
    except RuleSetError:
        return ["rules"]
    return []


def _of_store(storage: Storage) -> list[str]:
    try:
        storage.check()
    except Exception:  # noqa: BLE001 -- whatever is wrong, the answer is the same
        return ["object-store"]
    return []
