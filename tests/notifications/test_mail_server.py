"""Mail servers that are busy, away or strict, and workers that write at once."""

from __future__ import annotations

import dataclasses
import smtplib
import threading

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal import mail
from portal.db import Database, now
from portal.jobs import Job
from portal.notifications import letters
from portal.notifications.kinds import Cara
from portal.notifications.models import Notification
from portal.operations import tasks
from portal.permissions import Actor
from portal.settings import Settings
from portal.verification import actions as verification
from portal.vocabulary import DocumentState
from tests.notifications.support import ADDRESS, AGO, orders, send, told, waiting
from tests.support import builders
from tests.support.app import MakeApp
from tests.support.cast import Cast
from tests.support.database import on_postgresql_alone, on_sqlite_alone
from tests.support.mailbox import Mailbox


class TestMailServer:
    def test_one_that_is_busy_is_asked_again(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari)
        mailbox.refuse = "451 busy"
        with pytest.raises(smtplib.SMTPDataError):
            send(database, mailing, sari)
        before = waiting(database)
        mailbox.refuse = ""

        send(database, mailing, sari)

        assert (before, len(mailbox.letters), waiting(database)) == (1, 1, 0)

    @on_postgresql_alone
    def test_two_workers_write_one_letter(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari, 3)
        together = threading.Barrier(4)

        def run() -> None:
            together.wait()
            send(database, mailing, sari)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (len(mailbox.letters), waiting(database)) == (1, 0)

    def test_one_that_is_away_gives_the_messages_back(
        self, database: Database, mailing: Settings, sari: Actor
    ) -> None:
        told(database, sari)
        nowhere = dataclasses.replace(mailing, smtp_url="smtp://127.0.0.1:9")

        with pytest.raises(OSError, match="refused"):
            send(database, nowhere, sari)

        assert waiting(database) == 1

    def test_what_it_missed_while_it_was_away_comes_with_the_morning(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        """The queue gives up in the end, and no other message may come for days."""
        told(database, sari)
        nowhere = dataclasses.replace(mailing, smtp_url="smtp://127.0.0.1:9")
        with pytest.raises(OSError, match="refused"):
            send(database, nowhere, sari)

        send(database, mailing, sari, Cara.HARIAN)

        assert (len(mailbox.letters), waiting(database)) == (1, 0)

    def test_one_that_refuses_the_sender_keeps_no_letter_from_later(self) -> None:
        """That is a wrong setting, and would end every letter there is."""
        assert not mail.is_final(smtplib.SMTPSenderRefused(550, b"no", "portal@localhost"))

    def test_one_that_refuses_for_good_is_not_asked_again(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari)
        mailbox.refuse = "550 no such mailbox"

        send(database, mailing, sari)

        assert waiting(database) == 0

    @on_sqlite_alone
    def test_its_failure_never_touches_the_act(
        self, make_app: MakeApp, mailing: Settings, database: Database, cast: Cast, sari: Actor
    ) -> None:
        app = make_app(dataclasses.replace(mailing, smtp_url="smtp://127.0.0.1:9"))
        with database.transaction() as session:
            item = builders.document(session, sari, DocumentState.DIPERIKSA, verifier=cast.vera)
            verification.approve(session, cast.vera, item)
        with database.transaction() as session:
            session.execute(update(Job).values(run_after=now()))
            session.execute(update(Notification).values(dibuat=now() - AGO))

        app.extensions["queue"].run_due()

        (job,) = orders(database)
        assert (job.error, job.done_at, job.attempts) == ("ConnectionRefusedError", None, 1)
        with database.reading() as session:
            assert session.scalars(select(Notification)).one().dibaca is None

    @on_sqlite_alone
    def test_a_decision_is_told_by_the_worker(
        self,
        make_app: MakeApp,
        mailing: Settings,
        mailbox: Mailbox,
        database: Database,
        cast: Cast,
        sari: Actor,
    ) -> None:
        app = make_app(mailing)
        with database.transaction() as session:
            item = builders.document(session, sari, DocumentState.DIPERIKSA, verifier=cast.vera)
            verification.approve(session, cast.vera, item)
        app.extensions["queue"].run_due()
        too_early = len(mailbox.letters)
        with database.transaction() as session:
            session.execute(update(Job).values(run_after=now()))
            session.execute(update(Notification).values(dibuat=now() - AGO))

        app.extensions["queue"].run_due()

        assert (too_early, [letter["To"] for letter in mailbox.letters]) == (0, [ADDRESS])

    @on_sqlite_alone
    def test_the_worker_knows_the_job(self, app: Flask) -> None:
        assert tasks.letters is letters
        assert app.extensions["queue"].knows(letters.KIND)
