"""Values that a verifikator proposes with a return: recorded, shown, taken over or not."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditEntry
from portal.db import Database
from portal.documents.columns import COLUMNS, parsed, written
from portal.documents.models import Document
from portal.documents.rulings import Reason
from portal.errors import Rejected
from portal.handin import actions as handin
from portal.handin.guards import opened_fields
from portal.operations import personal_data
from portal.verification import actions, corrections
from portal.verification.models import Correction
from portal.vocabulary import DocumentKind, DocumentState, JenisDiklat, Tingkat
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.walk import SOMETHING
from tests.verification.conftest import Held

S = DocumentState


@pytest.fixture
def returned(session: Session, cast: Cast, held: Held) -> Document:
    """An item of Sari whose number was wrong; Vera proposes another, and other JP."""
    document = held(nomor="421/0001/BGP", jp=4)
    reason = builders.reason(session, fields=["nomor"])
    actions.return_(session, cast.vera, document, reason)
    typed = {"nomor": "421/0007/BGP", "jp": " 8 ", "nama": "", "tanggal_mulai": ""}
    corrections.propose(session, cast.vera, document, typed)
    return document


def test_a_proposal_changes_nothing_by_itself(returned: Document) -> None:
    assert (returned.nomor, returned.jp) == ("421/0001/BGP", 4)


def test_it_is_kept_with_both_values_and_recorded(
    session: Session, cast: Cast, returned: Document
) -> None:
    kept = {one.field: (one.lama, one.baru) for one in corrections.waiting(session, returned)}
    line = session.scalars(
        select(AuditEntry).where(AuditEntry.action == corrections.PROPOSED)
    ).one()

    assert kept == {"nomor": ("421/0001/BGP", "421/0007/BGP"), "jp": ("4", "8")}
    assert line.facts["usulan"]["jp"] == ["4", "8"]
    assert line.actor_id == cast.vera.pegawai_id


def test_only_the_fields_in_question_are_opened(returned: Document) -> None:
    assert opened_fields(returned) == {"nomor", "jp"}


def test_a_reason_without_fields_opens_everything_all_the_same(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held()
    actions.return_(session, cast.vera, document, builders.reason(session, fields=[]))
    corrections.propose(session, cast.vera, document, {"jp": "9"})

    assert opened_fields(document) >= {"nama", "nomor", "berkas"}


def test_the_owner_takes_it_over_without_handing_in(
    session: Session, cast: Cast, returned: Document
) -> None:
    assert handin.take_over(session, cast.sari, returned) == 2
    assert (returned.nomor, returned.jp) == ("421/0007/BGP", 8)
    assert returned.state is S.PERLU_PERBAIKAN


def test_taking_over_twice_changes_nothing_more(
    session: Session, cast: Cast, returned: Document
) -> None:
    handin.take_over(session, cast.sari, returned)

    assert handin.take_over(session, cast.sari, returned) == 0


def test_at_the_hand_in_it_is_noted_what_was_taken(
    session: Session, cast: Cast, returned: Document
) -> None:
    handin.resubmit(session, cast.sari, returned, {"nomor": "421/0007/BGP"}, TODAY)

    found = {
        one.field: one.diterima
        for one in corrections.newest(session, returned, audit.history(session, returned.id))
    }
    assert found == {"nomor": True, "jp": False}
    assert corrections.waiting(session, returned) == ()


def test_another_kind_may_be_proposed(session: Session, cast: Cast, held: Held) -> None:
    document = held(jp=12, jenis=JenisDiklat.SEMINAR)
    actions.return_(session, cast.vera, document, builders.reason(session, fields=["jenis"]))
    corrections.propose(session, cast.vera, document, {"jenis": JenisDiklat.BIMTEK.value})

    handin.take_over(session, cast.sari, document)
    handin.resubmit(session, cast.sari, document, {}, TODAY)

    assert document.kind is DocumentKind.TEKNIS
    assert [
        one.diterima
        for one in corrections.newest(session, document, audit.history(session, document.id))
    ] == [True]


def test_the_own_copy_of_data_holds_what_was_proposed_and_not_by_whom(
    session: Session, cast: Cast, returned: Document
) -> None:
    told = personal_data.proposals(session, cast.sari)

    assert {row["field"]: row["baru"] for row in told} == {"nomor": "421/0007/BGP", "jp": "8"}
    assert str(cast.vera.pegawai_id) not in str(told)
    assert personal_data.proposals(session, cast.tono) == []


def test_a_second_return_has_proposals_of_its_own(
    session: Session, cast: Cast, returned: Document
) -> None:
    handin.resubmit(session, cast.sari, returned, {}, TODAY)
    actions.claim(session, cast.vera, returned)
    actions.return_(session, cast.vera, returned, builders.reason(session, fields=["nomor"]))
    corrections.propose(session, cast.vera, returned, {"nomor": "421/0007/BGP"})

    assert [one.field for one in corrections.waiting(session, returned)] == ["nomor"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jp", "banyak"),
        ("jp", "99999"),
        ("jp", "-1"),
        ("jp", "٣"),
        ("tanggal_selesai", "31-02-2026"),
        ("tanggal_selesai", "besok"),
        ("nama", "x" * 301),
        ("jenis", "999"),
        ("luar_negeri", "ya"),
        ("owner_id", str(SOMETHING)),
    ],
)
def test_what_is_no_value_of_its_column_is_refused(
    session: Session, cast: Cast, returned: Document, name: str, text: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        corrections.propose(session, cast.vera, returned, {name: text})

    assert refusal.value.field == f"usul_{name}"


def test_what_says_the_same_is_no_proposal(session: Session, cast: Cast, held: Held) -> None:
    document = held(nomor="1/A", jp=4)

    made = corrections.propose(session, cast.vera, document, {"nomor": " 1/A\0 ", "jp": "4"})

    assert made == []


def test_a_field_of_another_kind_says_nothing(
    session: Session, cast: Cast, returned: Document
) -> None:
    assert corrections.propose(session, cast.vera, returned, {"program_studi": "Hukum"}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("jp", 12),
        ("jp", None),
        ("tanggal_selesai", dt.date(2026, 1, 31)),
        ("nomor", "421/ 🙂"),
        ("jenis", JenisDiklat.BIMTEK),
        ("tingkat", Tingkat.S2),
        ("tingkat", None),
    ],
)
def test_what_is_written_is_read_again(name: str, value: Any) -> None:
    assert name in COLUMNS
    assert parsed(name, written(value)) == value


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_kind_has_fields_to_propose_for(kind: DocumentKind) -> None:
    assert {"nomor"} <= set(corrections.names_of(kind))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestPages:
    @pytest.fixture
    def item(self, app: Flask, database: Database, cast: Cast) -> uuid.UUID:
        with database.transaction() as session:
            return builders.document(
                session,
                cast.sari,
                S.DIPERIKSA,
                verifier=cast.vera,
                storage=app.extensions["storage"],
                nomor="421/0001/BGP",
            ).id

    @pytest.fixture
    def reason(self, database: Database) -> Iterator[Reason]:
        with database.transaction() as session:
            made = builders.reason(session, fields=["nomor"])
            session.expunge(made)
        return made

    def send(self, browser: Browser, item: uuid.UUID, reason: Reason, **more: Any) -> Any:
        browser.get("verification.item", document_id=item)
        return browser.submit("Kembalikan", alasan=str(reason.id), **more)

    def test_from_the_desk_to_the_owner_and_back(
        self,
        browser: Browser,
        second_browser: Browser,
        cast: Cast,
        item: uuid.UUID,
        reason: Reason,
        database: Database,
    ) -> None:
        browser.enter(cast.vera)
        self.send(browser, item, reason, usul_nomor="421/0007/BGP")
        second_browser.enter(cast.sari)

        assert "Pakai usulan ini" in second_browser.get("documents.show", document_id=item).text
        page = second_browser.get("documents.edit", document_id=item)
        assert "421/0007/BGP" in page.text
        assert "Anda menulis 421/0001/BGP" in page.text
        page = second_browser.submit("Pakai usulan ini")
        assert "Usulan pemeriksa dipakai." in page.text
        assert "Sudah Anda pakai" in page.text
        assert "Pakai usulan ini" not in page.texts("button")

        with database.transaction() as session:
            handin.hand_in(session, cast.sari, session.get_one(Document, item))
        desk = browser.get("verification.item", document_id=item)
        assert "Usulan isian" in desk.text
        assert "Dipakai" in desk.text

    def test_a_wrong_value_keeps_everything_that_was_typed(
        self, browser: Browser, cast: Cast, item: uuid.UUID, reason: Reason, database: Database
    ) -> None:
        browser.enter(cast.vera)

        page = self.send(
            browser, item, reason, expect=422, usul_jp="delapan", catatan="Lihat halaman 2"
        )

        assert "JP (jam pelajaran) “delapan” bukan angka" in page.text
        assert "Lihat halaman 2" in page.text
        with database.reading() as session:
            assert session.get_one(Document, item).state is S.DIPERIKSA
            assert session.scalars(select(Correction)).all() == []

    def test_markup_in_a_proposal_is_only_text(
        self,
        browser: Browser,
        second_browser: Browser,
        cast: Cast,
        item: uuid.UUID,
        reason: Reason,
    ) -> None:
        browser.enter(cast.vera)
        self.send(browser, item, reason, usul_nomor="<b>1</b>", usul_nama="א" * 300)
        second_browser.enter(cast.sari)

        page = second_browser.get("documents.edit", document_id=item)

        assert "<b>1</b>" in page.text

    def test_only_the_owner_takes_over(self, browser: Browser, cast: Cast, item: uuid.UUID) -> None:
        browser.enter(cast.tono)

        browser.post(path=f"/dokumen/{item}/usulan", expect=404)
