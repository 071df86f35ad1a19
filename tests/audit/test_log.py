"""/admin/audit and `ekspor-audit`: found, in scope, the same as a file."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import uuid
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.models import Instansi
from portal.audit import AuditEntry
from portal.audit.chain import Seal, content_hash, seal_hash
from portal.audit.sealing import seal_committed
from portal.audit.words import WORDS
from portal.db import Database, now
from portal.operations import audit_export, audit_log, audit_views
from portal.operations.audit_export_command import ekspor_audit
from portal.operations.audit_log import Wanted
from portal.operations.reconciliation import reconcile
from portal.permissions import Actor, Grant
from portal.settings import ROOT
from portal.vocabulary import DocumentState, Role
from tests.audit.tampering import sealed, tamper
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements


def seen(session: Session, actor: Actor, search: Wanted | None = None) -> list[str]:
    rows, _ = audit_log.newest(session, actor, search or Wanted(), None)
    return [row.entry.action for row in rows]


def auditor_of(cast: Cast, opd: uuid.UUID, path: str) -> Actor:
    """Somebody who reads the audit of one unit and what lies below."""
    grant = Grant(Role.AUDITOR, cast.units.instansi_id, opd, path)
    aud = cast.aud
    return Actor(
        aud.pegawai_id, aud.akun_id, aud.instansi_id, aud.opd_id, aud.nip, aud.nama, (grant,)
    )


@pytest.fixture
def item(session: Session, cast: Cast) -> uuid.UUID:
    """An item of sari's about which something was written."""
    made = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
    audit.record(session, cast.vera, "document:approved", made.id)
    return made.id


class TestScope:
    def test_the_only_agency_is_seen_whole(self, session: Session, cast: Cast) -> None:
        audit.record(session, None, "files:examined", uuid.uuid4())
        audit.record(session, cast.tono, "account:logged-in", cast.tono.pegawai_id)
        session.flush()

        assert len(seen(session, cast.aud)) == 2
        assert len(seen(session, cast.ani)) == 2

    def test_nobody_without_the_permission_sees_a_line(
        self, session: Session, cast: Cast, item: uuid.UUID
    ) -> None:
        session.flush()

        assert seen(session, cast.vera) == []

    def test_of_two_agencies_the_own_one_is_seen(
        self, session: Session, cast: Cast, item: uuid.UUID
    ) -> None:
        session.add(Instansi(id=uuid.uuid4(), nama="Kota Lain", sebutan_bkd="BKD"))
        audit.record(session, None, "files:examined", uuid.uuid4())
        audit.record(session, None, "agency:changed", cast.units.instansi_id)
        audit.record(session, None, "unit:changed", cast.units.smpn.id)
        session.flush()

        assert sorted(seen(session, cast.aud)) == [
            "agency:changed",
            "document:approved",
            "unit:changed",
        ]

    def test_a_unit_sees_what_is_about_its_people_and_what_they_did(
        self, session: Session, cast: Cast, item: uuid.UUID
    ) -> None:
        other = builders.document(session, cast.tono, DocumentState.DIAJUKAN)
        audit.record(session, cast.vera, "document:refused", other.id)
        audit.record(session, cast.oki, "document:claimed", other.id)
        session.flush()
        unit = cast.units.pendidikan

        found = seen(session, auditor_of(cast, unit.id, unit.jalur))

        assert sorted(found) == ["document:approved", "document:claimed"]


class TestSearch:
    def wanted(self, session: Session, cast: Cast, **given: str) -> list[str]:
        session.flush()
        return seen(session, cast.aud, audit_log.wanted(session, cast.aud.zone, given))

    def test_by_day_both_ends_included(self, session: Session, cast: Cast) -> None:
        for day in range(1, 5):
            at = dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC)
            audit.record(session, None, f"test:day-{chr(96 + day)}", None, at=at)

        found = self.wanted(session, cast, dari="2026-03-02", sampai="2026-03-03")

        assert found == ["test:day-c", "test:day-b"]

    def test_by_who_did_it(self, session: Session, cast: Cast, item: uuid.UUID) -> None:
        audit.record(session, None, "document:released", item)

        assert self.wanted(session, cast, oleh=cast.vera.nip) == ["document:approved"]
        assert self.wanted(session, cast, oleh="Sistem") == ["document:released"]

    def test_by_person_with_everything_of_theirs(
        self, session: Session, cast: Cast, item: uuid.UUID
    ) -> None:
        audit.record(session, None, "people:retired", cast.sari.pegawai_id)
        audit.record(session, None, "people:retired", cast.budi.pegawai_id)

        found = self.wanted(session, cast, tentang=cast.sari.nip)

        assert sorted(found) == ["document:approved", "people:retired"]

    def test_by_receipt(self, session: Session, cast: Cast) -> None:
        made = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        audit.record(session, cast.vera, "document:claimed", made.id)
        audit.record(session, cast.vera, "document:claimed", uuid.uuid4())

        assert len(self.wanted(session, cast, tentang=str(made.receipt).lower())) == 1

    @pytest.mark.parametrize(
        ("group", "found"),
        [
            ("keputusan", ["document:undone", "document:approved"]),
            ("baca", ["document:read"]),
            ("document:read", ["document:read"]),
            ("tanya", []),
        ],
    )
    def test_by_act(
        self, session: Session, cast: Cast, item: uuid.UUID, group: str, found: list[str]
    ) -> None:
        audit.record(session, cast.vera, "document:read", item)
        audit.record(session, cast.vera, "document:undone", item)

        assert self.wanted(session, cast, tindakan=group) == found


@on_sqlite_alone
class TestPage:
    def test_lines_are_told_in_words_with_their_place(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            made = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
            audit.record(session, cast.vera, "document:returned", made.id, alasan="Buram")
        seal_committed(database)
        browser.enter(cast.aud)

        (told,) = browser.get("audit.index", tindakan="keputusan").texts("#catatan li")

        assert told.startswith(
            "Dikembalikan untuk diperbaiki tempat 1 "
            f"Seminar Literasi Numerasi – {cast.sari.nama} alasan: Buram {cast.vera.nama} · "
        )

    def test_a_line_that_waits_for_its_seal_says_so(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            audit.record(session, None, "files:moved", None)
        browser.enter(cast.ani)

        assert "menunggu segel" in browser.get("audit.index").text

    def test_pages_follow_each_other_without_gap_or_repeat(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            at = now()
            for _ in range(audit_log.PAGE + 7):
                audit.record(session, None, "files:moved", None, at=at)
        browser.enter(cast.ani)

        first = browser.get("audit.index", tindakan="audit")
        second = browser.get(path=str(first.all("a[rel=next]")[0]["href"]))

        sizes = [len(page.all("#catatan li")) for page in (first, second)]
        assert sizes == [audit_log.PAGE, 7]
        assert "tindakan=audit" in str(first.all("a[rel=next]")[0]["href"])

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"dari": "kemarin"}, "Tanggal tidak terbaca"),
            ({"sampai": "9999-12-31"}, "di luar jangkauan"),
            ({"oleh": "1,98E+17"}, "Excel"),
            ({"oleh": "199912312020121999"}, "NIP ini tidak ada"),
            ({"tentang": "ABCD-EFGH"}, "Nomor terima ini tidak ada"),
            ({"tentang": "'; DROP TABLE audit; --"}, "Nomor terima ini tidak ada"),
            ({"tindakan": "%"}, "Pilih salah satu tindakan"),
        ],
    )
    def test_a_search_that_makes_no_sense_is_told(
        self, browser: Browser, cast: Cast, given: dict[str, str], words: str
    ) -> None:
        browser.enter(cast.aud)

        assert words in browser.get("audit.index", **given).text

    @pytest.mark.parametrize("place", ["x", "2026-13-45T99:99:99Z-1", "\x00", "A" * 300, "-1"])
    def test_nonsense_in_the_address_is_the_first_page(
        self, browser: Browser, cast: Cast, place: str
    ) -> None:
        browser.enter(cast.aud)

        browser.get("audit.index", sebelum=place)

    def test_markup_in_facts_is_only_letters(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            audit.record(session, None, "files:moved", None, kata="<b>محمد</b> 😀", b=[1, None])
        browser.enter(cast.aud)

        assert "kata: <b>محمد</b> 😀 · b: 1, –" in browser.get("audit.index").text

    def test_a_broken_chain_is_a_red_line(
        self, app: Flask, browser: Browser, database: Database, cast: Cast
    ) -> None:
        sealed(database, 3)
        tamper(database, "UPDATE audit SET actor_name = 'Vera' WHERE id = 2")
        reconcile(database, app.extensions["storage"])
        browser.enter(cast.aud)

        assert "Catatan audit diubah" in browser.get("audit.index").text

    @pytest.mark.parametrize("number", [1, 60])
    def test_it_costs_the_same_for_few_and_many(
        self, app: Flask, browser: Browser, database: Database, cast: Cast, number: int
    ) -> None:
        with database.transaction() as session:
            for _ in range(number):
                made = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
                audit.record(session, cast.vera, "document:claimed", made.id)
        browser.enter(cast.aud)

        with statements(app) as found:
            browser.get("audit.index")

        assert len(found) == 8

    @pytest.mark.parametrize("who", ["sari", "vera", "kepala", "oki"])
    def test_it_is_closed_to_others(self, browser: Browser, cast: Cast, who: str) -> None:
        browser.enter(cast.everybody[who])

        browser.get("audit.index", expect=403)


def rows_of(workbook: bytes) -> list[list[str]]:
    """The cells of the first sheet as they are written (strings inside the cells)."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall(r"<row .*?</row>", sheet, re.DOTALL)
    return [re.findall(r"<(?:t|v)[^>]*>(.*?)</(?:t|v)>", row, re.DOTALL) for row in rows]


@on_sqlite_alone
class TestExport:
    def send(self, browser: Browser, shape: str, expect: int = 200, **given: str) -> bytes:
        token = browser.get("audit.index").csrf_token
        data = {"csrf_token": token, "bentuk": shape, **given}
        with browser.client.post("/admin/audit/ekspor", data=data) as answer:
            assert answer.status_code == expect
            return bytes(answer.data)

    def test_json_lines_can_be_held_against_the_chain_elsewhere(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            audit.record(session, cast.vera, "document:claimed", uuid.uuid4(), kata="é")
        browser.enter(cast.aud)
        seal_committed(database)

        lines = [json.loads(line) for line in self.send(browser, "jsonl").splitlines()]

        before = "0" * 64
        for line in sorted((one for one in lines if one["tempat"]), key=lambda one: one["tempat"]):
            told = [line[name] for name in ("id", "waktu", "oleh_id", "oleh", "tindakan")]
            row = dict(zip(("id", "at", "actor_id", "actor_name", "action"), told, strict=True))
            row |= {"at": dt.datetime.fromisoformat(line["waktu"])}
            row |= {"subject_id": line["tentang_id"], "facts": line["rincian"]}
            sealed = dt.datetime.fromisoformat(line["disegel"])
            assert content_hash(row) == line["isi"]
            before = seal_hash(before, line["tempat"], line["id"], sealed, line["isi"])
            assert before == line["segel"]

    def test_a_workbook_holds_the_same_in_words(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            made = builders.document(session, cast.sari, DocumentState.DIAJUKAN, nama="=1+1")
            audit.record(session, cast.vera, "document:claimed", made.id)
        browser.enter(cast.ani)

        rows = rows_of(self.send(browser, "xlsx", tindakan="dokumen"))

        assert rows[0] == [name for name, _ in audit_export.COLUMNS]
        assert rows[1][2:6] == [
            cast.vera.nama,
            "Diambil untuk diperiksa",
            "document:claimed",
            f"=1+1 – {cast.sari.nama}",
        ]

    def test_taking_it_is_recorded_with_its_filters(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        browser.enter(cast.aud)

        self.send(browser, "jsonl", tindakan="akun", dari="2026-01-01")

        with database.reading() as session:
            (line,) = session.scalars(
                select(AuditEntry).where(AuditEntry.action == "audit:exported")
            )
        assert line.actor_id == cast.aud.pegawai_id
        assert line.facts == {
            "bentuk": "jsonl",
            "saring": {"tindakan": "akun", "dari": "2026-01-01"},
        }

    def test_too_many_lines_for_a_workbook_are_refused_before_any_is_written(
        self,
        browser: Browser,
        database: Database,
        cast: Cast,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(audit_views, "MOST_XLSX", 3)
        with database.transaction() as session:
            for _ in range(4):
                audit.record(session, None, "files:moved", None)
        browser.enter(cast.aud)

        page = self.send(browser, "xlsx", expect=422, tindakan="audit").decode()

        assert "Lebih dari 3 baris. Persempit tanggalnya" in page
        assert self.send(browser, "jsonl", tindakan="audit").count(b"\n") >= 4

    def test_a_workbook_goes_on_in_another_sheet(
        self, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit_export, "SHEET", 2)
        monkeypatch.setattr(audit_export, "STEP", 2)
        with database.transaction() as session:
            for _ in range(5):
                audit.record(session, None, "files:moved", None)
        target = io.BytesIO()

        audit_export.write_xlsx(audit_export.batches(database), target, cast.aud.zone)

        with zipfile.ZipFile(target) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 3

    @pytest.mark.parametrize("shape", ["jsonl", "xlsx"])
    def test_what_is_out_of_reach_is_not_in_the_file(
        self, browser: Browser, database: Database, cast: Cast, shape: str
    ) -> None:
        with database.transaction() as session:
            session.add(Instansi(id=uuid.uuid4(), nama="Kota Lain", sebutan_bkd="BKD"))
            audit.record(session, None, "files:moved", uuid.uuid4(), rahasia="kota-lain")
        browser.enter(cast.aud)

        content = self.send(browser, shape)

        if shape == "xlsx":
            content = repr(rows_of(content)).encode()
        assert b"kota-lain" not in content


class TestCommand:
    @pytest.fixture(autouse=True)
    def environment(
        self, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
        monkeypatch.setenv("DATABASE_URL", database_url)
        monkeypatch.delenv("PORTAL_MODE", raising=False)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(ekspor_audit, arguments)

    def test_it_writes_everything_with_its_seals(
        self, database: Database, cast: Cast, tmp_path: Path
    ) -> None:
        with database.transaction() as session:
            for _ in range(3):
                audit.record(session, cast.vera, "document:claimed", uuid.uuid4())
        target = tmp_path / "audit.jsonl"

        result = self.run(str(target))

        lines = [json.loads(line) for line in target.read_text().splitlines()]
        assert result.output == f"4 baris audit di {target}.\n"  # and that it was exported
        assert [line["tempat"] for line in lines] == [1, 2, 3, None]
        assert list(tmp_path.glob("*.sebagian")) == []
        with database.reading() as session:
            hashes = list(session.scalars(select(Seal.hash).order_by(Seal.urutan)))
        assert [line["segel"] for line in lines[:3]] == hashes

    def test_it_narrows_and_writes_workbooks(
        self, database: Database, cast: Cast, tmp_path: Path
    ) -> None:
        with database.transaction() as session:
            audit.record(session, cast.vera, "document:claimed", uuid.uuid4())
            audit.record(session, cast.bima, "document:claimed", uuid.uuid4())
        target = tmp_path / "audit.xlsx"

        result = self.run(str(target), "--oleh", cast.bima.nip)

        assert "1 baris audit" in result.output
        assert rows_of(target.read_bytes())[1][2] == cast.bima.nama

    @pytest.mark.parametrize(
        ("name", "options", "words"),
        [
            ("audit.csv", (), "Akhiri nama berkas"),
            ("ada.jsonl", (), "sudah ada"),
            ("tidak/ada/x.jsonl", (), "tidak dapat ditulis"),
            ("x.jsonl", ("--dari", "besok"), "Tanggal tidak terbaca"),
            ("x.jsonl", ("--oleh", "12"), "NIP"),
        ],
    )
    def test_a_call_that_cannot_work_is_one_sentence(
        self,
        database: Database,
        cast: Cast,
        tmp_path: Path,
        name: str,
        options: tuple[str, ...],
        words: str,
    ) -> None:
        (tmp_path / "ada.jsonl").write_text("milik orang")

        result = self.run(str(tmp_path / name), *options)

        assert result.exit_code == 2
        assert words in result.output


ACTS = re.compile(
    r'"((?:account|agency|audit|document|faq|files|import|people|plan|question|queue|reason|rules|'
    r'unit|upload|spot-check|institution)s?:[a-z]+(?:-[a-z]+)*)"'
)
NO_ACTS = {"imports:read", "imports:write"}
"""Names of locks."""


def test_every_act_of_the_portal_has_words() -> None:
    named = set()
    for path in (ROOT / "portal").rglob("*.py"):
        if path.name != "permissions.py":
            named |= set(ACTS.findall(path.read_text()))

    assert sorted(named - set(WORDS) - NO_ACTS) == []
