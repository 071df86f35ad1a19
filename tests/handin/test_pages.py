"""The list of items: filters, search, pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal import audit
from portal.db import Database, now
from portal.vocabulary import DocumentState
from tests.handin.support import file_of
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
S = DocumentState


def test_says_kindly_that_there_is_nothing_yet(sari: Browser) -> None:
    page = sari.get("documents.index")

    assert "Belum ada dokumen" in page.text


def test_drafts_stand_apart_and_lead_on(sari: Browser, make: Any) -> None:
    key = make(S.DRAF, nama="Belum selesai")

    page = sari.get("documents.index")

    assert f"/dokumen/{key}/berkas" in [str(a["href"]) for a in page.all("a.item")]


def test_filters_by_state(sari: Browser, make: Any) -> None:
    make(S.DITOLAK, nama="Yang ditolak")
    make(S.DISETUJUI, nama="Yang disetujui")

    page = sari.get("documents.index", status="ditolak")

    assert page.texts("a.item b") == ["Yang ditolak"]


@pytest.mark.parametrize("words", ["numerasi", "0412/bpmp", "K7M 204 91", "seminar"])
def test_finds_by_title_number_receipt_or_kind(sari: Browser, make: Any, words: str) -> None:
    make(nama="Literasi Numerasi", nomor="0412/BPMP-KS", receipt="K7M-204-91")

    page = sari.get("documents.index", cari=words)

    assert page.texts("a.item b") == ["Literasi Numerasi"]


def test_a_search_finds_drafts_too(sari: Browser, make: Any) -> None:
    make(S.DRAF, nama="Belum selesai")

    page = sari.get("documents.index", cari="belum")

    assert page.texts("a.item b") == ["Belum selesai"]


def test_the_filter_counts_what_the_search_has_found(sari: Browser, make: Any) -> None:
    make(S.DITOLAK, nama="Literasi")
    make(S.DISETUJUI, nama="Literasi digital")
    make(S.DISETUJUI, nama="Gizi")

    page = sari.get("documents.index", cari="literasi")

    assert page.texts(".filters a") == ["Semua", "Disetujui 1", "Ditolak 1"]


def test_the_number_found_is_said_to_screen_readers(sari: Browser, make: Any) -> None:
    make(nama="Literasi")
    make(nama="Literasi digital")
    make(nama="Gizi")

    whole = sari.get("documents.index", cari="literasi")
    part = sari.get("documents.index", cari="gizi", htmx=True)
    nothing = sari.get("documents.index", cari="zzz", htmx=True)
    every = sari.get("documents.index")

    assert whole.texts("#temuan[role=status]") == ["2 dokumen ditemukan"]
    assert part.texts("#temuan[hx-swap-oob=true]") == ["1 dokumen ditemukan"]
    assert nothing.texts("#temuan") == ["Tidak ada dokumen yang ditemukan"]
    assert every.texts("#temuan") == [""]


def test_whoever_has_nothing_has_nothing_to_search(sari: Browser) -> None:
    page = sari.get("documents.index")

    assert page.all("form[role=search]") == []
    assert "Belum ada dokumen" in page.text


@pytest.mark.parametrize("words", ["%", "_", "\x00", "' OR 1=1 --", "x" * 5000, "عربى"])
def test_strange_words_find_nothing(sari: Browser, make: Any, words: str) -> None:
    make(nama="Literasi")

    page = sari.get("documents.index", cari=words)

    assert page.texts("a.item b") == ([] if words != "\x00" else ["Literasi"])


@pytest.mark.parametrize("nonsense", ["status=bukan", "setelah=xyz", "setelah=" + "A" * 500])
def test_nonsense_in_the_address_is_the_first_page(sari: Browser, make: Any, nonsense: str) -> None:
    make(nama="Literasi")

    page = sari.get(path=f"/dokumen?{nonsense}")

    assert page.texts("a.item b") == ["Literasi"]


def test_pages_hold_twenty_and_lose_none(sari: Browser, database: Database, cast: Cast) -> None:
    moment = now()
    with database.transaction() as session:
        for number in range(45):
            builders.document(
                session,
                cast.sari,
                S.DIAJUKAN,
                nama=f"Seminar {number:02}",
                created_at=moment - dt.timedelta(hours=number // 3),
            )

    titles, page = [], sari.get("documents.index")
    for _ in range(3):
        titles.append(page.texts("a.item b"))
        older = page.all("a[rel=next]")
        page = sari.get(path=str(older[0]["href"])) if older else page

    assert [len(part) for part in titles] == [20, 20, 5]
    assert len({title for part in titles for title in part}) == 45


def test_the_own_papers_are_read_without_a_line(
    sari: Browser, database: Database, make: Any
) -> None:
    key = make()

    address = sari.address(
        "documents.page", document_id=key, file_id=file_of(database, key).id, number=1
    )
    assert sari.client.get(address).status_code == 200

    with database.reading() as session:
        assert audit.history(session, key) == []


def test_the_choice_of_the_kind_shows_the_newest_drafts_and_leads_to_the_others(
    sari: Browser, make: Any
) -> None:
    for number in range(5):
        moment = now() - dt.timedelta(days=number)
        make(S.DRAF, nama=f"Draf {number}", created_at=moment)

    page = sari.get("documents.new")

    assert page.texts("a.item b") == ["Draf 0", "Draf 1", "Draf 2"]
    assert [a.get_text() for a in page.all('main a[href="/dokumen"]')][-1] == "Semua draf (5)"


def test_three_drafts_need_no_way_to_others(sari: Browser, make: Any) -> None:
    for number in range(3):
        make(S.DRAF, nama=f"Draf {number}")

    page = sari.get("documents.new")

    assert "Semua draf" not in page.text
