"""What the pages of /dokumen show: lists, drafts, colleagues."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.documents import receipts
from portal.documents.models import Document
from portal.documents.queries import handed_in_for_others
from portal.errors import NotFound
from portal.nip import Nip
from portal.people.models import Pegawai
from portal.people.scopes import within
from portal.permissions import Actor, Permission
from portal.vocabulary import DocumentKind, DocumentState, JenisDiklat, LatihanStruktural, Tingkat
from portal.web.pagination import Page, Position, cut

PAGE = 20
COLLEAGUES = 20
_KEPT = 512
"""Statements kept in memory: those of the people at work; an actor is compared whole."""


@dataclass(frozen=True)
class Filter:
    """What the address of the list asks for."""

    state: DocumentState | None = None
    search: str = ""
    for_others: bool = False
    """Items that an operator handed in for colleagues, instead of the own ones."""


@dataclass(frozen=True)
class _Lists:
    """What a person's list asks, made once and not with each request."""

    page: Select[Document]
    counts: Select[DocumentState, int]
    drafts: Select[Document]


@lru_cache(_KEPT)
def _lists(actor: Actor, *, for_others: bool) -> _Lists:
    mine = Document.owner_id == actor.pegawai_id
    reachable = select(Document).join(Document.owner).join(Pegawai.opd)
    reachable = (
        reachable.where(handed_in_for_others(actor), ~mine) if for_others else reachable.where(mine)
    )
    newest = reachable.order_by(Document.created_at.desc(), Document.id.desc())
    return _Lists(
        page=newest.options(contains_eager(Document.owner), joinedload(Document.reason)),
        counts=reachable.with_only_columns(Document.state, func.count()).group_by(Document.state),
        drafts=newest.where(Document.state == DocumentState.DRAF).options(
            contains_eager(Document.owner)
        ),
    )


def listing(
    session: Session, actor: Actor, wanted: Filter, position: Position | None
) -> Page[Document]:
    """Items of the filter, newest first; drafts only when they are asked for by name."""
    statement = _lists(actor, for_others=wanted.for_others).page
    if wanted.state is not None:
        statement = statement.where(Document.state == wanted.state)
    elif not wanted.search:
        statement = statement.where(Document.state != DocumentState.DRAF)
    if wanted.search:
        statement = statement.where(_matches(wanted.search))
    if position is not None:
        statement = statement.where(
            tuple_(Document.created_at, Document.id) < (position.moment, position.id)
        )
    rows = session.scalars(statement.limit(PAGE + 1)).all()
    return cut(rows, PAGE, lambda row: Position(row.created_at, row.id))


def counts(session: Session, actor: Actor, wanted: Filter) -> Mapping[DocumentState, int]:
    """Number of items per state that the search finds, whatever the filter of states."""
    statement = _lists(actor, for_others=wanted.for_others).counts
    if wanted.search:
        statement = statement.where(_matches(wanted.search))
    return dict(iter(session.execute(statement)))


def drafts(session: Session, actor: Actor, *, for_others: bool = False) -> Sequence[Document]:
    """Everything that was begun and not handed in, newest first."""
    return session.scalars(_lists(actor, for_others=for_others).drafts).all()


def _matches(search: str) -> ColumnElement[bool]:
    """Words of the title (also those that only the label of a code holds), number or receipt."""
    lowered = search.lower()
    conditions: list[ColumnElement[bool]] = [
        column.icontains(search, autoescape=True)
        for column in (
            Document.nama,
            Document.penyelenggara,
            Document.nomor,
            Document.program_studi,
            Document.perguruan_tinggi,
            Pegawai.nama,
        )
    ]
    for column, words in (
        (Document.kind, DocumentKind),
        (Document.jenis, JenisDiklat),
        (Document.latihan_struktural, LatihanStruktural),
        (Document.tingkat, Tingkat),
    ):
        found = [word for word in words if lowered in word.label.lower()]
        if found:
            conditions.append(column.in_(found))
    receipt = receipts.parse(search)
    if receipt:
        conditions.append(Document.receipt == receipt)
    return or_(*conditions)


def colleagues(session: Session, actor: Actor, search: str) -> Sequence[Pegawai]:
    """People in the operator's scope whose name holds, or whose NIP is, what was typed."""
    statement = _served(actor).options(contains_eager(Pegawai.opd))
    try:
        condition = Pegawai.nip == Nip.parse(search).digits
    except ValueError:
        condition = Pegawai.nama.icontains(search, autoescape=True)
    found = statement.where(condition).order_by(Pegawai.nama, Pegawai.id).limit(COLLEAGUES + 1)
    return session.scalars(found).all()


def colleague(session: Session, actor: Actor, pegawai_id: uuid.UUID) -> Pegawai:
    """One person in the operator's scope; raises NotFound for everybody else."""
    statement = _served(actor).options(contains_eager(Pegawai.opd))
    person = session.scalar(statement.where(Pegawai.id == pegawai_id))
    if person is None:
        raise NotFound("Rekan ini tidak ditemukan di unit kerja yang Anda layani.")
    return person


def _served(actor: Actor) -> Select[Pegawai]:
    grants = actor.grants_for(Permission.DOCUMENTS_HAND_IN_FOR)
    return (
        select(Pegawai)
        .join(Pegawai.opd)
        .where(
            within(grants),
            Pegawai.id != actor.pegawai_id,
            or_(Pegawai.pensiun_sejak.is_(None), Pegawai.pensiun_sejak > actor.today),
        )
    )
