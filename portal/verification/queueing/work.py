"""What the worker does for the queue each minute."""

from __future__ import annotations

from portal.db import Database
from portal.jobs import Queue
from portal.verification.queueing import rerouting, tallies


def install(queue: Queue, database: Database) -> None:
    """Register the acts of the minute."""

    def route_anew() -> None:
        rerouting.reroute(database)

    def give_days() -> None:
        rerouting.give_days(database)

    def add_up() -> None:
        tallies.compact(database)

    for act in (route_anew, give_days, add_up):
        queue.every_minute(act)
