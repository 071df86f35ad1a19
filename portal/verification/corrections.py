"""What a verifikator read otherwise than the owner had written: proposals, never changes.

They come with a return, open their fields for the repair, and the owner takes them over or not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import audit
from portal.audit import AuditEntry
from portal.db import now
from portal.documents.columns import LABELS, OF_KIND, in_words, parsed, written
from portal.documents.models import Document
from portal.errors import Rejected
from portal.permissions import Actor
from portal.verification.models import Correction
from portal.vocabulary import DocumentKind, DocumentState

PREFIX = "usul_"
"""Of the form fields, before the name of the column."""
PROPOSED = "document:correction-proposed"
_NEVER = {"luar_negeri"}
"""A box that is ticked or not says nothing about what was read."""
_WIDTH = 300
"""Letters of `Correction.lama` and `baru`; no column is wider."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal in words."""

    field: str
    label: str
    before: str
    """As the owner had it; "" for nothing."""
    after: str
    by: str
    taken: bool | None
    """Whether the owner took it over; None until the item is handed in again."""
    same: bool
    """The item says so by now."""


def names_of(kind: DocumentKind) -> tuple[str, ...]:
    """Columns for which a value can be proposed."""
    return tuple(name for name in OF_KIND[kind] if name not in _NEVER)


def propose(
    session: Session,
    actor: Actor,
    document: Document,
    typed: Mapping[str, str],
    *,
    at: dt.datetime | None = None,
) -> list[Correction]:
    """Keep what was typed beside the fields of a returned item, as far as it says something else.

    `typed` maps columns to text; empty says nothing. Raises Rejected naming the form field when a
    text cannot be a value of its column.
    """
    values = {name: _read(name, text) for name, text in typed.items() if text.strip()}
    wanted = {
        name: value
        for name, value in values.items()
        if name in names_of(document.kind) and value != getattr(document, name)
    }
    made = [
        Correction(
            document_id=document.id,
            revision=document.revision,
            field=name,
            lama=written(getattr(document, name))[:_WIDTH],
            baru=written(value)[:_WIDTH],
            pengusul_id=actor.pegawai_id,
            at=at or now(),
        )
        for name, value in wanted.items()
    ]
    session.add_all(made)
    session.flush()
    if made:
        facts = {one.field: [one.lama, one.baru] for one in made}
        audit.record(session, actor, PROPOSED, document.id, at=at, usulan=facts)
    return made


def _read(name: str, text: str) -> Any:
    try:
        return parsed(name, text)
    except (ValueError, KeyError) as error:
        raise Rejected(str(error), f"{PREFIX}{name}") from error


def of_revision(session: Session, document: Document, revision: int) -> Sequence[Correction]:
    """The proposals on one revision, in the order of the form."""
    found = session.scalars(
        select(Correction)
        .where(Correction.document_id == document.id, Correction.revision == revision)
        .options(joinedload(Correction.pengusul))
    ).all()
    order = OF_KIND[document.kind]
    return sorted(found, key=lambda one: order.index(one.field) if one.field in order else 99)


def waiting(session: Session, document: Document) -> Sequence[Correction]:
    """What the owner of a returned item may take over; nothing in any other state."""
    if document.state is not DocumentState.PERLU_PERBAIKAN:
        return ()
    return of_revision(session, document, document.revision)


def newest(
    session: Session, document: Document, history: Iterable[AuditEntry]
) -> Sequence[Correction]:
    """The proposals of the last return: those that wait, or what became of them. The item's lines
    of the audit tell whether there are any to ask for."""
    if not any(line.action == PROPOSED for line in history):
        return ()
    if document.state is DocumentState.PERLU_PERBAIKAN:
        return of_revision(session, document, document.revision)
    if document.revision == 1:
        return ()
    return of_revision(session, document, document.revision - 1)


def values(proposed: Sequence[Correction]) -> dict[str, Any]:
    """Column → value, as `fill` takes them."""
    return {one.field: parsed(one.field, one.baru) for one in proposed}


def settle(session: Session, document: Document) -> None:
    """Note of each proposal on this revision whether the owner took it over; called before the
    item becomes a new revision."""
    for one in of_revision(session, document, document.revision):
        one.diterima = written(getattr(document, one.field)) == one.baru
    session.flush()


def in_sentences(document: Document, proposed: Sequence[Correction]) -> list[Proposal]:
    """The proposals on an item as people read them."""
    return [
        Proposal(
            field=one.field,
            label=LABELS[one.field],
            before=in_words(parsed(one.field, one.lama)),
            after=in_words(parsed(one.field, one.baru)),
            by=one.pengusul.nama,
            taken=one.diterima,
            same=written(getattr(document, one.field)) == one.baru,
        )
        for one in proposed
    ]
