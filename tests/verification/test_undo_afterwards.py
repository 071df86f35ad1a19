"""What stands there and who reads what after a decision was taken back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.handin.timeline import story as told_to_owner
from portal.operations import personal_data
from portal.verification import actions, claims, queries
from portal.verification.timeline import story
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import Cast
from tests.verification.conftest import Held

S = DocumentState


class TestAfterwards:
    def test_a_second_tap_changes_nothing(self, session: Session, cast: Cast, held: Held) -> None:
        document = held()
        actions.approve(session, cast.vera, document)
        actions.undo(session, cast.vera, document)
        lines = len(audit.history(session, document.id))

        outcome = actions.undo(session, cast.vera, document)

        assert (outcome.state, len(audit.history(session, document.id))) == (S.DIPERIKSA, lines)

    def test_another_decision_follows_at_once_though_five_are_held(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        for _ in range(claims.MOST):
            held()
        actions.approve(session, cast.vera, document)
        actions.undo(session, cast.vera, document)

        actions.refuse(session, cast.vera, document, builders.reason(session, Act.TOLAK))

        assert document.state is S.DITOLAK

    def test_the_decision_stays_and_counts_for_nothing(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.approve(session, cast.vera, document)

        actions.undo(session, cast.vera, document)

        (kept,) = session.scalars(select(Decision)).all()
        assert kept.undone_at is not None
        assert queries.last_decision(session, document.id) is None

    def test_those_who_check_read_both_lines(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.approve(session, cast.vera, document)
        actions.undo(session, cast.vera, document)

        events = story(audit.history(session, document.id))

        assert [(event.title, event.note) for event in events] == [
            ("Keputusan diurungkan", "disetujui"),
            ("Disetujui", ""),
        ]

    def test_the_owner_never_reads_the_note_of_an_undone_decision(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        reason = builders.reason(session, Act.TOLAK)
        actions.refuse(session, cast.vera, document, reason, note="Milik Pak Anu")
        actions.undo(session, cast.vera, document)

        events = told_to_owner(audit.history(session, document.id), document, cast.sari.pegawai_id)

        assert [(event.title, event.note) for event in events] == [
            ("Keputusan diurungkan, masih diperiksa", "Sebelumnya: ditolak.")
        ]

    def test_the_decision_keeps_its_queue_and_its_hand_in(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()

        actions.approve(session, cast.vera, document)

        decision = session.scalars(select(Decision)).one()
        assert (decision.masuk, decision.antrean_id) == (document.submitted_at, None)


def test_the_own_copy_of_data_holds_no_note_of_an_undone_decision(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held()
    reason = builders.reason(session, Act.TOLAK)
    actions.refuse(session, cast.vera, document, reason, note="Milik Pak Anu")
    actions.undo(session, cast.vera, document)

    assert personal_data.decisions(session, cast.sari) == []
