"""The next item fetched ahead: its pictures under seal, nothing taken, nothing read."""

from __future__ import annotations

import re
import uuid
from base64 import b64decode
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.db import Database
from portal.documents.models import DocumentFile
from portal.storage import keys
from portal.verification import sealed
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Make
from tests.verification.in_place import IN_PLACE, approve
from tests.verification.support import state_of

pytestmark = on_sqlite_alone
S = DocumentState


def readers(database: Database, item: uuid.UUID) -> list[uuid.UUID | None]:
    with database.reading() as session:
        statement = select(AuditEntry.actor_id).where(
            AuditEntry.action == "document:read", AuditEntry.subject_id == item
        )
        return list(session.scalars(statement))


def picture(app: Flask, item: uuid.UUID) -> tuple[str, bytes]:
    """Address of the first page of an item, and its bytes."""
    with app.extensions["database"].reading() as session:
        file_id = session.scalars(
            select(DocumentFile.id).where(DocumentFile.document_id == item)
        ).one()
    with app.extensions["storage"].open(keys.page(file_id, 1)) as stream:
        return f"/verifikasi/{item}/berkas/{file_id}/halaman/1", stream.read()


class TestAhead:
    def test_fetching_ahead_takes_nothing_and_is_no_reading(
        self,
        app: Flask,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        address, content = picture(app, two[1])

        (path,) = browser.client.get(f"/verifikasi/{two[1]}/di-depan").get_json()
        hidden = browser.client.get(path).data

        assert (path, len(hidden)) == (f"{address}/tersegel", len(content))
        assert hidden != content
        assert (state_of(database, two[1]), readers(database, two[1])) == (S.DIAJUKAN, [])

    def test_the_desk_names_the_item_that_will_follow(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        browser.enter(cast.vera)

        desk = browser.get("verification.item", document_id=two[0])

        assert desk.one("[data-presence]")["data-ahead"] == f"/verifikasi/{two[1]}/di-depan"

    def test_the_key_comes_with_the_claim_and_the_reading_is_noted(
        self,
        app: Flask,
        browser: Browser,
        cast: Cast,
        database: Database,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        browser.enter(cast.vera)
        address, content = picture(app, two[1])
        hidden = browser.client.get(f"{address}/tersegel").data

        answer = approve(browser, two[0]).text

        found = re.search(rf'data-src="{address}" data-seal="([^"]+)"', answer)
        assert found is not None
        assert sealed.seal(hidden, b64decode(found[1])) == content
        assert readers(database, two[1]) == [cast.vera.pegawai_id]

    @pytest.mark.parametrize("held", [True, False])
    def test_opening_an_item_brings_no_key(
        self, browser: Browser, cast: Cast, two: tuple[uuid.UUID, uuid.UUID], held: bool
    ) -> None:
        browser.enter(cast.vera)

        answer = browser.client.get(f"/verifikasi/{two[0 if held else 1]}", headers=IN_PLACE)

        assert "data-seal" not in answer.text

    def test_the_key_of_another_reader_opens_nothing(
        self,
        app: Flask,
        browser: Browser,
        second_browser: Browser,
        cast: Cast,
        two: tuple[uuid.UUID, uuid.UUID],
    ) -> None:
        address, _ = picture(app, two[1])
        browser.enter(cast.vera)
        second_browser.enter(cast.bima)

        ours, theirs = (
            window.client.get(f"{address}/tersegel").data for window in (browser, second_browser)
        )

        assert ours != theirs

    @pytest.mark.parametrize(
        ("who", "status"), [("sari", 403), ("oki", 403), ("ani", 403), ("aud", 403), ("vivi", 404)]
    )
    def test_only_who_could_hold_it_may_fetch(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, who: str, status: int
    ) -> None:
        item = make(cast.tono)
        address, _ = picture(app, item)
        browser.enter(cast.everybody[who])

        answers = [
            browser.client.get(path).status_code
            for path in (f"/verifikasi/{item}/di-depan", f"{address}/tersegel")
        ]

        assert answers == [status, status]

    @pytest.mark.parametrize("fields", [{"created_by": True}, {"state": S.DISETUJUI}])
    def test_what_cannot_be_taken_is_not_there(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, fields: dict[str, Any]
    ) -> None:
        if "state" in fields:
            item = make(cast.sari, S.DISETUJUI, verifier=cast.bima)
        else:
            item = make(cast.sari, created_by_id=cast.vera.pegawai_id)
        browser.enter(cast.vera)

        assert browser.client.get(f"/verifikasi/{item}/di-depan").status_code == 404

    @pytest.mark.parametrize("number", [0, 2, 99])
    def test_a_page_that_is_none_is_not_there(
        self, app: Flask, browser: Browser, cast: Cast, make: Make, number: int
    ) -> None:
        address, _ = picture(app, make(cast.sari))
        browser.enter(cast.vera)

        assert browser.client.get(f"{address[:-1]}{number}/tersegel").status_code == 404

    def test_a_lost_object_is_not_there(
        self, app: Flask, browser: Browser, cast: Cast, database: Database
    ) -> None:
        with database.transaction() as session:
            item = builders.document(session, cast.sari, S.DIAJUKAN)
            address = f"/verifikasi/{item.id}/berkas/{item.files[0].id}/halaman/1/tersegel"
        browser.enter(cast.vera)

        assert browser.client.get(address).status_code == 404
