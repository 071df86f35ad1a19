"""Codes by e-mail, against a mail server that really listens."""

from __future__ import annotations

import dataclasses
import smtplib
from collections.abc import Iterator
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from portal import mail
from portal.accounts import mailer, throttle
from portal.accounts.models import OneTimeCode
from portal.db import Database
from portal.jobs import Job
from portal.settings import Settings
from tests.accounts.acting import NEW, account, person
from tests.support.app import Browser, MakeApp
from tests.support.cast import Cast
from tests.support.components import PATIENCE, free_port
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone

ADDRESS = "sari@contoh.go.id"
ANSWER = "Bila NIP itu terdaftar dan punya alamat surel, kode tiba"


class Mailbox:
    """Takes every message, or refuses all of them."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.recipients: list[str] = []
        self.refuse = False

    async def handle_DATA(self, _server: object, _session: object, envelope) -> str:  # noqa: N802
        if self.refuse:
            return "451 busy"
        self.recipients += envelope.rcpt_tos
        self.letters.append(message_from_bytes(envelope.content).get_payload(decode=True).decode())
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    port = free_port()
    box.port = port  # type: ignore[attr-defined]
    controller = Controller(box, "127.0.0.1", port, ready_timeout=PATIENCE)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
def mailing(settings: Settings, mailbox: Mailbox) -> Settings:
    url = f"smtp://127.0.0.1:{mailbox.port}"  # type: ignore[attr-defined]
    return dataclasses.replace(settings, smtp_url=url, public_url="https://portal.contoh.go.id")


@pytest.fixture
def mail_browser(mailing: Settings, make_app: MakeApp, database: Database, cast: Cast) -> Browser:
    """A browser on a portal that sends mail; sari has an address."""
    person(database, cast.sari, email=ADDRESS)
    return Browser(make_app(mailing))


def ask(browser: Browser, nip: str, expect: int = 303):
    browser.get("accounts.forgot")
    page = browser.submit("Kirim kode", nip=nip, expect=expect)
    browser.app.extensions["queue"].run_due()
    return page


def code_in(letter: str) -> str:
    return next(line for line in letter.splitlines() if line.startswith("Kode:")).split()[1]


def test_the_code_in_the_letter_opens_the_account(
    mail_browser: Browser, mailbox: Mailbox, cast: Cast
) -> None:
    ask(mail_browser, cast.sari.nip)
    code = code_in(mailbox.letters[0])
    mail_browser.get("accounts.redeem")

    page = mail_browser.submit(
        "Simpan dan masuk", nip=cast.sari.nip, kode=code, kata_sandi=NEW, ulangi=NEW
    )

    assert page.path == "/"


def test_the_letter_goes_to_the_known_address_and_names_nobody(
    mail_browser: Browser, mailbox: Mailbox, cast: Cast
) -> None:
    ask(mail_browser, cast.sari.nip)

    assert mailbox.recipients == [ADDRESS]
    assert "https://portal.contoh.go.id/kode" in mailbox.letters[0]
    assert cast.sari.nip not in mailbox.letters[0]
    assert cast.sari.nama not in mailbox.letters[0]


def test_every_nip_gets_the_same_answer(
    mail_browser: Browser, mailbox: Mailbox, cast: Cast
) -> None:
    pages = [ask(mail_browser, nip) for nip in (cast.sari.nip, cast.budi.nip, "199912312020121999")]

    assert len({page.text for page in pages}) == 1
    assert ANSWER in pages[0].text
    assert len(mailbox.letters) == 1


def test_nobody_is_flooded_with_letters(
    mail_browser: Browser, mailbox: Mailbox, cast: Cast
) -> None:
    for _ in range(6):
        ask(mail_browser, cast.sari.nip)

    assert len(mailbox.letters) == 3


@pytest.mark.parametrize(
    "email",
    ["", "bukan alamat", "a@b.id\nBcc: c@d.id", "a@b.id,c@d.id", "<a@b.id>", "@", "a@b.id c@d.id"],
)
def test_a_broken_address_gets_no_letter(
    mail_browser: Browser, mailbox: Mailbox, database: Database, cast: Cast, email: str
) -> None:
    person(database, cast.sari, email=email)

    ask(mail_browser, cast.sari.nip)

    assert mailbox.letters == []
    with database.reading() as session:
        assert session.scalars(select(Job)).one().error == ""


def test_a_closed_account_gets_no_letter(
    mail_browser: Browser, mailbox: Mailbox, database: Database, cast: Cast
) -> None:
    account(database, cast.sari, aktif=False)

    ask(mail_browser, cast.sari.nip)

    assert mailbox.letters == []


def test_a_mail_server_that_refuses_is_asked_again_with_a_new_code(
    mail_browser: Browser, mailbox: Mailbox, database: Database, mailing: Settings, cast: Cast
) -> None:
    mailbox.refuse = True
    ask(mail_browser, cast.sari.nip)
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
        waiting = (job.done_at, job.error, job.attempts)
    mailbox.refuse = False

    mailer.send_code(database, mailing, job.payload)

    assert waiting == (None, "SMTPDataError", 1)
    assert len(mailbox.letters) == 1
    with database.reading() as session:
        usable = [row.dipakai for row in session.scalars(select(OneTimeCode))]
    assert usable.count(None) == 1


def test_no_plain_code_is_written_down(
    mail_browser: Browser, mailbox: Mailbox, database: Database, cast: Cast
) -> None:
    ask(mail_browser, cast.sari.nip)
    code = code_in(mailbox.letters[0]).replace("-", "")

    with database.reading() as session:
        assert code not in str(session.scalars(select(Job.payload)).all())


def test_a_password_for_the_mail_server_is_never_sent_in_clear(
    mailing: Settings, mailbox: Mailbox
) -> None:
    url = f"smtp://nama:sandi@127.0.0.1:{mailbox.port}"  # type: ignore[attr-defined]
    message = mailer._message(mailing, ADDRESS, "K7M42QXR")

    with pytest.raises(smtplib.SMTPException, match="no encryption"):
        mail.send(dataclasses.replace(mailing, smtp_url=url), message)


def test_without_a_mail_server_the_page_says_whom_to_ask(browser: Browser) -> None:
    page = browser.get("accounts.forgot")

    assert "operator OPD" in page.text
    assert page.all("form") == []


def test_asking_again_and_again_has_to_wait(
    mail_browser: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "FREE_LETTERS", 5)
    mail_browser.get("accounts.forgot")
    for _ in range(5):
        mail_browser.client.post(
            "/lupa-kata-sandi",
            data={"csrf_token": mail_browser.last.csrf_token, "nip": cast.budi.nip},  # type: ignore[union-attr]
        )

    page = mail_browser.submit("Kirim kode", nip=cast.sari.nip, expect=429)

    assert "Terlalu banyak percobaan" in page.text
