"""Letters about news, against a mail server that really listens."""

from __future__ import annotations

import dataclasses
import datetime as dt
import smtplib
import threading
from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from sqlalchemy import select, update

from portal import mail
from portal.accounts.models import Akun
from portal.audit import AuditEntry
from portal.db import Database, now
from portal.jobs import Job
from portal.notifications import actions, letters, unsubscribing
from portal.notifications.kinds import DOKUMEN, KINDS, PENGINGAT, TANYA, Cara
from portal.notifications.models import MailChoice, Notification
from portal.operations import tasks
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.settings import Settings
from portal.verification import actions as verification
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.app import Browser, MakeApp
from tests.support.cast import Cast
from tests.support.database import on_postgresql_alone, on_sqlite_alone
from tests.support.mailbox import Mailbox, open_mailbox

ADDRESS = "sari@contoh.go.id"
AGO = dt.timedelta(minutes=1)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as box:
        yield box


@pytest.fixture
def mailing(settings: Settings, mailbox: Mailbox) -> Settings:
    return dataclasses.replace(
        settings, smtp_url=mailbox.url, public_url="https://portal.contoh.go.id"
    )


@pytest.fixture
def sari(database: Database, cast: Cast) -> Actor:
    """Sari, who has an address."""
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).email = ADDRESS
    return cast.sari


def told(database: Database, who: Actor, number: int = 1, **fields: object) -> None:
    """Messages that may leave the portal by now."""
    with database.transaction() as session:
        for _ in range(number):
            builders.notification(session, who, **{"dibuat": now() - AGO} | fields)


def choose(database: Database, who: Actor, **ways: Cara) -> None:
    with database.transaction() as session:
        actions.choose(session, who, ways)


def send(database: Database, settings: Settings, who: Actor, cara: Cara = Cara.SEGERA) -> None:
    letters.send(database, settings, {"pegawai_id": str(who.pegawai_id), "cara": cara.value})


def waiting(database: Database) -> int:
    with database.reading() as session:
        return len(
            session.scalars(select(Notification.id).where(Notification.disurel.is_(None))).all()
        )


def orders(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(select(Job).where(Job.kind == letters.KIND)))


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


@on_sqlite_alone
class TestWayOut:
    def address(self, app: Flask, who: Actor, *kinds: str) -> str:
        chosen = [KINDS[code] for code in kinds] or [DOKUMEN]
        signed = unsubscribing.token(app.config["SECRET_KEY"], who.pegawai_id, chosen)
        return f"{unsubscribing.PATH}?tanda={signed}"

    def ways(self, database: Database) -> dict[str, str]:
        with database.reading() as session:
            return {row.jenis: row.cara for row in session.scalars(select(MailChoice))}

    def test_a_mail_program_ends_the_kind_by_one_post_without_login_or_token(
        self, app: Flask, browser: Browser, database: Database, cast: Cast
    ) -> None:
        answer = browser.client.post(
            self.address(app, cast.sari, "dokumen"), data={"List-Unsubscribe": "One-Click"}
        )

        assert answer.status_code == 200
        assert self.ways(database) == {"dokumen": "tidak"}

    def test_opening_the_link_ends_nothing(
        self, app: Flask, browser: Browser, database: Database, cast: Cast
    ) -> None:
        page = browser.get(path=self.address(app, cast.sari, "dokumen", "tanya"))

        assert "Dokumen Anda" in page.text
        assert self.ways(database) == {}

    def test_a_press_on_the_page_ends_all_kinds_of_the_letter(
        self, app: Flask, browser: Browser, database: Database, cast: Cast
    ) -> None:
        browser.get(path=self.address(app, cast.sari, "dokumen", "tanya"))

        page = browser.submit("Ya, hentikan", expect=200)

        assert "Anda tidak lagi menerima surel ini" in page.text
        assert self.ways(database) == {"dokumen": "tidak", "tanya": "tidak"}

    def test_doing_it_again_is_no_second_line_in_the_audit(
        self, app: Flask, browser: Browser, database: Database, cast: Cast
    ) -> None:
        for _ in range(2):
            browser.client.post(self.address(app, cast.sari))

        with database.reading() as session:
            (line,) = session.scalars(
                select(AuditEntry).where(AuditEntry.action == "account:mail-unsubscribed")
            )
        assert (line.subject_id, line.facts) == (cast.sari.pegawai_id, {"dokumen": "tidak"})

    @pytest.mark.parametrize("change", ["", "x", "{}x", "x{}", "é", "%00", "a.b.c", "A" * 5000])
    def test_a_link_that_was_not_made_here_ends_nothing(
        self, app: Flask, browser: Browser, database: Database, cast: Cast, change: str
    ) -> None:
        signed = self.address(app, cast.sari).partition("tanda=")[2]
        address = f"{unsubscribing.PATH}?tanda={change.format(signed)}"

        answers = [browser.client.get(address), browser.client.post(address)]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert self.ways(database) == {}

    def test_the_link_of_one_kind_ends_no_other(
        self, app: Flask, browser: Browser, database: Database, cast: Cast
    ) -> None:
        signed = self.address(app, cast.sari, "dokumen").replace(".dokumen.", ".tanya.")

        assert browser.client.post(signed).status_code == 404


@on_sqlite_alone
class TestPage:
    def test_it_shows_how_each_kind_comes(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.sari)

        page = browser.get("mail.choices")

        chosen = [tag["value"] for tag in page.all("input[type=radio][checked]")]
        assert chosen == [kind.usual.value for kind in KINDS.values()]

    def test_a_choice_is_kept(self, browser: Browser, database: Database, cast: Cast) -> None:
        browser.enter(cast.sari)
        browser.get("mail.choices")

        page = browser.submit("Simpan pilihan", dokumen="harian", pengingat="tidak")

        assert "Pilihan surel disimpan." in page.text
        with database.reading() as session:
            kept = {row.jenis: row.cara for row in session.scalars(select(MailChoice))}
        assert kept == {"dokumen": "harian", "pengingat": "tidak"}

    def test_going_back_to_the_usual_is_kept_too(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        browser.enter(cast.sari)
        for way in ("tidak", "segera"):
            browser.get("mail.choices")
            browser.submit("Simpan pilihan", dokumen=way)

        chosen = browser.get("mail.choices").all("input[name=dokumen][checked]")
        assert [tag["value"] for tag in chosen] == ["segera"]

    @pytest.mark.parametrize(("kind", "way"), [("dokumen", "besok"), ("pengingat", "segera")])
    def test_a_way_that_is_not_on_offer_is_refused(
        self, browser: Browser, cast: Cast, kind: str, way: str
    ) -> None:
        browser.enter(cast.sari)
        browser.get("mail.choices")

        page = browser.submit("Simpan pilihan", **{kind: way}, expect=422)

        assert "Pilih salah satu." in page.text

    def test_it_says_where_the_letters_go(
        self,
        browser: Browser,
        database: Database,
        make_app: MakeApp,
        mailing: Settings,
        sari: Actor,
    ) -> None:
        other = Browser(make_app(mailing))
        other.enter(sari)
        browser.enter(sari)

        assert ADDRESS in other.get("mail.choices").text
        assert "Portal ini belum mengirim surel" in browser.get("mail.choices").text
