"""The numbers of the queue are exact at every moment, and the walk misses nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.agency.models import Opd
from portal.agency.queries import calendar
from portal.db import Database, new_id, now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.handin import actions as handin
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant
from portal.verification import actions, queries
from portal.verification.checking.light import Light
from portal.verification.filters import Due, Filters, Mark
from portal.verification.models import QueueCount
from portal.verification.queueing import guard, search, tallies, walk
from portal.vocabulary import DocumentKind, DocumentState, Role
from portal.web.pagination import Position
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

S = DocumentState
START = now() - dt.timedelta(days=20)


def every_row(session: Session, actor: Actor, filters: Filters) -> list[Document]:
    """All pages one after the other."""
    found: list[Document] = []
    place: Position | None = None
    while True:
        page = queries.queue(session, actor, filters, place)
        found += page.rows
        if page.next is None:
            return found
        place = Position.decode(page.next)


class TestExactness:
    def test_every_act_on_an_item_is_counted_in_its_own_transaction(
        self, session: Session, cast: Cast
    ) -> None:
        reason = builders.reason(session)
        item = builders.document(session, cast.sari)
        seen = []

        def look() -> None:
            session.flush()
            assert list(guard.wrong_numbers(session)) == []
            seen.append(queries.counts(session, cast.bima, Filters()).total)

        look()
        handin.submit(session, cast.sari, item, today=TODAY)
        look()
        actions.claim(session, cast.vera, item)
        look()
        actions.return_(session, cast.vera, item, reason)
        look()
        handin.resubmit(session, cast.sari, item, {}, TODAY)
        look()
        handin.withdraw(session, cast.sari, item, today=TODAY)
        look()

        assert seen == [0, 1, 1, 0, 1, 0]

    def test_what_is_kept_from_the_actor_is_not_counted_once_nor_twice(
        self, session: Session, cast: Cast
    ) -> None:
        session.get_one(Pegawai, cast.tono.pegawai_id).pasangan_id = cast.vera.pegawai_id
        session.get_one(Pegawai, cast.budi.pegawai_id).atasan_id = cast.vera.pegawai_id
        refused = builders.document(session, cast.oki, S.DIAJUKAN, objected=True)
        decision = {"owner_id": refused.owner_id, "act": Act.TOLAK, "revision": 1}
        session.add(Decision(document_id=refused.id, decider_id=cast.vera.pegawai_id, **decision))
        me = {"created_by_id": cast.vera.pegawai_id}
        for owner, state, fields in (
            (cast.vera, S.DIAJUKAN, {}),  # own
            (cast.vera, S.DIAJUKAN, me),  # own in two ways
            (cast.tono, S.DIAJUKAN, {}),  # of the husband
            (cast.tono, S.MENUNGGU_KEDUA, me),  # of the husband, handed in, first approved
            (cast.budi, S.DIAJUKAN, {}),  # of the own staff
            (cast.sari, S.DIAJUKAN, me),  # handed in for a colleague
            (cast.sari, S.MENUNGGU_KEDUA, {}),  # first approved
            (cast.sari, S.DIAJUKAN, {}),
            (cast.kepala, S.DIPERIKSA, {}),
        ):
            builders.document(session, owner, state, verifier=cast.vera, **fields)
        session.flush()

        counts = queries.counts(session, cast.vera, Filters())
        rows = every_row(session, cast.vera, Filters())

        assert (counts.total, counts.found, len(rows)) == (2, 2, 2)

    @pytest.mark.parametrize("who", ["vera", "bima", "vivi", "aud", "sari", "ani"])
    def test_numbers_are_those_of_the_rows_for_everybody_and_every_filter(
        self, session: Session, cast: Cast, who: str
    ) -> None:
        kinds = (DocumentKind.IJAZAH, DocumentKind.SEMINAR)
        for number, owner in enumerate(cast.everybody.values()):
            for state in (S.DIAJUKAN, S.DIPERIKSA, S.MENUNGGU_KEDUA, S.DISETUJUI):
                verifier = cast.bima if owner is cast.vera else cast.vera
                builders.document(session, owner, state, verifier=verifier, kind=kinds[number % 2])
        actor = cast.everybody[who]

        for filters in (
            Filters(),
            Filters(kind=DocumentKind.IJAZAH),
            Filters(state=S.MENUNGGU_KEDUA),
            Filters(opd_id=cast.units.pendidikan.id),
            Filters(opd_id=cast.units.smpn.id),
            Filters(general=True, state=S.DIPERIKSA),
            Filters(mark=Mark.KEDUA),
        ):
            counts = queries.counts(session, actor, filters)
            assert counts.found == len(every_row(session, actor, filters)), filters
            assert not counts.more

    @on_sqlite_alone
    @pytest.mark.parametrize("narrowed", ["kinds", "queue", "unit", "unit-and-below"])
    def test_numbers_are_those_of_the_rows_for_who_sees_a_part(
        self, session: Session, cast: Cast, narrowed: str
    ) -> None:
        units = cast.units
        queue = builders.queue(session, cast.ani, cast.bima, kinds=[DocumentKind.IJAZAH])
        part: dict[str, Any] = {
            "kinds": {"kinds": frozenset({DocumentKind.IJAZAH})},
            "queue": {"antrean_id": queue.id},
            "unit": {
                "opd_id": units.pendidikan.id,
                "opd_path": units.pendidikan.jalur,
                "with_children": False,
            },
            "unit-and-below": {
                "opd_id": units.pendidikan.id,
                "opd_path": units.pendidikan.jalur,
                "with_children": True,
            },
        }[narrowed]
        actor = replace(cast.vera, grants=(Grant(Role.VERIFIKATOR, units.instansi_id, **part),))
        for owner in (cast.sari, cast.tono, cast.kepala, cast.vivi):
            builders.document(session, owner, S.DIAJUKAN, kind=DocumentKind.SEMINAR)
            builders.document(
                session, owner, S.DIAJUKAN, kind=DocumentKind.IJAZAH, antrean_id=queue.id
            )
        session.flush()

        counts = queries.counts(session, actor, Filters())

        assert counts.found == counts.total == len(every_row(session, actor, Filters()))
        assert 0 < counts.total < 8

    def test_the_tick_adds_up_and_changes_no_number(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            items = [builders.document(session, cast.sari, S.DIAJUKAN) for _ in range(5)]
            actions.claim(session, cast.vera, items[0])
        with database.reading() as session:
            before = queries.counts(session, cast.vera, Filters())
        fewer = [tallies.compact(database) for _ in range(2)]
        with database.reading() as session:
            after = queries.counts(session, cast.vera, Filters())
            rows = session.scalar(select(func.count()).select_from(QueueCount))
            wrong = list(guard.wrong_numbers(session))

        assert (before == after, rows, wrong) == (True, 2, [])
        assert fewer[0] > 0
        assert fewer[1] == 0

    def test_each_facet_is_counted_under_the_others(self, session: Session, cast: Cast) -> None:
        builders.document(session, cast.sari, S.DIAJUKAN, kind=DocumentKind.TEKNIS)
        builders.document(session, cast.sari, S.DIAJUKAN)
        builders.document(session, cast.tono, S.MENUNGGU_KEDUA, verifier=cast.bima)

        counts = queries.counts(session, cast.vera, Filters(kind=DocumentKind.SEMINAR))

        assert counts.per_kind == {DocumentKind.TEKNIS: 1, DocumentKind.SEMINAR: 2}
        assert counts.per_state == {S.DIAJUKAN: 1, S.MENUNGGU_KEDUA: 1}
        assert set(counts.per_unit) == {
            cast.units.pendidikan.jalur,
            cast.units.kesehatan.jalur,
        }


class TestClosedUnit:
    def test_items_of_a_closed_unit_stay_counted_listed_and_can_be_filtered(
        self, session: Session, cast: Cast
    ) -> None:
        item = builders.document(session, cast.tono, S.DIAJUKAN)
        session.get_one(Opd, cast.units.kesehatan.id).aktif = False
        session.flush()
        filters = Filters(opd_id=cast.units.kesehatan.id)

        assert cast.units.kesehatan.id in [u.id for u in queries.units(session, cast.vera)]
        assert every_row(session, cast.vera, filters) == [item]
        assert queries.counts(session, cast.vera, filters).found == 1

    @on_sqlite_alone
    def test_a_closed_unit_without_items_is_not_offered(self, session: Session, cast: Cast) -> None:
        session.get_one(Opd, cast.units.kesehatan.id).aktif = False
        session.flush()

        assert cast.units.kesehatan.id not in [u.id for u in queries.units(session, cast.vera)]

    @on_sqlite_alone
    def test_under_a_unit_that_is_no_more_nothing_is_counted_nor_listed(
        self, session: Session, cast: Cast
    ) -> None:
        builders.document(session, cast.sari, S.DIAJUKAN)
        gone = Filters(opd_id=new_id())

        counts = queries.counts(session, cast.vera, gone)

        assert (counts.found, counts.per_state, counts.per_kind) == (0, {}, {})
        assert (counts.total, every_row(session, cast.vera, gone)) == (1, [])


class TestFilters:
    def test_further_filters_find_what_they_say(self, session: Session, cast: Cast) -> None:
        day = dt.timedelta(days=1)
        old = builders.document(session, cast.sari, S.DIAJUKAN, submitted_at=now() - 8 * day)
        late = builders.document(session, cast.sari, S.DIAJUKAN, tenggat=cast.vera.today - day)
        due = builders.document(session, cast.sari, S.DIAJUKAN, tenggat=cast.vera.today)
        twin = builders.document(session, cast.sari, S.DIAJUKAN, kembar=True)
        objection = builders.document(session, cast.sari, S.DIAJUKAN, objected=True)
        green = builders.document(session, cast.sari, S.DIAJUKAN, lampu="ok")
        second = builders.document(session, cast.sari, S.MENUNGGU_KEDUA, verifier=cast.bima)
        asked = {
            Filters(days=7): old,
            Filters(due=Due.LEWAT): late,
            Filters(due=Due.HARI_INI): due,
            Filters(mark=Mark.KEMBAR): twin,
            Filters(mark=Mark.KEBERATAN): objection,
            Filters(light=Light.GREEN): green,
            Filters(mark=Mark.KEDUA): second,
        }

        found = {filters: every_row(session, cast.vera, filters) for filters in asked}

        assert found == {filters: [item] for filters, item in asked.items()}
        assert all(queries.counts(session, cast.vera, filters).found == 1 for filters in asked)

    def test_a_light_narrows_a_mark(self, session: Session, cast: Cast) -> None:
        fields = {"kembar": True}
        green = builders.document(session, cast.sari, S.DIAJUKAN, lampu="ok", **fields)
        builders.document(session, cast.sari, S.DIAJUKAN, lampu="bad", **fields)
        filters = Filters(mark=Mark.KEMBAR, light=Light.GREEN)

        assert every_row(session, cast.vera, filters) == [green]
        assert queries.counts(session, cast.vera, filters).found == 1

    def test_soon_reaches_two_working_days(self, session: Session, cast: Cast) -> None:
        known = calendar(session, cast.units.instansi_id)
        soon, later = (
            builders.document(
                session, cast.sari, S.DIAJUKAN, tenggat=known.after(cast.vera.today, number)
            )
            for number in (2, 3)
        )

        found = every_row(session, cast.vera, Filters(due=Due.SEGERA))

        assert (soon in found, later in found) == (True, False)

    def test_the_queue_is_a_filter_too(self, session: Session, cast: Cast) -> None:
        queue = builders.queue(session, cast.ani, cast.bima)
        mine = builders.document(session, cast.sari, S.DIAJUKAN, antrean_id=queue.id)
        general = builders.document(session, cast.sari, S.DIAJUKAN)

        found = [
            every_row(session, cast.vera, filters)
            for filters in (Filters(antrean_id=queue.id), Filters(general=True))
        ]

        assert found == [[mine], [general]]

    @pytest.mark.parametrize(
        "filters",
        [
            Filters(due=Due.SEGERA, mark=Mark.KEMBAR, light=Light.RED, days=14, general=True),
            Filters(mine=True, text="sari"),
        ],
    )
    def test_they_come_back_from_their_address(self, filters: Filters) -> None:
        assert Filters.of(filters.address()) == filters


class TestWalking:
    @pytest.fixture
    def crowd(
        self, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> list[Document]:
        """Sixty items of others, then three of tono, with windows of ten."""
        monkeypatch.setattr(walk, "WINDOW", 10)
        monkeypatch.setattr(walk, "STEPS", 3)
        minute = dt.timedelta(minutes=1)
        for number in range(60):
            builders.document(session, cast.sari, S.DIAJUKAN, submitted_at=START + number * minute)
        return [
            builders.document(
                session, cast.tono, S.DIAJUKAN, submitted_at=START + number * minute, kembar=True
            )
            for number in range(60, 63)
        ]

    def narrow(self, cast: Cast) -> Actor:
        unit = cast.units.kesehatan
        grant = Grant(Role.VERIFIKATOR_OPD, unit.instansi_id, opd_id=unit.id, opd_path=unit.jalur)
        return replace(cast.vivi, grants=(grant,))

    def test_the_few_at_the_end_are_found_at_once(
        self, session: Session, cast: Cast, crowd: list[Document]
    ) -> None:
        page = queries.queue(session, self.narrow(cast), Filters(), None)

        assert (list(page.rows), page.next, page.partial) == (crowd, None, False)

    def test_where_there_are_many_the_walk_stops_says_so_and_goes_on(
        self,
        session: Session,
        cast: Cast,
        crowd: list[Document],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(walk, "FEW", 0)
        actor = self.narrow(cast)

        first = queries.queue(session, actor, Filters(), None)

        assert (list(first.rows), first.partial) == ([], True)
        assert every_row(session, actor, Filters()) == crowd

    def test_every_page_is_whole_and_none_is_missed(
        self, session: Session, cast: Cast, crowd: list[Document]
    ) -> None:
        first = queries.queue(session, cast.vera, Filters(), None)
        rows = every_row(session, cast.vera, Filters())

        assert (len(first.rows), first.partial) == (queries.PAGE, False)
        assert (len(rows), len({row.id for row in rows}), rows[-3:]) == (63, 63, crowd)

    def test_a_mark_is_walked_by_its_own_index(
        self, session: Session, cast: Cast, crowd: list[Document]
    ) -> None:
        page = queries.queue(session, cast.vera, Filters(mark=Mark.KEMBAR), None)

        assert (list(page.rows), page.partial) == (crowd, False)

    def test_due_today_begins_where_the_first_of_the_day_was_handed_in(
        self, session: Session, cast: Cast, crowd: list[Document]
    ) -> None:
        for item in crowd:
            item.tenggat = cast.vera.today + dt.timedelta(days=100)
        for item in every_row(session, cast.vera, Filters())[:60]:
            item.tenggat = cast.vera.today - dt.timedelta(days=1)
        crowd[1].tenggat = cast.vera.today
        session.flush()

        page = queries.queue(session, cast.vera, Filters(due=Due.HARI_INI), None)

        assert (list(page.rows), page.partial) == ([crowd[1]], False)

    def test_the_next_item_is_found_however_deep(
        self, session: Session, cast: Cast, crowd: list[Document]
    ) -> None:
        found = queries.next_free(session, self.narrow(cast), Filters(), None, now())

        assert found is crowd[0]

    def test_beside_an_item_stand_those_after_it(
        self, session: Session, cast: Cast, crowd: list[Document]
    ) -> None:
        assert list(queries.beside(session, cast.vera, Filters(), crowd[1])) == crowd[1:]


class TestSearch:
    def test_of_very_many_it_says_more_than_so_many(
        self, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "MOST", 5)
        monkeypatch.setattr(walk, "MOST", 5)
        for _ in range(8):
            builders.document(session, cast.sari, S.DIAJUKAN)

        counts = queries.counts(session, cast.vera, Filters(text="wulandari"))

        assert (counts.found, counts.more) == (5, True)

    def test_other_filters_apply_inside_the_search(self, session: Session, cast: Cast) -> None:
        builders.document(session, cast.sari, S.DIAJUKAN)
        teknis = builders.document(session, cast.sari, S.DIAJUKAN, kind=DocumentKind.TEKNIS)

        found = every_row(session, cast.vera, Filters(kind=DocumentKind.TEKNIS, text="sari"))

        assert found == [teknis]

    def test_it_stays_in_the_reach_of_who_asks(self, session: Session, cast: Cast) -> None:
        builders.document(session, cast.tono, S.DIAJUKAN, nomor="77/X")

        assert every_row(session, cast.vivi, Filters(text="77/x")) == []
        assert every_row(session, cast.vivi, Filters(text="tono")) == []

    @pytest.mark.parametrize("words", ["a" * 100, "0", "😀 9", "..", "--", "\\' % _", "９９"])
    def test_any_words_have_an_answer(self, session: Session, cast: Cast, words: str) -> None:
        builders.document(session, cast.sari, S.DIAJUKAN)

        assert isinstance(every_row(session, cast.vera, Filters(text=words)), list)
