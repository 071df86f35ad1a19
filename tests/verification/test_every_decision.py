"""What holds for each decision, and what the database itself refuses."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.errors import Conflict, Forbidden
from portal.permissions import Actor, Grant
from portal.verification import actions
from portal.vocabulary import (
    DocumentState,
    Role,
)
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Held

S = DocumentState
DECISIONS = ["approve", "return_", "refuse"]


def decide(session: Session, name: str, actor: Actor, document: Document, **values: object) -> None:
    reasons = {"return_": Act.KEMBALIKAN, "refuse": Act.TOLAK}
    given: list[Reason] = [builders.reason(session, reasons[name])] if name in reasons else []
    getattr(actions, name)(session, actor, document, *given, **values)


@on_sqlite_alone
@pytest.mark.parametrize("name", DECISIONS)
class TestEveryDecision:
    def test_needs_the_claim(self, session: Session, cast: Cast, held: Held, name: str) -> None:
        document = held(verifier=cast.bima)

        with pytest.raises(Conflict, match="Sedang diperiksa Bima Nugraha"):
            decide(session, name, cast.vera, document)

    def test_without_a_claim_says_how_to_go_on(
        self, session: Session, cast: Cast, name: str
    ) -> None:
        document = builders.document(session, cast.sari, S.DIAJUKAN)

        with pytest.raises(Conflict, match="Ambil lagi"):
            decide(session, name, cast.vera, document)

    def test_after_another_decision_tells_whose_it_was(
        self, session: Session, cast: Cast, name: str
    ) -> None:
        document = builders.document(session, cast.sari, S.DISETUJUI, verifier=cast.bima)

        with pytest.raises(Conflict, match="sudah disetujui oleh Bima Nugraha pada"):
            decide(session, name, cast.vera, document)

    def test_of_an_older_revision_is_refused(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        with pytest.raises(Conflict, match="memperbarui dokumen ini"):
            decide(session, name, cast.vera, held(revision=2), revision=1)

    def test_of_an_own_item_is_refused(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        document = held(owner=cast.vera, verifier=cast.bima)

        with pytest.raises(Forbidden, match="dokumen Anda sendiri"):
            decide(session, name, cast.vera, document)

    def test_of_an_item_handed_in_for_a_colleague_is_refused(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        document = held(created_by_id=cast.vera.pegawai_id)

        with pytest.raises(Forbidden, match="rekan Anda"):
            decide(session, name, cast.vera, document)

    def test_outside_the_scope_is_refused(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        document = held(owner=cast.tono)

        with pytest.raises(Forbidden, match="di luar wewenang"):
            decide(session, name, cast.vivi, document)

    def test_by_an_auditor_is_refused(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        with pytest.raises(Forbidden):
            decide(session, name, cast.aud, held())

    def test_by_a_retired_verifikator_is_refused(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        with pytest.raises(Forbidden):
            decide(session, name, replace(cast.vera, retired=True), held())

    def test_of_an_objection_is_not_for_who_refused(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        document = held(objected=True)
        session.add(
            Decision(
                document_id=document.id,
                owner_id=document.owner_id,
                decider_id=cast.vera.pegawai_id,
                act=Act.TOLAK,
                revision=1,
            )
        )

        with pytest.raises(Forbidden, match="Keberatan"):
            decide(session, name, cast.vera, document)

    def test_may_carry_the_date_of_another_day(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        at = now() - dt.timedelta(days=40)

        decide(session, name, cast.vera, held(), at=at)

        assert session.scalars(select(Decision.at)).one() == at

    def test_of_another_agency_is_refused(
        self, session: Session, cast: Cast, held: Held, name: str
    ) -> None:
        stranger = replace(cast.vera, grants=(Grant(Role.VERIFIKATOR, uuid.uuid4()),))

        with pytest.raises(Forbidden):
            decide(session, name, stranger, held())


def test_the_database_itself_refuses_a_decision_on_an_own_item(
    session: Session, cast: Cast
) -> None:
    document = builders.document(session, cast.vera, S.DIAJUKAN)
    session.add(
        Decision(
            document_id=document.id,
            owner_id=document.owner_id,
            decider_id=cast.vera.pegawai_id,
            act=Act.SETUJUI,
            revision=1,
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_itself_refuses_a_claim_on_an_own_item(session: Session, cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        builders.document(session, cast.vera, S.DIPERIKSA, verifier=cast.vera)
