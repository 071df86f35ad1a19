"""The whole file of a person: every paper of every item, with what was decided on it, as a ZIP.

Everything about rows is read first; the bytes then flow through, one chunk in memory at a time.
Names inside are made here from receipts and roles, so that every system can unpack them. The list
comes last, because only then it is known which paper was there.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from portal.accounts.personal_data import as_data
from portal.db import now
from portal.documents.models import Document, DocumentFile
from portal.documents.rulings import Decision
from portal.errors import Unavailable
from portal.people.models import Pegawai
from portal.storage import Storage, keys

CHUNK = 256 * 1024
MANIFEST, TABLE = "manifest.json", "daftar.csv"
COLUMNS = (
    *("nomor terima", "judul", "jenis", "keadaan", "diajukan", "ditutup", "keputusan terakhir"),
    *("berkas", "peran", "revisi", "keadaan berkas", "sha256"),
)
NOT_IN_FILE = frozenset({"claimed_by_id", "claimed_until", "first_approver_id"})
THERE, GONE, CHANGED, ERASED, AWAY = "ada", "hilang", "berubah", "dihapus", "tidak terjangkau"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ENDINGS = re.compile(r"\.(jpe?g|png|webp|hei[cf]|tiff?|pdf)", re.IGNORECASE | re.ASCII)


@dataclass
class Paper:
    """One object for the archive, and what became of it."""

    name: str
    """In the archive."""
    key: str
    facts: dict[str, Any]
    sha256: str
    """As written down; empty where only the name of the object is known."""
    moment: dt.datetime
    state: str = THERE
    actual: str = ""


@dataclass(frozen=True)
class PersonFile:
    """A person's items, ready to be written without the database."""

    person: dict[str, Any]
    items: Sequence[dict[str, Any]]
    papers: Sequence[Sequence[Paper]]
    """Of each item."""

    @property
    def lacking(self) -> list[Paper]:
        """Papers that were not there as they should, once all was written."""
        found = (paper for papers in self.papers for paper in papers)
        return [paper for paper in found if paper.state not in (THERE, ERASED)]


def gather(session: Session, pegawai_id: uuid.UUID) -> PersonFile:
    """Every item of the person with its files (also those that a repair replaced) and decisions."""
    person = session.get_one(Pegawai, pegawai_id)
    items = session.scalars(
        select(Document)
        .where(Document.owner_id == pegawai_id)
        .options(
            selectinload(Document.files).options(undefer(DocumentFile.objects)),
            joinedload(Document.reason),
        )
        .order_by(Document.created_at, Document.id)
    ).all()
    decisions = _decisions(session, pegawai_id)
    return PersonFile(
        {"nip": person.nip, "nama": person.nama, "unit": person.opd.nama},
        [_facts(item, decisions.get(item.id, [])) for item in items],
        [list(_papers(number, item)) for number, item in enumerate(items, 1)],
    )


def _decisions(session: Session, pegawai_id: uuid.UUID) -> dict[uuid.UUID, list[dict[str, Any]]]:
    statement = (
        select(Decision)
        .where(Decision.owner_id == pegawai_id, Decision.undone_at.is_(None))
        .options(joinedload(Decision.reason), joinedload(Decision.decider))
        .order_by(Decision.at)
    )
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for made in session.scalars(statement):
        found.setdefault(made.document_id, []).append(
            {
                "putusan": made.act.label,
                "waktu": made.at,
                "oleh": made.decider.nama,
                "revisi": made.revision,
                "alasan": made.reason.label if made.reason else None,
                "catatan": made.note,
                "segel": made.sealed,
            }
        )
    return found


def _facts(item: Document, decisions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "judul": item.title,
        "keadaan": item.state_label,
        **as_data(item, without=NOT_IN_FILE),
        "keputusan": decisions,
    }


def _papers(number: int, item: Document) -> Iterator[Paper]:
    folder = f"berkas/{number:04}-{item.receipt or 'draf'}"
    for place, file in enumerate(item.files, 1):
        stem = f"{folder}/{place:02}-{file.role.value}-revisi-{file.revision}"
        facts = {
            "peran": file.role.label,
            "revisi": file.revision,
            "berlaku": file.superseded_at is None,
            "halaman": file.pages,
            "nama_asal": file.original_names,
            "dihapus_pada": file.erased_at,
        }
        yield _paper(f"{stem}.pdf", keys.stored(file.id), file, facts, file.sha256_stored)
        for original in range(1, file.originals + 1):
            key = keys.original(file.id, original)
            name = f"{stem}-asal-{original:02}{_ending(file, original)}"
            sha256 = file.objects.get(key.rpartition("/")[2], "")
            yield _paper(name, key, file, facts, sha256)


def _paper(name: str, key: str, file: DocumentFile, facts: dict[str, Any], sha256: str) -> Paper:
    state = ERASED if file.erased_at else THERE
    return Paper(name, key, facts, sha256, file.created_at, state)


def _ending(file: DocumentFile, number: int) -> str:
    """Of the name that the upload came with, when it is one of a picture or a PDF."""
    names = file.original_names
    name = names[number - 1] if number <= len(names) else ""
    ending = name[name.rfind(".") :] if "." in name else ""
    return ending.lower() if _ENDINGS.fullmatch(ending) else ".bin"


def written(storage: Storage, whole: PersonFile) -> Iterator[bytes]:
    """The ZIP, piece by piece. A paper that is missing or out of reach is told in the list and
    stops nothing."""
    sink = _Sink()
    with ZipFile(sink, "w") as archive:
        for papers in whole.papers:
            for paper in papers:
                yield from _add(archive, sink, storage, paper)
        for name, text in ((MANIFEST, manifest(whole)), (TABLE, table(whole))):
            info = _info(name, now())
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, text)
            yield sink.taken()
    yield sink.taken()


def _add(archive: ZipFile, sink: _Sink, storage: Storage, paper: Paper) -> Iterator[bytes]:
    if paper.state == ERASED:
        return
    try:
        source = storage.open(paper.key)
    except FileNotFoundError:
        paper.state = GONE
        return
    except Unavailable:
        paper.state = AWAY
        return
    digest = hashlib.sha256()
    with source, archive.open(_info(paper.name, paper.moment), "w") as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
            yield sink.taken()
    paper.actual = digest.hexdigest()
    if paper.sha256 and paper.actual != paper.sha256:
        paper.state = CHANGED


def _info(name: str, moment: dt.datetime) -> ZipInfo:
    info = ZipInfo(name, moment.timetuple()[:6])
    info.compress_type = ZIP_STORED
    info.external_attr = 0o600 << 16
    return info


class _Sink(io.RawIOBase):
    """Takes what the archive writes, until it is taken onward."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Everything since the last call."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def manifest(whole: PersonFile) -> str:
    """Everything about items, decisions and papers, for a machine."""
    items = [
        facts | {"berkas": [_told(paper) for paper in papers]}
        for facts, papers in zip(whole.items, whole.papers, strict=True)
    ]
    content = {"dibuat": now(), "pegawai": whole.person, "dokumen": items}
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)


def _told(paper: Paper) -> dict[str, Any]:
    return {
        "nama": paper.name,
        **paper.facts,
        "keadaan": paper.state,
        "sha256": paper.sha256 or paper.actual,
        "sha256_terbaca": paper.actual or None,
    }


def table(whole: PersonFile) -> str:
    """The same for a person, as Excel in Indonesia opens it; a line for each paper."""
    text = io.StringIO()
    text.write("\ufeff")  # tells Excel that the letters are UTF-8
    lines = csv.writer(text, delimiter=";")
    lines.writerow(COLUMNS)
    for facts, papers in zip(whole.items, whole.papers, strict=True):
        last = facts["keputusan"][-1]["putusan"] if facts["keputusan"] else ""
        about = [
            *(facts["receipt"], facts["judul"], facts["kind"].label, facts["keadaan"]),
            *(_day(facts["submitted_at"]), _day(facts["closed_at"]), last),
        ]
        for cells in [_cells(paper) for paper in papers] or [[""] * 5]:
            row = [*about, *cells]
            lines.writerow([_harmless("" if cell is None else str(cell)) for cell in row])
    return text.getvalue()


def _cells(paper: Paper) -> list[Any]:
    sha256 = paper.sha256 or paper.actual
    return [paper.name, paper.facts["peran"], paper.facts["revisi"], paper.state, sha256]


def _day(moment: dt.datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
