"""No two acts on items wait for each other, wherever the first is interrupted (PostgreSQL).

Items are locked before the items that they replace, those before people, everywhere. A sample of
the meetings is held here, another one each day; `make drill` holds them all.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

from portal.db import Database
from tests.support.cast import TODAY, Cast
from tests.support.database import on_postgresql_alone
from tests.verification import meeting
from tests.verification.meeting import World

SAMPLE = 20
"""Meetings of one run."""


@pytest.fixture
def quick(database_url: str) -> Iterator[Database]:
    """A database whose server looks for rings at once."""
    database = meeting.quick(database_url)
    yield database
    database.dispose()


@pytest.fixture
def there(quick: Database, cast: Cast) -> World:
    return meeting.world(quick, cast)


@on_postgresql_alone
def test_every_act_goes_through_alone(quick: Database, there: World) -> None:
    """Else a meeting would prove nothing."""
    refused = {name: meeting.alone(quick, act) for name, act in meeting.acts(there).items()}

    assert {name: error for name, error in refused.items() if error} == {}


@on_postgresql_alone
def test_two_acts_in_the_wrong_order_are_seen_as_a_ring(quick: Database, there: World) -> None:
    one, other = meeting.locks(there, "held", "waiting"), meeting.locks(there, "waiting", "held")

    assert meeting.meet(quick, one, other, hold_at=1).is_ring


@on_postgresql_alone
def test_no_two_acts_wait_for_each_other(quick: Database, there: World) -> None:
    acts, chance = meeting.acts(there), random.Random(TODAY.toordinal())
    pairs = chance.sample(list(itertools.product(acts, acts)), SAMPLE)

    met = {
        (first, second): meeting.meet(
            quick, acts[first], acts[second], chance.randint(1, meeting.steps(quick, acts[first]))
        )
        for first, second in pairs
    }

    assert {pair: one for pair, one in met.items() if one.first or one.second} == {}
