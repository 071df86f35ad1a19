"""Whether a paper was handed in before: told to the owner at once, hinted to the verifikator.

Every question is answered from an index and among a bounded number of candidates, so that it
takes the same time with a thousand papers and with a million.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
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
    surest: dict[uuid.UUID, Likeness] = {}
    for document_id, likeness in _alike(session, document):
        known = surest.get(document_id, likeness)
        surest[document_id] = min(known, likeness, key=ORDER.__getitem__)
    if not surest:
        return []
    place = case(
        *((Document.id.in_(ids), ORDER[likeness]) for likeness, ids in _by_likeness(surest)),
        else_=len(ORDER),
    )
    statement = (
        select(Document)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(Document.id.in_(surest), Document.state.not_in(NOT_HANDED_IN))
        .order_by(place, Document.submitted_at.desc(), Document.id)
        .limit(most)
        .options(contains_eager(Document.owner).contains_eager(Pegawai.opd))
    )
    return [Twin(item, surest[item.id]) for item in session.scalars(statement)]


def _by_likeness(
    surest: Mapping[uuid.UUID, Likeness],
) -> Iterator[tuple[Likeness, list[uuid.UUID]]]:
    for likeness in sorted(set(surest.values()), key=ORDER.__getitem__):
        yield likeness, [found for found, why in surest.items() if why is likeness]


def _alike(session: Session, document: Document) -> Iterator[tuple[uuid.UUID, Likeness]]:
    """Candidates that are alike in truth; equal files and codes are."""
    looks = [
        file.dhash for file in document.current_files if file.dhash and look.is_telling(file.dhash)
    ]
    issuer = _plain(document.perguruan_tinggi or document.penyelenggara)
    rows = session.execute(_statement(looked=bool(looks)), _values(document, looks))
    for document_id, code, told in rows:
        likeness = Likeness(code)
        if likeness is Likeness.NOMOR and _plain(told) != issuer:
            continue
        if likeness is Likeness.RUPA and not any(
            look.distance(told, own) <= look.ALIKE for own in looks
        ):
            continue
        yield document_id, likeness


def _plain(issuer: str) -> str:
    """Who gave the paper, without the differences of typing."""
    return "".join(letter for letter in issuer.casefold() if letter.isalnum())


# The candidates. PostgreSQL would walk through the whole table for the first fifty rows of a value
# that it knows to be frequent. So each list of values is asked for in the order of its index, and
# holds two values at least: with one, the order would be no order any more.
_NO_TEXT = "-"
_NO_BITS = -1
_MOST: ColumnElement[int] = literal_column(str(CANDIDATES))
"""Written out: a plan for any limit and any numbers is a bad plan for these."""
_LOOK = func.coalesce(DocumentFile.dhash, literal_column("''"))
_ISSUER = func.coalesce(func.nullif(Document.perguruan_tinggi, ""), Document.penyelenggara)
_NOTHING: ColumnElement[str] = literal_column("''")


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
def _statement(*, looked: bool) -> Select[Any]:
    searches = [
        _same_bytes(),
        _shared(Original.sha256, Likeness.BERKAS),
        _shared(Original.sha256_source, Likeness.BERKAS),
        _numbered(),
        _shared(ReadCode.sha256, Likeness.KODE),
    ]
    if looked:
        thirds = (DocumentFile.dhash_a, DocumentFile.dhash_b, DocumentFile.dhash_c)
        for place, third in enumerate(thirds):
            # The nearest first: fifty that share the third leave room for fifty that nearly do.
            searches += [_looking(third, f"same_{place}"), _looking(third, f"near_{place}")]
    limited = [select(*search.subquery().c) for search in searches]
    found = union(*limited).subquery()
    return select(found.c.document_id, found.c.likeness, found.c.told)


def _columns(likeness: Likeness, document_id: Any, told: Any = _NOTHING) -> list[Any]:
    """What a search answers with; `told` is what Python compares: a look, or an organiser."""
    code: ColumnElement[str] = literal_column(f"'{likeness.value}'")
    return [document_id.label("document_id"), code.label("likeness"), told.label("told")]


def _given(name: str, *, written_out: bool = False) -> Any:
    return bindparam(name, expanding=True, literal_execute=written_out)


def _current() -> ColumnElement[bool]:
    return DocumentFile.superseded_at.is_(None) & DocumentFile.document_id.not_in(_given("own"))


def _same_bytes() -> Select[Any]:
    column = DocumentFile.sha256_original
    return (
        select(*_columns(Likeness.BERKAS, DocumentFile.document_id))
        .where(column.in_(_given("hashes")), _current())
        .order_by(column)
        .limit(_MOST)
    )


def _looking(third: InstrumentedAttribute[int | None], name: str) -> Select[Any]:
    return (
        select(*_columns(Likeness.RUPA, DocumentFile.document_id, _LOOK))
        .where(third.in_(_given(name, written_out=True)), _current())
        .order_by(third)
        .limit(_MOST)
    )


def _numbered() -> Select[Any]:
    return (
        select(*_columns(Likeness.NOMOR, Document.id, _ISSUER))
        .where(Document.nomor_kunci.in_(_given("numbers")), Document.id.not_in(_given("own")))
        .order_by(Document.nomor_kunci)
        .limit(_MOST)
    )


def _shared(column: InstrumentedAttribute[Any], likeness: Likeness) -> Select[Any]:
    """Papers of others that have a row with the same value as one of this item's papers."""
    mine = aliased(column.class_)
    return (
        select(*_columns(likeness, DocumentFile.document_id))
        .join(column.class_, column.class_.file_id == DocumentFile.id)
        .join(mine, getattr(mine, column.key) == column)
        .where(mine.file_id.in_(_given("files")), _current())
        .limit(_MOST)
    )
