"""Forgotten drafts and papers refused long ago go, told and audited; nothing else ever does."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from portal import audit
from portal.audit import AuditEntry
from portal.db import Database, now
from portal.documents.arrivals import Reading, Upload
from portal.documents.models import Document, DocumentFile
from portal.errors import Rejected
from portal.handin import actions
from portal.notifications.models import Notification
from portal.operations import retention
from portal.operations.reconciliation import findings_of, reconcile
from portal.operations.retention import Kept, Terms, retain
from portal.operations.retention_command import retensi
from portal.operations.sweep import sweep
from portal.settings import Settings
from portal.storage.local import LocalStorage
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

S = DocumentState
DAY = dt.timedelta(days=1)
TERMS = Terms(drafts=180, refused=730)
NOW = now()


@pytest.fixture
def storage(settings: Settings) -> LocalStorage:
    return LocalStorage(settings.var_dir / "objects")


class Kit:
    """A database and a store in which items have an age."""

    def __init__(self, database: Database, storage: LocalStorage, cast: Cast) -> None:
        self.database, self.storage, self.cast = database, storage, cast

    def draft(self, days: int) -> Document:
        return self._made(S.DRAF, days)

    def closed(self, state: DocumentState, days: int) -> Document:
        return self._made(state, days, closed_at=NOW - days * DAY)

    def _made(self, state: DocumentState, days: int, **fields: Any) -> Document:
        begun = NOW - days * DAY
        with self.database.transaction() as session:
            made = builders.document(
                session,
                self.cast.sari,
                state,
                verifier=self.cast.vera,
                storage=self.storage,
                created_at=begun,
                **fields,
            )
            session.execute(
                update(DocumentFile)
                .where(DocumentFile.document_id == made.id)
                .values(created_at=begun)
            )
            session.refresh(made, ["files"])
        return made

    def run(self, days: int = 0, **options: Any) -> Kept:
        """Retention, so many days from now."""
        terms = options.pop("terms", TERMS)
        return retain(self.database, self.storage, terms, moment=NOW + days * DAY, **options)

    def objects(self) -> int:
        return sum(1 for _ in self.storage.iterate())

    def exists(self, document: Document) -> bool:
        with self.database.reading() as session:
            return session.get(Document, document.id) is not None

    def messages(self) -> list[Notification]:
        with self.database.reading() as session:
            return list(session.scalars(select(Notification)))


@pytest.fixture
def kit(database: Database, storage: LocalStorage, cast: Cast) -> Kit:
    return Kit(database, storage, cast)


class TestDrafts:
    def test_the_owner_is_told_once_a_fortnight_before(self, kit: Kit, cast: Cast) -> None:
        draft = kit.draft(days=170)

        first, second = kit.run(), kit.run(days=1)

        assert (first.warned, second.warned) == ([draft.id], [])
        (message,) = kit.messages()
        assert message.pegawai_id == cast.sari.pegawai_id
        assert draft.title in message.isi
        assert kit.exists(draft)

    def test_a_draft_that_is_still_young_is_left_alone(self, kit: Kit) -> None:
        kit.draft(days=160)

        assert kit.run() == Kept()
        assert kit.messages() == []

    def test_after_the_notice_it_goes_with_an_audit_line(
        self, kit: Kit, database: Database
    ) -> None:
        draft = kit.draft(days=170)
        kit.run()

        assert kit.run(days=10).discarded == []
        assert kit.run(days=15).discarded == [draft.id]

        assert not kit.exists(draft)
        with database.reading() as session:
            actions_ = session.scalars(
                select(AuditEntry.action).where(AuditEntry.subject_id == draft.id)
            ).all()
        assert actions_ == ["document:expired"]

    def test_nobody_loses_a_draft_without_the_notice(self, kit: Kit) -> None:
        draft = kit.draft(days=1000)

        kit.run()
        kit.run(days=13)

        assert kit.exists(draft)

    def test_typing_into_a_draft_is_touching_it(
        self, kit: Kit, database: Database, cast: Cast
    ) -> None:
        draft = kit.draft(days=175)
        kit.run()
        for words in ("Seminar A", "Seminar B"):
            with database.transaction() as session:
                document = session.get_one(Document, draft.id)
                actions.fill(session, cast.sari, document, {"nama": words}, at=NOW + DAY)

        assert kit.run(days=20).discarded == []
        with database.reading() as session:
            lines = session.scalars(
                select(AuditEntry.facts).where(AuditEntry.subject_id == draft.id)
            ).all()
        assert lines == [{}]

    def test_what_happens_to_another_item_touches_no_draft(
        self, kit: Kit, database: Database, cast: Cast
    ) -> None:
        draft, other = kit.draft(days=170), kit.draft(days=0)
        with database.transaction() as session:
            session.add(
                Upload(
                    id=other.id,
                    document_id=other.id,
                    sender_id=other.owner_id,
                    name="foto.jpg",
                    content_type="image/jpeg",
                    size=1,
                    sha256="0" * 64,
                    part_size=1,
                )
            )
            audit.record(session, cast.sari, "document:drafted", other.id)

        assert kit.run().warned == [draft.id]

    def test_a_draft_that_is_touched_after_the_notice_stays_and_is_told_anew(
        self, kit: Kit, database: Database
    ) -> None:
        draft = kit.draft(days=175)
        kit.run()
        with database.transaction() as session:
            session.add(
                Upload(
                    id=draft.id,
                    document_id=draft.id,
                    sender_id=draft.owner_id,
                    name="foto.jpg",
                    content_type="image/jpeg",
                    size=1,
                    sha256="0" * 64,
                    part_size=1,
                )
            )

        assert kit.run(days=20) == Kept()
        assert kit.run(days=170).warned == [draft.id]
        assert kit.exists(draft)

    def test_zero_keeps_drafts(self, kit: Kit) -> None:
        kit.draft(days=3000)

        assert kit.run(terms=Terms(0, 0)) == Kept()

    def test_the_objects_go_with_the_next_sweep(
        self, kit: Kit, database: Database, storage: LocalStorage
    ) -> None:
        kit.draft(days=170)
        kept = kit.closed(S.DISETUJUI, days=10)
        kit.run()
        kit.run(days=20)

        sweep(database, storage, moment=NOW + 20 * DAY)

        assert {info.key.split("/")[1] for info in storage.iterate()} == {str(kept.files[0].id)}


class TestPapers:
    @pytest.mark.parametrize("state", [S.DITOLAK, S.DIBATALKAN])
    def test_those_of_an_item_that_ended_long_ago_are_erased(
        self, kit: Kit, database: Database, state: DocumentState
    ) -> None:
        item = kit.closed(state, days=731)

        assert kit.run().erased == [item.id]

        assert kit.objects() == 0
        with database.reading() as session:
            file = session.get_one(DocumentFile, item.files[0].id)
            assert file.erased_at == NOW
            assert file.sha256_stored == item.files[0].sha256_stored

    @pytest.mark.parametrize(
        "state", [S.DISETUJUI, S.DICABUT, S.PERLU_PERBAIKAN, S.DIAJUKAN, S.MENUNGGU_KEDUA]
    )
    def test_no_other_paper_is_ever_deleted(self, kit: Kit, state: DocumentState) -> None:
        kit.closed(state, days=9000)

        assert kit.run() == Kept()
        assert kit.objects() == 3

    def test_two_years_are_waited_for(self, kit: Kit) -> None:
        kit.closed(S.DITOLAK, days=729)

        assert kit.run() == Kept()

    def test_what_was_objected_to_meanwhile_keeps_its_papers(
        self, kit: Kit, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refused = kit.closed(S.DITOLAK, days=800)
        objects, mark = kit.objects(), retention._mark_erased

        def objected_to(*asked: Any) -> list[uuid.UUID]:
            again = {"state": S.DIAJUKAN, "objected": True, "closed_at": None}
            with database.transaction() as session:
                session.execute(update(Document).where(Document.id == refused.id).values(**again))
            return mark(*asked)

        monkeypatch.setattr(retention, "_mark_erased", objected_to)

        assert kit.run().erased == []
        assert kit.objects() == objects

    def test_it_happens_once(self, kit: Kit, database: Database) -> None:
        kit.closed(S.DITOLAK, days=731)
        kit.run()

        assert kit.run(days=1) == Kept()
        with database.reading() as session:
            lines = session.scalar(
                select(func.count()).where(AuditEntry.action == "document:erased")
            )
        assert lines == 1

    def test_what_a_machine_read_goes_too(self, kit: Kit, database: Database) -> None:
        item = kit.closed(S.DITOLAK, days=731)
        with database.transaction() as session:
            session.add(Reading(file_id=item.files[0].id, text="Sari Wulandari"))

        kit.run()

        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Reading)) == 0

    def test_bytes_that_a_kill_left_are_swept(
        self, kit: Kit, database: Database, storage: LocalStorage
    ) -> None:
        kit.closed(S.DITOLAK, days=731)
        with database.transaction() as session:
            session.execute(update(DocumentFile).values(erased_at=NOW))

        sweep(database, storage, moment=now() + dt.timedelta(seconds=5))

        assert kit.objects() == 0

    def test_the_reconciliation_finds_nothing_afterwards(
        self, kit: Kit, database: Database, storage: LocalStorage
    ) -> None:
        kit.closed(S.DIBATALKAN, days=731)
        kit.run()

        assert findings_of(reconcile(database, storage)) == []

    def test_an_objection_without_papers_is_refused_with_the_reason(
        self, kit: Kit, database: Database, cast: Cast
    ) -> None:
        item = kit.closed(S.DITOLAK, days=731)
        kit.run()

        with database.transaction() as session:
            document = session.get_one(Document, item.id)
            with pytest.raises(Rejected, match="retensi"):
                actions.object_(session, cast.sari, document, "Saya keberatan", today=TODAY)


def test_a_trial_changes_nothing(kit: Kit) -> None:
    draft, item = kit.draft(days=170), kit.closed(S.DITOLAK, days=731)

    kept = kit.run(trial=True)

    assert (kept.warned, kept.erased) == ([draft.id], [item.id])
    assert (kit.objects(), kit.messages()) == (6, [])


class TestPages:
    @pytest.fixture
    def erased(self, kit: Kit) -> Document:
        item = kit.closed(S.DITOLAK, days=731)
        kit.run()
        return item

    @pytest.mark.parametrize(("who", "endpoint"), [("sari", "documents"), ("vera", "verification")])
    def test_the_page_says_so_and_shows_no_picture(
        self, browser: Browser, cast: Cast, erased: Document, who: str, endpoint: str
    ) -> None:
        browser.enter(cast.everybody[who])
        page = browser.get(
            {"documents": "documents.show", "verification": "verification.item"}[endpoint],
            document_id=erased.id,
        )

        assert "sesuai aturan retensi" in page.text
        assert str(erased.files[0].id) not in str(page.soup)

    @pytest.mark.parametrize(("who", "endpoint"), [("sari", "documents"), ("vera", "verification")])
    def test_a_download_answers_with_the_sentence(
        self, browser: Browser, cast: Cast, erased: Document, who: str, endpoint: str
    ) -> None:
        browser.enter(cast.everybody[who])

        page = browser.get(
            f"{endpoint}.pdf", document_id=erased.id, file_id=erased.files[0].id, expect=404
        )

        assert "Berkas dihapus pada" in page.text


@on_sqlite_alone
def test_the_command_tells_what_it_would_do(
    kit: Kit, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    item = kit.closed(S.DITOLAK, days=731)
    for name, value in (
        ("VAR_DIR", str(settings.var_dir)),
        ("DATABASE_URL", settings.database_url),
        ("PORTAL_MODE", "uji"),
    ):
        monkeypatch.setenv(name, value)

    trial = CliRunner().invoke(retensi, ["--coba"])
    done = CliRunner().invoke(retensi, [])

    assert str(item.id) in trial.output
    assert "1 dokumen dihapus berkasnya" in done.output
    assert kit.objects() == 0
