"""Who sees which items, in which order, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event, insert, text, update
from sqlalchemy.orm import Session

from portal.db import Database, now
from portal.documents.duplicates import Likeness
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.errors import NotFound
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant
from portal.verification import queries
from portal.verification.checking import twins
from portal.verification.filters import Filters
from portal.vocabulary import DocumentKind, DocumentState, Role
from portal.web.pagination import Position
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

S = DocumentState
START = now() - dt.timedelta(days=30)


def waiting(session: Session, owner: Actor, days: float = 0, **fields: object) -> Document:
    at = START + dt.timedelta(days=days)
    return builders.document(session, owner, S.DIAJUKAN, submitted_at=at, **fields)


def seen(session: Session, actor: Actor, **filters: object) -> list[Document]:
    return list(queries.queue(session, actor, Filters(**filters), None).rows)  # type: ignore[arg-type]


def test_the_oldest_hand_in_comes_first(session: Session, cast: Cast) -> None:
    late, early = waiting(session, cast.sari, 2), waiting(session, cast.budi, 1)

    assert seen(session, cast.vera) == [early, late]


@pytest.mark.parametrize(
    "state",
    [S.DRAF, S.PERLU_PERBAIKAN, S.DISETUJUI, S.DITOLAK, S.DIBATALKAN, S.DICABUT],
)
@on_sqlite_alone
def test_only_what_waits_is_in_the_queue(
    session: Session, cast: Cast, state: DocumentState
) -> None:
    builders.document(session, cast.sari, state, verifier=cast.bima)

    assert seen(session, cast.vera) == []


def test_an_own_item_is_never_in_the_queue(session: Session, cast: Cast) -> None:
    waiting(session, cast.vera)

    assert seen(session, cast.vera) == []


def test_an_item_that_one_handed_in_for_a_colleague_is_not_either(
    session: Session, cast: Cast
) -> None:
    waiting(session, cast.sari, created_by_id=cast.vera.pegawai_id)

    assert seen(session, cast.vera) == []


def test_the_scope_ends_at_the_unit_and_reaches_below(session: Session, cast: Cast) -> None:
    mine, _other = waiting(session, cast.sari), waiting(session, cast.tono)

    assert seen(session, cast.vivi) == [mine]


def test_a_grant_without_children_ends_at_the_unit_itself(session: Session, cast: Cast) -> None:
    waiting(session, cast.sari)
    (grant,) = cast.vivi.grants
    alone = replace(cast.vivi, grants=(replace(grant, with_children=False),))

    assert seen(session, alone) == []


def test_a_grant_for_one_kind_shows_no_other(session: Session, cast: Cast) -> None:
    waiting(session, cast.sari)
    ijazah = waiting(session, cast.budi, kind=DocumentKind.IJAZAH)
    kinds = frozenset({DocumentKind.IJAZAH})
    grant = Grant(Role.VERIFIKATOR, cast.units.instansi_id, kinds=kinds)

    assert seen(session, replace(cast.vera, grants=(grant,))) == [ijazah]


@on_sqlite_alone
def test_who_may_not_read_the_queue_sees_nothing(session: Session, cast: Cast) -> None:
    waiting(session, cast.sari)
    strangers = [cast.sari, cast.oki, cast.kepala, cast.ani, replace(cast.vera, retired=True)]

    assert [seen(session, actor) for actor in strangers] == [[]] * 5


def test_the_first_approver_does_not_see_the_second_round(session: Session, cast: Cast) -> None:
    item = builders.document(session, cast.sari, S.MENUNGGU_KEDUA, verifier=cast.vera)

    assert (seen(session, cast.vera), seen(session, cast.bima)) == ([], [item])


def test_the_opd_level_does_not_see_the_second_round(session: Session, cast: Cast) -> None:
    builders.document(session, cast.sari, S.MENUNGGU_KEDUA, verifier=cast.vera)

    assert seen(session, cast.vivi) == []


def test_an_objection_goes_to_somebody_else(session: Session, cast: Cast) -> None:
    item = waiting(session, cast.sari, objected=True)
    session.add(
        Decision(
            document_id=item.id,
            owner_id=item.owner_id,
            decider_id=cast.vera.pegawai_id,
            act=Act.TOLAK,
            revision=1,
        )
    )
    session.flush()

    assert (seen(session, cast.vera), seen(session, cast.bima)) == ([], [item])


def test_the_auditor_sees_everything_that_waits(session: Session, cast: Cast) -> None:
    waiting(session, cast.sari)
    builders.document(session, cast.tono, S.MENUNGGU_KEDUA, verifier=cast.vera)

    assert len(seen(session, cast.aud)) == 2


def test_items_move_with_the_person(session: Session, cast: Cast) -> None:
    waiting(session, cast.sari)
    session.get_one(Pegawai, cast.sari.pegawai_id).opd_id = cast.units.kesehatan.id
    session.flush()

    assert seen(session, cast.vivi) == []


@pytest.mark.parametrize(
    "words",
    [
        "1987 0412 201001",
        "198704122010012015",
        "wulandari",
        "SARI",
        "77/bgp",
        "K7M-204-91",
        "k7m20491",
    ],
)
def test_the_search_finds_nip_name_number_and_receipt(
    session: Session, cast: Cast, words: str
) -> None:
    item = waiting(session, cast.sari, nomor="77/BGP", receipt="K7M-204-91")
    waiting(session, cast.tono, nama="Webinar", nomor="12", receipt="A1A-000-00")

    assert seen(session, cast.vera, text=words) == [item]


@pytest.mark.parametrize("words", ["%", "_", "\\", "' OR 1=1 --", "😀", "١٢٣"])
def test_signs_of_the_database_are_only_signs(session: Session, cast: Cast, words: str) -> None:
    waiting(session, cast.sari)

    assert seen(session, cast.vera, text=words) == []


def test_filters_narrow_the_queue(session: Session, cast: Cast) -> None:
    teknis = waiting(session, cast.sari, kind=DocumentKind.TEKNIS)
    held = builders.document(session, cast.tono, S.DIPERIKSA, verifier=cast.vera)
    wanted: list[tuple[dict[str, object], Document]] = [
        ({"kind": DocumentKind.TEKNIS}, teknis),
        ({"state": S.DIPERIKSA}, held),
        ({"mine": True}, held),
        ({"opd_id": cast.units.pendidikan.id}, teknis),
    ]

    assert [seen(session, cast.vera, **filters) for filters, _ in wanted] == [
        [item] for _, item in wanted
    ]


@pytest.mark.parametrize(
    "args",
    [
        {"jenis": "x", "keadaan": "draf", "opd": "'", "saya": "1"},
        {"jenis": "", "opd": "\0", "cari": "   "},
    ],
)
def test_nonsense_in_the_address_asks_for_nothing(args: dict[str, str]) -> None:
    assert Filters.of(args) == Filters()


def test_filters_come_back_from_their_address(cast: Cast) -> None:
    filters = Filters(DocumentKind.TEKNIS, S.DIAJUKAN, cast.units.bkd.id, mine=True, text="sari")

    assert Filters.of(filters.address()) == filters


def test_pages_follow_each_other_without_gap_or_repeat(session: Session, cast: Cast) -> None:
    same = START
    made = [
        builders.document(session, cast.sari, S.DIAJUKAN, submitted_at=same)
        for _ in range(queries.PAGE + 7)
    ]
    first = queries.queue(session, cast.vera, Filters(), None)
    second = queries.queue(session, cast.vera, Filters(), Position.decode(first.next))

    assert (len(first.rows), len(second.rows), second.next) == (queries.PAGE, 7, None)
    assert {d.id for d in [*first.rows, *second.rows]} == {d.id for d in made}


def test_counts_are_exact(session: Session, cast: Cast) -> None:
    for _ in range(3):
        waiting(session, cast.sari)
    builders.document(session, cast.budi, S.DIPERIKSA, verifier=cast.vera)
    builders.document(session, cast.budi, S.DIPERIKSA, verifier=cast.bima)
    builders.document(session, cast.tono, S.MENUNGGU_KEDUA, verifier=cast.bima)

    counts = queries.counts(session, cast.vera, Filters(state=S.DIAJUKAN))

    assert (counts.total, counts.mine, counts.found, counts.more, counts.free) == (
        6,
        1,
        3,
        False,
        3,
    )
    assert counts.per_state == {S.DIAJUKAN: 3, S.DIPERIKSA: 2, S.MENUNGGU_KEDUA: 1}


def test_beside_an_item_stands_what_follows_it(session: Session, cast: Cast) -> None:
    _first, here, after = (waiting(session, cast.sari, days) for days in (1, 2, 3))

    assert list(queries.beside(session, cast.vera, Filters(), here)) == [here, after]


def test_units_are_those_that_the_grants_reach(session: Session, cast: Cast) -> None:
    names = [[unit.nama for unit in queries.units(session, who)] for who in (cast.vera, cast.vivi)]

    assert names == [["BKPSDM", "Dinas Kesehatan", "Dinas Pendidikan"], ["Dinas Pendidikan"]]


@pytest.mark.parametrize("who", ["sari", "tono", "vivi"])
def test_an_item_out_of_reach_is_not_there(session: Session, cast: Cast, who: str) -> None:
    item = waiting(session, cast.tono)

    with pytest.raises(NotFound):
        queries.document_in_scope(session, cast.everybody[who], item.id)


def test_a_draft_is_nobodys_business(session: Session, cast: Cast) -> None:
    item = builders.document(session, cast.sari)

    with pytest.raises(NotFound):
        queries.document_in_scope(session, cast.vera, item.id)


class TestTwins:
    def test_the_same_number_of_the_same_organiser_is_one(
        self, session: Session, cast: Cast
    ) -> None:
        item = waiting(session, cast.sari, nomor="9/X", penyelenggara="BPMP  Kalsel")
        other = waiting(session, cast.tono, nomor="9/X", penyelenggara="bpmp kalsel.")

        (found,) = twins.find(session, cast.vera, item)

        assert (found.document, found.likeness, found.reachable) == (other, Likeness.NOMOR, True)

    def test_the_same_number_of_another_organiser_is_none(
        self, session: Session, cast: Cast
    ) -> None:
        item = waiting(session, cast.sari, nomor="9/X", penyelenggara="BPMP")
        waiting(session, cast.tono, nomor="9/X", penyelenggara="LPMP")

        assert twins.find(session, cast.vera, item) == ()

    def test_the_same_file_is_one_and_out_of_reach_is_said(
        self, session: Session, cast: Cast
    ) -> None:
        item, other = waiting(session, cast.sari), waiting(session, cast.tono, nomor="")
        session.refresh(item)
        session.refresh(other)
        other.files[0].sha256_original = item.files[0].sha256_original
        session.flush()

        (found,) = twins.find(session, cast.vivi, item)

        assert (found.likeness, found.reachable) == (Likeness.BERKAS, False)

    @pytest.mark.parametrize("state", [S.DRAF, S.DIBATALKAN])
    @on_sqlite_alone
    def test_what_was_never_judged_is_none(
        self, session: Session, cast: Cast, state: DocumentState
    ) -> None:
        item = waiting(session, cast.sari, nomor="9/X")
        builders.document(session, cast.tono, state, nomor="9/X")

        assert twins.find(session, cast.vera, item) == ()

    def test_the_item_that_it_replaces_is_none(self, session: Session, cast: Cast) -> None:
        old = builders.document(session, cast.sari, S.DISETUJUI, verifier=cast.bima, nomor="9/X")
        item = waiting(session, cast.sari, nomor="9/X", replaces_id=old.id)

        assert twins.find(session, cast.vera, item) == ()


@pytest.fixture
def crowded(database: Database, cast: Cast) -> Database:
    """A year of closed items, and some that wait."""
    common = {
        "owner_id": cast.sari.pegawai_id,
        "created_by_id": cast.sari.pegawai_id,
        "kind": DocumentKind.SEMINAR,
    }
    with database.transaction() as session:
        session.execute(
            insert(Document),
            [
                common
                | {
                    "state": S.DIAJUKAN if number % 40 == 0 else S.DISETUJUI,
                    "submitted_at": START + dt.timedelta(minutes=number),
                    "receipt": f"A{number}",
                }
                for number in range(4000)
            ],
        )
    gather_statistics(database)
    return database


def gather_statistics(database: Database) -> None:
    """As each night does; PostgreSQL does it by itself after a while."""
    database.gather_statistics()
    if database.engine.dialect.name == "postgresql":
        with database.transaction() as session:
            session.execute(text("ANALYZE"))


def plan(database: Database, read: Callable[[Session], object], asks: str) -> str:
    """How the database answers the statement of `read` in which the words of `asks` stand."""
    caught: list[tuple[str, object]] = []

    def note(_c: object, _k: object, statement: str, parameters: object, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            caught.append((statement, parameters))

    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", note)
        read(session)
        event.remove(database.engine, "before_cursor_execute", note)
        statement, parameters = next(c for c in caught if asks in c[0])
        connection = session.connection()
        lite = connection.dialect.name == "sqlite"
        explain = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)  # type: ignore[arg-type]
        return "\n".join(str(row) for row in rows)


def test_the_queue_reads_open_items_alone_and_in_order(crowded: Database, cast: Cast) -> None:
    rows = "ORDER BY document.submitted_at"
    steps = plan(crowded, lambda s: queries.queue(s, cast.vera, Filters(), None), rows)

    assert "ix_document_queue" in steps
    assert "TEMP B-TREE" not in steps


@on_sqlite_alone
def test_the_numbers_find_what_the_actor_approved_first_without_reading_all_second_rounds(
    crowded: Database, cast: Cast
) -> None:
    with crowded.transaction() as session:
        second_rounds = update(Document).where(Document.receipt.startswith("A1"))
        first = {"state": S.MENUNGGU_KEDUA, "first_approver_id": cast.bima.pegawai_id}
        session.execute(second_rounds.values(first))
    gather_statistics(crowded)

    kept = "FROM hitungan_antrean"
    steps = plan(crowded, lambda s: queries.counts(s, cast.vera, Filters()), kept)

    assert "ix_document_queue_of_second (first_approver_id=?)" in steps


@on_sqlite_alone
def test_where_nothing_is_objected_the_numbers_look_through_no_waiting_item(
    crowded: Database, cast: Cast
) -> None:
    kept = "FROM hitungan_antrean"
    steps = plan(crowded, lambda s: queries.counts(s, cast.vera, Filters()), kept)

    assert "SCAN document USING INDEX ix_document_queue_of_objections" in steps
    assert "ix_document_queue'" not in steps
