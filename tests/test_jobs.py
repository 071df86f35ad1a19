"""Jobs run once, survive failures and dead workers, and never break the act that asked for them."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.db import Database, now
from portal.jobs import (
    MAX_ATTEMPTS,
    STALE,
    WORKER,
    Heartbeat,
    Job,
    Lane,
    Queue,
    enqueue,
    failed_nights,
    nights,
)
from portal.jobs.nights import Night
from portal.settings import Settings
from tests.support.components import PATIENCE


@pytest.fixture
def queue(settings: Settings, database: Database) -> Iterator[Queue]:
    queue = Queue(settings, database)
    yield queue
    queue.close()


def ask(database: Database, kind: str = "uji", **options: Any) -> None:
    with database.transaction() as session:
        enqueue(session, kind, {"nomor": 7}, **options)


def jobs(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(select(Job)))


def test_a_job_is_run_with_its_payload(queue: Queue, database: Database) -> None:
    seen: list[dict[str, Any]] = []
    queue.handle("uji", seen.append)
    ask(database)
    assert queue.run_due() == 1
    assert seen == [{"nomor": 7}]


def test_a_finished_job_is_not_run_again(queue: Queue, database: Database) -> None:
    queue.handle("uji", lambda _payload: None)
    ask(database)
    queue.run_due()
    assert queue.run_due() == 0


def test_a_job_of_a_rolled_back_act_does_not_exist(queue: Queue, database: Database) -> None:
    def act() -> None:
        with database.transaction() as session:
            enqueue(session, "uji", {})
            raise ValueError("the act fails")

    with pytest.raises(ValueError, match="fails"):
        act()
    assert jobs(database) == []


def mail_away(_payload: dict[str, Any]) -> None:
    raise ConnectionError("mail server away")


def test_a_job_waits_for_its_time(queue: Queue, database: Database) -> None:
    ask(database, delay=dt.timedelta(hours=1))
    assert queue.run_due() == 0


def test_a_failed_job_is_tried_again_later(queue: Queue, database: Database) -> None:
    queue.handle("uji", mail_away)
    ask(database)
    queue.run_due()
    (job,) = jobs(database)
    assert (job.done_at, job.started_at, job.error) == (None, None, "ConnectionError")
    assert job.run_after > now()


def test_a_sign_that_comes_after_the_failure_keeps_nobody_from_the_job(
    queue: Queue, database: Database
) -> None:
    queue.handle("uji", mail_away)
    ask(database)
    queue.run_due()
    (job,) = jobs(database)
    queue._show(job)
    assert [one.started_at for one in jobs(database)] == [None]


def test_who_fails_after_another_took_over_leaves_the_job_to_that_one(
    queue: Queue, database: Database
) -> None:
    def fail(_payload: dict[str, Any]) -> None:
        with database.transaction() as session:  # held up for long; now another worker has it
            session.execute(update(Job).values(attempts=Job.attempts + 1, started_at=now()))
        raise ConnectionError("mail server away")

    queue.handle("uji", fail)
    ask(database)
    queue.run_due()
    (job,) = jobs(database)
    assert job.started_at is not None
    assert job.error == ""


def test_a_job_that_always_fails_is_given_up(queue: Queue, database: Database) -> None:
    queue.handle("uji", mail_away)
    ask(database)
    for _ in range(MAX_ATTEMPTS + 2):
        queue.run_due()
        with database.transaction() as session:
            session.execute(update(Job).values(run_after=now()))
    (job,) = jobs(database)
    assert (job.attempts, job.error) == (MAX_ATTEMPTS, "ConnectionError")
    assert job.done_at is not None


def test_a_job_of_a_dead_worker_is_taken_over(queue: Queue, database: Database) -> None:
    seen: list[dict[str, Any]] = []
    queue.handle("uji", seen.append)
    ask(database)
    with database.transaction() as session:
        session.execute(update(Job).values(started_at=now() - STALE - dt.timedelta(seconds=1)))
    queue.run_due()
    assert len(seen) == 1


def test_a_job_that_kills_its_worker_is_given_up(queue: Queue, database: Database) -> None:
    ask(database)
    with database.transaction() as session:
        long_ago = now() - STALE - dt.timedelta(seconds=1)
        session.execute(update(Job).values(started_at=long_ago, attempts=MAX_ATTEMPTS))
    assert queue.run_due() == 0


def test_a_running_job_is_left_alone(queue: Queue, database: Database) -> None:
    ask(database)
    with database.transaction() as session:
        session.execute(update(Job).values(started_at=now()))
    assert queue.run_due() == 0


def test_two_workers_share_the_jobs_without_running_one_twice(
    settings: Settings, database: Database
) -> None:
    seen: list[int] = []
    for number in range(10):
        with database.transaction() as session:
            enqueue(session, "uji", {"nomor": number})

    def work() -> None:
        queue = Queue(settings, database)
        queue.handle("uji", lambda payload: seen.append(payload["nomor"]))
        queue.run_due()
        queue.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(seen) == list(range(10))


def test_a_lane_runs_its_own_kinds_alone(queue: Queue, database: Database) -> None:
    queue.handle("foto", lambda _payload: None, lane=Lane.BERKAS)
    ask(database, "foto")
    assert (queue.run_due(Lane.UMUM), queue.run_due(Lane.BERKAS)) == (0, 1)


def test_a_kind_without_a_handler_fails_in_the_general_lane(
    queue: Queue, database: Database
) -> None:
    ask(database, "asing")
    assert (queue.run_due(Lane.BERKAS), queue.run_due(Lane.UMUM)) == (0, 1)
    assert [job.error for job in jobs(database)] == ["LookupError"]


def test_the_lower_rank_goes_first(queue: Queue, database: Database) -> None:
    seen: list[str] = []
    queue.handle("baca", lambda _payload: seen.append("baca"), lane=Lane.BERKAS, rank=1)
    queue.handle("olah", lambda _payload: seen.append("olah"), lane=Lane.BERKAS)
    ask(database, "baca")
    ask(database, "olah")
    queue.run_due(Lane.BERKAS)
    assert seen == ["olah", "baca"]


def test_a_running_job_shows_that_somebody_works_on_it(
    queue: Queue, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.jobs.queue.SIGN_SECONDS", 0.01)
    seen: list[bool] = []

    def work(_payload: dict[str, Any]) -> None:
        with database.transaction() as session:
            session.execute(update(Job).values(started_at=now() - STALE * 2))
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not seen:
            (job,) = jobs(database)
            assert job.started_at is not None
            if job.started_at > now() - STALE:
                seen.append(True)
            time.sleep(0.01)

    queue.handle("uji", work)
    ask(database)
    queue.run_due()
    assert seen == [True]


def test_a_kind_is_run_no_more_often_at_once_than_it_may(queue: Queue, database: Database) -> None:
    beside: list[int] = []

    def work(_payload: dict[str, Any]) -> None:
        beside.append(queue.run_due(Lane.BERKAS))

    queue.handle("olah", work, lane=Lane.BERKAS, at_once=1)
    ask(database, "olah")
    ask(database, "olah")
    assert (queue.run_due(Lane.BERKAS), beside) == (2, [0, 0])


def test_a_paper_does_not_wait_for_the_reading_of_another(queue: Queue, database: Database) -> None:
    seen: list[str] = []

    def read(_payload: dict[str, Any]) -> None:
        ask(database, "olah")
        queue.run_due(Lane.BERKAS)
        seen.append("baca")

    queue.handle("baca", read, lane=Lane.BERKAS, at_once=1, rank=1)
    queue.handle("olah", lambda _payload: seen.append("olah"), lane=Lane.BERKAS, at_once=1)
    ask(database, "baca")
    queue.run_due(Lane.BERKAS)
    assert seen == ["olah", "baca"]


def test_whoever_waits_for_a_job_is_told_that_it_was_given_up(
    queue: Queue, database: Database
) -> None:
    def fail(_payload: dict[str, Any]) -> None:
        raise ConnectionError("store away")

    told: list[dict[str, Any]] = []
    queue.handle("olah", fail, attempts=1, give_up=told.append)
    ask(database, "olah")
    queue.run_due()
    assert told == [{"nomor": 7}]


def killed_its_workers(database: Database) -> None:
    ask(database, "olah")
    with database.transaction() as session:
        long_ago = now() - STALE - dt.timedelta(seconds=1)
        session.execute(update(Job).values(started_at=long_ago, attempts=MAX_ATTEMPTS))


def test_so_is_whoever_waits_for_a_job_that_killed_its_workers(
    queue: Queue, database: Database
) -> None:
    told: list[dict[str, Any]] = []
    queue.handle("olah", lambda _payload: None, give_up=told.append)
    killed_its_workers(database)
    queue.run_due()
    (job,) = jobs(database)
    assert (told, job.error, job.done_at is not None) == ([{"nomor": 7}], "WorkerDied", True)


def test_telling_is_tried_again_when_it_fails(queue: Queue, database: Database) -> None:
    def fail(_payload: dict[str, Any]) -> None:
        raise ConnectionError("database away")

    queue.handle("olah", lambda _payload: None, give_up=fail)
    killed_its_workers(database)
    queue.run_due()
    (job,) = jobs(database)
    assert job.done_at is None


def test_a_failed_job_asks_to_be_woken_when_its_pause_is_over(
    queue: Queue, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_payload: dict[str, Any]) -> None:
        raise ConnectionError("store away")

    asked: list[float] = []
    monkeypatch.setattr(queue.lines[Lane.BERKAS], "wake", asked.append)
    queue.handle("olah", fail, lane=Lane.BERKAS, pause=dt.timedelta(seconds=5))
    ask(database, "olah")
    queue.run_due()
    assert asked == [10.0]


def test_a_paper_does_not_wait_for_a_long_computation(queue: Queue, database: Database) -> None:
    computing, paper_done = threading.Event(), threading.Event()

    def compute(_payload: dict[str, Any]) -> None:
        computing.set()
        assert paper_done.wait(PATIENCE)

    queue.handle("hitung", compute)
    queue.handle("olah", lambda _payload: paper_done.set(), lane=Lane.BERKAS)
    ask(database, "hitung")
    consumers = [line.consumer(look_again=60) for line in queue.lines.values()]
    for consumer in consumers:
        consumer._set_signal_handlers = lambda: None
        consumer.start()
    try:
        assert computing.wait(PATIENCE)
        ask(database, "olah")
        queue.wake(Lane.BERKAS)
        assert paper_done.wait(PATIENCE)
    finally:
        for consumer in consumers:
            consumer.stop(graceful=True)


def test_a_lane_looks_at_once_and_again_when_the_work_of_the_dead_is_free(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = queue.lines[Lane.UMUM]
    asked: list[float] = []
    monkeypatch.setattr(line, "wake", lambda delay=0.0: asked.append(delay))

    line.consumer(look_again=31)

    assert asked == [0.0, 31]


def test_a_broker_that_is_away_does_not_break_the_act(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(queue.lines[Lane.UMUM].huey, "enqueue", refuse)
    queue.wake()


def test_one_failing_act_of_the_minute_does_not_stop_the_others(
    queue: Queue, database: Database
) -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    seen: list[str] = []
    queue.every_minute(fail)
    queue.every_minute(lambda: seen.append("next"))
    queue.minute()
    assert seen == ["next"]


def test_the_minute_leaves_a_sign_of_life(queue: Queue, database: Database) -> None:
    queue.minute()
    with database.reading() as session:
        assert session.get(Heartbeat, WORKER) is not None


def far_hour() -> int:
    """An hour that does not come while a test runs: a second night would begin with it."""
    return (now().hour + 12) % 24


def last_night(database: Database, ago: dt.timedelta) -> None:
    with database.transaction() as session:
        session.merge(Heartbeat(nama="malam:hitung", terlihat=now() - ago))


def test_a_new_installation_has_missed_no_night(queue: Queue) -> None:
    seen: list[str] = []
    queue.nightly("hitung", lambda: seen.append("run"), hour=far_hour())
    queue.minute()
    assert seen == []


def test_a_night_without_a_worker_is_made_up_for(queue: Queue, database: Database) -> None:
    seen: list[str] = []
    queue.nightly("hitung", lambda: seen.append("run"), hour=far_hour())
    last_night(database, dt.timedelta(days=3))
    queue.minute()
    queue.minute()
    assert seen == ["run"]


def test_an_act_runs_once_a_night(queue: Queue, database: Database) -> None:
    seen: list[str] = []
    queue.nightly("hitung", lambda: seen.append("run"), hour=now().hour)
    last_night(database, dt.timedelta())
    queue.minute()
    assert seen == []


@pytest.mark.parametrize(
    ("last", "moment", "runs"),
    [
        ((22, 17, 1), (23, 16, 59), False),
        ((22, 17, 1), (23, 17, 0), True),
        ((23, 17, 0), (24, 8, 0), False),
        ((23, 16, 59), (24, 8, 0), True),
    ],
)
def test_a_night_begins_at_its_hour(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    last: tuple[int, int, int],
    moment: tuple[int, int, int],
    runs: bool,
) -> None:
    seen: list[str] = []
    with database.transaction() as session:
        at = dt.datetime(2026, 11, *last, tzinfo=dt.UTC)
        session.merge(Heartbeat(nama="malam:hitung", terlihat=at))
    monkeypatch.setattr(nights, "now", lambda: dt.datetime(2026, 11, *moment, tzinfo=dt.UTC))

    nights.run(database, Night("hitung", lambda: seen.append("run"), hour=17))

    assert bool(seen) is runs


def test_the_first_night_of_an_installation_is_the_next_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    for hour in (12, 13, 17):
        moment = dt.datetime(2026, 11, 23, hour, tzinfo=dt.UTC)
        monkeypatch.setattr(nights, "now", lambda moment=moment: moment)
        nights.run(database, Night("hitung", lambda hour=hour: seen.append(hour), hour=17))

    assert seen == [17]


def test_of_two_workers_one_runs_the_night(
    settings: Settings, database: Database, queue: Queue
) -> None:
    seen: list[str] = []
    other = Queue(settings, database)
    last_night(database, dt.timedelta(days=3))
    for worker in (queue, other):
        worker.nightly("hitung", lambda: seen.append("run"), hour=far_hour())
        worker.minute()
    other.close()
    assert seen == ["run"]


class TestNightThatFails:
    """The act is not left alone until the next night."""

    @pytest.fixture
    def tries(self, queue: Queue, database: Database) -> list[str]:
        """Each attempt of an act that fails the first time."""
        tries: list[str] = []

        def act() -> None:
            tries.append("run")
            if len(tries) == 1:
                raise ConnectionError("object store away")

        queue.nightly("hitung", act, hour=far_hour())
        last_night(database, dt.timedelta(days=3))
        queue.minute()
        return tries

    def test_it_is_left_in_peace_for_some_minutes(self, queue: Queue, tries: list[str]) -> None:
        queue.minute()
        assert tries == ["run"]

    def test_whoever_keeps_the_portal_learns_of_it(
        self, tries: list[str], database: Database
    ) -> None:
        with database.reading() as session:
            again = failed_nights(session)["hitung"]
        assert dt.timedelta(minutes=5) < again - now() <= dt.timedelta(minutes=10)

    def test_then_it_is_tried_again_and_forgotten(
        self, queue: Queue, tries: list[str], database: Database
    ) -> None:
        pass_minutes(database, 11)
        queue.minute()
        pass_minutes(database, 11)
        queue.minute()
        assert tries == ["run", "run"]
        with database.reading() as session:
            assert failed_nights(session) == {}


def test_a_night_whose_worker_died_is_made_up_for(queue: Queue, database: Database) -> None:
    seen: list[str] = []

    def act() -> None:
        seen.append("run")
        if len(seen) == 1:
            raise SystemExit  # no failure of the act: the process ends

    queue.nightly("hitung", act, hour=far_hour())
    last_night(database, dt.timedelta(days=3))
    with pytest.raises(SystemExit):
        queue.minute()
    queue.minute()
    assert seen == ["run"]  # it may still be at work elsewhere
    pass_minutes(database, 121)
    queue.minute()
    assert seen == ["run", "run"]


def pass_minutes(database: Database, minutes: int) -> None:
    """Let the notes of the acts grow older; the night itself stays the same one."""
    with database.transaction() as session:
        notes = select(Heartbeat).where(~Heartbeat.nama.startswith("malam:"))
        for note in session.scalars(notes):
            note.terlihat -= dt.timedelta(minutes=minutes)
