"""Tampering with the audit is found and its place is named."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal import audit
from portal.audit import checking, sealing
from portal.audit.chain import BEGINNING, LATE, Seal, content_hash, seal_hash
from portal.audit.checking import Check, faults
from portal.audit.sealing import Head, head, seal_committed
from portal.db import Database, now
from tests.audit.tampering import kinds, look, sealed, slip_in, tamper, write
from tests.support.database import on_postgresql_alone, on_sqlite_alone

LATER = 2 * LATE


def seals(database: Database) -> list[Seal]:
    with database.reading() as session:
        return list(session.scalars(select(Seal).order_by(Seal.urutan)))


def head_of(database: Database) -> Head:
    with database.reading() as session:
        return head(session)


class TestSealing:
    def test_every_line_gets_the_next_place(self, database: Database) -> None:
        sealed(database, 3)
        sealed(database, 2)

        assert [seal.urutan for seal in seals(database)] == [1, 2, 3, 4, 5]

    def test_nothing_to_seal_is_no_work(self, database: Database) -> None:
        sealed(database)

        assert seal_committed(database) == 0

    def test_a_batch_ends_no_run(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sealing, "BATCH", 2)
        write(database, 7)

        assert seal_committed(database) == 7
        assert look(database) == []

    def test_a_line_that_was_not_committed_has_no_seal(self, database: Database) -> None:
        with database.transaction() as session:
            audit.record(session, None, "test:written", None)
            session.flush()
            session.rollback()

        assert seal_committed(database) == 0

    @on_postgresql_alone
    def test_a_line_that_is_committed_late_is_sealed_behind_younger_ones(
        self, database: Database
    ) -> None:
        with database.transaction() as slow:
            audit.record(slow, None, "test:slow", None)
            slow.flush()
            sealed(database, 3)
        seal_committed(database)

        numbers = [seal.audit_id for seal in seals(database)]
        assert numbers == [2, 3, 4, 1]
        assert look(database) == []

    @on_postgresql_alone
    def test_two_sealers_at_once_seal_each_line_once(self, database: Database) -> None:
        write(database, 50)
        together = threading.Barrier(4)

        def run() -> None:
            together.wait()
            seal_committed(database)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seal_committed(database)

        assert len(seals(database)) == 50
        assert look(database) == []

    @pytest.mark.parametrize(
        "act", ["UPDATE segel_audit SET urutan = 9", "DELETE FROM segel_audit"]
    )
    def test_a_seal_cannot_be_changed_in_passing(self, database: Database, act: str) -> None:
        sealed(database)

        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
            session.connection().exec_driver_sql(act)

    @on_sqlite_alone
    def test_a_seal_can_be_computed_without_the_portal(self, database: Database) -> None:
        with database.transaction() as session:
            audit.record(session, None, "test:written", uuid.uuid4(), nama='"é😀"', b=[1], a=None)
        seal_committed(database)
        (seal,) = seals(database)
        with database.reading() as session:
            line = session.scalars(select(audit.AuditEntry)).one()

        def moment(at: dt.datetime) -> str:
            return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

        told = [line.id, moment(line.at), None, "Sistem", "test:written", str(line.subject_id)]
        text = json.dumps(
            [*told, line.facts], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        isi = hashlib.sha256(text.encode()).hexdigest()
        tied = f"{'0' * 64}:1:{line.id}:{moment(seal.disegel)}:{isi}"
        assert seal.isi == isi
        assert seal.hash == hashlib.sha256(tied.encode()).hexdigest()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(facts=st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), JSON))
def test_content_is_written_as_any_language_writes_sorted_json(facts: dict[str, object]) -> None:
    at = dt.datetime(2026, 11, 23, 1, 2, 3, 4, tzinfo=dt.UTC)
    line = {"id": 1, "at": at, "actor_id": None, "actor_name": "x", "action": "a:b"}
    told = [1, "2026-11-23T01:02:03.000004Z", None, "x", "a:b", None, facts]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    expected = hashlib.sha256(text.encode()).hexdigest()

    assert content_hash(line | {"subject_id": None, "facts": facts}) == expected


class TestWholeAudit:
    def test_nothing_is_found_where_all_is_well(self, database: Database) -> None:
        sealed(database, 7)
        check = Check()

        assert list(faults(database, check, [head_of(database)])) == []
        assert (check.lines, check.heads, check.unsealed) == (7, 1, 0)
        assert check.head == head_of(database)

    def test_an_empty_audit_is_whole(self, database: Database) -> None:
        assert look(database) == []

    def test_lines_that_wait_for_their_seal_are_counted_and_no_fault(
        self, database: Database
    ) -> None:
        sealed(database)
        write(database, 3)
        check = Check()

        assert list(faults(database, check)) == []
        assert check.unsealed == 3
        assert check.oldest_unsealed is not None

    def test_lines_of_years_that_are_sealed_at_once_are_believed(self, database: Database) -> None:
        for days in (1, 400, 30):
            write(database, 2, at=now() - dt.timedelta(days=days))
        seal_committed(database)

        assert look(database) == []

    def test_the_worker_may_have_been_away_for_a_day(self, database: Database) -> None:
        write(database, 2, at=now() - dt.timedelta(days=3))
        seal_committed(database, at=now() - dt.timedelta(days=3))
        write(database, 2, at=now() - dt.timedelta(days=2))
        seal_committed(database)

        assert look(database) == []

    def test_steps_of_reading_change_nothing(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checking, "STEP", 2)
        monkeypatch.setattr(checking, "NUMBERS", 2)
        sealed(database, 6)
        tamper(database, "UPDATE audit SET actor_name = 'Vera' WHERE id = 3")

        assert kinds(look(database)) == [("diubah", 3)]


class TestTampering:
    @pytest.mark.parametrize(
        "change",
        [
            "action = 'test:other'",
            "actor_name = 'Orang lain'",
            "facts = '{}'",
            "at = '2020-01-01 00:00:00.000000'",
            "subject_id = NULL",
        ],
    )
    def test_a_changed_line_is_named(self, database: Database, change: str) -> None:
        sealed(database)
        tamper(database, f"UPDATE audit SET {change} WHERE id = 3")

        (fault,) = [fault for fault in look(database) if fault.kind == "diubah"]

        assert (fault.urutan, fault.audit_id) == (3, 3)
        assert "Baris audit 3 (tempat 3" in fault.sentence

    @on_sqlite_alone
    @pytest.mark.parametrize("change", ["facts = '{'", "at = 'kemarin'", "subject_id = 'x'"])
    def test_a_line_that_cannot_be_read_any_more_is_named(
        self, database: Database, change: str
    ) -> None:
        sealed(database)
        tamper(database, f"UPDATE audit SET {change} WHERE id = 3")

        assert kinds(look(database)) == [("diubah", 3)]

    def test_a_deleted_line_is_named(self, database: Database) -> None:
        sealed(database)
        tamper(database, "DELETE FROM audit WHERE id = 2")

        (fault,) = look(database)

        assert (fault.kind, fault.urutan, fault.audit_id) == ("hilang", 2, 2)
        assert "Baris audit 2 (tempat 2" in fault.sentence

    def test_a_line_that_was_deleted_with_its_seal_leaves_a_gap(self, database: Database) -> None:
        sealed(database)
        tamper(database, *(f"DELETE FROM {table} WHERE {column} IN (2, 3)" for table, column in
                           (("audit", "id"), ("segel_audit", "audit_id"))))  # fmt: skip

        (fault,) = look(database)

        assert (fault.kind, fault.urutan) == ("segel-hilang", 2)
        assert "tempat 2 sampai 3" in fault.sentence

    def test_a_line_in_the_place_of_a_deleted_one_is_named(self, database: Database) -> None:
        sealed(database, ago=LATER)
        slip_in(database, 100)
        sealed(database, 2)  # numbers 101 and 102, with 100 a new line among them
        tamper(database, "DELETE FROM audit WHERE id = 4")
        slip_in(database, 4)

        found = look(database)

        assert kinds(found) == [("diubah", 4)]

    def test_a_line_in_a_gap_of_old_numbers_is_named(self, database: Database) -> None:
        sealed(database, ago=2 * LATER)
        slip_in(database, 100, at=now() - LATER)
        seal_committed(database, at=now() - LATER)
        sealed(database, 2)
        slip_in(database, 50)

        (fault,) = look(database)

        assert (fault.kind, fault.urutan, fault.audit_id) == ("sisipan", None, 50)
        assert "disisipkan" in fault.sentence

    def test_the_sealer_takes_no_old_number_in(self, database: Database) -> None:
        sealed(database, ago=2 * LATER)
        slip_in(database, 100, at=now() - LATER)
        seal_committed(database, at=now() - LATER)
        sealed(database, 2)
        slip_in(database, 50)

        assert seal_committed(database) == 0

    @on_postgresql_alone
    def test_what_was_open_when_the_worker_went_away_for_hours_is_no_fault(
        self, database: Database
    ) -> None:
        sealed(database, 2, ago=2 * LATER)
        with database.transaction() as slow:
            audit.record(slow, None, "test:slow", None, at=now() - LATER)
            slow.flush()
            sealed(database, 3, ago=LATER)

        assert look(database) == []
        assert seal_committed(database) == 1
        assert look(database) == []

    def test_a_clock_that_ran_ahead_for_a_while_makes_no_line_a_late_one(
        self, database: Database
    ) -> None:
        sealed(database, 2, ago=LATER)
        write(database, 1, at=now() + 2 * LATER)
        seal_committed(database, at=now() - LATER / 2)
        sealed(database, 2)

        assert look(database) == []

    def test_a_new_line_of_an_old_day_is_named(self, database: Database) -> None:
        sealed(database)
        slip_in(database, 60, at=now() - dt.timedelta(days=30))
        seal_committed(database)

        (fault,) = look(database)

        assert (fault.kind, fault.audit_id) == ("sisipan", 60)
        assert "bertanggal mundur" in fault.sentence

    @pytest.mark.parametrize("column", ["hash", "isi"])
    def test_a_changed_seal_is_told_from_a_changed_line(
        self, database: Database, column: str
    ) -> None:
        sealed(database)
        tamper(database, f"UPDATE segel_audit SET {column} = '{'f' * 64}' WHERE urutan = 3")

        (fault,) = look(database)

        assert fault.urutan == 3
        assert fault.kind in {"segel-diubah", "putus"}

    def test_a_line_that_was_sealed_anew_breaks_the_chain_behind_it(
        self, database: Database
    ) -> None:
        sealed(database)
        tamper(database, "UPDATE audit SET actor_name = 'Vera' WHERE id = 3")
        rewrite(database, 3, 3)

        (fault,) = look(database)

        assert (fault.kind, fault.urutan) == ("putus", 4)
        assert "tempat 4 atau di tempat 3" in fault.sentence

    def test_a_tail_that_was_cut_off_is_seen_by_a_kept_head(self, database: Database) -> None:
        sealed(database, 6)
        kept = head_of(database)
        tamper(
            database, "DELETE FROM segel_audit WHERE urutan > 4", "DELETE FROM audit WHERE id > 4"
        )

        assert look(database) == []
        (fault,) = look(database, kept)
        assert (fault.kind, fault.urutan) == ("ekor", 5)
        assert "berakhir di tempat 4" in fault.sentence

    def test_a_rewritten_chain_is_seen_by_kept_heads_and_bounded_by_them(
        self, database: Database
    ) -> None:
        heads = []
        for _ in range(3):
            sealed(database, 4)
            heads.append(head_of(database))
        tamper(database, "UPDATE audit SET actor_name = 'Vera' WHERE id = 6")
        rewrite(database, 6, 12)

        assert look(database) == []
        (fault,) = look(database, *heads)
        assert (fault.kind, fault.urutan) == ("tulis-ulang", 8)
        assert "di antara tempat 5 dan 8" in fault.sentence

    def test_a_look_from_a_kept_head_on_sees_what_came_after_alone(
        self, database: Database
    ) -> None:
        sealed(database, 4)
        begin = head_of(database)
        sealed(database, 4)
        tamper(database, "UPDATE audit SET actor_name = 'Vera' WHERE id IN (2, 7)")
        check = Check(begin=begin)

        assert kinds(list(faults(database, check, [begin]))) == [("diubah", 7)]
        assert check.lines == 4

    def test_a_look_from_the_newest_head_on_ends_where_it_began(self, database: Database) -> None:
        sealed(database, 4)
        begin = head_of(database)
        check = Check(begin=begin)

        assert list(faults(database, check, [begin])) == []
        assert (check.lines, check.head) == (0, begin)

    def test_everything_that_was_done_is_told(self, database: Database) -> None:
        sealed(database, 9)
        tamper(
            database,
            "UPDATE audit SET actor_name = 'Vera' WHERE id = 2",
            "DELETE FROM audit WHERE id = 4",
            "DELETE FROM segel_audit WHERE urutan IN (6, 7)",
        )

        found = kinds(look(database))

        assert found[:3] == [("diubah", 2), ("hilang", 4), ("segel-hilang", 6)]


def rewrite(database: Database, first: int, last: int) -> None:
    """Seal these places anew as somebody would who knows how."""
    with database.reading() as session:
        lines = {row["id"]: row for row in session.execute(select(sealing.LINE)).mappings()}
        chain = list(session.scalars(select(Seal).order_by(Seal.urutan)))
    before = BEGINNING
    for seal in chain:
        if first <= seal.urutan <= last:
            isi = content_hash(lines[seal.audit_id])
            digest = seal_hash(before, seal.urutan, seal.audit_id, seal.disegel, isi)
            tamper(
                database,
                "UPDATE segel_audit SET isi = :isi, hash = :digest WHERE urutan = :urutan",
                isi=isi,
                digest=digest,
                urutan=seal.urutan,
            )
            before = digest
        else:
            before = seal.hash
