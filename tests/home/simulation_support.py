"""Simulations: what they list, what waits beside them, the plan that is kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.db import Database
from portal.scoring.models import PlannedStep
from portal.vocabulary import (
    DocumentState,
)
from tests.support import builders
from tests.support.cast import Cast
from tests.support.page import Page


def rows(page: Page, within: str) -> list[str]:
    """Steps with their points."""
    return page.texts(f"{within} .gains li")


def hand_in(database: Database, cast: Cast, **fields: Any) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DIAJUKAN, **fields)


def planned(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(PlannedStep.kunci).order_by(PlannedStep.urutan)))
