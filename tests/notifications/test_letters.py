"""Letters about news: what they say, when they come, how people want them, who gets none."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask, url_for
from sqlalchemy import update

from portal.accounts.models import Akun
from portal.db import Database, now
from portal.notifications import actions, letters, unsubscribing
from portal.notifications.kinds import PENGINGAT, TANYA, Cara
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.settings import Settings
from portal.verification import actions as verification
from portal.vocabulary import DocumentState
from tests.notifications.support import ADDRESS, AGO, choose, orders, send, told, waiting
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.mailbox import Mailbox


class TestContent:
    def test_it_says_that_there_is_news_and_nothing_of_it(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari, judul="Ijazah S-2 Hukum: ditolak", isi="Nama tidak cocok")

        send(database, mailing, sari)

        (letter,) = mailbox.letters
        text = f"{letter['Subject']} {letter.get_content()}"
        assert letter["To"] == ADDRESS
        assert "https://portal.contoh.go.id/notifikasi" in text
        for secret in ("Ijazah", "ditolak", "cocok", sari.nip, "Sari", "Wulandari"):
            assert secret not in text.replace(ADDRESS, "")

    def test_several_messages_make_one_letter(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari, 5)
        told(database, sari, jenis=TANYA.code)

        send(database, mailing, sari)
        send(database, mailing, sari)

        (letter,) = mailbox.letters
        assert "Surel ini tentang: Dokumen Anda, Tanya BKD." in letter.get_content().replace(
            "Tanya BKD, Dokumen Anda", "Dokumen Anda, Tanya BKD"
        )

    def test_mail_programs_find_the_way_out_by_one_press(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari)

        send(database, mailing, sari)

        (letter,) = mailbox.letters
        address = str(letter["List-Unsubscribe"])
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert address.startswith("<https://portal.contoh.go.id/surel/berhenti?tanda=")
        assert address.endswith(">")
        assert address.strip("<>") in letter.get_content()
        assert letter["Auto-Submitted"] == "auto-generated"

    @on_sqlite_alone
    def test_its_links_are_pages_of_the_portal(self, app: Flask) -> None:
        with app.test_request_context():
            found = [
                url_for(name) for name in ("mail.confirm", "mail.choices", "notifications.index")
            ]

        assert found == [unsubscribing.PATH, "/profil/surel", "/notifikasi"]


class TestWhen:
    def test_a_message_orders_a_letter_for_after_the_seconds_of_undoing(
        self, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            actions.notify(session, cast.sari.pegawai_id, "Seminar: disetujui")

        (job,) = orders(database)
        assert job.run_after >= job.created_at + dt.timedelta(seconds=10)

    def test_a_fresh_message_waits(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari, dibuat=now())

        send(database, mailing, sari)

        assert (mailbox.letters, waiting(database)) == ([], 1)

    def test_a_decision_that_was_undone_was_never_told_outside(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor, cast: Cast
    ) -> None:
        with database.transaction() as session:
            item = builders.document(session, sari, DocumentState.DIPERIKSA, verifier=cast.vera)
            verification.approve(session, cast.vera, item)
        with database.transaction() as session:
            item = session.merge(item)
            verification.undo(session, cast.vera, item)
        with database.transaction() as session:
            session.execute(update(Notification).values(dibuat=now() - AGO))

        send(database, mailing, sari)

        assert mailbox.letters == []

    def test_what_was_read_in_the_portal_needs_no_letter(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari, dibaca=now())

        send(database, mailing, sari)

        assert (mailbox.letters, waiting(database)) == ([], 0)

    def test_what_nobody_could_send_for_days_is_no_news(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari, dibuat=now() - actions.TOO_OLD - AGO)

        send(database, mailing, sari)

        assert (mailbox.letters, waiting(database)) == ([], 0)

    def test_nobody_gets_letters_minute_after_minute(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        told(database, sari)
        send(database, mailing, sari)
        told(database, sari)

        send(database, mailing, sari)

        assert (len(mailbox.letters), waiting(database)) == (1, 1)
        (later,) = orders(database)
        assert later.run_after > now() + dt.timedelta(minutes=8)

    def test_a_letter_to_one_person_postpones_none_to_another(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor, cast: Cast
    ) -> None:
        told(database, cast.budi, disurel=now())
        told(database, sari)

        send(database, mailing, sari)

        assert len(mailbox.letters) == 1

    def test_a_message_of_the_past_orders_nothing(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            past = now() - dt.timedelta(days=40)
            actions.notify(session, cast.sari.pegawai_id, "Seminar: disetujui", at=past)

        assert (orders(database), waiting(database)) == ([], 0)


class TestChoices:
    @pytest.mark.parametrize("cara", [Cara.HARIAN, Cara.TIDAK])
    def test_who_wants_no_letter_at_once_gets_none(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor, cara: Cara
    ) -> None:
        choose(database, sari, dokumen=cara)
        told(database, sari)

        send(database, mailing, sari)

        assert mailbox.letters == []
        assert waiting(database) == (1 if cara is Cara.HARIAN else 0)

    def test_a_digest_holds_what_waited_for_the_morning(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor
    ) -> None:
        choose(database, sari, dokumen=Cara.HARIAN)
        told(database, sari, 4)
        told(database, sari, 2, jenis=PENGINGAT.code)

        assert letters.order_digests(database, mailing) == 1
        for job in orders(database):
            letters.send(database, mailing, job.payload)

        (letter,) = mailbox.letters
        assert letter["Subject"] == "Kabar hari ini di Portal IP ASN"
        assert waiting(database) == 0

    def test_a_digest_is_ordered_for_each_person_once(
        self,
        database: Database,
        mailing: Settings,
        cast: Cast,
        sari: Actor,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(letters, "BATCH", 2)
        with database.transaction() as session:
            session.execute(update(Pegawai).values(email=ADDRESS))
        for actor in cast.everybody.values():
            told(database, actor, 3, jenis=PENGINGAT.code)

        assert letters.order_digests(database, mailing) == len(cast.everybody)

    def test_without_a_mail_server_nothing_is_ordered(
        self, database: Database, settings: Settings, sari: Actor
    ) -> None:
        told(database, sari, jenis=PENGINGAT.code)

        assert letters.order_digests(database, settings) == 0


class TestWhoGetsNone:
    @pytest.mark.parametrize(
        "email",
        [
            "",
            "x",
            "a@b.id\nBcc: c@d.id",
            "a@b.id, c@d.id",
            pytest.param("=?utf-8?q?c=40d.id=2C?=a@b.id", id="another one in encoded words"),
            pytest.param("[a@b.id", id="none at all to a mail program"),
            "a@b.id.",
            "a@-b.id",
            pytest.param("sarî@b.id", id="letters that few mail servers take"),
        ],
    )
    def test_a_broken_address(
        self, database: Database, mailing: Settings, mailbox: Mailbox, sari: Actor, email: str
    ) -> None:
        with database.transaction() as session:
            session.get_one(Pegawai, sari.pegawai_id).email = email
        told(database, sari)

        send(database, mailing, sari)

        assert (mailbox.letters, waiting(database)) == ([], 0)

    @pytest.mark.parametrize("fields", [{"aktif": False}, {"demo": True}])
    def test_a_closed_account_and_one_of_the_demo(
        self,
        database: Database,
        mailing: Settings,
        mailbox: Mailbox,
        sari: Actor,
        fields: dict[str, bool],
    ) -> None:
        with database.transaction() as session:
            session.execute(update(Akun).where(Akun.id == sari.akun_id).values(**fields))
        told(database, sari)

        send(database, mailing, sari)

        assert mailbox.letters == []

    def test_somebody_who_is_gone(
        self, database: Database, mailing: Settings, mailbox: Mailbox, cast: Cast
    ) -> None:
        payload = {"pegawai_id": "00000000-0000-4000-8000-000000000000", "cara": "segera"}

        letters.send(database, mailing, payload)

        assert mailbox.letters == []
