"""Choosing which letters come, and the way out of them without a login."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.db import Database
from portal.notifications import unsubscribing
from portal.notifications.kinds import DOKUMEN, KINDS
from portal.notifications.models import MailChoice
from portal.permissions import Actor
from portal.settings import Settings
from tests.notifications.support import ADDRESS
from tests.support.app import Browser, MakeApp
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone


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
    def test_whoever_has_no_role_is_asked_nothing_about_its_work(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        browser.enter(cast.sari)
        page = browser.get("mail.choices")

        browser.submit("Simpan pilihan", dokumen="harian")

        assert page.all("input[name=tugas]") == []
        with database.reading() as session:
            assert [row.jenis for row in session.scalars(select(MailChoice))] == ["dokumen"]

    def test_it_shows_how_each_kind_comes(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.vera)

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
