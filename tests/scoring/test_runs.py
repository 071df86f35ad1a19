"""Runs of the recomputation: nothing half, nothing twice, whoever is killed."""

from __future__ import annotations

import datetime as dt
import threading
from itertools import pairwise
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, update

from portal.agency.models import Instansi
from portal.db import Database, now
from portal.errors import Unavailable
from portal.jobs import STALE, Heartbeat, Job
from portal.people.models import Pegawai
from portal.scoring import bulk, runs
from portal.scoring.models import RecomputePart, RecomputeRun, ScoreChange, StoredScore
from portal.scoring.recompute_command import hitung_ulang
from tests.support.cast import TODAY, Cast
from tests.support.database import on_postgresql_alone

ENDED = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    monkeypatch.setattr(runs, "PAUSE", 0)


def people(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Pegawai)) or 0


def firsts(database: Database) -> list[int]:
    """How often each person's first score was written down."""
    with database.reading() as session:
        counts = select(func.count()).select_from(ScoreChange).group_by(ScoreChange.pegawai_id)
        return list(session.scalars(counts))


def begun(database: Database) -> RecomputeRun:
    with database.transaction() as session:
        return runs.start(session, cause="Uji")


def finished(database: Database, started: RecomputeRun) -> runs.Progress:
    with database.reading() as session:
        return runs.progress(session, session.get_one(RecomputeRun, started.id))


def test_a_run_reaches_everybody_once_and_ends(database: Database, cast: Cast) -> None:
    started = begun(database)
    runs.carry_on(database, started.id)
    done = finished(database, started)
    assert (done.dihitung, done.berubah, done.percent) == (people(database), people(database), 100)
    assert set(firsts(database)) == {1}


@pytest.mark.parametrize(
    ("many", "done", "ended", "percent"),
    [(0, 0, None, 0), (8, 1, None, 12), (8, 8, None, 99), (8, 8, ENDED, 100), (0, 0, ENDED, 100)],
)
def test_a_run_is_whole_only_once_it_has_ended(
    many: int, done: int, ended: dt.datetime | None, percent: int
) -> None:
    assert runs.Progress(many, done, 0, ended).percent == percent


def test_the_parts_of_a_run_cover_every_key_once(database: Database, cast: Cast) -> None:
    started = begun(database)
    with database.reading() as session:
        of_run = select(RecomputePart).where(RecomputePart.run_id == started.id)
        parts = session.scalars(of_run.order_by(RecomputePart.nomor)).all()
    assert parts[0].terakhir.int == 0
    assert parts[-1].sampai is not None
    assert parts[-1].sampai.int == (1 << 128) - 1
    for before, after in pairwise(parts):
        assert before.sampai == after.terakhir


def test_a_run_that_was_cut_short_goes_on_where_it_was(database: Database, cast: Cast) -> None:
    started = begun(database)
    for _ in range(3):
        with database.transaction() as session:
            runs.advance(session, started.id)
    runs.carry_on(database, started.id)
    assert len(firsts(database)) == people(database)
    assert set(firsts(database)) == {1}


def test_whoever_dies_in_a_range_leaves_nothing_of_it(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = begun(database)
    with monkeypatch.context() as patched:
        patched.setattr(bulk, "add_changes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            runs.carry_on(database, started.id)
    with database.reading() as session:
        assert session.scalars(select(StoredScore)).all() == []
    assert finished(database, started).dihitung == 0
    runs.carry_on(database, started.id)
    assert finished(database, started).dihitung == people(database)


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


@on_postgresql_alone
def test_processes_that_work_at_once_share_the_people(database: Database, cast: Cast) -> None:
    started = begun(database)
    together = [
        threading.Thread(target=runs.carry_on, args=(database, started.id)) for _ in range(3)
    ]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert set(firsts(database)) == {1}
    assert finished(database, started).percent == 100


@on_postgresql_alone
def test_further_processes_help(database: Database, cast: Cast) -> None:
    started = begun(database)
    runs.carry_on(database, started.id, processes=2)
    assert finished(database, started).dihitung == people(database)


@pytest.mark.parametrize("alive", [True, False])
def test_a_helping_process_works_while_whoever_began_it_lives(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch, *, alive: bool
) -> None:
    started = begun(database)
    parent = SimpleNamespace(is_alive=lambda: alive)
    monkeypatch.setattr(runs.multiprocessing, "parent_process", lambda: parent)
    monkeypatch.setattr(runs, "give_way", lambda: None)

    runs._help(database.engine.url.render_as_string(hide_password=False), started.id, None)

    assert finished(database, started).dihitung == (people(database) if alive else 0)


def test_a_range_that_meets_a_lock_is_tried_again(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = begun(database)
    failures = iter([Unavailable(), Unavailable()])
    real = runs.recompute_range

    def flaky(*given: object) -> object:
        for failure in failures:
            raise failure
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "recompute_range", flaky)
    runs.carry_on(database, started.id)
    assert finished(database, started).percent == 100


def test_a_database_that_stays_away_ends_the_work_and_keeps_the_run(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = begun(database)
    monkeypatch.setattr(runs, "recompute_range", away)
    with pytest.raises(Unavailable):
        runs.carry_on(database, started.id)
    with database.reading() as session:
        assert runs.unfinished(session) == [started.id]


def away(*_: object) -> None:
    raise Unavailable


def test_the_night_ends_first_what_was_cut_short(database: Database, cast: Cast) -> None:
    begun(database)
    assert runs.recompute_all(database, cause="Harian") == people(database)
    with database.reading() as session:
        assert runs.unfinished(session) == []


def test_a_night_whose_worker_was_killed_is_carried_on_by_the_next(
    app: Flask, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the next night: on 1 January nobody would have a score for a day."""
    earlier = begun(database)
    queue = app.extensions["queue"]
    with database.transaction() as session:
        session.add(Heartbeat(nama="malam:recompute", terlihat=now() - dt.timedelta(days=2)))
    with monkeypatch.context() as patched:
        patched.setattr(bulk, "add_changes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            queue.minute()
    with database.transaction() as session:
        long_ago = now() - STALE - dt.timedelta(minutes=1)
        session.execute(update(Job).where(Job.started_at.is_not(None)).values(started_at=long_ago))

    queue.minute()

    with database.reading() as session:
        assert runs.unfinished(session) == []
        nightly = session.scalars(select(RecomputeRun).where(RecomputeRun.id != earlier.id)).one()
    assert finished(database, nightly).dihitung == people(database)
    assert set(firsts(database)) == {1}


def test_an_order_is_computed_by_the_worker(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        ordered = runs.order(
            session,
            cast.ani,
            cause="Aturan berubah",
            instansi_id=cast.units.instansi_id,
            tahun=TODAY.year,
        )
    with database.reading() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == runs.KIND))
    runs.handler(database)(job.payload)
    assert finished(database, ordered).percent == 100


def test_the_command_goes_on_with_what_was_cut_short(
    database: Database, database_url: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(database)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(runs, "give_way", lambda: None)
    first = CliRunner().invoke(hitung_ulang, [])
    second = CliRunner().invoke(hitung_ulang, ["--tahun", str(TODAY.year)])
    assert "Melanjutkan" in first.output
    assert f"{people(database)} orang dihitung ulang" in first.output
    assert "Melanjutkan" not in second.output


def test_the_command_takes_the_people_of_one_agency(
    database: Database, database_url: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        session.execute(update(Instansi).values(siasn_id="A1"))
        session.add(Instansi(siasn_id="B2", nama="Pemerintah Kota Lain"))
    begun(database)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(runs, "give_way", lambda: None)

    own = CliRunner().invoke(hitung_ulang, ["--instansi", "A1"])
    other = CliRunner().invoke(hitung_ulang, ["--instansi", "B2"])

    assert own.output == (
        f"{people(database)} orang dihitung ulang, {people(database)} skor berubah.\n"
    )
    assert other.output == "0 orang dihitung ulang, 0 skor berubah.\n"


def test_the_command_names_the_agencies_that_there_are(
    database: Database, database_url: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(runs, "give_way", lambda: None)

    refused = CliRunner().invoke(hitung_ulang, ["--instansi", "tidak-ada"])

    assert refused.exit_code == 1
    assert "Instansi tidak-ada tidak ada. Yang ada: Pemerintah Kabupaten Cendana" in refused.output
    with database.reading() as session:
        assert runs.unfinished(session) == []
