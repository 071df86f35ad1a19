"""What the programs of a drill are told, and what each writes down of the answers it saw.

Orders stand in the environment as JSON. Each act is a line of JSON in a diary, written before the
next step, so that a kill loses at most the act in flight.
"""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.drill.window import DONE, Page

VARIABLE = "DRILL_ORDERS"


@dataclass(frozen=True)
class Orders:
    """Who works where, how fast, and which file says that it is over."""

    url: str
    nips: list[str]
    password: str
    seed: int
    think: float
    """Longest pause before an act, in seconds."""
    diary: str
    over: str

    @classmethod
    def given(cls) -> Orders:
        return cls(**json.loads(os.environ[VARIABLE]))

    @property
    def text(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Act:
    """One request as the person saw it answered. `item` and `revision` where it is about one."""

    at: float
    who: str
    act: str
    status: int
    seconds: float
    item: str = ""
    revision: int = 0
    way: str = ""
    """"lagi" for a double tap, "basi" for a page that was too old."""
    several: int = 0
    """So many items were approved together."""
    said: str = ""
    """The words of a page that should not have come."""

    @property
    def is_done(self) -> bool:
        return self.status in DONE


class Diary:
    """Lines that are on the disk as soon as they are written."""

    def __init__(self, orders: Orders) -> None:
        self._file = Path(orders.diary).open("a", buffering=1)  # noqa: SIM115 -- to the end
        self._over = Path(orders.over)

    def note(
        self,
        who: str,
        act: str,
        page: Page,
        item: str = "",
        revision: int = 0,
        way: str = "",
        several: int = 0,
    ) -> Page:
        said = re.sub(r"<[^>]*>|\s+", " ", page.text)[:600] if page.status >= 500 else ""
        answer = (page.status, page.seconds)
        line = Act(time.time(), who, act, *answer, item, revision, way, several, said)
        self._file.write(json.dumps(asdict(line)) + "\n")
        return page

    @property
    def is_over(self) -> bool:
        return self._over.exists()


def acts_of(diary: Path) -> list[Act]:
    """What a diary holds; a line that a kill cut off is left out."""
    found = []
    for line in diary.read_text().splitlines() if diary.exists() else ():
        try:
            found.append(Act(**json.loads(line)))
        except ValueError:
            continue
    return found
