"""Whether a paper was handed in before: told to the owner at once, hinted to the verifikator.

Every question is answered from an index and among a bounded number of candidates, so that it
takes the same time with a thousand papers and with a million.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager

from portal.documents import look
from portal.documents.arrivals import Original, ReadCode
from portal.documents.models import Document, DocumentFile
from portal.documents.queries import NOT_HANDED_IN
from portal.people.models import Pegawai
from portal.vocabulary import DocumentState, LabelledEnum

FREE_AGAIN = (DocumentState.DRAF, DocumentState.DIBATALKAN, DocumentState.DITOLAK)
"""Papers of such items may be handed in again."""
CANDIDATES = 50
"""So many rows are looked at for each way to be alike; of more, any of them tells enough."""


class Likeness(LabelledEnum):
    """What two items share, the surest first."""

    BERKAS = "berkas", "Berkas yang sama"
    NOMOR = "nomor", "Nomor yang sama"
    KODE = "kode", "Kode QR yang sama"
    RUPA = "rupa", "Gambar yang mirip"


ORDER = {likeness: place for place, likeness in enumerate(Likeness)}


@dataclass(frozen=True, slots=True)
class Twin:
    """Another handed-in item, and the surest thing that it shares with the first."""

    document: Document
    likeness: Likeness


def of_owner(
    session: Session,
    owner_id: uuid.UUID,
    hashes: Iterable[str],
    *,
    except_id: uuid.UUID | None = None,
) -> Document | None:
    """The newest item of this person that stands and was made of one of these files.

    `hashes` are sha256 of files as they came in, or as the device had them before it made them
    smaller, or the fingerprint of a whole paper (DocumentFile.sha256_original). Drafts, withdrawn
    and refused items do not stand.
    """
    wanted = list(hashes)
    came_in = exists().where(
        Original.file_id == DocumentFile.id,
        or_(Original.sha256.in_(wanted), Original.sha256_source.in_(wanted)),
    )
    # Begins at the few items of the owner, however many people sent the same file.
    statement = (
        select(Document)
        .join(DocumentFile, DocumentFile.document_id == Document.id)
        .where(
            Document.owner_id == owner_id,
            Document.state.not_in(FREE_AGAIN),
            DocumentFile.superseded_at.is_(None),
            or_(DocumentFile.sha256_original.in_(wanted), came_in),
        )
        .order_by(Document.submitted_at.desc())
        .limit(1)
    )
    if except_id is not None:
        statement = statement.where(Document.id != except_id)
    return session.scalar(statement)


def twins(session: Session, document: Document, *, most: int) -> list[Twin]:
    """Handed-in items of anybody that share a file, the number and its organiser, a code, or the
    look of a page with this one; the surest and newest first. For verifikators: what is found is
    not cut to anybody's scope."""
    looks = _looks(document)
    found: dict[uuid.UUID, Twin] = {}
    rows = session.execute(_statement(looked=bool(looks)), _values(document, looks))
    for other, code, other_look in rows:
        twin = Twin(other, Likeness(code))
        known = found.get(other.id, twin)
        if ORDER[twin.likeness] <= ORDER[known.likeness] and _holds(
            twin, document, looks, other_look
        ):
            found[other.id] = twin
    return sorted(found.values(), key=_surest_and_newest_first)[:most]


def _looks(document: Document) -> list[str]:
    looks = {file.dhash for file in document.current_files if file.dhash}
    return [found for found in looks if look.is_telling(found)]


def _holds(twin: Twin, document: Document, looks: Sequence[str], other_look: str) -> bool:
    """Whether a candidate is alike in truth; files and codes are equal, or no candidates."""
    if twin.likeness is Likeness.NOMOR:
        return _issuer(twin.document) == _issuer(document)
    if twin.likeness is Likeness.RUPA:
        return any(look.distance(other_look, own) <= look.ALIKE for own in looks)
    return True


def _issuer(document: Document) -> str:
    """Who gave the paper, without the differences of typing."""
    name = document.perguruan_tinggi or document.penyelenggara
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _surest_and_newest_first(twin: Twin) -> tuple[int, float, uuid.UUID]:
    handed_in = twin.document.submitted_at
    age = -handed_in.timestamp() if handed_in else 0.0
    return ORDER[twin.likeness], age, twin.document.id


# The candidates. PostgreSQL would walk through the whole table for the first fifty rows of a value
# that it knows to be frequent. So each list of values is asked for in the order of its index, and
# holds two values at least: with one, the order would be no order any more.
_NO_TEXT = "-"
_NO_BITS = -1
_LOOK = func.coalesce(DocumentFile.dhash, literal_column("''"))
_NO_LOOK: ColumnElement[str] = literal_column("''")


def _values(document: Document, looks: Sequence[str]) -> dict[str, Any]:
    files = document.current_files
    values: dict[str, Any] = {
        "own": [own for own in (document.id, document.replaces_id) if own],
        "files": [file.id for file in files],
        "hashes": [*(file.sha256_original for file in files), _NO_TEXT],
        "numbers": [document.nomor_kunci or _NO_TEXT, _NO_TEXT],
    }
    for place, width in enumerate(look.WIDTHS) if looks else ():
        parts = {look.thirds(found)[place] for found in looks}
        near = {other for part in parts for other in look.neighbours(part, width)}
        values[f"same_{place}"] = [*parts, _NO_BITS]
        values[f"near_{place}"] = [*near, _NO_BITS]
    return values


@cache
def _statement(*, looked: bool) -> Select[Document, str, str]:
    searches = [
        _among(DocumentFile.sha256_original, "hashes", Likeness.BERKAS),
        _shared(Original.sha256, Likeness.BERKAS),
        _shared(Original.sha256_source, Likeness.BERKAS),
        _numbered(),
        _shared(ReadCode.sha256, Likeness.KODE),
    ]
    if looked:
        thirds = (DocumentFile.dhash_a, DocumentFile.dhash_b, DocumentFile.dhash_c)
        for place, third in enumerate(thirds):
            # The nearest first: fifty that share the third leave room for fifty that nearly do.
            searches += [_among(third, f"same_{place}", Likeness.RUPA)]
            searches += [_among(third, f"near_{place}", Likeness.RUPA)]
    limited = [select(*search.subquery().c) for search in searches]
    found = union_all(*limited).subquery()
    return (
        select(Document, found.c.likeness, found.c.look)
        .join(found, found.c.document_id == Document.id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(Document.state.not_in(NOT_HANDED_IN))
        .options(contains_eager(Document.owner).contains_eager(Pegawai.opd))
    )


def _columns(likeness: Likeness, document_id: Any, looks: Any = _NO_LOOK) -> list[Any]:
    code: ColumnElement[str] = literal_column(f"'{likeness.value}'")
    return [document_id.label("document_id"), code.label("likeness"), looks.label("look")]


def _given(name: str) -> Any:
    return bindparam(name, expanding=True)


def _current() -> ColumnElement[bool]:
    return DocumentFile.superseded_at.is_(None) & DocumentFile.document_id.not_in(_given("own"))


def _among(column: InstrumentedAttribute[Any], name: str, likeness: Likeness) -> Select[Any]:
    """Papers of others with one of these values in the column."""
    return (
        select(*_columns(likeness, DocumentFile.document_id, _LOOK))
        .where(column.in_(_given(name)), _current())
        .order_by(column)
        .limit(CANDIDATES)
    )


def _numbered() -> Select[Any]:
    return (
        select(*_columns(Likeness.NOMOR, Document.id))
        .where(Document.nomor_kunci.in_(_given("numbers")), Document.id.not_in(_given("own")))
        .order_by(Document.nomor_kunci)
        .limit(CANDIDATES)
    )


def _shared(column: InstrumentedAttribute[Any], likeness: Likeness) -> Select[Any]:
    """Papers of others that have a row with the same value as one of this item's papers."""
    mine = aliased(column.class_)
    return (
        select(*_columns(likeness, DocumentFile.document_id))
        .join(column.class_, column.class_.file_id == DocumentFile.id)
        .join(mine, getattr(mine, column.key) == column)
        .where(mine.file_id.in_(_given("files")), _current())
        .limit(CANDIDATES)
    )
