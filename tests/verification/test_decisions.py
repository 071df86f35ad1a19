"""A decision changes the item, the record, the score, the audit and the messages at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.errors import Forbidden, Rejected
from portal.people.models import Pendidikan, Pengembangan
from portal.scoring.queries import stored
from portal.verification import actions
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
    JenisDiklat,
    LatihanStruktural,
    Tingkat,
)
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Held
from tests.verification.support import courses_of, told

S = DocumentState
DEGREE = {
    "kind": DocumentKind.IJAZAH,
    "jenis": None,
    "tingkat": Tingkat.S2,
    "program_studi": "Manajemen Pendidikan",
    "perguruan_tinggi": "Universitas Cendana",
    "nomor": "1234/S2/2026",
    "tanggal_lulus": dt.date(TODAY.year - 1, 8, 1),
    "gelar": "M.Pd.",
}


def two_pairs_of_eyes(session: Session, cast: Cast, kind: DocumentKind) -> None:
    session.get_one(Instansi, cast.units.instansi_id).dua_pemeriksa = [kind.value]
    session.flush()


class TestApproval:
    def test_the_item_is_approved_closed_and_free(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document, at = held(), now()

        actions.approve(session, cast.vera, document, at=at)

        assert (document.state, document.closed_at, document.claimed_by_id) == (
            S.DISETUJUI,
            at,
            None,
        )

    def test_the_score_rises_in_the_same_transaction(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        outcome = actions.approve(session, cast.vera, held())

        assert (outcome.before, outcome.after) == (Decimal(71), Decimal(81))

    def test_the_stored_score_is_the_one_that_was_told(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        outcome = actions.approve(session, cast.vera, held())

        score = stored(session, cast.sari.pegawai_id, TODAY.year)
        assert score is not None
        assert score.total == outcome.after

    def test_the_owner_reads_the_old_and_the_new_score(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        actions.approve(session, cast.vera, held())

        assert told(session, cast.sari) == [
            ("Seminar Literasi Numerasi: disetujui", "Skor Anda 71,00 → 81,00.")
        ]

    def test_a_course_becomes_a_record_with_the_declared_data(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()

        actions.approve(session, cast.vera, document)

        (record,) = courses_of(session, document)
        assert (record.pegawai_id, record.jenis, record.nama, record.jp, record.sumber) == (
            cast.sari.pegawai_id,
            JenisDiklat.SEMINAR,
            "Seminar Literasi Numerasi",
            4,
            "portal",
        )

    def test_a_record_comes_after_those_of_the_import(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held()
        session.execute(
            Pengembangan.__table__.update().values(urutan=41)  # type: ignore[attr-defined]
        )

        actions.approve(session, cast.vera, document)

        assert courses_of(session, document)[0].urutan == 42

    def test_an_ijazah_becomes_a_degree(self, session: Session, cast: Cast, held: Held) -> None:
        document = held(**DEGREE)

        actions.approve(session, cast.vera, document)

        degree = session.scalars(
            select(Pendidikan).where(Pendidikan.document_id == document.id)
        ).one()
        assert (degree.tingkat, degree.gelar, degree.tahun_lulus) == (
            Tingkat.S2,
            "M.Pd.",
            TODAY.year - 1,
        )

    def test_leadership_training_is_always_the_structural_kind(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held(
            kind=DocumentKind.KEPEMIMPINAN, latihan_struktural=LatihanStruktural.PIM4, jenis=None
        )

        actions.approve(session, cast.vera, document)

        (record,) = courses_of(session, document)
        assert (record.jenis, record.latihan_struktural) == (
            JenisDiklat.STRUKTURAL,
            LatihanStruktural.PIM4,
        )

    @pytest.mark.parametrize(
        ("fields", "missing"),
        [
            (DEGREE | {"tingkat": None}, "tingkat pendidikan"),
            ({"jenis": None}, "jenis kegiatan"),
            ({"kind": DocumentKind.KEPEMIMPINAN, "latihan_struktural": None}, "jenjang"),
        ],
    )
    def test_data_that_are_too_few_are_named(
        self, session: Session, cast: Cast, held: Held, fields: dict[str, object], missing: str
    ) -> None:
        document = held(**fields)

        with pytest.raises(Rejected, match=missing):
            actions.approve(session, cast.vera, document)

    def test_the_decision_seals_the_files_and_the_revision(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held(revision=3)
        session.refresh(document)
        (file,) = document.current_files

        actions.approve(session, cast.vera, document, note="Sesuai asli")

        decision = session.scalars(select(Decision)).one()
        assert (decision.act, decision.revision, decision.note, decision.sealed) == (
            Act.SETUJUI,
            3,
            "Sesuai asli",
            {str(file.id): file.sha256_stored},
        )

    def test_it_leaves_a_line_in_the_audit(self, session: Session, cast: Cast, held: Held) -> None:
        document = held()

        actions.approve(session, cast.vera, document)

        (line,) = audit.history(session, document.id)
        assert (line.action, line.actor_id) == ("document:approved", cast.vera.pegawai_id)

    def test_the_operator_who_handed_it_in_is_told_without_the_score(
        self, session: Session, cast: Cast, held: Held, measured: None
    ) -> None:
        document = held(created_by_id=cast.oki.pegawai_id)

        actions.approve(session, cast.vera, document)

        ((headline, words),) = told(session, cast.oki)
        assert (headline, "81" in words) == ("Seminar Literasi Numerasi: disetujui", False)

    def test_a_failing_step_takes_everything_back(
        self, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_args: object, **_values: object) -> None:
            raise RuntimeError

        with database.transaction() as session:
            key = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera).id
        monkeypatch.setattr("portal.verification.decisions.tell", fail)

        with pytest.raises(RuntimeError), database.transaction() as session:
            actions.approve(session, cast.vera, session.get_one(Document, key))

        with database.reading() as session:
            assert session.get_one(Document, key).state is S.DIPERIKSA
            assert session.scalar(select(func.count(Decision.id))) == 0
            assert courses_of(session, session.get_one(Document, key)) == []


class TestReplacement:
    def test_the_former_record_gives_way(self, session: Session, cast: Cast, held: Held) -> None:
        old = held()
        actions.approve(session, cast.vera, old)
        new = held(replaces_id=old.id, jp=6)

        actions.approve(session, cast.vera, new)

        assert (old.state, courses_of(session, old), len(courses_of(session, new))) == (
            S.DICABUT,
            [],
            1,
        )

    def test_the_timeline_of_the_former_names_its_successor(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        old = held()
        actions.approve(session, cast.vera, old)
        new = held(replaces_id=old.id)

        actions.approve(session, cast.vera, new)

        line = audit.history(session, old.id)[-1]
        assert (line.action, line.facts["successor"]) == ("document:replaced", str(new.id))

    def test_a_former_item_that_fell_meanwhile_is_left_alone(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        old = builders.document(session, cast.sari, S.DICABUT, verifier=cast.bima)
        new = held(replaces_id=old.id)

        actions.approve(session, cast.vera, new)

        assert audit.history(session, old.id) == []

    def test_an_item_never_replaces_that_of_another_person(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        other = builders.document(session, cast.budi, S.DISETUJUI, verifier=cast.bima)
        new = held(replaces_id=other.id)

        actions.approve(session, cast.vera, new)

        assert other.state is S.DISETUJUI


@on_sqlite_alone
class TestTwoPairsOfEyes:
    def test_the_first_approval_leads_to_the_second_round(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        two_pairs_of_eyes(session, cast, DocumentKind.SEMINAR)
        document = held()

        actions.approve(session, cast.vera, document)

        assert (document.state, document.first_approver_id, document.claimed_by_id) == (
            S.MENUNGGU_KEDUA,
            cast.vera.pegawai_id,
            None,
        )

    def test_the_first_approval_counts_nothing_yet(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        two_pairs_of_eyes(session, cast, DocumentKind.SEMINAR)
        document = held()

        actions.approve(session, cast.vera, document)

        assert (courses_of(session, document), told(session, cast.sari)) == ([], [])

    def test_the_second_person_closes_it(self, session: Session, cast: Cast, held: Held) -> None:
        two_pairs_of_eyes(session, cast, DocumentKind.SEMINAR)
        document = held(verifier=cast.bima, first_approver_id=cast.vera.pegawai_id)

        actions.approve(session, cast.bima, document)

        assert (document.state, len(courses_of(session, document))) == (S.DISETUJUI, 1)

    def test_nobody_gives_both_approvals(self, session: Session, cast: Cast, held: Held) -> None:
        two_pairs_of_eyes(session, cast, DocumentKind.SEMINAR)
        document = held(first_approver_id=cast.vera.pegawai_id)

        with pytest.raises(Forbidden, match="orang lain"):
            actions.approve(session, cast.vera, document)

    def test_the_opd_level_is_always_the_first_of_two(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held(verifier=cast.vivi)

        actions.approve(session, cast.vivi, document)

        assert document.state is S.MENUNGGU_KEDUA

    def test_the_opd_level_never_has_the_last_word(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        document = held(verifier=cast.vivi, first_approver_id=cast.vera.pegawai_id)

        with pytest.raises(Forbidden, match="BKPSDM"):
            actions.approve(session, cast.vivi, document)

    def test_after_a_return_both_look_again(self, session: Session, cast: Cast, held: Held) -> None:
        document = held(verifier=cast.bima, first_approver_id=cast.vera.pegawai_id)

        actions.return_(session, cast.bima, document, builders.reason(session))

        assert document.first_approver_id is None
