"""An approval is withdrawn by one person within a day, later by two."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.errors import Conflict, Forbidden, Rejected
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.permissions import Grant
from portal.scoring.actions import recompute
from portal.verification import actions, revocations
from portal.verification.models import RevocationProposal
from portal.verification.quality.queries import proposals
from portal.verification.revocations import ALONE
from portal.vocabulary import DocumentState, Role
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.verification.conftest import Held

S = DocumentState


@pytest.fixture
def old(session: Session, cast: Cast, held: Held) -> Document:
    """An approval of the day before yesterday."""
    recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")
    document = held()
    actions.approve(session, cast.vera, document, at=now() - dt.timedelta(days=2))
    return document


@pytest.fixture
def proposed(session: Session, cast: Cast, old: Document) -> Document:
    """Vera has proposed to withdraw it."""
    reason = builders.reason(session, Act.CABUT, label="Data keliru")
    actions.revoke(session, cast.vera, old, reason, note="Nama orang lain")
    session.flush()
    return old


def test_the_last_moment_of_the_day_still_takes_one_person(
    session: Session, cast: Cast, held: Held
) -> None:
    document, at = held(), now() - dt.timedelta(days=2)
    actions.approve(session, cast.vera, document, at=at)

    actions.revoke(session, cast.vera, document, builders.reason(session, Act.CABUT), at=at + ALONE)

    assert document.state is S.DICABUT


def test_a_day_later_the_approval_stands_until_somebody_agrees(
    session: Session, cast: Cast, proposed: Document
) -> None:
    proposal = revocations.open_proposal(session, proposed.id)

    assert proposed.state is S.DISETUJUI
    assert proposal is not None
    assert (proposal.pengusul_id, proposal.note) == (cast.vera.pegawai_id, "Nama orang lain")


def test_the_owner_is_told_nothing_before_that(
    session: Session, cast: Cast, proposed: Document
) -> None:
    titles = session.scalars(
        select(Notification.judul).where(Notification.pegawai_id == cast.sari.pegawai_id)
    ).all()

    assert titles == ["Seminar Literasi Numerasi: disetujui"]


def test_the_second_person_withdraws_it_with_the_first_ones_reason(
    session: Session, cast: Cast, proposed: Document
) -> None:
    outcome = revocations.agree(session, cast.bima, proposed)

    assert (proposed.state, proposed.note, outcome.after) == (
        S.DICABUT,
        "Nama orang lain",
        Decimal(71),
    )


def test_the_audit_names_both(session: Session, cast: Cast, proposed: Document) -> None:
    revocations.agree(session, cast.bima, proposed)

    (*_, proposal, revoked) = audit.history(session, proposed.id)
    assert (proposal.action, proposal.actor_id) == (
        "document:revocation-proposed",
        cast.vera.pegawai_id,
    )
    assert (revoked.actor_id, revoked.facts["pengusul"]) == (cast.bima.pegawai_id, cast.vera.nama)


def test_nobody_agrees_to_the_own_proposal(
    session: Session, cast: Cast, proposed: Document
) -> None:
    with pytest.raises(Forbidden, match="Anda yang mengusulkan"):
        revocations.agree(session, cast.vera, proposed)


def test_nobody_near_to_the_owner_agrees(session: Session, cast: Cast, proposed: Document) -> None:
    session.get_one(Pegawai, cast.sari.pegawai_id).atasan_id = cast.bima.pegawai_id
    session.flush()

    with pytest.raises(Forbidden, match="staf Anda"):
        revocations.agree(session, cast.bima, proposed)


def test_one_proposal_is_enough(session: Session, cast: Cast, proposed: Document) -> None:
    with pytest.raises(Conflict, match="sudah diusulkan"):
        actions.revoke(session, cast.bima, proposed, builders.reason(session, Act.CABUT))


def test_who_declines_leaves_the_approval_and_tells_the_proposer_why(
    session: Session, cast: Cast, proposed: Document
) -> None:
    revocations.decline(session, cast.bima, proposed, "Namanya benar, gelarnya baru.")

    told = session.scalars(
        select(Notification).where(Notification.pegawai_id == cast.vera.pegawai_id)
    ).one()
    assert proposed.state is S.DISETUJUI
    assert told.isi == "Bima Nugraha: Namanya benar, gelarnya baru."
    assert (told.tujuan, told.objek_id) == ("verification.item", proposed.id)


def test_who_declines_says_why(session: Session, cast: Cast, proposed: Document) -> None:
    with pytest.raises(Rejected, match="Tulis mengapa"):
        revocations.decline(session, cast.bima, proposed, "  ")


def test_nobody_declines_what_was_found_against_the_own_approval(
    session: Session, cast: Cast, old: Document
) -> None:
    actions.revoke(session, cast.bima, old, builders.reason(session, Act.CABUT))

    with pytest.raises(Forbidden, match="ikut menyetujui"):
        revocations.decline(session, cast.vera, old, "Sudah benar.")


def test_nor_does_who_gave_the_first_approval(session: Session, cast: Cast, old: Document) -> None:
    old.first_approver_id = cast.bima.pegawai_id
    actions.revoke(session, cast.vera, old, builders.reason(session, Act.CABUT))

    with pytest.raises(Forbidden, match="ikut menyetujui"):
        revocations.decline(session, cast.bima, old, "Sudah benar.")


def test_who_has_approved_may_still_agree_to_the_withdrawal(
    session: Session, cast: Cast, old: Document
) -> None:
    actions.revoke(session, cast.bima, old, builders.reason(session, Act.CABUT))

    revocations.agree(session, cast.vera, old)

    assert old.state is S.DICABUT


def test_who_proposed_takes_it_back_and_may_propose_again(
    session: Session, cast: Cast, proposed: Document
) -> None:
    revocations.take_back(session, cast.vera, proposed)

    assert (proposed.state, revocations.open_proposal(session, proposed.id)) == (S.DISETUJUI, None)
    actions.revoke(session, cast.vera, proposed, builders.reason(session, Act.CABUT))
    assert revocations.open_proposal(session, proposed.id) is not None


def test_the_audit_keeps_that_it_was_taken_back(
    session: Session, cast: Cast, proposed: Document
) -> None:
    revocations.take_back(session, cast.vera, proposed)

    last = audit.history(session, proposed.id)[-1]
    assert (last.action, last.actor_id) == (
        "document:revocation-taken-back",
        cast.vera.pegawai_id,
    )


def test_nobody_takes_back_what_another_proposed(
    session: Session, cast: Cast, proposed: Document
) -> None:
    with pytest.raises(Forbidden, match="Hanya pengusulnya"):
        revocations.take_back(session, cast.bima, proposed)


def test_what_was_decided_is_taken_back_no_more(
    session: Session, cast: Cast, proposed: Document
) -> None:
    revocations.decline(session, cast.bima, proposed, "Sudah benar.")

    with pytest.raises(Conflict, match="tidak terbuka"):
        revocations.take_back(session, cast.vera, proposed)


def test_a_proposal_is_shown_to_whom_the_item_is_in_reach_of(
    session: Session, cast: Cast, proposed: Document
) -> None:
    elsewhere = cast.units.kesehatan
    grant = Grant(Role.VERIFIKATOR, elsewhere.instansi_id, elsewhere.id, elsewhere.jalur, True)
    outsider = replace(cast.bima, grants=(grant,))

    assert [found.document_id for found in proposals(session, cast.bima)] == [proposed.id]
    assert proposals(session, outsider) == []


def test_after_a_decline_it_can_be_proposed_again(
    session: Session, cast: Cast, proposed: Document
) -> None:
    revocations.decline(session, cast.bima, proposed, "Belum jelas.")

    actions.revoke(session, cast.bima, proposed, builders.reason(session, Act.CABUT))

    assert len(session.scalars(select(RevocationProposal)).all()) == 2


def test_a_reason_is_asked_for(session: Session, cast: Cast, old: Document) -> None:
    with pytest.raises(Rejected, match="Pilih alasannya"):
        actions.revoke(session, cast.vera, old, None)


def test_without_the_right_nothing_is_proposed(session: Session, cast: Cast, old: Document) -> None:
    with pytest.raises(Forbidden):
        actions.revoke(
            session, replace(cast.vera, grants=()), old, builders.reason(session, Act.CABUT)
        )


def test_an_agreement_that_is_undone_leaves_the_proposal_open(
    session: Session, cast: Cast, proposed: Document
) -> None:
    revocations.agree(session, cast.bima, proposed)

    actions.undo(session, cast.bima, proposed)

    session.expire_all()
    assert proposed.state is S.DISETUJUI
    assert revocations.open_proposal(session, proposed.id) is not None


class TestPages:
    @pytest.fixture
    def item(self, database: Database, cast: Cast) -> uuid.UUID:
        """Approved two days ago; Vera has proposed to withdraw it."""
        with database.transaction() as session:
            document = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera)
            actions.approve(session, cast.vera, document, at=now() - dt.timedelta(days=2))
            reason = builders.reason(session, Act.CABUT, label="Data keliru")
            actions.revoke(session, cast.vera, document, reason, note="Nama orang lain")
            return document.id

    def test_who_proposed_takes_it_back_at_the_desk(
        self, database: Database, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=item)

        page = browser.submit("Ya, tarik usul")

        assert "Usul Anda ditarik." in page.text
        assert "Usul cabut ditarik" in page.one(".timeline").text
        with database.reading() as session:
            assert revocations.open_proposal(session, item) is None

    def test_a_proposal_that_was_decided_meanwhile_is_told(
        self, database: Database, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=item)
        with database.transaction() as session:
            document = session.get_one(Document, item)
            revocations.decline(session, cast.bima, document, "Sudah benar.")

        page = browser.submit("Ya, tarik usul", expect=409)

        assert "tidak terbuka" in page.text

    def test_nobody_else_is_offered_to_take_it_back(
        self, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.bima)

        page = browser.get("verification.item", document_id=item)

        assert "Tarik usul" not in page.text

    def test_proposing_is_said_and_cannot_be_mistaken_for_a_withdrawal(
        self, database: Database, cast: Cast, browser: Browser
    ) -> None:
        with database.transaction() as session:
            document = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera)
            actions.approve(session, cast.vera, document, at=now() - dt.timedelta(days=2))
            reason = builders.reason(session, Act.CABUT).id
        browser.enter(cast.vera)
        browser.get("verification.item", document_id=document.id)

        answer = browser.submit("Usulkan cabut", alasan=str(reason))

        assert "Pencabutan diusulkan: Seminar Literasi Numerasi." in answer.text
        assert answer.all(".undo") == []

    def test_the_second_person_reads_reason_and_proposer(
        self, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.bima)

        page = browser.get("verification.item", document_id=item)

        assert "Nama orang lain" in page.text
        assert "Oleh Vera Anggraini" in page.text

    def test_the_second_person_withdraws_it(
        self, database: Database, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.bima)
        browser.get("verification.item", document_id=item)

        answer = browser.submit("Ya, cabut")

        assert "Persetujuan dicabut: Seminar Literasi Numerasi" in answer.text
        with database.reading() as session:
            assert session.get_one(Document, item).state is S.DICABUT

    def test_taking_that_back_says_that_the_approval_stands(
        self, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.bima)
        browser.get("verification.item", document_id=item)
        browser.submit("Ya, cabut")

        answer = browser.submit("Urungkan")

        assert "Persetujuannya berlaku lagi." in answer.text
        assert "Anda periksa lagi" not in answer.text

    def test_declining_without_a_word_keeps_the_page(
        self, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.bima)
        browser.get("verification.item", document_id=item)

        answer = browser.submit("Tolak usulnya", expect=422)

        assert "Tulis mengapa persetujuannya tetap berlaku" in answer.text
        assert answer.one("details[open] #catatan-usul")

    def test_a_note_that_is_too_long_is_refused_and_kept(
        self, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.bima)
        browser.get("verification.item", document_id=item)

        answer = browser.submit("Tolak usulnya", catatan="x" * 10_000, expect=422)

        assert "paling panjang 1000 huruf" in answer.text
        assert answer.text.count("x" * 10_000) == 1

    def test_who_has_approved_is_not_offered_to_decline(
        self, database: Database, cast: Cast, browser: Browser
    ) -> None:
        with database.transaction() as session:
            document = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera)
            actions.approve(session, cast.vera, document, at=now() - dt.timedelta(days=2))
            actions.revoke(session, cast.bima, document, builders.reason(session, Act.CABUT))
        browser.enter(cast.vera)

        page = browser.get("verification.item", document_id=document.id)

        assert page.one(".decide").get_text().count("Ya, cabut") == 1
        assert page.all("#catatan-usul") == []

    def test_the_proposer_gets_no_button(
        self, cast: Cast, browser: Browser, item: uuid.UUID
    ) -> None:
        browser.enter(cast.vera)

        page = browser.get("verification.item", document_id=item)

        assert "Orang lain yang memutuskannya." in page.text
        assert "Ya, cabut" not in page.text
