"""Stores that are away, workers that die: the order waits, or is answered."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from portal.db import now
from portal.errors import Unavailable
from portal.handin import processing
from portal.jobs import STALE, Job
from portal.storage.local import LocalStorage
from portal.vocabulary import ProcessingState
from tests.handin.paper_desk import Desk, workshop
from tests.support import sample_files
from tests.support.database import on_postgresql_alone

PHOTO = sample_files.jpeg(sample_files.certificate((400, 283)))


def test_a_store_that_is_away_only_takes_longer(
    desk: Desk, store: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = desk.order(desk.upload(PHOTO))

    def away(*_args: object, **_options: object) -> None:
        raise Unavailable

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(LocalStorage, "put", away)
        desk.queue.run_due()
    assert desk.outcome(order_id).state is ProcessingState.DIPROSES
    with desk.database.transaction() as session:
        session.execute(update(Job).values(run_after=now()))
    desk.queue.run_due()
    assert desk.outcome(order_id).state is ProcessingState.SIAP


@pytest.fixture
def away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.timedelta], uuid.UUID]:
    """Has an order of this age meet a store that is away."""

    def unreachable(*_args: object, **_options: object) -> None:
        raise Unavailable

    def meet(age: dt.timedelta) -> uuid.UUID:
        order_id = desk.order(desk.upload(PHOTO), created_at=now() - age)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(LocalStorage, "put", unreachable)
            desk.queue.run_due()
        return order_id

    return meet


def waits(desk: Desk) -> list[dt.datetime]:
    """When the orders that are left come again."""
    with desk.database.reading() as session:
        return list(session.scalars(select(Job.run_after).where(Job.done_at.is_(None))))


@pytest.mark.parametrize(
    ("age", "rest"), [(0, 5), (60, 60), (600, 600), (30_000, 900)], ids=lambda seconds: f"{seconds}"
)
def test_the_longer_a_store_is_away_the_longer_an_order_rests(
    desk: Desk, away: Callable[[dt.timedelta], uuid.UUID], age: int, rest: int
) -> None:
    begun = now()
    away(dt.timedelta(seconds=age))
    took = now() - begun

    (again,) = waits(desk)

    # It has grown older meanwhile, and rests longer for it.
    rests = again - begun - dt.timedelta(seconds=rest)
    assert dt.timedelta(0) <= rests <= 2 * took


def test_who_waits_for_a_store_is_told_that_the_portal_tries_again(
    desk: Desk, away: Callable[[dt.timedelta], uuid.UUID]
) -> None:
    order_id = away(dt.timedelta(hours=3))

    outcome = desk.outcome(order_id)

    assert (outcome.state, outcome.message) == (ProcessingState.DIPROSES, processing.WAITING)


def test_a_store_that_is_back_after_hours_still_makes_the_paper(
    desk: Desk, away: Callable[[dt.timedelta], uuid.UUID]
) -> None:
    order_id = away(dt.timedelta(hours=11))
    with desk.database.transaction() as session:
        session.execute(update(Job).where(Job.done_at.is_(None)).values(run_after=now()))

    desk.queue.run_due()

    outcome = desk.outcome(order_id)
    assert (outcome.state, outcome.message) == (ProcessingState.SIAP, "")


def test_a_store_that_stays_away_ends_the_order_after_half_a_day(
    desk: Desk, away: Callable[[dt.timedelta], uuid.UUID]
) -> None:
    order_id = away(processing.WAIT)

    outcome = desk.outcome(order_id)

    assert (outcome.state, outcome.message) == (ProcessingState.GAGAL, processing.GIVEN_UP)
    assert waits(desk) == []


def test_an_order_that_killed_its_workers_is_answered(desk: Desk) -> None:
    order_id = desk.order(desk.upload(PHOTO))
    with desk.database.transaction() as session:
        long_ago = now() - STALE - dt.timedelta(seconds=1)
        session.execute(update(Job).values(started_at=long_ago, attempts=processing.ATTEMPTS))
    desk.queue.run_due()

    outcome = desk.outcome(order_id)
    assert (outcome.state, outcome.message) == (ProcessingState.GAGAL, processing.GIVEN_UP)


def test_a_worker_that_was_killed_is_followed_by_another_soon(desk: Desk) -> None:
    order_id = desk.order(desk.upload(PHOTO))
    with desk.database.transaction() as session:
        long_ago = now() - STALE - dt.timedelta(seconds=1)
        session.execute(update(Job).values(started_at=long_ago, attempts=1))
    desk.queue.run_due()

    assert desk.outcome(order_id).state is ProcessingState.SIAP


@on_postgresql_alone
def test_of_two_workers_at_once_one_attaches_the_paper(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = desk.order(desk.upload(PHOTO))
    convert = processing.convert_isolated

    def overtaken(*args: object, **options: object) -> object:
        monkeypatch.setattr(processing, "convert_isolated", convert)
        workshop(desk).run({"id": str(order_id)})
        return convert(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(processing, "convert_isolated", overtaken)
    workshop(desk).run({"id": str(order_id)})

    assert desk.outcome(order_id).file_id == desk.file().id
