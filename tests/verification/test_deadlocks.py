"""No two acts on items wait for each other, wherever the first is interrupted (PostgreSQL).

Items are locked before the items that they replace, those before people, everywhere. A sample of
the meetings is held here, always the same one: no day shall fail that another would pass.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

from portal.db import Database
from tests.support.cast import Cast
from tests.support.database import on_postgresql_alone
from tests.verification import acts, meeting
from tests.verification.acts import World

SAMPLE = 20
"""Meetings of one run."""
SEED = 20261124
"""Another one gives another sample; on the day of this one all 12,480 went well."""
FOUND = [
    ("withdraw", "ask about an item", 1),
    ("ask about an item", "withdraw", 1),
    ("approve together, of vera", "approve together, of bima", 2),
    ("approve together, of bima", "approve together, of vera", 2),
    ("approve together, of vera", "compute everybody", 2),
    ("approve together, replacing", "revoke the replaced", 2),
]
"""Acts that once waited for each other, and the statement at which they did."""


@pytest.fixture
def quick(database_url: str) -> Iterator[Database]:
    """A database whose server looks for rings at once."""
    database = meeting.quick(database_url)
    yield database
    database.dispose()


@pytest.fixture
def there(quick: Database, cast: Cast) -> World:
    return acts.world(quick, cast)


@on_postgresql_alone
def test_every_act_goes_through_alone(quick: Database, there: World) -> None:
    """Else a meeting would prove nothing."""
    refused = {name: meeting.alone(quick, act) for name, act in acts.acts(there).items()}

    assert {name: error for name, error in refused.items() if error} == {}


@on_postgresql_alone
def test_two_acts_in_the_wrong_order_are_seen_as_a_ring(quick: Database, there: World) -> None:
    one, other = acts.locks(there, "held", "waiting"), acts.locks(there, "waiting", "held")

    assert meeting.meet(quick, one, other, hold_at=1).is_ring


@on_postgresql_alone
@pytest.mark.parametrize(("first", "second", "hold_at"), FOUND)
def test_a_ring_that_was_found_is_gone(
    quick: Database, there: World, first: str, second: str, hold_at: int
) -> None:
    chosen = acts.acts(there)

    met = meeting.meet(quick, chosen[first], chosen[second], hold_at)

    assert (met.reached, met.is_ring) == (True, False)


@on_postgresql_alone
def test_no_two_acts_wait_for_each_other(quick: Database, there: World) -> None:
    chosen, chance = acts.acts(there), random.Random(SEED)
    pairs = chance.sample(list(itertools.product(chosen, chosen)), SAMPLE)

    met = {
        (first, second): meeting.meet(
            quick,
            chosen[first],
            chosen[second],
            chance.randint(1, meeting.steps(quick, chosen[first])),
        )
        for first, second in pairs
    }

    assert {pair: one for pair, one in met.items() if one.first or one.second} == {}
