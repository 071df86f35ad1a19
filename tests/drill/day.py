"""A day at the desks: how much there is to do, and what people saw of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.documents.rulings import Decision
from portal.documents.transitions import Act as Step
from tests.drill.diary import Act
from tests.drill.stock import People
from tests.drill.window import NOBODY

DECIDING = {"setujui", "kembalikan", "tolak"}
TOLD = {403, 404, 409, 422}
"""A page with a sentence: somebody was faster, or the act is not open to this person."""


@dataclass(frozen=True)
class Day:
    """How much work there is, and for whom. `think` is the longest pause before an act (s)."""

    items: int
    verifikator: int = 8
    think: float = 0.3
    seed: int = 20261123
    moves: float = 0.2
    """Share of the looks at the counts after which an owner is moved to another unit."""
    limit: float = 900.0
    """Seconds after which the day counts as failed."""


@dataclass
class Outcome:
    """What people saw, and what was found afterwards."""

    seconds: float = 0.0
    acts: list[Act] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)
    held_by_the_dead: int = 0
    """Claims of the verifikator who was killed; all of them were decided by others."""
    looks: int = 0
    """Moments at which the counts were compared with the items."""
    miscounted: int = 0
    moved: int = 0
    """Owners who were moved to another unit meanwhile."""
    deadlocks: int = 0
    """Counted by the server of the database, whoever was the victim."""
    logged: list[str] = field(default_factory=list)
    """Failures that the portal noted, also of work that nobody sees."""
    wrong: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """What people should not have seen, what failed unseen, what does not agree."""
        found = [*self.errors, *self.logged, *self.wrong]
        if self.deadlocks:
            found.append(f"{self.deadlocks} deadlocks")
        return found if self.decisions else ["nothing was decided", *found]

    @property
    def decisions(self) -> list[Act]:
        return [act for act in self.acts if act.act in DECIDING and act.is_done]

    @property
    def together(self) -> int:
        """Items that were told to have been approved together."""
        return sum(act.several for act in self.acts if act.is_done)

    @property
    def speed(self) -> float:
        """Decisions a second until all but the last twentieth were taken; the rest waits for the
        claims of the dead to run out."""
        times = sorted(act.at for act in self.acts if act.act in DECIDING and act.is_done)
        most = len(times) * 19 // 20
        return (most + self.together) / (times[most] - times[0]) if most else 0.0

    @property
    def conflicts(self) -> Counter[str]:
        """Sentences in place of what was asked for, by act."""
        return Counter(act.act for act in self.acts if act.status in TOLD)

    @property
    def done(self) -> Counter[str]:
        """What worked, by act."""
        return Counter(act.act for act in self.acts if act.is_done)

    @property
    def cut(self) -> int:
        """Requests that died with a web process."""
        return sum(act.status == NOBODY for act in self.acts)

    @property
    def errors(self) -> list[str]:
        """Answers that nobody should see."""
        good = {NOBODY} | TOLD
        return [
            f"{act.act} {act.status} {act.said}"
            for act in self.acts
            if not act.is_done and act.status not in good
        ]


def untold(outcome: Outcome, decisions: Sequence[Decision], people: People) -> list[str]:
    """Decisions that somebody was told of stand in the books, under the name of whoever took them;
    those that nobody was told of died with a process on the way back."""
    ids = {person.nip: person.id for person in people.desks}
    told = Counter((ids[act.who], act.item, act.revision) for act in outcome.decisions)
    made = Counter(
        (one.decider_id, str(one.document_id), one.revision)
        for one in decisions
        if one.act is not Step.CABUT and not one.massal
    )
    lost = [f"told but not kept: {key}" for key in told - made]
    together = sum(one.massal for one in decisions)
    if together < outcome.together:
        lost.append(f"{outcome.together} told as approved together, {together} kept")
    unseen = (made - told).total() + (together > outcome.together)
    in_flight = outcome.cut + outcome.kills.count("verifikator")
    if unseen > in_flight:
        lost.append(f"{unseen} decisions that nobody was told of, {in_flight} requests cut")
    return lost
