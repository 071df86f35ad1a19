"""`periksa-audit` and the heads that are kept outside the database."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.audit.sealing import head, seal_committed
from portal.db import Database, now
from portal.errors import Rejected
from portal.migrating import migrate
from portal.operations import audit_heads
from portal.operations.audit_command import SHOWN, periksa_audit
from portal.operations.backup import backup, restore
from portal.operations.reconciliation import findings_of, reconcile
from portal.storage.local import LocalStorage
from tests.audit.tampering import sealed, tamper, write
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone


@pytest.fixture
def storage(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> LocalStorage:
    """The store of the settings that the command reads."""
    for name in ("OBJECT_STORE_URL", "REDIS_URL", "PORTAL_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    return LocalStorage(tmp_path / "var" / "objects")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(periksa_audit, arguments)


def newest(database: Database) -> str:
    with database.reading() as session:
        return str(head(session))


class TestCommand:
    def test_a_whole_audit_ends_with_0(self, database: Database, storage: LocalStorage) -> None:
        sealed(database, 5)
        audit_heads.keep(database, storage)

        result = run()

        assert result.exit_code == 0
        assert "5 baris bersegel diperiksa, 1 kepala tersimpan cocok" in result.output
        assert result.output.endswith("Audit utuh.\n")

    def test_a_changed_line_is_named_and_ends_with_1(
        self, database: Database, storage: LocalStorage
    ) -> None:
        sealed(database, 5)
        tamper(database, "UPDATE audit SET actor_name = 'Vera' WHERE id = 4")

        result = run()

        assert result.exit_code == 1
        assert "✗ Baris audit 4 (tempat 4; " in result.output
        assert "Audit TIDAK utuh: 1 temuan" in result.output

    def test_a_rewritten_chain_is_held_against_the_store(
        self, database: Database, storage: LocalStorage
    ) -> None:
        sealed(database, 3)
        audit_heads.keep(database, storage)
        tamper(database, "DELETE FROM segel_audit", "UPDATE audit SET actor_name = 'Vera'")
        seal_committed(database)

        result = run()

        assert result.exit_code == 1
        assert "ditulis ulang di antara tempat 1 dan 3" in result.output

    def test_a_cut_tail_is_held_against_a_head_on_paper(
        self, database: Database, storage: LocalStorage
    ) -> None:
        sealed(database, 4)
        kept = run("--kepala").output.strip()
        tamper(
            database,
            *("DELETE FROM segel_audit WHERE urutan > 2", "DELETE FROM audit WHERE id > 2"),
        )

        assert run().exit_code == 0
        result = run("--terhadap", kept)
        assert result.exit_code == 1
        assert "Ekor rantai hilang" in result.output

    def test_the_head_is_printed_alone(self, database: Database, storage: LocalStorage) -> None:
        write(database, 2)

        result = run("--kepala")

        assert result.output == f"{newest(database)}\n"
        assert result.output.startswith("2:")

    @pytest.mark.parametrize(
        "nonsense", ["", "x", "12", "12:", ":" + "a" * 64, "-1:" + "a" * 64, "²:" + "a" * 64, "\0"]
    )
    def test_a_head_that_is_none_ends_with_2(
        self, database: Database, storage: LocalStorage, nonsense: str
    ) -> None:
        result = run("--terhadap", nonsense)

        assert result.exit_code == 2
        assert "bukan kepala rantai audit" in result.output

    @pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"audit": 1}', b"\xff\x00"])
    def test_a_file_that_is_no_head_is_refused(
        self, database: Database, storage: LocalStorage, tmp_path: Path, content: bytes
    ) -> None:
        path = tmp_path / "kepala.json"
        path.write_bytes(content)

        with pytest.raises(Rejected, match="bukan kepala"):
            audit_heads.given(str(path))

    def test_a_store_that_is_away_leaves_the_answer_open(
        self, database: Database, storage: LocalStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealed(database, 2)
        monkeypatch.setenv("OBJECT_STORE_URL", "http://a:b@127.0.0.1:9/berkas")

        result = run()

        assert result.exit_code == 2
        assert "Rantai utuh, tetapi kepala tersimpan tidak terbaca" in result.output

    @on_sqlite_alone
    def test_of_very_many_faults_the_first_are_told(
        self, database: Database, storage: LocalStorage
    ) -> None:
        sealed(database, SHOWN + 5)
        tamper(database, "UPDATE audit SET actor_name = 'Vera'")

        result = run()

        assert result.output.count("✗ Baris audit") == SHOWN
        assert "✗ … dan 5 temuan lain." in result.output

    def test_a_worker_that_stands_still_is_told(
        self, database: Database, storage: LocalStorage
    ) -> None:
        write(database, 1, at=now() - dt.timedelta(hours=3))

        result = run()

        assert result.exit_code == 0
        assert "Pekerja tidak menyegel sejak lebih dari satu jam" in result.output


class TestNights:
    def test_each_night_looks_at_what_is_new_and_keeps_the_head(
        self, database: Database, storage: LocalStorage
    ) -> None:
        write(database, 3)
        first, _ = audit_heads.check_news(database, storage)
        write(database, 2)

        second, found = audit_heads.check_news(database, storage)

        assert (first.lines, second.lines, found) == (3, 2, [])
        assert [kept.urutan for kept in audit_heads.kept(storage)] == [3, 5]

    def test_a_fault_is_a_red_line_every_night_until_it_is_looked_into(
        self, database: Database, cast: Cast, storage: LocalStorage
    ) -> None:
        sealed(database, 3)
        tamper(database, "UPDATE audit SET actor_name = 'Vera' WHERE id = 2")

        nights = [findings_of(reconcile(database, storage)) for _ in range(2)]

        for (finding,) in nights:
            assert finding.kode == "audit-diubah"
            assert finding.contoh[0].startswith("Baris audit 2 (tempat 2")
        assert list(audit_heads.kept(storage)) == []

    def test_a_clean_night_tells_how_many_lines_it_looked_at(
        self, database: Database, cast: Cast, storage: LocalStorage
    ) -> None:
        write(database, 4)

        report = reconcile(database, storage)

        assert (report.diperiksa["audit"], report.temuan) == (4, [])

    def test_a_night_without_news_keeps_no_second_head(
        self, database: Database, storage: LocalStorage
    ) -> None:
        write(database, 2)
        audit_heads.check_news(database, storage)
        audit_heads.check_news(database, storage)

        assert len(list(audit_heads.kept(storage))) == 1


@on_sqlite_alone
class TestWorker:
    def test_each_minute_seals_what_was_committed(self, app: Flask, database: Database) -> None:
        write(database, 3)

        app.extensions["queue"].minute()

        assert newest(database).startswith("3:")

    def test_mornings_and_nights_are_known(self, app: Flask) -> None:
        nights = {night.name for night in app.extensions["queue"].nights}

        assert {"digests", "reconcile"} <= nights


class TestBackup:
    def test_a_backup_holds_the_head_and_vouches_for_the_chain(
        self, database: Database, cast: Cast, storage: LocalStorage, tmp_path: Path
    ) -> None:
        sealed(database, 3)
        backup(database, storage, tmp_path / "cadangan")
        manifest = tmp_path / "cadangan" / "manifest.json"

        assert audit_heads.given(str(manifest)).urutan == 3
        assert json.loads(manifest.read_text())["audit"]["urutan"] == 3
        assert run("--terhadap", str(manifest)).exit_code == 0

    def test_a_restored_audit_is_whole(
        self, database: Database, cast: Cast, storage: LocalStorage, tmp_path: Path
    ) -> None:
        write(database, 3)
        audit_heads.check_news(database, storage)
        backup(database, storage, tmp_path / "cadangan")
        other = Database(f"sqlite:///{tmp_path / 'lain.db'}")
        migrate(other)
        store = LocalStorage(tmp_path / "objek-lain")

        restore(other, store, tmp_path / "cadangan")
        sealed(other, 2)
        check, found = audit_heads.check_news(other, store)
        other.dispose()

        assert (found, check.lines, check.head.urutan) == ([], 2, 5)
