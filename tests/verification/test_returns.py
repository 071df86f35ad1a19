"""Returning, refusing, revoking."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.errors import Conflict, Forbidden, Rejected
from portal.scoring.actions import recompute
from portal.verification import actions
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
)
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Held
from tests.verification.support import courses_of, told

S = DocumentState


@on_sqlite_alone
class TestReturnAndRefusal:
    def test_a_return_keeps_reason_and_note_on_the_item(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document, reason = held(), builders.reason(session)

        actions.return_(session, cast.vera, document, reason, note="Halaman 2 gelap")

        assert (document.state, document.reason_id, document.note, document.closed_at) == (
            S.PERLU_PERBAIKAN,
            reason.id,
            "Halaman 2 gelap",
            None,
        )

    def test_the_owner_reads_what_to_repair(self, session: Session, cast: Cast, held: Held) -> None:
        actions.return_(session, cast.vera, held(), builders.reason(session))

        assert told(session, cast.sari) == [
            (
                "Seminar Literasi Numerasi: perlu diperbaiki",
                "Tanggal tidak terbaca. Foto ulang bagian tanggal di tempat terang.",
            )
        ]

    def test_a_refusal_closes_the_item(self, session: Session, cast: Cast, held: Held) -> None:
        document, reason = held(), builders.reason(session, Act.TOLAK)

        actions.refuse(session, cast.vera, document, reason)

        assert document.state is S.DITOLAK
        assert document.closed_at is not None

    def test_points_that_waited_are_no_longer_drawn(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document, reason = held(), builders.reason(session, Act.TOLAK)
        score = recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")
        pending = bool(score.bisa)

        actions.refuse(session, cast.vera, document, reason)

        assert (pending, score.bisa) == (True, {})

    @pytest.mark.parametrize(
        "fields",
        [{"act": Act.TOLAK}, {"aktif": False}, {"kinds": [DocumentKind.IJAZAH.value]}],
        ids=["of another act", "switched off", "for another kind"],
    )
    def test_a_reason_that_does_not_fit_is_refused(
        self, session: Session, cast: Cast, held: Held, fields: dict[str, object]
    ) -> None:
        reason = builders.reason(session, **{"act": Act.KEMBALIKAN, **fields})  # type: ignore[arg-type]

        with pytest.raises(Rejected) as refusal:
            actions.return_(session, cast.vera, held(), reason)

        assert refusal.value.field == "alasan"

    @pytest.mark.parametrize("act", [actions.return_, actions.refuse])
    def test_no_reason_no_decision(
        self, session: Session, cast: Cast, held: Held, act: object
    ) -> None:
        with pytest.raises(Rejected, match="Pilih alasannya"):
            act(session, cast.vera, held(), None)  # type: ignore[operator]

    def test_a_note_has_an_end(self, session: Session, cast: Cast, held: Held) -> None:
        with pytest.raises(Rejected, match="1000 huruf"):
            actions.return_(session, cast.vera, held(), builders.reason(session), note="x" * 1001)


class TestRevocation:
    def approved(self, session: Session, cast: Cast, held: Held) -> Document:
        document = held()
        actions.approve(session, cast.vera, document)
        return document

    def test_the_record_goes_and_the_score_follows(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        document = self.approved(session, cast, held)

        outcome = actions.revoke(session, cast.vera, document, builders.reason(session, Act.CABUT))

        assert courses_of(session, document) == []
        assert (outcome.state, outcome.before, outcome.after) == (
            S.DICABUT,
            Decimal(81),
            Decimal(71),
        )

    def test_the_owner_is_told_why_and_what_it_means(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        document = self.approved(session, cast, held)

        actions.revoke(session, cast.vera, document, builders.reason(session, Act.CABUT))

        headline, words = told(session, cast.sari)[-1]
        assert headline.endswith("persetujuan dicabut")
        assert words.endswith("Skor Anda 81,00 → 71,00.")

    def test_the_opd_level_cannot_revoke(self, session: Session, cast: Cast, held: Held) -> None:
        document = self.approved(session, cast, held)

        with pytest.raises(Forbidden, match="mencabut"):
            actions.revoke(session, cast.vivi, document, builders.reason(session, Act.CABUT))

    def test_what_is_not_approved_cannot_be_revoked(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        with pytest.raises(Conflict):
            actions.revoke(session, cast.vera, held(), builders.reason(session, Act.CABUT))
