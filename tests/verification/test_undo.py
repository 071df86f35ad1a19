"""A decision can be taken back for ten seconds, by its decider alone, as if it had not been."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.handin import actions as handin
from portal.notifications.models import Notification
from portal.people.models import Pengembangan
from portal.scoring.models import ScoreChange
from portal.scoring.queries import stored
from portal.verification import actions, claims, corrections, queries
from portal.verification.filters import Filters
from portal.verification.models import Correction, SpotCheck
from portal.verification.rights import obstacle
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.verification.conftest import Held

S = DocumentState


def courses_of(session: Session, document: Document) -> int:
    statement = select(func.count()).where(Pengembangan.document_id == document.id)
    return session.scalar(statement) or 0


def messages_of(session: Session, document: Document) -> list[str]:
    statement = select(Notification.judul).where(Notification.document_id == document.id)
    return list(session.scalars(statement.order_by(Notification.dibuat)))


class TestApproval:
    def test_the_item_is_back_in_the_hands_of_the_decider(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.approve(session, cast.vera, document)

        actions.undo(session, cast.vera, document)

        assert (document.state, document.claimed_by_id, document.closed_at, document.note) == (
            S.DIPERIKSA,
            cast.vera.pegawai_id,
            None,
            "",
        )

    def test_the_record_and_the_points_are_taken_back(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        document = held()
        actions.approve(session, cast.vera, document)

        outcome = actions.undo(session, cast.vera, document)

        assert (courses_of(session, document), outcome.before, outcome.after) == (
            0,
            Decimal(81),
            Decimal(71),
        )

    def test_the_history_of_the_score_tells_the_withdrawal_and_its_cause(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        document = held()
        actions.approve(session, cast.vera, document)

        actions.undo(session, cast.vera, document)

        causes = session.execute(
            select(ScoreChange.sebab, ScoreChange.sebelum, ScoreChange.sesudah)
            .where(ScoreChange.document_id == document.id)
            .order_by(ScoreChange.waktu)
        ).all()
        assert [tuple(row) for row in causes] == [
            ("Seminar Literasi Numerasi: disetujui", Decimal(71), Decimal(81)),
            ("Seminar Literasi Numerasi: keputusan diurungkan", Decimal(81), Decimal(71)),
        ]

    def test_an_unread_message_disappears(self, session: Session, cast: Cast, held: Held) -> None:
        document = held()
        actions.approve(session, cast.vera, document)

        actions.undo(session, cast.vera, document)

        assert messages_of(session, document) == []

    def test_who_has_read_the_message_is_told_that_it_was_undone(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.approve(session, cast.vera, document)
        session.scalars(select(Notification)).one().dibaca = now()
        session.flush()

        actions.undo(session, cast.vera, document)

        assert messages_of(session, document) == [
            "Seminar Literasi Numerasi: disetujui",
            "Seminar Literasi Numerasi: keputusan diurungkan",
        ]

    def test_a_message_about_something_else_stays(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.approve(session, cast.vera, document)
        builders.notification(
            session, cast.sari, document_id=document.id, judul="Pertanyaan dijawab"
        )

        actions.undo(session, cast.vera, document)

        assert messages_of(session, document) == ["Pertanyaan dijawab"]

    def test_the_second_look_that_was_drawn_is_gone(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        session.get_one(Instansi, cast.units.instansi_id).uji_petik_persen = 0
        document = held()
        actions.approve(session, cast.vera, document)
        decision = session.scalars(select(Decision)).one()
        session.add(SpotCheck(decision_id=decision.id, document_id=document.id))
        session.flush()

        actions.undo(session, cast.vera, document)

        assert session.scalar(select(func.count(SpotCheck.id))) == 0

    def test_the_replaced_item_stands_again_with_its_record(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        old, approved = held(), now() - dt.timedelta(days=3)
        actions.approve(session, cast.vera, old, at=approved)
        new = held(replaces_id=old.id, jp=6)
        actions.approve(session, cast.vera, new)

        actions.undo(session, cast.vera, new)

        assert (old.state, old.closed_at, courses_of(session, old), courses_of(session, new)) == (
            S.DISETUJUI,
            approved,
            1,
            0,
        )

    def test_a_replacement_can_be_approved_anew(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        old = held()
        actions.approve(session, cast.vera, old)
        new = held(replaces_id=old.id, jp=6)
        actions.approve(session, cast.vera, new)
        actions.undo(session, cast.vera, new)

        actions.approve(session, cast.vera, new)

        score = stored(session, cast.sari.pegawai_id, TODAY.year)
        assert score is not None
        assert (old.state, new.state, score.total) == (S.DICABUT, S.DISETUJUI, Decimal(81))

    def test_the_first_of_two_approvals_leaves_no_first_approver(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held(verifier=cast.vivi)
        actions.approve(session, cast.vivi, document)

        actions.undo(session, cast.vivi, document)

        assert (document.state, document.first_approver_id) == (S.DIPERIKSA, None)

    def test_the_second_of_two_approvals_leaves_the_first(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held(verifier=cast.vivi)
        actions.approve(session, cast.vivi, document)
        claims.claim(session, cast.vera, document)
        actions.approve(session, cast.vera, document)

        actions.undo(session, cast.vera, document)

        assert document.first_approver_id == cast.vivi.pegawai_id

    def test_a_return_in_the_second_round_leads_back_into_it(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held(verifier=cast.vivi)
        actions.approve(session, cast.vivi, document)
        claims.claim(session, cast.vera, document)
        actions.return_(session, cast.vera, document, builders.reason(session))

        actions.undo(session, cast.vera, document)
        claims.release(session, cast.vera, document)

        assert (document.state, document.first_approver_id) == (
            S.MENUNGGU_KEDUA,
            cast.vivi.pegawai_id,
        )


class TestReturnAndRefusal:
    def test_a_return_is_taken_back_with_its_reason(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.return_(session, cast.vera, document, builders.reason(session), note="Salah")

        actions.undo(session, cast.vera, document)

        assert (document.state, document.reason_id, document.note) == (S.DIPERIKSA, None, "")

    def test_the_reason_of_an_earlier_round_is_there_again(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        first, document = builders.reason(session), held()
        earlier = now() - dt.timedelta(days=2)
        actions.return_(session, cast.vera, document, first, note="Buram", at=earlier)
        document.state, document.revision = S.DIAJUKAN, 2
        session.flush()
        claims.claim(session, cast.vera, document)
        actions.approve(session, cast.vera, document)

        actions.undo(session, cast.vera, document)

        assert (document.reason_id, document.note) == (first.id, "Buram")

    def test_the_proposals_to_the_owner_are_gone(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.return_(session, cast.vera, document, builders.reason(session))
        corrections.propose(session, cast.vera, document, {"jp": "8"})

        actions.undo(session, cast.vera, document)

        assert session.scalar(select(func.count(Correction.id))) == 0

    def test_a_refusal_that_was_undone_keeps_nobody_from_an_objection(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        refused = builders.reason(session, Act.TOLAK)
        actions.refuse(session, cast.vera, document, refused)
        actions.undo(session, cast.vera, document)
        claims.release(session, cast.vera, document)
        claims.claim(session, cast.bima, document)
        actions.refuse(session, cast.bima, document, refused)
        handin.object_(
            session, cast.sari, document, "Sertifikatnya asli, mohon diperiksa.", today=TODAY
        )

        assert obstacle(session, cast.vera, document) is None
        assert queries.next_free(session, cast.vera, Filters(), None, now()) is document
        assert queries.next_free(session, cast.bima, Filters(), None, now()) is None


class TestRevocation:
    def test_it_leads_back_to_the_approval_and_its_record(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        document, approved = held(), now() - dt.timedelta(hours=1)
        actions.approve(session, cast.vera, document, note="Sesuai asli", at=approved)
        actions.revoke(session, cast.bima, document, builders.reason(session, Act.CABUT))

        outcome = actions.undo(session, cast.bima, document)

        assert (document.state, document.closed_at, document.note, outcome.after) == (
            S.DISETUJUI,
            approved,
            "Sesuai asli",
            Decimal(81),
        )


def test_the_due_day_and_the_first_level_are_as_they_were(
    session: Session, cast: Cast, held: Held
) -> None:
    due = TODAY + dt.timedelta(days=3)
    document = held(verifier=cast.vivi, lapis_pertama=True, tenggat=due)
    actions.approve(session, cast.vivi, document)
    assert document.lapis_pertama is False

    actions.undo(session, cast.vivi, document)

    assert (document.lapis_pertama, document.tenggat) == (True, due)


def test_a_return_stops_the_clock_and_its_undo_starts_it_again(
    session: Session, cast: Cast, held: Held
) -> None:
    due = TODAY + dt.timedelta(days=3)
    document = held(tenggat=due)
    actions.return_(session, cast.vera, document, builders.reason(session))
    assert document.tenggat is None

    actions.undo(session, cast.vera, document)

    assert document.tenggat == due
