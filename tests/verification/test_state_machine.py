"""The life of an item as people live it, against the pure table of transitions.

A model knows the table and four facts (who holds it, who approved first, who has refused, which
decision is fresh). Every act of every person is tried after every path of at most eight steps: the
real acts must lead where the model says, or refuse and change nothing. Undo is an act like others.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.db import now
from portal.documents.models import OPEN_STATES, Document
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act, target
from portal.errors import PortalError
from portal.handin import actions as handin
from portal.notifications.models import Notification
from portal.people.models import Pengembangan
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.scoring.models import StoredScore
from portal.verification import actions, claims
from portal.verification.decisions import UNDO
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = pytest.mark.xdist_group("state machine")  # first, for nothing else takes so long

S = DocumentState
DEPTH = 8
CHECKERS = ("vera", "bima")
Step = tuple[str, str]
"""What is tried, and who tries it."""
Path = tuple[Step, ...]
STEPS: Path = (
    ("submit", "sari"),
    ("withdraw", "sari"),
    ("resubmit", "sari"),
    ("object", "sari"),
    *((act, who) for act in ("claim", "release") for who in CHECKERS),
    *((act, who) for act in ("approve", "return", "refuse") for who in CHECKERS),
    *((act, who) for act in ("revoke", "undo") for who in CHECKERS),
    ("wait", "sari"),
)
"""Everything that anybody can try; `wait` lets the seconds of grace go by."""
BEFORE, AFTER = Decimal(71), Decimal(81)
"""Sari's points without the item and with it."""


@dataclass(frozen=True)
class Model:
    """What is known of an item. `fresh`: who decided last, and the item as it was before."""

    two: bool
    state: DocumentState = S.DRAF
    holder: str | None = None
    first: str | None = None
    objected: bool = False
    refused_by: frozenset[str] = frozenset()
    fresh: tuple[str, Model] | None = dataclasses.field(default=None, compare=True)

    def after(self, step: str, who: str) -> Model | None:
        """The item after this step, or None when it is to be refused."""
        if step == "wait":
            return replace(self, fresh=None)
        if step == "undo":
            return self._undone(who)
        act = self._act(step)
        led_to = target(
            self.state, act, second_round=self.first is not None, objected=self.objected
        )
        if led_to is None or not self._may(act, who):
            return None
        moved = replace(self, state=led_to, fresh=None)
        return moved._with_facts(act, who, self)

    def _act(self, step: str) -> Act:
        if step == "approve":
            return Act.SETUJUI_PERTAMA if self.two and not self.first else Act.SETUJUI
        return {
            "submit": Act.AJUKAN,
            "withdraw": Act.BATALKAN,
            "resubmit": Act.AJUKAN_ULANG,
            "object": Act.KEBERATAN,
            "claim": Act.AMBIL,
            "release": Act.LEPAS,
            "return": Act.KEMBALIKAN,
            "refuse": Act.TOLAK,
            "revoke": Act.CABUT,
        }[step]

    def _may(self, act: Act, who: str) -> bool:
        if act is Act.AMBIL:
            return who != self.first and not (self.objected and who in self.refused_by)
        if self.state is S.DIPERIKSA:
            return who == self.holder
        return True

    def _with_facts(self, act: Act, who: str, before: Model) -> Model:
        if act is Act.AMBIL:
            return replace(self, holder=who)
        if act is Act.LEPAS:
            return replace(self, holder=None)
        if act is Act.KEBERATAN:
            return replace(self, objected=True)
        if act is Act.CABUT:
            return replace(self, fresh=(who, before))
        if act in {Act.SETUJUI, Act.SETUJUI_PERTAMA, Act.KEMBALIKAN, Act.TOLAK}:
            return self._decided(act, who, before)
        return self

    def _decided(self, act: Act, who: str, before: Model) -> Model:
        first = {Act.SETUJUI_PERTAMA: who, Act.SETUJUI: self.first}.get(act)
        refused = self.refused_by | ({who} if act is Act.TOLAK else set())
        before = replace(before, fresh=None)
        return replace(self, holder=None, first=first, refused_by=refused, fresh=(who, before))

    def _undone(self, who: str) -> Model | None:
        if self.fresh is None or self.fresh[0] != who:
            return None
        return replace(self.fresh[1], fresh=None)


class World:
    """One item in the database, and a clock of its own."""

    def __init__(self, session: Session, cast: Cast, *, two: bool) -> None:
        self.session, self.cast = session, cast
        agency = session.get_one(Instansi, cast.units.instansi_id)
        agency.dua_pemeriksa = ["seminar"] if two else []
        self.clock = now()
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")
        self.document = builders.document(session, cast.sari)
        self.reasons = {
            act: builders.reason(session, act) for act in (Act.KEMBALIKAN, Act.TOLAK, Act.CABUT)
        }
        session.flush()

    def take(self, step: str, who: str) -> bool:
        """Try one step; False when it was refused, and then nothing has changed."""
        self.clock += dt.timedelta(seconds=1)
        if step == "wait":
            self.clock += UNDO
            return True
        try:
            with self.session.begin_nested():
                self._act(step, getattr(self.cast, who))
        except PortalError:
            self.session.expire(self.document)
            return False
        return True

    def _act(self, step: str, actor: Actor) -> None:
        s, item, at = self.session, self.document, self.clock
        reasons = self.reasons

        def given(act: Act) -> Reason:
            return reasons[act]

        acts: dict[str, Callable[[], Any]] = {
            "submit": lambda: handin.submit(s, actor, item, today=TODAY, at=at),
            "withdraw": lambda: handin.withdraw(s, actor, item, today=TODAY, at=at),
            "resubmit": lambda: handin.resubmit(s, actor, item, {}, TODAY, at),
            "object": lambda: handin.object_(
                s, actor, item, "Sertifikatnya asli, mohon diperiksa.", today=TODAY, at=at
            ),
            "claim": lambda: claims.claim(s, actor, item, at=at),
            "release": lambda: claims.release(s, actor, item, at=at),
            "approve": lambda: actions.approve(s, actor, item, at=at),
            "return": lambda: actions.return_(s, actor, item, given(Act.KEMBALIKAN), at=at),
            "refuse": lambda: actions.refuse(s, actor, item, given(Act.TOLAK), at=at),
            "revoke": lambda: actions.revoke(s, actor, item, given(Act.CABUT), at=at),
            "undo": lambda: actions.undo(s, actor, item, at=at),
        }
        acts[step]()

    @property
    def seen(self) -> tuple[Any, ...]:
        """What the tables say, in the order of `of_model`."""
        state, holder, first, objected, counted, total, closed = self.session.execute(
            self._what_the_tables_say
        ).one()
        names = {getattr(self.cast, who).pegawai_id: who for who in CHECKERS}
        return (
            state,
            names.get(holder),
            names.get(first) if state in OPEN_STATES else None,
            objected,
            counted,
            total,
            closed is not None,
        )

    @cached_property
    def _what_the_tables_say(self) -> Select[Any]:
        """In one question, past all that the session remembers: it is asked thousands of times."""
        total = select(StoredScore.total).where(
            StoredScore.pegawai_id == self.cast.sari.pegawai_id, StoredScore.tahun == TODAY.year
        )
        counted = select(func.count()).where(Pengembangan.document_id == Document.id)
        return select(
            Document.state,
            Document.claimed_by_id,
            Document.first_approver_id,
            Document.objected,
            counted.scalar_subquery(),
            total.scalar_subquery(),
            Document.closed_at,
        ).where(Document.id == self.document.id)

    def _count(self, *conditions: Any) -> int:
        return self.session.scalar(select(func.count()).where(*conditions)) or 0

    @property
    def last_standing(self) -> Act | None:
        """The newest decision that counts."""
        statement = select(Decision.act).where(
            Decision.document_id == self.document.id, Decision.undone_at.is_(None)
        )
        return self.session.scalar(statement.order_by(Decision.at.desc()).limit(1))

    @property
    def messages(self) -> int:
        return self._count(Notification.document_id == self.document.id)


CLOSED = {S.DISETUJUI, S.DITOLAK, S.DIBATALKAN, S.DICABUT}
OPEN = {S.DIAJUKAN, S.DIPERIKSA, S.MENUNGGU_KEDUA}
LED_BY = {
    S.DISETUJUI: Act.SETUJUI,
    S.DITOLAK: Act.TOLAK,
    S.PERLU_PERBAIKAN: Act.KEMBALIKAN,
    S.DICABUT: Act.CABUT,
    S.MENUNGGU_KEDUA: Act.SETUJUI_PERTAMA,
}


def of_model(model: Model) -> tuple[Any, ...]:
    approved = model.state is S.DISETUJUI
    return (
        model.state,
        model.holder,
        model.first if model.state in OPEN else None,
        model.objected,
        int(approved),
        AFTER if approved else BEFORE,
        model.state in CLOSED,
    )


@contextmanager
def for_a_while(session: Session, world: World) -> Iterator[None]:
    """Whatever happens inside is taken back, the clock too."""
    nested, clock = session.begin_nested(), world.clock
    try:
        yield
    finally:
        nested.rollback()
        session.expire_all()
        world.clock = clock


Tree = dict[Model, list[tuple[Step, Model]]]


def shortest_paths(start: Model) -> Tree:
    """The table walked alone: every item within reach but the last step, and what is first
    reached from there."""
    known, tree, edge = {start}, Tree(), [start]
    for _ in range(DEPTH):
        reached: list[Model] = []
        for model in edge:
            branches = tree[model] = []
            for step in STEPS:
                expected = model.after(*step)
                if expected is not None and expected not in known:
                    known.add(expected)
                    branches.append((step, expected))
                    reached.append(expected)
        edge = reached
    return tree


@on_sqlite_alone
@pytest.mark.parametrize("two", [False, True])
def test_every_act_after_every_path_of_eight_steps(session: Session, cast: Cast, two: bool) -> None:
    """Paths that come to the same item (in all that the model knows) have the same future, so each
    such item is entered once, by a shortest path; every step of everybody is tried from each."""
    tree = shortest_paths(Model(two=two))

    wrong = list(wrong_from(World(session, cast, two=two), Model(two=two), (), tree))

    assert wrong == []
    reached = {model.state for model in tree}
    reached |= {model.state for branches in tree.values() for _, model in branches}
    assert reached == set(S) - (set() if two else {S.MENUNGGU_KEDUA})


def wrong_from(world: World, model: Model, path: Path, tree: Tree) -> Iterator[str]:
    """Steps that lead elsewhere than the model says, from the item as it is and from all items
    that the tree enters after it. Each is taken back before the next."""
    before, branches = world.seen, dict(tree[model])
    for step in STEPS:
        expected = model.after(*step)
        with for_a_while(world.session, world):
            done = world.take(*step)
            if not _agrees(world, model, expected, before, done=done, step=step[0]):
                yield f"{path} {step}"
            elif step in branches and branches[step] in tree:
                yield from wrong_from(world, branches[step], (*path, step), tree)


def _agrees(
    world: World,
    model: Model,
    expected: Model | None,
    before: tuple[Any, ...],
    *,
    done: bool,
    step: str,
) -> bool:
    """Whether the step led where the model says. What asks for nothing new (a second claim of the
    holder, a release of what is not held, a second tap on Ajukan) is answered without a change."""
    if expected is not None:
        return done and world.seen == of_model(expected)
    quiet = {"claim", "release", "submit", "resubmit", "withdraw", "undo"}
    return world.seen == before == of_model(model) and (not done or step in quiet)


class Machine(RuleBasedStateMachine):
    """The same by chance, with whole paths instead of merged ones: what the model does not know
    of (older decisions, revisions, messages) differs from path to path."""

    session: Session
    cast: Cast

    @initialize(two=st.booleans())
    def begin(self, two: bool) -> None:
        self.nested = self.session.begin_nested()
        self.world = World(self.session, self.cast, two=two)
        self.model = Model(two=two)

    @rule(step=st.sampled_from(STEPS))
    def try_anything(self, step: Step) -> None:
        expected, before = self.model.after(*step), self.world.seen
        done = self.world.take(*step)
        assert _agrees(self.world, self.model, expected, before, done=done, step=step[0])
        self.model = expected or self.model

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """A step that is possible, so that paths get long."""
        possible = [step for step in STEPS if self.model.after(*step)]
        self.try_anything(data.draw(st.sampled_from(possible)))

    @invariant()
    def the_newest_standing_decision_explains_the_state(self) -> None:
        if self.model.state in LED_BY:
            assert self.world.last_standing is LED_BY[self.model.state]

    @invariant()
    def nobody_has_read_of_what_was_undone(self) -> None:
        statement = select(func.count(Decision.id)).where(
            Decision.document_id == self.world.document.id,
            Decision.undone_at.is_(None),
            Decision.act != Act.SETUJUI_PERTAMA,
        )
        assert self.world.messages == self.session.scalar(statement)

    def teardown(self) -> None:
        if hasattr(self, "nested"):
            self.nested.rollback()
            self.session.expire_all()


def test_random_lives_of_eight_steps(session: Session, cast: Cast) -> None:
    class Here(Machine):
        pass

    Here.session, Here.cast = session, cast

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=40,
            stateful_step_count=DEPTH,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # whole paths are short enough to read
            suppress_health_check=list(HealthCheck),
        ),
    )
