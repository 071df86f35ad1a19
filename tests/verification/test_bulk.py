"""Several approvals at once: each by itself, and only what is all green at that very moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.agency.models import Instansi
from portal.audit import AuditEntry
from portal.db import Database
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.errors import Rejected
from portal.notifications.models import Notification
from portal.people.models import Pengembangan
from portal.permissions import Actor
from portal.verification import bulk
from portal.verification.bulk import Pick
from portal.vocabulary import DocumentKind, DocumentState, JenisDiklat
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.walk import SOMETHING
from tests.verification.checking.test_work import reading_of

S = DocumentState
Make = Callable[..., uuid.UUID]


@pytest.fixture
def make(database: Database) -> Make:
    """An item of `owner` whose paper says what was declared: all its checks are green."""

    def build(owner: Actor, *, otherwise: dict[str, str] | None = None, **fields: Any) -> uuid.UUID:
        with database.transaction() as session:
            made = builders.document(session, owner, fields.pop("state", S.DIAJUKAN), **fields)
            session.add(reading_of(made, owner, **(otherwise or {})))
            return made.id

    return build


def approve(database: Database, actor: Actor, *ids: uuid.UUID) -> list[tuple[bool, str]]:
    fates = bulk.approve_each(database.transaction, actor, [Pick(id_) for id_ in ids])
    return [(fate.approved, fate.sentence) for fate in fates]


def state_of(database: Database, document_id: uuid.UUID) -> DocumentState:
    with database.reading() as session:
        return session.get_one(Document, document_id).state


def test_each_is_decided_logged_recorded_and_told_by_itself(
    database: Database, cast: Cast, make: Make
) -> None:
    items = [make(cast.sari, nama="Seminar Satu"), make(cast.budi, nama="Seminar Dua")]

    assert approve(database, cast.vera, *items) == [(True, "Disetujui.")] * 2

    with database.reading() as session:
        for item in items:
            decision = session.scalars(select(Decision).where(Decision.document_id == item)).one()
            assert (decision.act, decision.massal) == (Act.SETUJUI, True)
            said = set(
                session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == item))
            )
            assert {"document:claimed", "document:approved"} <= said
            record = select(Pengembangan).where(Pengembangan.document_id == item)
            assert session.scalars(record).one()
        told = (
            select(func.count())
            .select_from(Notification)
            .where(Notification.judul.contains("disetujui"))
        )
        assert session.scalar(told) == 2


def test_what_is_no_longer_green_is_left_out_with_its_sentence(
    database: Database, cast: Cast, make: Make
) -> None:
    good = make(cast.sari)
    bad = make(cast.budi, otherwise={"nomor": "999/LAIN/2026"}, lampu="ok")

    (first, second) = approve(database, cast.vera, good, bad)

    assert first == (True, "Disetujui.")
    assert not second[0]
    assert second[1].startswith("Nomor di berkas berbeda. Diisi ")
    assert state_of(database, bad) is S.DIAJUKAN


def test_of_two_that_are_twins_neither_goes(database: Database, cast: Cast, make: Make) -> None:
    items = [make(cast.sari, nomor="1/TWIN"), make(cast.budi, nomor="1/TWIN")]

    fates = approve(database, cast.vera, *items)

    assert [went for went, _ in fates] == [False, False]
    assert "Nomor yang sama dipakai pegawai lain" in fates[0][1]


def test_what_another_holds_stays_with_the_other(
    database: Database, cast: Cast, make: Make
) -> None:
    held = make(cast.sari, state=S.DIPERIKSA, verifier=cast.bima)

    ((went, sentence),) = approve(database, cast.vera, held)

    assert not went
    assert sentence.startswith("Sedang diperiksa Bima")


def test_what_was_decided_meanwhile_is_told(database: Database, cast: Cast, make: Make) -> None:
    item = make(cast.sari)
    approve(database, cast.bima, item)

    ((went, sentence),) = approve(database, cast.vera, item)

    assert not went
    assert sentence.startswith("Dokumen ini sudah disetujui oleh Bima")


def test_an_own_item_is_out_of_reach(database: Database, cast: Cast, make: Make) -> None:
    assert approve(database, cast.vera, make(cast.vera)) == [(False, bulk.OUT_OF_REACH)]


def test_an_item_that_nobody_knows_is_no_failure(database: Database, cast: Cast) -> None:
    assert approve(database, cast.vera, uuid.uuid4()) == [(False, bulk.OUT_OF_REACH)]


def test_a_revision_that_was_not_on_the_screen_is_not_approved(
    database: Database, cast: Cast, make: Make
) -> None:
    item = make(cast.sari, revision=2)

    (fate,) = bulk.approve_each(database.transaction, cast.vera, [Pick(item, 1)])

    assert (fate.approved, fate.sentence) == (False, bulk.UNSEEN)
    assert state_of(database, item) is S.DIAJUKAN


def test_an_objection_is_never_decided_among_others(
    database: Database, cast: Cast, make: Make
) -> None:
    assert approve(database, cast.vera, make(cast.sari, objected=True)) == [(False, bulk.OBJECTED)]


def test_several_kinds_are_refused_before_anything_is_done(
    database: Database, cast: Cast, make: Make
) -> None:
    course = make(cast.sari)
    other = make(cast.budi, kind=DocumentKind.TEKNIS, jenis=JenisDiklat.TEKNIS)

    with pytest.raises(Rejected, match="satu jenis"):
        approve(database, cast.vera, course, other)

    assert [state_of(database, item) for item in (course, other)] == [S.DIAJUKAN, S.DIAJUKAN]


@pytest.mark.parametrize(("number", "words"), [(0, "Pilih dahulu"), (51, "Paling banyak 50")])
def test_none_and_too_many_are_refused(
    database: Database, cast: Cast, number: int, words: str
) -> None:
    with pytest.raises(Rejected, match=words):
        approve(database, cast.vera, *(uuid.uuid4() for _ in range(number)))


def test_the_same_item_twice_is_one(database: Database, cast: Cast, make: Make) -> None:
    item = make(cast.sari)

    assert len(approve(database, cast.vera, item, item)) == 1


def test_a_failure_of_one_keeps_none_of_the_others_back(
    database: Database, cast: Cast, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make(cast.sari), make(cast.budi)
    approve_one = bulk.actions.approve

    def failing(session: Any, actor: Actor, document: Document, **more: Any) -> Any:
        outcome = approve_one(session, actor, document, **more)
        if document.id == first:
            raise Rejected("Data dokumen belum lengkap.")
        return outcome

    monkeypatch.setattr(bulk.actions, "approve", failing)
    fates = approve(database, cast.vera, first, second)

    assert [went for went, _ in fates] == [False, True]
    assert [state_of(database, item) for item in (first, second)] == [S.DIAJUKAN, S.DISETUJUI]


def test_two_who_approve_the_same_items_decide_each_once(
    database: Database, cast: Cast, make: Make
) -> None:
    owners = (cast.sari, cast.budi, cast.sari, cast.budi)
    items = [make(owner, jp=number) for number, owner in enumerate(owners, 1)]
    with ThreadPoolExecutor(2) as pool:
        ways = ((cast.vera, items), (cast.bima, items[::-1]))
        fates = pool.map(lambda way: approve(database, way[0], *way[1]), ways)
        went = [one[0] for told in fates for one in told]

    with database.reading() as session:
        decided = session.scalars(
            select(Decision.document_id).where(Decision.document_id.in_(items))
        ).all()
        records = session.scalars(
            select(Pengembangan.document_id).where(Pengembangan.document_id.in_(items))
        ).all()
    assert sorted(decided) == sorted(records) == sorted(items)
    assert went.count(True) == len(items)


def test_where_two_are_asked_for_it_is_the_first_approval(
    database: Database, cast: Cast, make: Make
) -> None:
    with database.transaction() as session:
        session.get_one(Instansi, cast.sari.instansi_id).dua_pemeriksa = ["seminar"]

    assert approve(database, cast.vera, make(cast.sari)) == [(True, "Disetujui pemeriksa pertama.")]


@pytest.mark.parametrize(
    "text",
    ["", "x", "1.2", *(f"{SOMETHING}.{odd}" for odd in ("x", "-1", "123456789")), "\0", "9" * 5000],
)
def test_nonsense_is_no_choice(text: str) -> None:
    assert Pick.read(text) is None


def test_a_choice_is_read_as_it_is_written() -> None:
    pick = Pick(uuid.uuid4(), 3)

    assert Pick.read(str(pick)) == pick


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestPage:
    def address(self, *ids: uuid.UUID) -> str:
        return "/verifikasi/massal?" + "&".join(f"id={id_}.1" for id_ in ids)

    def test_it_offers_what_is_all_green(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        items = [make(cast.sari), make(cast.budi)]
        browser.enter(cast.vera)
        browser.get(path=self.address(*items))

        page = browser.submit("Setujui 2 dokumen")

        assert "2 dokumen disetujui." in page.text
        assert "Sudah Anda setujui (2)" in page.text
        assert {state_of(database, item) for item in items} == {S.DISETUJUI}

    def test_one_of_them_can_be_taken_back_at_once(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        item = make(cast.sari)
        browser.enter(cast.vera)
        browser.get(path=self.address(item))
        browser.submit("Setujui 1 dokumen")

        page = browser.submit("Urungkan")

        assert "Keputusan diurungkan" in page.text
        assert state_of(database, item) is S.DIPERIKSA

    def test_it_offers_nothing_when_one_does_not_allow_it(
        self, browser: Browser, cast: Cast, make: Make
    ) -> None:
        good, bad = make(cast.sari), make(cast.budi, otherwise={"nip": "199003132015021001"})
        browser.enter(cast.vera)

        page = browser.get(path=self.address(good, bad))

        assert "Setujui 1 dokumen" not in page.texts("button")
        assert "NIP di berkas berbeda" in page.text
        assert page.link("Lanjutkan dengan 1 dokumen lainnya").count("id=") == 1

    def test_it_reports_what_did_not_go(
        self, browser: Browser, cast: Cast, make: Make, database: Database
    ) -> None:
        good, gone = make(cast.sari), make(cast.budi)
        browser.enter(cast.vera)
        browser.get(path=self.address(good, gone))
        with database.transaction() as session:
            session.get_one(Document, gone).nomor = "berubah"

        page = browser.submit("Setujui 2 dokumen")

        assert "1 dokumen disetujui." in page.text
        assert "1 dokumen tidak disetujui; alasannya di bawah." in page.text
        assert "Nomor di berkas berbeda" in page.text

    def test_nothing_chosen_says_how_to_go_on(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.vera)

        assert "Belum ada yang dipilih" in browser.get(path="/verifikasi/massal").text

    def test_more_than_fifty_are_not_even_looked_at(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.vera)

        page = browser.get(path=self.address(*(uuid.uuid4() for _ in range(60))))

        assert "Paling banyak 50 dokumen sekaligus" in page.text

    def test_several_kinds_are_not_offered(self, browser: Browser, cast: Cast, make: Make) -> None:
        one = make(cast.sari)
        other = make(
            cast.budi,
            kind=DocumentKind.FUNGSIONAL,
            jenis=JenisDiklat.FUNGSIONAL,
            nama="Diklat Fungsional Guru",
        )
        browser.enter(cast.vera)

        page = browser.get(path=self.address(one, other))

        assert "Pilih satu jenis saja" in page.text
