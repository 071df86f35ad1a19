"""The demo is filled on any day, on both databases, for a crowd too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import storage
from portal.db import Database
from portal.demo import build
from portal.demo.crowd import multiply
from portal.documents.models import Document
from portal.people.models import Kinerja, Pegawai
from portal.questions.models import Question, QuestionState
from portal.scoring.models import StoredScore
from portal.settings import Settings
from tests.demo.support import TODAY, count, sari, score


@pytest.mark.parametrize("day", [24, 25], ids=["Tuesday", "Wednesday"])
def test_sari_has_an_answer_also_where_a_weekend_came_between(
    place: Settings, tmp_path: Path, sqlite_template: Path, few: None, small: None, day: int
) -> None:
    (tmp_path / "portal.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")
    build.fill(database, storage.connect(place), place, dt.date(2026, 11, day))

    with database.reading() as session:
        mine = select(Question.state).where(Question.owner_id == sari(session).id)
        assert QuestionState.TERJAWAB in session.scalars(mine).all()
    database.dispose()


@pytest.mark.parametrize("day", [dt.date(2027, 1, 1), dt.date(2027, 1, 2), dt.date(2028, 2, 29)])
def test_the_figures_hold_on_the_first_days_of_a_year(
    place: Settings, sqlite_template: Path, tmp_path: Path, day: dt.date, few: None, small: None
) -> None:  # fmt: skip
    (tmp_path / "portal.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")

    build.fill(database, storage.connect(place), place, day)

    with database.reading() as session:
        found = score(session, day.year)
    database.dispose()
    assert (found.total, found.bisa["total"]) == (71, "81")
    assert found.langkah
    assert found.langkah["total"] == "80"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_fills_postgresql_too(database: Database, place: Settings, few: None) -> None:
    build.fill(database, storage.connect(place), place, TODAY)

    with database.reading() as session:
        assert score(session).total == 71


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_crowd_has_records_and_scores_of_its_own(
    database: Database, place: Settings, few: None
) -> None:
    build.fill(database, storage.connect(place), place, TODAY, documents=False)

    multiply(database, 1300)

    with database.reading() as session:
        assert count(session, Pegawai) == 1300
        assert count(session, StoredScore) == 3 * 1300
        assert count(session, Document) == 0
        assert len(set(session.scalars(select(Kinerja.pegawai_id)))) > 1200
