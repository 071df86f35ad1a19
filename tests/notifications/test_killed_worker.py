"""A worker that dies while it writes a letter: the letter comes, at least once, not for ever."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pickle
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal import mail
from portal.db import Database, now
from portal.jobs import Job
from portal.notifications import letters, taking
from portal.notifications.kinds import Cara
from portal.notifications.models import Notification
from portal.permissions import Actor
from portal.settings import Settings
from tests.notifications.support import AGO, orders, send, told, waiting
from tests.support.mailbox import Mailbox

WORKER = """
import pickle, sys
from portal.db import Database
from portal.notifications import letters
settings, payload = pickle.load(sys.stdin.buffer)
letters.send(Database(settings.database_url), settings, payload)
"""


class Killed(BaseException):
    """What no handler catches, as nothing runs after a kill."""


def _kill(*_: object) -> None:
    raise Killed


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A mail server that takes the call and never speaks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield server


def kill_a_worker(settings: Settings, who: Actor, silent: socket.socket) -> None:
    """A process that writes to somebody is killed while the mail server has the word."""
    slow = dataclasses.replace(settings, smtp_url=f"smtp://127.0.0.1:{silent.getsockname()[1]}")
    payload = {"pegawai_id": str(who.pegawai_id), "cara": "segera"}
    with subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE) as worker:
        assert worker.stdin is not None
        pickle.dump((slow, payload), worker.stdin)
        worker.stdin.close()
        call, _ = silent.accept()
        worker.kill()
        worker.wait()
        call.close()


def die(monkeypatch: pytest.MonkeyPatch, database: Database, mailing: Settings, who: Actor) -> None:
    """The same within this process."""
    with monkeypatch.context() as patched:
        patched.setattr(mail, "send", _kill)
        with pytest.raises(Killed):
            send(database, mailing, who)


def watch(database: Database) -> Job:
    """The order that comes when the lease is over."""
    (job,) = [job for job in orders(database) if "sewa" in job.payload]
    return job


def come_back(database: Database, mailing: Settings) -> None:
    """What the queue does then."""
    job = watch(database)
    with database.transaction() as session:
        session.delete(session.get_one(Job, job.id))
    letters.send(database, mailing, job.payload)


def test_a_killed_worker_loses_no_letter(
    database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor, silent: socket.socket
) -> None:
    told(database, sari, 2)
    kill_a_worker(mailing, sari, silent)
    before = len(mailbox.letters)

    come_back(database, mailing)

    assert (before, len(mailbox.letters), waiting(database), orders(database)) == (0, 1, 0, [])


def test_the_order_waits_until_the_lease_is_over(
    monkeypatch: pytest.MonkeyPatch, database: Database, mailing: Settings, sari: Actor
) -> None:
    told(database, sari)
    die(monkeypatch, database, mailing, sari)

    assert watch(database).run_after > now() + taking.LEASE - AGO


def test_no_other_worker_writes_while_the_lease_runs(
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    mailing: Settings,
    mailbox: Mailbox,
    sari: Actor,
) -> None:
    told(database, sari)
    die(monkeypatch, database, mailing, sari)

    send(database, mailing, sari)

    assert mailbox.letters == []


def test_a_letter_that_kills_each_worker_waits_for_the_morning(
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    mailing: Settings,
    mailbox: Mailbox,
    sari: Actor,
) -> None:
    told(database, sari)
    die(monkeypatch, database, mailing, sari)
    for _ in range(taking.TRIES - 1):
        with monkeypatch.context() as patched:
            patched.setattr(mail, "send", _kill)
            with pytest.raises(Killed):
                come_back(database, mailing)
    come_back(database, mailing)
    given_back = (len(mailbox.letters), waiting(database), orders(database))

    send(database, mailing, sari, Cara.HARIAN)

    assert given_back == (0, 1, [])
    assert (len(mailbox.letters), waiting(database)) == (1, 0)


def test_a_letter_that_went_leaves_no_order_behind(
    database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
) -> None:
    told(database, sari)

    send(database, mailing, sari)

    assert (len(mailbox.letters), orders(database)) == (1, [])


def test_an_order_that_comes_after_the_letter_went_writes_nothing(
    database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
) -> None:
    told(database, sari)
    send(database, mailing, sari)
    late = {"sewa": (now() - taking.LEASE).isoformat(), "kali": 1}

    letters.send(database, mailing, {"pegawai_id": str(sari.pegawai_id), "cara": "segera"} | late)

    assert len(mailbox.letters) == 1


def test_what_was_left_out_for_good_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    mailing: Settings,
    mailbox: Mailbox,
    sari: Actor,
) -> None:
    told(database, sari, dibuat=now() - dt.timedelta(days=5))
    told(database, sari)
    die(monkeypatch, database, mailing, sari)

    come_back(database, mailing)

    with database.reading() as session:
        went = session.scalars(select(Notification.disurel).order_by(Notification.dibuat)).all()
    assert len(set(went)) == 2
    assert len(mailbox.letters) == 1
