"""Messages: the own ones alone, unread ones counted, opened by a press."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.errors import NotFound
from portal.notifications import actions, queries
from portal.notifications.models import Notification
from portal.vocabulary import DocumentState
from portal.web.pagination import Position
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements


class TestReading:
    def test_only_own_and_unread_messages_are_counted(self, session: Session, cast: Cast) -> None:
        builders.notification(session, cast.sari)
        builders.notification(session, cast.sari, dibaca=now())
        builders.notification(session, cast.budi)

        assert queries.unread_count(session, cast.sari) == 1

    def test_the_newest_comes_first(self, session: Session, cast: Cast) -> None:
        old = builders.notification(session, cast.sari, dibuat=now() - dt.timedelta(days=1))
        new = builders.notification(session, cast.sari)

        assert list(queries.messages(session, cast.sari, None).rows) == [new, old]

    def test_pages_follow_each_other_without_gap_or_repeat(
        self, session: Session, cast: Cast
    ) -> None:
        same = now()
        made = {
            builders.notification(session, cast.sari, dibuat=same).id
            for _ in range(queries.PAGE + 3)
        }
        first = queries.messages(session, cast.sari, None)
        second = queries.messages(session, cast.sari, Position.decode(first.next))

        assert {row.id for row in [*first.rows, *second.rows]} == made
        assert (len(second.rows), second.next) == (3, None)

    def test_the_message_of_another_is_not_there(self, session: Session, cast: Cast) -> None:
        other = builders.notification(session, cast.budi)

        with pytest.raises(NotFound):
            queries.own_message(session, cast.sari, other.id)

    def test_marking_one_leaves_the_others(self, session: Session, cast: Cast) -> None:
        one, other = (builders.notification(session, cast.sari) for _ in range(2))

        actions.mark_read(session, cast.sari, one.id)

        session.refresh(one)
        session.refresh(other)
        assert (one.dibaca is not None, other.dibaca) == (True, None)

    def test_marking_all_touches_nobody_elses(self, session: Session, cast: Cast) -> None:
        builders.notification(session, cast.sari)
        builders.notification(session, cast.budi)

        actions.mark_read(session, cast.sari)

        counts = [queries.unread_count(session, who) for who in (cast.sari, cast.budi)]
        assert counts == [0, 1]

    def test_reading_again_keeps_the_first_time(self, session: Session, cast: Cast) -> None:
        first = now() - dt.timedelta(days=1)
        message = builders.notification(session, cast.sari, dibaca=first)

        actions.mark_read(session, cast.sari, message.id)

        session.refresh(message)
        assert message.dibaca == first


@on_sqlite_alone
class TestPage:
    def test_without_messages_it_says_what_will_come(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.sari)

        assert "Belum ada notifikasi" in browser.get("notifications.index").text

    def test_an_unread_message_says_so_in_words(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            builders.notification(session, cast.sari, judul="Seminar: disetujui")
            builders.notification(session, cast.sari, judul="Bimtek: ditolak", dibaca=now())
        browser.enter(cast.sari)

        page = browser.get("notifications.index")

        (unread,) = page.texts("button.unread")
        assert unread.startswith("Seminar: disetujui")
        assert "Belum dibaca" in unread

    def test_opening_a_message_reads_it_and_leads_to_the_item(
        self, app: Flask, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            item = builders.document(
                session, cast.sari, DocumentState.DIAJUKAN, storage=app.extensions["storage"]
            ).id
            message = builders.notification(session, cast.sari, document_id=item).id
        browser.enter(cast.sari)

        page = browser.post("notifications.read", notification_id=message)

        assert page.path == f"/dokumen/{item}"
        with database.reading() as session:
            assert session.get_one(Notification, message).dibaca is not None

    @pytest.mark.parametrize(
        ("tujuan", "path"), [("home.score", "/skor"), ("home.given_up", "/notifikasi")]
    )
    def test_a_message_about_no_item_leads_to_its_page(
        self, browser: Browser, cast: Cast, database: Database, tujuan: str, path: str
    ) -> None:
        with database.transaction() as session:
            message = builders.notification(session, cast.sari, tujuan=tujuan).id
        browser.enter(cast.sari)

        assert browser.post("notifications.read", notification_id=message).path == path

    def test_a_message_about_a_thread_leads_to_it(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            item = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
            thread = builders.question(session, cast.sari, item, (cast.sari, "Sampai mana?")).id
            message = builders.notification(
                session, cast.sari, tujuan="questions.show", objek_id=thread
            ).id
        browser.enter(cast.sari)

        page = browser.post("notifications.read", notification_id=message)

        assert page.path == f"/tanya/{thread}"

    def test_a_message_that_lost_its_thread_leads_back_to_the_list(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            message = builders.notification(session, cast.sari, tujuan="questions.show").id
        browser.enter(cast.sari)

        assert browser.post("notifications.read", notification_id=message).path == "/notifikasi"

    def test_a_message_without_an_item_leads_back_to_the_list(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            message = builders.notification(session, cast.sari).id
        browser.enter(cast.sari)

        assert browser.post("notifications.read", notification_id=message).path == "/notifikasi"

    def test_looking_at_the_list_reads_nothing(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            message = builders.notification(session, cast.sari).id
        browser.enter(cast.sari)

        browser.get("notifications.index")

        with database.reading() as session:
            assert session.get_one(Notification, message).dibaca is None

    def test_the_message_of_another_cannot_be_opened(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            message = builders.notification(session, cast.budi).id
        browser.enter(cast.sari)

        browser.post("notifications.read", notification_id=message, expect=404)

        with database.reading() as session:
            assert session.get_one(Notification, message).dibaca is None

    def test_what_is_unread_on_older_pages_is_counted_and_read_too(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            for _ in range(queries.PAGE):
                builders.notification(session, cast.sari, dibaca=now())
            for _ in range(2):
                builders.notification(session, cast.sari, dibuat=now() - dt.timedelta(days=9))
        browser.enter(cast.sari)

        before = browser.get("notifications.index")
        after = browser.submit("Tandai semua dibaca")

        assert "2 belum dibaca" in before.texts(".between p")
        assert after.texts(".between p") == []

    def test_all_are_read_by_one_press(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            for _ in range(3):
                builders.notification(session, cast.sari)
        browser.enter(cast.sari)
        browser.get("notifications.index")

        page = browser.submit("Tandai semua dibaca")

        assert page.texts("button.unread") == []

    def test_markup_emoji_and_right_to_left_are_only_letters(
        self, browser: Browser, cast: Cast, database: Database
    ) -> None:
        title = "<b>محمد</b> 😀 & kawan"
        with database.transaction() as session:
            builders.notification(session, cast.sari, judul=title)
        browser.enter(cast.sari)

        assert browser.get("notifications.index").texts("button.item b") == [title]

    @pytest.mark.parametrize("place", ["x", "", "../", "%00", "A" * 500])
    def test_nonsense_in_the_address_is_the_first_page(
        self, browser: Browser, cast: Cast, place: str
    ) -> None:
        browser.enter(cast.sari)

        browser.get("notifications.index", sebelum=place)

    @pytest.mark.parametrize("number", [1, 60])
    def test_it_costs_the_same_for_few_and_many(
        self, app: Flask, browser: Browser, cast: Cast, database: Database, number: int
    ) -> None:
        with database.transaction() as session:
            for _ in range(number):
                builders.notification(session, cast.sari)
        browser.enter(cast.sari)

        with statements(app) as seen:
            browser.get("notifications.index")

        assert len(seen) == 4  # session, grants, messages, number of unread ones


def test_what_came_while_the_page_was_open_stays_unread(
    browser: Browser, cast: Cast, database: Database
) -> None:
    with database.transaction() as session:
        builders.notification(session, cast.sari, judul="Sudah dilihat")
    browser.enter(cast.sari)
    browser.get("notifications.index")
    with database.transaction() as session:
        builders.notification(session, cast.sari, judul="Belum dilihat")

    page = browser.submit("Tandai semua dibaca")

    with database.reading() as session:
        statement = select(Notification.judul).where(Notification.dibaca.is_(None))
        assert session.scalars(statement).all() == ["Belum dilihat"]
    assert page.texts("button.unread b") == ["Belum dilihat"]
    assert "ada kabar baru" in page.text
