"""Each item goes to one queue with somebody who may decide it, and gets its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Akun, Penugasan
from portal.accounts.queries import actor_of
from portal.agency.models import HariLibur, Instansi
from portal.agency.working_days import WorkingDays
from portal.db import Database, now
from portal.documents.models import Document
from portal.handin import actions as handin
from portal.people.models import Pegawai
from portal.verification import actions, queries
from portal.verification.filters import Filters
from portal.verification.models import QueueCount
from portal.verification.queueing import guard, rerouting, routing, tallies
from portal.verification.rights import obstacle
from portal.vocabulary import DocumentKind, DocumentState, Role
from tests.support import builders
from tests.support.cast import TODAY, Cast

S = DocumentState
IJAZAH = DocumentKind.IJAZAH


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One that can be committed, so that the worker's own transactions see what was done."""
    engine = database.engine.execution_options(writes=True)
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


def way(session: Session, document: Document) -> routing.Routed:
    return routing.route(session, document, now())


def test_without_queues_everything_waits_in_the_general_one(session: Session, cast: Cast) -> None:
    item = builders.document(session, cast.sari)

    assert way(session, item)["antrean_id"] is None


def test_an_item_goes_to_the_queue_of_its_kind(session: Session, cast: Cast) -> None:
    queue = builders.queue(session, cast.ani, cast.vera, kinds=[IJAZAH])
    ijazah = builders.document(session, cast.sari, kind=IJAZAH)
    seminar = builders.document(session, cast.sari)

    assert [way(session, item)["antrean_id"] for item in (ijazah, seminar)] == [queue.id, None]


def test_the_deeper_unit_comes_first_then_the_kind(session: Session, cast: Cast) -> None:
    units = cast.units
    builders.queue(session, cast.ani, cast.vera)
    builders.queue(session, cast.ani, cast.vera, kinds=[IJAZAH])
    builders.queue(session, cast.ani, cast.vera, opd=units.pendidikan)
    deepest = builders.queue(session, cast.ani, cast.vera, opd=units.pendidikan, kinds=[IJAZAH])
    item = builders.document(session, cast.sari, kind=IJAZAH)

    assert way(session, item)["antrean_id"] == deepest.id


def test_a_queue_without_anybody_takes_nothing(session: Session, cast: Cast) -> None:
    builders.queue(session, cast.ani)
    item = builders.document(session, cast.sari)

    assert way(session, item)["antrean_id"] is None


def test_a_queue_out_of_use_takes_nothing(session: Session, cast: Cast) -> None:
    builders.queue(session, cast.ani, cast.vera).aktif = False
    session.flush()

    assert way(session, builders.document(session, cast.sari))["antrean_id"] is None


def test_what_its_only_member_may_not_decide_goes_elsewhere(session: Session, cast: Cast) -> None:
    builders.queue(session, cast.ani, cast.vera)
    own = builders.document(session, cast.vera)
    for_another = builders.document(session, cast.sari, created_by_id=cast.vera.pegawai_id)
    session.get_one(Pegawai, cast.tono.pegawai_id).pasangan_id = cast.vera.pegawai_id
    session.flush()
    of_spouse = builders.document(session, cast.tono)

    found = [way(session, item)["antrean_id"] for item in (own, for_another, of_spouse)]

    assert found == [None, None, None]


class TestBoundRoles:
    def test_a_role_for_one_queue_shows_that_queue_alone(
        self, session: Session, cast: Cast
    ) -> None:
        queue = builders.queue(session, cast.ani, cast.budi, kinds=[IJAZAH])
        mine = builders.document(session, cast.sari, S.DIAJUKAN, antrean_id=queue.id)
        builders.document(session, cast.tono, S.DIAJUKAN)
        budi = actor_of(session, cast.budi.pegawai_id)
        assert budi

        seen = queries.queue(session, budi, Filters(), None).rows

        assert (list(seen), queries.counts(session, budi, Filters()).total) == ([mine], 1)

    def test_it_decides_nothing_else(self, session: Session, cast: Cast) -> None:
        builders.queue(session, cast.ani, cast.budi)
        other = builders.document(session, cast.tono, S.DIAJUKAN)
        budi = actor_of(session, cast.budi.pegawai_id)
        assert budi

        assert obstacle(session, budi, other) == "Dokumen ini di luar wewenang pemeriksaan Anda."


class TestFirstLevel:
    @pytest.fixture(autouse=True)
    def asked_for(self, session: Session, cast: Cast) -> None:
        instansi = session.get_one(Instansi, cast.units.instansi_id)
        instansi.lapis_opd = [DocumentKind.SEMINAR.value]
        session.flush()

    def item(self, session: Session, cast: Cast) -> Document:
        made = builders.document(session, cast.sari, S.DIAJUKAN)
        made.lapis_pertama = way(session, made)["lapis_pertama"]
        session.flush()
        return made

    def test_the_opd_looks_first_where_somebody_is_there(
        self, session: Session, cast: Cast
    ) -> None:
        with_level = builders.document(session, cast.sari)
        without = builders.document(session, cast.tono)  # his OPD has no verifikator
        other_kind = builders.document(session, cast.sari, kind=DocumentKind.TEKNIS)

        found = [way(session, item)["lapis_pertama"] for item in (with_level, without, other_kind)]

        assert found == [True, False, False]

    def test_the_bkd_waits_and_is_told_why(self, session: Session, cast: Cast) -> None:
        item = self.item(session, cast)

        assert list(queries.queue(session, cast.vera, Filters(), None).rows) == []
        assert queries.counts(session, cast.vera, Filters()).total == 0
        assert "verifikator OPD" in str(obstacle(session, cast.vera, item))

    def test_the_opd_and_the_head_see_it(self, session: Session, cast: Cast) -> None:
        item = self.item(session, cast)
        (grant,) = cast.vera.grants
        head = replace(cast.vera, grants=(replace(grant, role=Role.KEPALA_ANTREAN),))

        for who in (cast.vivi, head):
            assert list(queries.queue(session, who, Filters(), None).rows) == [item]
            assert queries.counts(session, who, Filters()).total == 1

    def test_after_the_first_approval_it_is_the_bkds(self, session: Session, cast: Cast) -> None:
        item = self.item(session, cast)
        actions.claim(session, cast.vivi, item)
        actions.approve(session, cast.vivi, item)

        assert (item.state, item.lapis_pertama) == (S.MENUNGGU_KEDUA, False)
        assert list(queries.queue(session, cast.vera, Filters(), None).rows) == [item]

    def test_an_absent_opd_does_not_hold_it_up(
        self, database: Database, session: Session, cast: Cast
    ) -> None:
        item = self.item(session, cast)
        builders.absence(session, cast.vivi, None, recorder=cast.ani, days=(0, 0))
        session.commit()

        rerouting.reroute(database)

        session.refresh(item)
        assert item.lapis_pertama is False


class TestDays:
    def test_the_day_is_so_many_working_days_after_the_hand_in(
        self, session: Session, cast: Cast
    ) -> None:
        instansi = session.get_one(Instansi, cast.units.instansi_id)
        instansi.tenggat_hari = {"seminar": 3}
        at = dt.datetime(2026, 12, 24, 3, tzinfo=dt.UTC)
        off = HariLibur(instansi_id=instansi.id, tanggal=dt.date(2026, 12, 28), nama="Cuti bersama")
        session.add(off)
        session.flush()

        days = [
            routing.due_day(session, instansi, kind, at)
            for kind in (DocumentKind.SEMINAR, DocumentKind.TEKNIS)
        ]

        assert days == [dt.date(2026, 12, 31), dt.date(2027, 1, 6)]  # the 5th is Isra Mikraj

    def test_the_clock_of_the_agency_says_which_day_it_is(
        self, session: Session, cast: Cast
    ) -> None:
        instansi = session.get_one(Instansi, cast.units.instansi_id)
        instansi.tenggat_hari = {"seminar": 1}
        late = dt.datetime(2026, 11, 23, 20, tzinfo=dt.UTC)  # Tuesday, 3 o'clock, in Jakarta

        assert routing.due_day(session, instansi, DocumentKind.SEMINAR, late) == dt.date(
            2026, 11, 25
        )

    def test_it_is_set_at_the_hand_in_taken_off_at_a_return_and_begins_anew(
        self, session: Session, cast: Cast
    ) -> None:
        reason = builders.reason(session)
        item = builders.document(session, cast.sari)
        early = dt.datetime(2026, 11, 2, 3, tzinfo=dt.UTC)
        late = dt.datetime(2026, 11, 16, 3, tzinfo=dt.UTC)

        handin.submit(session, cast.sari, item, today=TODAY, at=early)
        first = item.tenggat
        actions.claim(session, cast.vera, item)
        actions.return_(session, cast.vera, item, reason)
        between = item.tenggat
        handin.resubmit(session, cast.sari, item, {}, TODAY, at=late)

        assert (first, between) == (dt.date(2026, 11, 9), None)
        assert item.tenggat == dt.date(2026, 11, 23)

    def test_waiting_items_without_a_day_get_theirs(
        self, database: Database, session: Session, cast: Cast
    ) -> None:
        item = builders.document(session, cast.sari, S.DIAJUKAN, tenggat=None)
        returned = builders.document(session, cast.sari, S.PERLU_PERBAIKAN, verifier=cast.vera)
        session.commit()

        done = rerouting.give_days(database)

        session.refresh(item)
        session.refresh(returned)
        day = item.submitted_at.astimezone(cast.vera.zone).date()  # type: ignore[union-attr]
        assert (done, item.tenggat) == (1, WorkingDays().after(day, 5))
        assert returned.tenggat is None


class TestFollowing:
    def test_items_follow_a_transfer_however_it_was_written(
        self, database: Database, session: Session, cast: Cast
    ) -> None:
        item = builders.document(session, cast.sari, S.DIAJUKAN)
        session.execute(
            update(Pegawai)
            .where(Pegawai.id == cast.sari.pegawai_id)
            .values(opd_id=cast.units.kesehatan.id)
        )
        session.commit()

        rerouting.reroute(database)

        session.refresh(item)
        assert item.opd_id == cast.units.kesehatan.id
        assert list(guard.wrong_numbers(session)) == []

    def test_items_follow_a_new_queue_and_its_end(
        self, database: Database, session: Session, cast: Cast
    ) -> None:
        item = builders.document(session, cast.sari, S.DIAJUKAN)
        second = builders.document(session, cast.tono, S.MENUNGGU_KEDUA, verifier=cast.bima)
        queue = builders.queue(session, cast.ani, cast.vera)
        session.commit()

        moved = rerouting.reroute(database)
        session.refresh(item)
        session.refresh(second)
        there = (item.antrean_id, second.antrean_id)
        queue.aktif = False
        session.commit()
        rerouting.reroute(database)
        session.refresh(item)

        assert (moved, there, item.antrean_id) == (2, (queue.id, queue.id), None)
        assert list(guard.wrong_numbers(session)) == []

    def test_what_is_being_looked_at_stays(
        self, database: Database, session: Session, cast: Cast
    ) -> None:
        held = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera)
        builders.queue(session, cast.ani, cast.bima)
        session.commit()

        rerouting.reroute(database)

        session.refresh(held)
        assert (held.antrean_id, held.claimed_by_id) == (None, cast.vera.pegawai_id)

    def test_a_second_tick_moves_nothing(
        self, database: Database, session: Session, cast: Cast
    ) -> None:
        builders.queue(session, cast.ani, cast.vera)
        for who in (cast.sari, cast.vera, cast.tono):
            builders.document(session, who, S.DIAJUKAN)
        session.commit()

        moved = [rerouting.reroute(database) for _ in range(2)]

        assert moved == [2, 0]

    def test_items_of_members_are_sent_where_others_decide(
        self, database: Database, session: Session, cast: Cast
    ) -> None:
        queue = builders.queue(session, cast.ani, cast.vera)
        own = builders.document(session, cast.vera, S.DIAJUKAN, antrean_id=queue.id)
        approved = builders.document(
            session, cast.sari, S.MENUNGGU_KEDUA, verifier=cast.vera, antrean_id=queue.id
        )
        session.commit()

        rerouting.reroute(database)

        session.refresh(own)
        session.refresh(approved)
        assert (own.antrean_id, approved.antrean_id) == (None, None)
        assert list(guard.undecidable(session)) == []


class TestGuard:
    @pytest.fixture
    def many(self, database: Database, session: Session, cast: Cast) -> list[Document]:
        """Items of everybody in every waiting state, with queues, absences and a closed unit."""
        builders.queue(session, cast.ani, cast.vera, kinds=[IJAZAH])
        builders.queue(session, cast.ani, cast.bima, opd=cast.units.pendidikan)
        builders.absence(session, cast.bima, None, recorder=cast.ani, days=(0, 3))
        cast.units.smpn.aktif = False
        session.merge(cast.units.smpn)
        made = [
            builders.document(session, who, state, verifier=held_by, kind=kind)
            for who in cast.everybody.values()
            for state in (S.DIAJUKAN, S.DIPERIKSA, S.MENUNGGU_KEDUA)
            for kind in (IJAZAH, DocumentKind.SEMINAR)
            if (held_by := cast.bima if who is cast.vera else cast.vera)
        ]
        session.commit()
        rerouting.reroute(database)
        return made

    def test_every_waiting_item_is_in_one_queue_and_somebody_may_decide_it(
        self, session: Session, many: list[Document], cast: Cast
    ) -> None:
        lost = set(guard.undecidable(session))
        # There are two verifikator: what one approved first, the other may not decide as its owner.
        two = {cast.vera.pegawai_id, cast.bima.pegawai_id}
        theirs = {i.id for i in many if i.state is S.MENUNGGU_KEDUA and i.owner_id in two}

        assert lost == theirs

    def test_each_is_in_the_queue_of_somebody_exactly_once(
        self, session: Session, many: list[Document], cast: Cast
    ) -> None:
        seen = queries.queue(session, cast.aud, Filters(), None).rows
        total = queries.counts(session, cast.aud, Filters())

        assert total.total == len(many) - sum(item.owner_id == cast.aud.pegawai_id for item in many)
        assert sum(total.per_queue.values()) == total.total
        assert len({item.id for item in seen}) == len(seen)

    def test_an_item_without_anybody_is_found(self, session: Session, cast: Cast) -> None:
        item = builders.document(session, cast.sari, S.DIAJUKAN)
        session.execute(update(Akun).values(aktif=False))

        assert list(guard.undecidable(session)) == [item.id]

    def test_a_queue_that_nobody_else_staffs_is_found(self, session: Session, cast: Cast) -> None:
        for grant in session.scalars(select(Penugasan)):
            session.delete(grant)
        queue = builders.queue(session, cast.ani, cast.vera)
        fine = builders.document(session, cast.sari, S.DIAJUKAN, antrean_id=queue.id)
        own = builders.document(session, cast.vera, S.DIAJUKAN, antrean_id=queue.id)

        assert list(guard.undecidable(session)) == [own.id]
        assert fine.antrean_id == queue.id

    def test_what_is_in_hands_is_sent_on_when_it_leaves_them(
        self, session: Session, cast: Cast
    ) -> None:
        held = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vivi)
        late = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vivi)
        late.claimed_until = now() - dt.timedelta(seconds=1)
        session.execute(update(Akun).values(aktif=False))

        assert list(guard.undecidable(session)) == [late.id]
        assert held.claimed_by_id == cast.vivi.pegawai_id

    def test_people_who_are_away_do_not_count_as_gone(self, session: Session, cast: Cast) -> None:
        builders.document(session, cast.sari, S.DIAJUKAN)
        for who in (cast.vera, cast.bima, cast.vivi):
            builders.absence(session, who, None, recorder=cast.ani, days=(0, 3))

        assert list(guard.undecidable(session)) == []

    def test_numbers_that_are_wrong_are_found_and_put_right(
        self, database: Database, session: Session, cast: Cast
    ) -> None:
        builders.document(session, cast.sari, S.DIAJUKAN)
        session.add(
            QueueCount(
                antrean_id=None,
                kind=DocumentKind.SEMINAR,
                opd_id=cast.units.smpn.id,
                state=S.DIAJUKAN,
                jumlah=4,
            )
        )
        session.commit()
        wrong = list(guard.wrong_numbers(session))
        session.commit()

        tallies.recount(database)

        assert (len(wrong), list(guard.wrong_numbers(session))) == (1, [])
