"""Reads every stored object and holds it against what was written down when it came.

Three stages: the files in the order of their ids, the seals of the decisions, the orphans. What a
row or an object does in the meantime is no fault: every finding is looked at twice.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from portal.db import Database, now
from portal.documents.models import Document, DocumentFile
from portal.documents.rulings import Decision
from portal.operations import orphans, walks
from portal.operations.models import FileWalk
from portal.operations.walks import Walk
from portal.storage import Storage, keys

KIND = "periksa"
FILES, SEALS, ORPHANS = "berkas", "segel", "yatim"
BATCH = 50
"""Files between two notes of where the walk stands."""
AT_ONCE = 4
CHUNK = 1024 * 1024

TITLES = {
    "hilang": "Berkas hilang dari penyimpanan",
    "berubah": "Isi berkas berubah",
    "segel": "Berkas berubah sejak disegel keputusan",
    "yatim": "Berkas yatim, tanpa dokumen",
}
REMEDIES = {
    "hilang": "Pulihkan dari cadangan. Bila tidak ada, minta pemilik mengunggahnya lagi.",
    "berubah": "Pulihkan dari cadangan, lalu periksa siapa yang dapat menulis ke penyimpanan.",
    "segel": "Periksa bersama auditor; pulihkan berkas dan datanya dari cadangan.",
    "yatim": "Jalankan `python -m portal sapu` untuk membersihkannya.",
}
Told = Callable[[Walk], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one object."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Result:
    """What reading the objects of one file came to."""

    objects: int = 0
    size: int = 0
    """Bytes."""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of fault, for the page and the command."""

    kind: str
    number: int
    cases: list[str]

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    @property
    def remedy(self) -> str:
        return REMEDIES[self.kind]


def findings_of(walk: FileWalk | Walk) -> list[Finding]:
    """Faults by kind, the worst first; the cases are objects with their receipt."""
    counts, cases = (
        (walk.counts, walk.findings) if isinstance(walk, Walk) else (walk.diperiksa, walk.temuan)
    )
    return [
        Finding(
            kind,
            counts[kind],
            [f"{case['kunci']} ({case['dokumen']})" for case in cases if case["jenis"] == kind],
        )
        for kind in TITLES
        if counts.get(kind)
    ]


def examine(
    database: Database, storage: Storage, *, afresh: bool = False, tell: Told = lambda _: None
) -> Walk:
    """Walk through everything, or go on where the last walk was cut off; `tell` is called after
    every step. Raises Unavailable when a component is away, and can then be called again."""
    walk = walks.begin(database, KIND, FILES, afresh=afresh)
    stages = {FILES: _walk_files, SEALS: _walk_seals, ORPHANS: _walk_orphans}
    names = list(stages)
    for name in names[names.index(walk.stage) :]:
        if walk.stage != name:
            walk.enter(name)
        stages[name](database, storage, walk, tell)
    walk.finish(database, "files:examined")
    return walk


def _walk_files(database: Database, storage: Storage, walk: Walk, tell: Told) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while files := _next_files(database, walk.reached):
            results = list(pool.map(lambda file: read(storage, file), files))
            for file, result in zip(files, results, strict=True):
                walk.counts["berkas"] += 1
                walk.counts["objek"] += result.objects
                walk.counts["byte"] += result.size
                for fault in _seen_twice(database, storage, file) if result.faults else ():
                    walk.note(fault.kind, kunci=fault.key, dokumen=_called(file.document))
            walk.reached = str(files[-1].id)
            walk.save(database)
            tell(walk)


def _next_files(database: Database, after: str) -> Sequence[DocumentFile]:
    statement = (
        select(DocumentFile)
        .options(undefer(DocumentFile.objects), joinedload(DocumentFile.document))
        .order_by(DocumentFile.id)
        .limit(BATCH)
    )
    if after:
        statement = statement.where(DocumentFile.id > uuid.UUID(after))
    with database.reading() as session:
        return session.scalars(statement).all()


def _seen_twice(database: Database, storage: Storage, file: DocumentFile) -> Sequence[Fault]:
    """Faults that are still there when row and objects are read anew: in between the file may have
    been deleted, erased, or got another copy for SIASN."""
    statement = (
        select(DocumentFile)
        .options(undefer(DocumentFile.objects))
        .where(DocumentFile.id == file.id)
    )
    with database.reading() as session:
        again = session.scalar(statement)
    return read(storage, again).faults if again is not None else ()


def _called(document: Document) -> str:
    return f"nomor terima {document.receipt}" if document.receipt else f"draf {document.id}"


def read(storage: Storage, file: DocumentFile) -> Result:
    """Read every object of a file. Of files from before the hashes of all objects were written
    down, the PDF alone has one; the others have to be there."""
    if file.erased_at is not None:
        return Result()
    whole = orphans.PAPER in file.objects
    expected = file.objects if whole else _names_of_old(file) | file.objects
    faults: list[Fault] = []
    if expected[orphans.PAPER] != file.sha256_stored:
        faults.append(Fault("berubah", keys.stored(file.id)))
    size = 0
    for name, sha256 in expected.items():
        key = keys.folder(file.id) + name
        try:
            actual, length = _hash(storage, key) if sha256 else ("", storage.size(key))
        except FileNotFoundError:
            faults.append(Fault("hilang", key))
            continue
        size += length
        if actual != sha256:
            faults.append(Fault("berubah", key))
    return Result(len(expected), size, tuple(dict.fromkeys(faults)))


def _names_of_old(file: DocumentFile) -> dict[str, str]:
    """Names of the objects of a file, without hashes but for the PDF."""
    pages = {keys.page(file.id, number): "" for number in range(1, file.pages + 1)}
    originals = {keys.original(file.id, number): "" for number in range(1, file.originals + 1)}
    found = {keys.stored(file.id): file.sha256_stored, keys.thumbnail(file.id): ""}
    return {key.rpartition("/")[2]: sha256 for key, sha256 in (found | pages | originals).items()}


def _hash(storage: Storage, key: str) -> tuple[str, int]:
    digest, length = hashlib.sha256(), 0
    with storage.open(key) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            length += len(chunk)
    return digest.hexdigest(), length


def _walk_seals(database: Database, _storage: Storage, walk: Walk, tell: Told) -> None:
    while True:
        with database.reading() as session:
            decisions = _next_decisions(session, walk.reached)
            if not decisions:
                return
            for document, file_id in _broken_seals(session, decisions):
                key = keys.stored(uuid.UUID(file_id))
                walk.note("segel", kunci=key, dokumen=_called(document))
            walk.counts["keputusan"] += len(decisions)
            walk.reached = str(decisions[-1][0].id)
        walk.save(database)
        tell(walk)


def _next_decisions(session: Session, after: str) -> Sequence[tuple[Decision, Document]]:
    statement = (
        select(Decision, Document)
        .join(Document, Document.id == Decision.document_id)
        .order_by(Decision.id)
        .limit(BATCH * 10)
    )
    if after:
        statement = statement.where(Decision.id > uuid.UUID(after))
    return [(row[0], row[1]) for row in session.execute(statement)]


def _broken_seals(
    session: Session, decisions: Sequence[tuple[Decision, Document]]
) -> Iterator[tuple[Document, str]]:
    """Decisions with a file of which the row is gone, or tells of other bytes than were sealed."""
    sealed = {uuid.UUID(file_id) for decision, _ in decisions for file_id in decision.sealed}
    statement = select(DocumentFile.id, DocumentFile.sha256_stored)
    rows = session.execute(statement.where(DocumentFile.id.in_(sealed)))
    stored = {str(row.id): row.sha256_stored for row in rows}
    for decision, document in decisions:
        for file_id, sha256 in decision.sealed.items():
            if stored.get(file_id) != sha256:
                yield document, file_id


def _walk_orphans(database: Database, storage: Storage, walk: Walk, tell: Told) -> None:
    """Listings are quick, so a walk that was cut off here begins the stage again."""
    moment = now()
    walk.forget("yatim")
    walk.counts.pop("baru", None)
    with database.reading() as session:
        searches = (
            orphans.of_papers(session, storage),
            orphans.of_uploads(session, storage, moment),
            orphans.of_imports(session, storage),
        )
        for search in searches:
            for orphan in search:
                if orphan.due < moment:
                    walk.note("yatim", kunci=orphan.key, dokumen="tanpa dokumen")
                else:
                    walk.counts["baru"] += 1
    walk.save(database)
    tell(walk)
