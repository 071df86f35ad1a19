"""The paper is read while its owner types: what was typed stays, what was read is offered."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from portal.documents.arrivals import Reading
from portal.vocabulary import ReadingState
from tests.support import builders
from tests.support.live import LivePortal


@pytest.fixture
def item(live_portal: LivePortal) -> uuid.UUID:
    """A draft of sari whose paper is being read."""
    empty = dict.fromkeys(("tanggal_mulai", "tanggal_selesai", "tanggal_sertifikat", "jp"))
    with live_portal.database.transaction() as session:
        made = builders.document(
            session,
            live_portal.cast.sari,
            storage=live_portal.storage,
            nomor="",
            penyelenggara="",
            **empty,
        )
        session.add(Reading(file_id=made.current_files[0].id))
        return made.id


def test_an_open_form_gets_an_offer_and_loses_no_word(
    live_portal: LivePortal, phone: Page, item: uuid.UUID
) -> None:
    live_portal.login(phone, live_portal.cast.sari)
    live_portal.open(phone, f"/dokumen/{item}/data")
    expect(phone.get_by_text("Berkas sedang dibaca")).to_be_visible()
    phone.get_by_label("Nomor sertifikat").fill("77/SAYA SENDIRI")
    read = {"nomor": "0412/BPMP-KS/X/2026", "jp": "32", "tanggal_selesai": "2026-10-12"}
    with live_portal.database.transaction() as session:
        session.execute(update(Reading).values(state=ReadingState.SELESAI, fields=read))

    expect(phone.get_by_text("Berkas Anda sudah terbaca")).to_be_visible()
    expect(phone.get_by_label("Nomor sertifikat")).to_have_value("77/SAYA SENDIRI")
    phone.get_by_role("button", name="Isikan ke kolom kosong").click()

    expect(phone.get_by_label("JP (jam pelajaran)")).to_have_value("32")
    expect(phone.get_by_label("Nomor sertifikat")).to_have_value("77/SAYA SENDIRI")
    expect(phone.get_by_text("Terbaca otomatis – periksa")).to_have_count(2)
