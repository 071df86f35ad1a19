"""A share of the approvals is looked at again, by somebody else, without knowing who approved."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.notifications.kinds import TUGAS
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.verification import actions, revocations
from portal.verification.models import SpotCheck
from portal.verification.quality import queries, spot_checks
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Held

S = DocumentState
LATER = dt.timedelta(minutes=1)


def share(session: Session, cast: Cast, percent: int) -> None:
    session.get_one(Instansi, cast.units.instansi_id).uji_petik_persen = percent
    session.flush()


def drawn(session: Session, cast: Cast, **fields: object) -> SpotCheck:
    """An approval of Vera of a minute ago, drawn by lot."""
    share(session, cast, 100)
    document = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera, **fields)  # type: ignore[arg-type]
    actions.approve(session, cast.vera, document, note="Sesuai asli", at=now() - LATER)
    session.flush()
    return session.scalars(select(SpotCheck).where(SpotCheck.document_id == document.id)).one()


class TestDraw:
    @pytest.mark.parametrize(("percent", "drawn"), [(100, 5), (0, 0)])
    def test_the_share_of_the_agency_decides(
        self, session: Session, cast: Cast, held: Held, percent: int, drawn: int
    ) -> None:
        share(session, cast, percent)

        for _ in range(5):
            actions.approve(session, cast.vera, held())

        assert session.scalar(select(func.count(SpotCheck.id))) == drawn

    def test_the_lot_is_below_the_share(
        self, session: Session, cast: Cast, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        share(session, cast, 5)
        lots = iter([4, 5])
        rigged = SimpleNamespace(randbelow=lambda _bound: next(lots))
        monkeypatch.setattr(spot_checks, "secrets", rigged)

        for _ in range(2):
            actions.approve(session, cast.vera, held())

        assert session.scalar(select(func.count(SpotCheck.id))) == 1

    def test_a_first_approval_is_never_drawn(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        share(session, cast, 100)

        actions.approve(session, cast.vivi, held(verifier=cast.vivi))

        assert session.scalar(select(func.count(SpotCheck.id))) == 0


class TestWho:
    def test_the_decider_never_sees_the_own_one(self, session: Session, cast: Cast) -> None:
        drawn(session, cast)

        assert queries.waiting(session, cast.vera, None).rows == []
        assert len(queries.waiting(session, cast.bima, None).rows) == 1

    def test_nor_may_the_decider_act(self, session: Session, cast: Cast) -> None:
        with pytest.raises(Forbidden, match="ikut menyetujui"):
            spot_checks.look(session, cast.vera, drawn(session, cast), agrees=True)

    def test_nor_who_gave_the_first_approval(self, session: Session, cast: Cast) -> None:
        spot = drawn(session, cast, first_approver_id=cast.bima.pegawai_id)

        assert queries.waiting(session, cast.bima, None).rows == []
        with pytest.raises(Forbidden, match="ikut menyetujui"):
            spot_checks.look(session, cast.bima, spot, agrees=True)

    def test_nor_somebody_near_to_the_owner(self, session: Session, cast: Cast) -> None:
        spot = drawn(session, cast)
        session.get_one(Pegawai, cast.sari.pegawai_id).pasangan_id = cast.bima.pegawai_id
        session.flush()

        assert queries.waiting(session, cast.bima, None).rows == []
        with pytest.raises(Forbidden, match="suami atau istri"):
            spot_checks.look(session, cast.bima, spot, agrees=True)

    def test_nor_the_owner(self, session: Session, cast: Cast) -> None:
        spot = drawn(session, cast)
        owner = replace(cast.vera, pegawai_id=cast.sari.pegawai_id)

        with pytest.raises(NotFound):
            queries.one(session, owner, spot.id)

    def test_nor_somebody_of_another_opd(self, session: Session, cast: Cast) -> None:
        spot = drawn(session, cast)
        other = replace(cast.vivi, pegawai_id=cast.tono.pegawai_id, grants=())

        with pytest.raises(NotFound):
            queries.one(session, other, spot.id)

    def test_it_waits_until_the_decision_can_be_undone_no_more(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        share(session, cast, 100)
        actions.approve(session, cast.vera, held())

        assert queries.waiting(session, cast.bima, None).rows == []

    def test_what_was_withdrawn_is_looked_at_no_more(self, session: Session, cast: Cast) -> None:
        spot = drawn(session, cast)
        reason = builders.reason(session, Act.CABUT)
        actions.revoke(session, cast.bima, spot.document, reason)

        assert queries.waiting(session, cast.bima, None).rows == []
        with pytest.raises(Conflict, match="dicabut"):
            spot_checks.look(session, cast.bima, spot, agrees=True)


class TestFinding:
    def test_agreement_changes_nothing_but_the_rate(self, session: Session, cast: Cast) -> None:
        spot = drawn(session, cast)

        spot_checks.look(session, cast.bima, spot, agrees=True)

        assert spot.document.state is S.DISETUJUI
        assert queries.agreement(session, cast.bima, now() - LATER) == (1, 1)

    def test_another_finding_proposes_to_withdraw_and_revokes_nothing(
        self, session: Session, cast: Cast
    ) -> None:
        spot, reason = drawn(session, cast), builders.reason(session, Act.CABUT)

        spot_checks.look(
            session, cast.bima, spot, agrees=False, reason=reason, note="JP tertulis 3."
        )

        proposal = revocations.open_proposal(session, spot.document_id)
        assert proposal is not None
        assert (spot.document.state, proposal.pengusul_id) == (
            S.DISETUJUI,
            cast.bima.pegawai_id,
        )
        assert queries.agreement(session, cast.bima, now() - LATER) == (1, 0)

    def test_the_first_decider_reads_what_was_found(self, session: Session, cast: Cast) -> None:
        spot, reason = drawn(session, cast), builders.reason(session, Act.CABUT)

        spot_checks.look(
            session, cast.bima, spot, agrees=False, reason=reason, note="JP tertulis 3."
        )

        told = select(Notification.isi, Notification.jenis).where(
            Notification.pegawai_id == cast.vera.pegawai_id
        )
        assert session.execute(told).all() == [
            ("Pemeriksa kedua tidak sependapat. JP tertulis 3.", TUGAS.code)
        ]

    def test_it_stands_in_the_audit(self, session: Session, cast: Cast) -> None:
        spot = drawn(session, cast)

        spot_checks.look(session, cast.bima, spot, agrees=True, note="Jelas")

        line = audit.history(session, spot.document_id)[-1]
        assert (line.action, line.facts) == (
            "document:spot-checked",
            {"hasil": "sependapat", "catatan": "Jelas"},
        )

    @pytest.mark.parametrize(
        ("note", "with_reason", "field"),
        [("", True, "catatan"), ("JP tertulis 3.", False, "alasan"), ("x" * 1001, True, "catatan")],
    )
    def test_another_finding_needs_a_reason_and_a_note(
        self, session: Session, cast: Cast, note: str, with_reason: bool, field: str
    ) -> None:
        spot = drawn(session, cast)
        reason = builders.reason(session, Act.CABUT) if with_reason else None

        with pytest.raises(Rejected) as refusal:
            spot_checks.look(session, cast.bima, spot, agrees=False, reason=reason, note=note)

        assert refusal.value.field == field

    def test_of_two_who_look_one_is_kept(self, session: Session, cast: Cast) -> None:
        spot = drawn(session, cast)
        spot_checks.look(session, cast.bima, spot, agrees=True)
        other = replace(cast.bima, pegawai_id=cast.ani.pegawai_id)

        with pytest.raises(Conflict, match="sudah dilakukan"):
            spot_checks.look(session, other, spot, agrees=True)

    def test_an_undone_approval_leaves_no_second_look(
        self, session: Session, cast: Cast, held: Held
    ) -> None:
        share(session, cast, 100)
        document = held()
        actions.approve(session, cast.vera, document)

        actions.undo(session, cast.vera, document)

        assert session.scalar(select(func.count(SpotCheck.id))) == 0


@on_sqlite_alone
class TestPages:
    @pytest.fixture
    def spot(self, database: Database, cast: Cast) -> uuid.UUID:
        with database.transaction() as session:
            builders.reason(session, Act.CABUT, label="Data keliru")
            return drawn(session, cast).id

    def test_the_list_counts_and_leads_on(
        self, cast: Cast, browser: Browser, spot: uuid.UUID
    ) -> None:
        browser.enter(cast.bima)

        page = browser.get("verification.spot_checks_waiting")

        assert "1 menunggu Anda" in page.text

    def test_with_nothing_to_do_the_list_says_so(self, cast: Cast, browser: Browser) -> None:
        browser.enter(cast.bima)

        page = browser.get("verification.spot_checks_waiting")

        assert "Tidak ada yang menunggu Anda" in page.text
        assert "Belum ada uji petik yang selesai" in page.text

    def test_the_second_look_is_blind(self, cast: Cast, browser: Browser, spot: uuid.UUID) -> None:
        browser.enter(cast.bima)

        page = browser.get("verification.spot_check", spot_id=spot)

        assert "Vera Anggraini" not in page.text
        assert "Sesuai asli" not in page.text

    def test_agreeing_leads_to_the_list_and_the_rate(
        self, cast: Cast, browser: Browser, spot: uuid.UUID
    ) -> None:
        browser.enter(cast.bima)
        browser.get("verification.spot_check", spot_id=spot)

        page = browser.submit("Ya, sependapat")

        assert "Uji petik tersimpan" in page.text
        assert "100 %" in page.text

    def test_disagreeing_shows_the_proposal(
        self, database: Database, cast: Cast, browser: Browser, spot: uuid.UUID
    ) -> None:
        with database.reading() as session:
            reason = str(session.scalars(select(builders.Reason.id)).first())
        browser.enter(cast.bima)
        browser.get("verification.spot_check", spot_id=spot)

        page = browser.submit("Usulkan pencabutan", alasan=reason, catatan="JP tertulis 3.")

        assert "Data keliru · diusulkan Anda" in page.text

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"sependapat": ""}, "Pilih sependapat atau tidak."),
            ({}, "Tulis apa yang berbeda"),
            ({"sependapat": "mungkin"}, "Pilih sependapat atau tidak."),
            ({"catatan": "Beda"}, "Pilih alasannya."),
            ({"catatan": "x" * 10_000}, "paling panjang 1000 huruf"),
        ],
    )
    def test_what_is_missing_is_said_and_the_input_kept(
        self,
        cast: Cast,
        browser: Browser,
        spot: uuid.UUID,
        sent: dict[str, str],
        sentence: str,
    ) -> None:
        browser.enter(cast.bima)
        browser.get("verification.spot_check", spot_id=spot)

        page = browser.submit("Usulkan pencabutan", expect=422, **sent)

        assert sentence in page.text
        assert page.all("textarea")[0].get_text().strip() == sent.get("catatan", "")

    def test_the_own_one_is_not_found(self, cast: Cast, browser: Browser, spot: uuid.UUID) -> None:
        browser.enter(cast.vera)

        browser.get("verification.spot_check", spot_id=spot, expect=404)

    def test_what_i_have_done_can_be_read_again(
        self, database: Database, cast: Cast, browser: Browser, spot: uuid.UUID
    ) -> None:
        with database.transaction() as session:
            spot_checks.look(session, cast.bima, session.get_one(SpotCheck, spot), agrees=True)
        browser.enter(cast.bima)

        page = browser.get("verification.spot_check", spot_id=spot)

        assert "Anda sependapat" in page.text


def test_a_second_look_belongs_to_one_decision(session: Session, cast: Cast) -> None:
    spot = drawn(session, cast)

    decision = session.get_one(Decision, spot.decision_id)
    assert (decision.act, session.get_one(Document, spot.document_id).state) == (
        Act.SETUJUI,
        S.DISETUJUI,
    )
