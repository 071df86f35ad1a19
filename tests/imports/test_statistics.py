"""SQLite's planner knows how full the tables are once an import has written."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import pytest
from sqlalchemy import text

from portal.db import Database
from portal.errors import Unavailable
from tests.imports import files
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

pytestmark = on_sqlite_alone
Imported = Callable[..., Page]


@pytest.fixture
def data(database: Database, cast: Cast) -> bytes:
    """The values of some colleagues."""
    with database.transaction() as session:
        people = builders.colleagues(session, cast.sari, 30)
        return files.csv([files.row(person.nip) for person in people[1:]])


def test_the_planner_hears_of_an_import(
    imported: Imported, data: bytes, database: Database
) -> None:
    imported(data)

    with database.reading() as session:
        known = session.scalars(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'nilai_bkn'")).all()
    assert {int(line.split()[0]) for line in known} == {29}


def test_an_import_stands_also_when_the_statistics_have_to_wait(
    imported: Imported, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "gather_statistics", Mock(side_effect=Unavailable))

    page = imported(data)

    assert "29" in page.text
    assert "selesai" in page.text.lower()
