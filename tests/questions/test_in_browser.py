"""Tanya BKD in a real browser: answers while one types, messages in place, no words lost."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, expect

from portal.db import now
from portal.questions.models import Message, Question, QuestionState, Topic
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.live import LivePortal

LONG = "Sebuah kata yang " + "sangat" * 60 + " panjang"


@pytest.fixture
def live(live_portal: LivePortal) -> LivePortal:
    return live_portal


@pytest.fixture
def item(live: LivePortal) -> uuid.UUID:
    """A seminar of sari's that waits."""
    with live.database.transaction() as session:
        return builders.document(session, live.cast.sari, DocumentState.DIAJUKAN).id


def with_htmx(page: Page) -> None:
    page.wait_for_function("() => Boolean(window.htmx)")


def test_answers_appear_while_one_types(live: LivePortal, phone: Page, item: uuid.UUID) -> None:
    with live.database.transaction() as session:
        builders.faq(
            session, live.cast.ani, topik=Topic.DISIPLIN, pertanyaan="Apa arti hukdis ringan?"
        )
    live.login(phone, live.cast.sari)
    live.open(phone, f"/dokumen/{item}/tanya")
    with_htmx(phone)

    phone.get_by_label("Pertanyaan Anda").press_sequentially("Saya kena hukdis")

    expect(phone.get_by_text("Apa arti hukdis ringan?")).to_be_visible()
    expect(phone.get_by_label("Pertanyaan Anda")).to_have_value("Saya kena hukdis")


def test_a_talk_goes_on_in_place(live: LivePortal, phone: Page, item: uuid.UUID) -> None:
    live.login(phone, live.cast.sari)
    live.open(phone, f"/dokumen/{item}/tanya")
    phone.get_by_label("Pertanyaan Anda").fill(LONG)
    phone.get_by_role("button", name="Kirim pertanyaan").click()
    expect(phone.get_by_text("Pertanyaan terkirim")).to_be_visible()
    with_htmx(phone)
    phone.evaluate("() => { window.stayed = true; }")

    phone.get_by_label("Tambahkan keterangan").fill("Satu lagi: <b>nomor</b> 12 👩🏽‍🏫")
    phone.get_by_role("button", name="Kirim", exact=True).click()

    expect(phone.locator(".talk li")).to_have_count(2)
    expect(phone.get_by_text("Satu lagi: <b>nomor</b> 12 👩🏽‍🏫")).to_be_visible()
    assert phone.evaluate("() => window.stayed")
    assert phone.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_an_answer_that_comes_too_late_keeps_its_words(
    live: LivePortal, desktop: Page, item: uuid.UUID
) -> None:
    with live.database.transaction() as session:
        document = session.get_one(builders.Document, item)
        question = builders.question(session, live.cast.sari, document).id
    live.login(desktop, live.cast.vera)
    live.open(desktop, f"/verifikasi/tanya/{question}")
    with_htmx(desktop)
    with live.database.transaction() as session:
        session.add(
            Message(
                question_id=question, author_id=live.cast.bima.pegawai_id, isi="Besok.", at=now()
            )
        )
        session.get_one(Question, question).state = QuestionState.TERJAWAB

    desktop.get_by_label("Jawaban Anda").fill("Lusa, kira-kira.")
    desktop.get_by_role("button", name="Kirim jawaban").click()

    expect(desktop.get_by_text("Ada pesan baru di percakapan ini")).to_be_visible()
    expect(desktop.get_by_text("Besok.")).to_be_visible()
    expect(desktop.get_by_label("Jawaban Anda")).to_have_value("Lusa, kira-kira.")
