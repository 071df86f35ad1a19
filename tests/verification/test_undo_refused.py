"""When a decision can no longer be taken back, and by whom it never could."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from portal.db import new_id, now
from portal.documents.arrivals import Upload
from portal.documents.transitions import Act
from portal.errors import Conflict, Forbidden
from portal.handin import actions as handin
from portal.permissions import Grant
from portal.verification import actions, claims, readings
from portal.verification.decisions import UNDO
from portal.vocabulary import DocumentState, FileRole, Role
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.verification.conftest import Held

S = DocumentState


class TestRefused:
    def test_after_ten_seconds(self, session: Session, cast: Cast, held: Held) -> None:
        document, at = held(), now()
        actions.approve(session, cast.vera, document, at=at)

        with pytest.raises(Conflict, match=r"Sudah lewat 10 detik.*cabut dengan alasan"):
            actions.undo(session, cast.vera, document, at=at + UNDO + dt.timedelta(milliseconds=1))

    def test_the_tenth_second_still_counts(self, session: Session, cast: Cast, held: Held) -> None:
        document, at = held(), now()
        actions.approve(session, cast.vera, document, at=at)

        actions.undo(session, cast.vera, document, at=at + UNDO)

        assert document.state is S.DIPERIKSA

    def test_by_somebody_else(self, session: Session, cast: Cast, held: Held) -> None:
        document = held()
        actions.approve(session, cast.vera, document)

        with pytest.raises(Conflict, match="sudah disetujui oleh Vera Anggraini"):
            actions.undo(session, cast.bima, document)

    def test_without_any_decision(self, session: Session, cast: Cast, held: Held) -> None:
        with pytest.raises(Conflict, match="sedang Anda periksa"):
            actions.undo(session, cast.vera, held())

    def test_when_the_owner_has_objected_since(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.refuse(session, cast.vera, document, builders.reason(session, Act.TOLAK))
        words = "Sertifikatnya asli, mohon diperiksa."
        handin.object_(session, cast.sari, document, words, today=TODAY)

        with pytest.raises(Conflict, match="Sudah ada yang melanjutkan"):
            actions.undo(session, cast.vera, document)

    def test_when_the_second_person_has_begun_and_let_go(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held(verifier=cast.vivi)
        actions.approve(session, cast.vivi, document)
        claims.claim(session, cast.vera, document)
        claims.release(session, cast.vera, document)

        with pytest.raises(Conflict, match="Sudah ada yang melanjutkan"):
            actions.undo(session, cast.vivi, document)

    def test_when_the_owner_sends_a_new_paper_already(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.return_(session, cast.vera, document, builders.reason(session))
        session.add(
            Upload(
                id=new_id(), document_id=document.id, sender_id=cast.sari.pegawai_id,
                name="a.jpg", content_type="image/jpeg", size=1, sha256="0" * 64, part_size=1,
            )
        )  # fmt: skip
        session.flush()

        with pytest.raises(Conflict, match="Sudah ada yang melanjutkan"):
            actions.undo(session, cast.vera, document)

    def test_when_the_owner_has_taken_the_paper_off(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.return_(session, cast.vera, document, builders.reason(session, fields=[]))
        (paper,) = document.current_files
        handin.detach(session, cast.sari, document, paper.role)

        with pytest.raises(Conflict, match="Sudah ada yang melanjutkan"):
            actions.undo(session, cast.vera, document)

    def test_when_the_owner_has_added_a_paper(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        actions.return_(session, cast.vera, document, builders.reason(session, fields=[]))
        builders.file(session, document, FileRole.TRANSKRIP).revision = 2
        session.flush()

        with pytest.raises(Conflict, match="Sudah ada yang melanjutkan"):
            actions.undo(session, cast.vera, document)

    def test_by_who_has_lost_the_role(self, session: Session, cast: Cast, held: Held) -> None:
        document = held()
        actions.approve(session, cast.vera, document)

        with pytest.raises(Forbidden, match="tidak lagi berwenang"):
            actions.undo(session, replace(cast.vera, grants=()), document)

    def test_a_reading_is_no_act(self, session: Session, cast: Cast, held: Held) -> None:
        document = held()
        actions.approve(session, cast.vera, document)
        readings.note(session, cast.bima, document.id)

        actions.undo(session, cast.vera, document)

        assert document.state is S.DIPERIKSA


def test_a_head_of_the_queue_undoes_no_decision_of_others(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held()
    actions.approve(session, cast.vera, document)
    head = replace(cast.bima, grants=(Grant(Role.KEPALA_ANTREAN, cast.units.instansi_id),))

    with pytest.raises(Conflict, match="sudah disetujui"):
        actions.undo(session, head, document)
