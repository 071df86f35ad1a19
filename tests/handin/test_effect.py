"""What an item would bring, and what it has brought, told on its own page."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import delete

from portal.db import Database
from portal.documents.models import Document
from portal.people.models import Pegawai, Pengembangan
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.vocabulary import DocumentState as S
from portal.vocabulary import JenisDiklat, JenisPegawai
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

pytestmark = on_sqlite_alone


def compute(database: Database, actor: Actor, cause: uuid.UUID | None = None) -> None:
    with database.transaction() as session:
        recompute(session, actor.pegawai_id, today=actor.today, cause="Seminar", document_id=cause)


def item(database: Database, cast: Cast, state: S, **values: object) -> uuid.UUID:
    with database.transaction() as session:
        return builders.document(session, cast.sari, state, verifier=cast.vera, **values).id


def shown(browser: Browser, key: uuid.UUID) -> Page:
    return browser.get("documents.show", document_id=key)


@pytest.mark.parametrize("state", [S.DIAJUKAN, S.DIPERIKSA])
def test_an_item_that_waits_says_what_it_would_bring(
    sari: Browser, database: Database, cast: Cast, state: S
) -> None:
    key = item(database, cast, state)
    compute(database, cast.sari)

    assert shown(sari, key).texts(".bring") == ["Bila disetujui: +10,00 poin → 81,00 Tinggi"]


def test_several_that_wait_are_told_together(sari: Browser, database: Database, cast: Cast) -> None:
    item(database, cast, S.DIAJUKAN)
    key = item(database, cast, S.DIAJUKAN)
    compute(database, cast.sari)

    assert shown(sari, key).texts(".bring") == [
        "Bila kedua dokumen Anda yang menunggu disetujui: +10,00 poin → 81,00 Tinggi"
    ]


@pytest.mark.parametrize("state", [S.DRAF, S.PERLU_PERBAIKAN, S.DITOLAK, S.DIBATALKAN])
def test_what_does_not_wait_promises_nothing(
    sari: Browser, database: Database, cast: Cast, state: S
) -> None:
    item(database, cast, S.DIAJUKAN)
    key = item(database, cast, state)
    compute(database, cast.sari)

    assert shown(sari, key).texts(".bring") == []


def approve(database: Database, cast: Cast) -> uuid.UUID:
    """Sari's seminar, approved: 71,00 became 81,00."""
    compute(database, cast.sari)
    key = item(database, cast, S.DISETUJUI)
    with database.transaction() as session:
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.SEMINAR,
                nama="Seminar",
                tanggal_selesai=cast.sari.today,
                document_id=key,
            )
        )
    compute(database, cast.sari, key)
    return key


def test_an_approved_item_says_what_it_has_brought(
    sari: Browser, database: Database, cast: Cast
) -> None:
    key = approve(database, cast)

    page = shown(sari, key)

    assert page.texts(".bring") == ["Skor Anda 71,00 → 81,00 Lihat di Skor"]
    assert page.one(".bring a")["href"] == f"/skor?tahun={cast.sari.today.year}"


def test_a_withdrawn_approval_says_what_it_has_taken(
    sari: Browser, database: Database, cast: Cast
) -> None:
    key = approve(database, cast)
    with database.transaction() as session:
        session.execute(delete(Pengembangan).where(Pengembangan.document_id == key))
        session.get_one(Document, key).state = S.DICABUT
    compute(database, cast.sari, key)

    assert "Skor Anda 81,00 → 71,00" in shown(sari, key).text


def test_an_operator_learns_no_points_of_a_colleague(
    browser: Browser, database: Database, cast: Cast
) -> None:
    key = item(database, cast, S.DIAJUKAN, created_by_id=cast.oki.pegawai_id)
    compute(database, cast.sari)
    browser.enter(cast.oki)

    assert shown(browser, key).texts(".bring") == []


def test_whoever_is_not_measured_is_promised_nothing(
    sari: Browser, database: Database, cast: Cast
) -> None:
    key = item(database, cast, S.DIAJUKAN)
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).jenis_pegawai = JenisPegawai.CPNS
    compute(database, cast.sari)

    assert shown(sari, key).texts(".bring") == []


def test_a_withdrawn_approval_is_not_sent_to_bkn(
    sari: Browser, database: Database, cast: Cast
) -> None:
    key = item(database, cast, S.DICABUT)

    page = shown(sari, key)

    assert "Tidak dikirim, karena persetujuannya dicabut." in page.text
    assert "Dikirim setelah disetujui" not in page.text
