"""Two workers, two admins at the same moment: everything once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.agency.models import Instansi
from portal.db import Database
from portal.errors import Conflict
from portal.permissions import Permission
from portal.scoring.comparison import actions as comparison
from portal.scoring.comparison import people as comparison_people
from portal.scoring.comparison import queries
from portal.scoring.comparison import work as comparison_work
from portal.scoring.comparison.sums import from_json
from portal.scoring.models import RecomputeRun, RuleComparison
from portal.scoring.years import Way
from tests.support.cast import TODAY, Cast

NEW = Way("bkn-2023")


def order(database: Database, cast: Cast, b: Way, tahun: int = TODAY.year) -> RuleComparison:
    with database.transaction() as session:
        instansi = session.get_one(Instansi, cast.units.instansi_id)
        return comparison.order(session, cast.ani, instansi, tahun, NEW, b)


def together(*acts: Callable[[], object]) -> list[object]:
    """All at once; a Conflict is an answer too."""
    answers: list[object] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            answers.append(act())
        except Conflict as refusal:
            answers.append(refusal)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def apply(database: Database, cast: Cast, row: RuleComparison) -> object:
    with database.transaction() as session:
        fresh = queries.found(session, cast.ani, Permission.RULES_MANAGE, row.id)
        return comparison.apply(session, cast.ani, fresh)


def test_two_workers_count_everybody_once(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison_people, "MOST", 2)
    row = order(database, cast, Way("pbkn8-2019"))
    work = comparison_work.handler(database)

    together(*[lambda: work({"banding": row.id.hex})] * 2)

    with database.reading() as session:
        done = session.get_one(RuleComparison, row.id)
    assert (done.diperiksa, from_json(done.hasil["jumlah"]).keduanya) == (10, 10)


@pytest.mark.parametrize("tahun", [TODAY.year, TODAY.year - 3])
def test_of_two_admins_one_changes_the_year(database: Database, cast: Cast, tahun: int) -> None:
    """Also of a year that has no row to lock yet."""
    rows = [
        order(database, cast, way, tahun)
        for way in (Way("pbkn8-2019"), Way("bkn-2023", {"prorata": False}))
    ]
    for row in rows:
        comparison_work.handler(database)({"banding": row.id.hex})

    answers = together(*(lambda row=row: apply(database, cast, row) for row in rows))

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "RecomputeRun"]


def test_a_double_tap_orders_one_recomputation(database: Database, cast: Cast) -> None:
    row = order(database, cast, Way("pbkn8-2019"))
    comparison_work.handler(database)({"banding": row.id.hex})

    together(*[lambda: apply(database, cast, row)] * 2)

    with database.reading() as session:
        assert len(session.scalars(select(RecomputeRun)).all()) == 1
