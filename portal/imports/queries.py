"""Imports of the actor's agencies; those of others do not exist."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from portal.errors import NotFound
from portal.imports.models import Import
from portal.permissions import Actor, Permission

GONE = "Impor ini tidak ditemukan. Mungkin alamatnya keliru, atau bukan milik instansi Anda."
PAGE = 20


def _within(actor: Actor) -> ColumnElement[bool]:
    """Imports of an agency that the actor administers as a whole."""
    agencies = {
        grant.instansi_id
        for grant in actor.grants_for(Permission.IMPORTS_MANAGE)
        if grant.opd_id is None
    }
    return Import.instansi_id.in_(agencies)


def found(session: Session, actor: Actor, import_id: uuid.UUID, *, lock: bool = False) -> Import:
    """The import; raises NotFound outside the actor's agencies."""
    statement = (
        select(Import)
        .where(Import.id == import_id, _within(actor))
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update()
    else:
        statement = statement.options(joinedload(Import.oleh), joinedload(Import.dikonfirmasi_oleh))
    row = session.scalar(statement)
    if row is None:
        raise NotFound(GONE)
    return row


def listed(
    session: Session, actor: Actor, *, before: tuple[dt.datetime, uuid.UUID] | None = None
) -> Sequence[Import]:
    """The newest imports, at most one more than a page shows."""
    statement = (
        select(Import)
        .where(_within(actor))
        .options(joinedload(Import.oleh))
        .order_by(Import.dibuat.desc(), Import.id.desc())
        .limit(PAGE + 1)
    )
    if before:
        moment, last = before
        statement = statement.where(
            or_(Import.dibuat < moment, and_(Import.dibuat == moment, Import.id < last))
        )
    return session.scalars(statement).all()


def same_file(session: Session, row: Import) -> Import | None:
    """An earlier import of the same bytes for the same year that was carried through."""
    statement = (
        select(Import)
        .where(
            Import.instansi_id == row.instansi_id,
            Import.jenis == row.jenis,
            Import.sha256 == row.sha256,
            Import.tahun.is_not_distinct_from(row.tahun),
            Import.selesai.is_not(None),
            Import.dibuat < row.dibuat,
        )
        .options(defer(Import.pratinjau), joinedload(Import.dikonfirmasi_oleh))
        .order_by(Import.selesai)
        .limit(1)
    )
    return session.scalar(statement)
