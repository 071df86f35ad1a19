"""The calendar of the demo: when its story begins, and when people do what."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Clock:
    """Two years and the running one, up to the present moment `end`."""

    today: dt.date
    end: dt.datetime
    zone: ZoneInfo

    @classmethod
    def upto(cls, today: dt.date, zone: ZoneInfo, present: dt.datetime) -> Clock:
        """The story ends now, or in the afternoon of another day."""
        now = present.astimezone(zone)
        end = now if now.date() == today else dt.datetime.combine(today, dt.time(16), zone)
        return cls(today, end, zone)

    @property
    def start(self) -> dt.datetime:
        """The portal opens on the last day of the year before last."""
        return self.at(dt.date(self.today.year - 2, 12, 31), 10)

    def at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        """A moment by the agency's clock, never after the end of the story."""
        return min(dt.datetime.combine(day, dt.time(hour, minute), self.zone), self.end)

    def evening(self, rng: random.Random, day: dt.date) -> dt.datetime:
        """When people hand in: before work, in the break, after supper."""
        return self.at(day, rng.choice((6, 12, 15, 19, 20, 21)), rng.randrange(60))

    def office(self, rng: random.Random, day: dt.date) -> dt.datetime:
        """When a verifikator works: Monday to Friday, eight to four."""
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
        return self.at(day, rng.randint(8, 15), rng.randrange(60))
