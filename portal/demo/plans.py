"""The rencana pengembangan of the demo: what Sari wants to reach this year."""

from __future__ import annotations

from portal.demo.desk import Desk
from portal.demo.history import SARI, in_year
from portal.demo.stories import Story
from portal.scoring import compute
from portal.scoring.engine.options import Standing, all_options
from portal.scoring.facts import people_with_facts
from portal.scoring.plans import actions as plans_actions

_STEPS = ("seminar", "teknis:20")
_SHARE = 0.93
"""Of the year so far: shortly before she hands in the seminar that waits."""


def plan_of_sari(desk: Desk) -> Story:
    """One evening she chooses the two lightest steps."""
    year = desk.clock.today.year
    yield (at := desk.clock.at(in_year(year, _SHARE, desk.clock.today), 19))
    actor = desk.actor(SARI)
    ((person, facts),) = people_with_facts(desk.session, [actor.pegawai_id])
    how = compute.measuring(desk.session, person.instansi_id, year)
    standing = Standing.of(facts, how.rules, year, as_of=at.date(), provisional=True)
    groups = all_options(standing) if standing else ()
    chosen = [option for group in groups for option in group if option.kunci in _STEPS]
    plans_actions.save(desk.session, actor, year, chosen, at=at)
