"""Items that look like another: the same number of the same organiser, or the same file."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, union
from sqlalchemy.orm import Session, contains_eager

from portal.documents.models import Document, DocumentFile
from portal.documents.queries import NOT_HANDED_IN
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.verification.rights import within_reach

MOST = 10


@dataclass(frozen=True, slots=True)
class Twin:
    """Another handed-in item; `reachable` when the actor may open it."""

    document: Document
    same_file: bool
    reachable: bool


_SAME_FILE = (
    select(DocumentFile.document_id)
    .where(
        DocumentFile.sha256_original.in_(bindparam("hashes", expanding=True)),
        DocumentFile.superseded_at.is_(None),
    )
    .correlate(None)
)
_SAME_NUMBER = (
    select(Document.id)
    .where(Document.nomor == bindparam("nomor"), Document.nomor != "")
    .correlate(None)
)
_TWINS = (
    select(Document, Document.id.in_(_SAME_FILE))
    .join(Document.owner)
    .join(Pegawai.opd)
    .where(
        Document.id.in_(union(_SAME_FILE, _SAME_NUMBER)),
        Document.id.not_in(bindparam("own", expanding=True)),
        Document.state.not_in(NOT_HANDED_IN),
    )
    .order_by(Document.submitted_at.desc(), Document.id)
    .limit(MOST)
    .options(contains_eager(Document.owner).contains_eager(Pegawai.opd))
)


def find(session: Session, actor: Actor, document: Document) -> tuple[Twin, ...]:
    """Other handed-in items with the same number and organiser, or the same original file."""
    values = {
        "hashes": list({file.sha256_original for file in document.current_files}),
        "nomor": document.nomor,
        "own": [own for own in (document.id, document.replaces_id) if own],
    }
    return tuple(
        Twin(other, shares_file, within_reach(actor, Permission.QUEUE_READ, other))
        for other, shares_file in session.execute(_TWINS, values)
        if shares_file or _issuer(other) == _issuer(document)
    )


def _issuer(document: Document) -> str:
    """Who gave the paper, without the differences of typing."""
    name = document.perguruan_tinggi or document.penyelenggara
    return "".join(letter for letter in name.casefold() if letter.isalnum())
