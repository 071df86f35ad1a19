"""The whole file of a person: complete, honest about what is missing, and never held in memory."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tracemalloc
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from portal.audit import AuditEntry
from portal.db import Database, now
from portal.documents.models import Document, DocumentFile
from portal.errors import Unavailable
from portal.operations.person_file import gather, written
from portal.operations.person_file_command import ekspor_berkas
from portal.settings import Settings
from portal.storage import keys
from portal.storage.local import LocalStorage
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

S = DocumentState


@pytest.fixture
def storage(settings: Settings) -> LocalStorage:
    return LocalStorage(settings.var_dir / "objects")


@pytest.fixture
def item(database: Database, cast: Cast, storage: LocalStorage) -> Document:
    """An approved item of Sari; Budi has one of his own."""
    with database.transaction() as session:
        builders.document(session, cast.budi, S.DIAJUKAN, storage=storage, nama="Milik Budi")
        made = builders.document(
            session, cast.sari, S.DISETUJUI, verifier=cast.vera, storage=storage
        )
        session.refresh(made, ["files"])
        return made


def unpacked(data: bytes) -> tuple[zipfile.ZipFile, dict[str, Any], list[dict[str, str]]]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    listed = archive.read("daftar.csv").decode("utf-8-sig")
    return (
        archive,
        json.loads(archive.read("manifest.json")),
        list(csv.DictReader(io.StringIO(listed), delimiter=";")),
    )


def taken(database: Database, storage: LocalStorage, cast: Cast) -> bytes:
    with database.reading() as session:
        whole = gather(session, cast.sari.pegawai_id)
    return b"".join(written(storage, whole))


def test_every_paper_is_there_with_its_hash_and_decisions(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    archive, manifest, rows = unpacked(taken(database, storage, cast))

    (told,) = manifest["dokumen"]
    (paper,) = told["berkas"]
    assert hashlib.sha256(archive.read(paper["nama"])).hexdigest() == paper["sha256"]
    assert paper["keadaan"] == "ada"
    assert told["receipt"] == item.receipt
    assert [made["oleh"] for made in told["keputusan"]] == [cast.vera.nama]
    assert [(row["nomor terima"], row["keadaan berkas"]) for row in rows] == [(item.receipt, "ada")]


def test_papers_of_others_are_not_in_it(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    _, manifest, _ = unpacked(taken(database, storage, cast))

    assert [told["nama"] for told in manifest["dokumen"]] == [item.nama]


def test_a_missing_paper_is_listed_and_breaks_nothing(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    storage.delete(keys.stored(item.files[0].id))

    archive, manifest, rows = unpacked(taken(database, storage, cast))

    assert manifest["dokumen"][0]["berkas"][0]["keadaan"] == "hilang"
    assert rows[0]["keadaan berkas"] == "hilang"
    assert archive.namelist() == ["manifest.json", "daftar.csv"]


def test_a_store_that_is_away_is_told(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    class Away(LocalStorage):
        def open(self, key: str) -> BinaryIO:
            raise Unavailable

    _, manifest, _ = unpacked(taken(database, Away(storage.root), cast))

    assert manifest["dokumen"][0]["berkas"][0]["keadaan"] == "tidak terjangkau"


def test_a_paper_that_changed_is_told(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    (storage.root / keys.stored(item.files[0].id)).write_bytes(b"lain")

    _, manifest, _ = unpacked(taken(database, storage, cast))

    assert manifest["dokumen"][0]["berkas"][0]["keadaan"] == "berubah"


def test_an_erased_paper_keeps_its_line(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    with database.transaction() as session:
        session.execute(update(DocumentFile).values(erased_at=now()))

    _, manifest, _ = unpacked(taken(database, storage, cast))

    assert manifest["dokumen"][0]["berkas"][0]["keadaan"] == "dihapus"


def test_kept_originals_come_along_under_safe_names(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    file = item.files[0]
    names = ["..\\..\\CON .JPG", "=cmd|x\u202egpj.exe"]
    with database.transaction() as session:
        session.execute(
            update(DocumentFile)
            .where(DocumentFile.id == file.id)
            .values(originals=2, original_names=names)
        )
    for number in (1, 2):
        content = b"asal %d" % number
        storage.put(
            keys.original(file.id, number),
            content,
            "application/octet-stream",
            sha256=hashlib.sha256(content).hexdigest(),
        )

    archive, _, _ = unpacked(taken(database, storage, cast))

    endings = {PurePosixPath(name).suffix for name in archive.namelist() if "-asal-" in name}
    assert endings == {".jpg", ".bin"}
    assert all(re.fullmatch(r"[a-zA-Z0-9./-]{1,120}", name) for name in archive.namelist())


def test_no_cell_is_a_formula(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    with database.transaction() as session:
        session.execute(update(Document).values(nama="=1+1"))

    _, _, rows = unpacked(taken(database, storage, cast))

    assert rows[0]["judul"] == "'=1+1"


def test_whoever_has_nothing_gets_an_empty_list(
    database: Database, storage: LocalStorage, cast: Cast
) -> None:
    _, manifest, rows = unpacked(taken(database, storage, cast))

    assert (manifest["dokumen"], rows) == ([], [])


def test_memory_stays_flat(
    database: Database, storage: LocalStorage, cast: Cast, item: Document
) -> None:
    large = b"x" * (24 * 1024 * 1024)
    (storage.root / keys.stored(item.files[0].id)).write_bytes(large)
    with database.reading() as session:
        whole = gather(session, cast.sari.pegawai_id)
    tracemalloc.start()

    size = sum(len(piece) for piece in written(storage, whole))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > len(large)
    assert peak < 4 * 1024 * 1024


class TestPage:
    def test_the_owner_takes_it_and_the_taking_is_recorded(
        self, browser: Browser, database: Database, cast: Cast, item: Document
    ) -> None:
        browser.enter(cast.sari)
        token = browser.get("accounts.my_data").csrf_token

        answer = browser.client.post("/profil/data-saya/berkas", data={"csrf_token": token})

        _, manifest, _ = unpacked(answer.get_data())
        assert manifest["pegawai"]["nip"] == cast.sari.nip
        assert answer.mimetype == "application/zip"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        with database.reading() as session:
            (entry,) = session.scalars(
                select(AuditEntry).where(AuditEntry.action == "account:papers-copied")
            )
        assert (entry.actor_id, entry.subject_id) == (cast.sari.pegawai_id,) * 2


@on_sqlite_alone
class TestCommand:
    @pytest.fixture(autouse=True)
    def environment(self, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
        monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
        monkeypatch.setenv("DATABASE_URL", settings.database_url)
        monkeypatch.setenv("PORTAL_MODE", "uji")

    def test_writes_the_file_of_a_person(self, cast: Cast, item: Document, tmp_path: Path) -> None:
        target = tmp_path / "sari.zip"

        result = CliRunner().invoke(ekspor_berkas, [cast.sari.nip, str(target)])

        assert result.exit_code == 0, result.output
        _, manifest, _ = unpacked(target.read_bytes())
        assert len(manifest["dokumen"]) == 1
        assert list(tmp_path.glob("*.sebagian")) == []

    @pytest.mark.parametrize(
        ("nip", "there", "words"),
        [
            ("199999999999999999", False, "belum ada di portal"),
            ("1.98E+17", False, "Excel"),
            ("198704122010012015", True, "sudah ada"),
        ],
    )
    def test_a_call_that_cannot_work_is_one_sentence(
        self, cast: Cast, tmp_path: Path, nip: str, there: bool, words: str
    ) -> None:
        target = tmp_path / "x.zip"
        if there:
            target.write_bytes(b"milik orang")

        result = CliRunner().invoke(ekspor_berkas, [nip, str(target)])

        assert result.exit_code == 1
        assert words in result.output
        assert target.exists() is there

    def test_a_missing_paper_is_named(
        self, cast: Cast, item: Document, storage: LocalStorage, tmp_path: Path
    ) -> None:
        storage.delete(keys.stored(item.files[0].id))

        result = CliRunner().invoke(ekspor_berkas, [cast.sari.nip, str(tmp_path / "x.zip")])

        assert result.exit_code == 0
        assert "hilang" in result.output
