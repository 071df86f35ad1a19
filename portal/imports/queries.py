"""Imports of the actor's agencies; those of others do not exist."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from portal.errors import NotFound
from portal.imports.models import Import
from portal.permissions import Actor, Permission

GONE = "Impor ini tidak ditemukan. Mungkin alamatnya keliru, atau bukan milik instansi Anda."
PAGE = 20


_WITHIN = Import.instansi_id.in_(bindparam("agencies", expanding=True))
_FOUND = (
    select(Import)
    .where(Import.id == bindparam("import_id"), _WITHIN)
    .execution_options(populate_existing=True)
)
_SHOWN = _FOUND.options(joinedload(Import.oleh), joinedload(Import.dikonfirmasi_oleh))
_LISTED = (
    select(Import)
    .where(_WITHIN)
    .options(joinedload(Import.oleh))
    .order_by(Import.dibuat.desc(), Import.id.desc())
    .limit(PAGE + 1)
)
_OLDER = _LISTED.where(
    or_(
        Import.dibuat < bindparam("moment"),
        and_(Import.dibuat == bindparam("moment"), Import.id < bindparam("last")),
    )
)
_SAME_FILE = (
    select(Import)
    .where(
        Import.instansi_id == bindparam("instansi_id"),
        Import.jenis == bindparam("jenis"),
        Import.sha256 == bindparam("sha256"),
        Import.tahun.is_not_distinct_from(bindparam("tahun", type_=Integer)),
        Import.selesai.is_not(None),
        Import.dibuat < bindparam("dibuat"),
    )
    .options(defer(Import.pratinjau), joinedload(Import.dikonfirmasi_oleh))
    .order_by(Import.selesai)
    .limit(1)
)
"""Made once: making a statement takes longer than its rows."""


def agencies(actor: Actor) -> list[uuid.UUID]:
    """Agencies that the actor administers as a whole."""
    grants = actor.grants_for(Permission.IMPORTS_MANAGE)
    return [grant.instansi_id for grant in grants if grant.opd_id is None]


def found(session: Session, actor: Actor, import_id: uuid.UUID, *, lock: bool = False) -> Import:
    """The import; raises NotFound outside the actor's agencies."""
    statement = _FOUND.with_for_update() if lock else _SHOWN
    row = session.scalar(statement, {"import_id": import_id, "agencies": agencies(actor)})
    if row is None:
        raise NotFound(GONE)
    return row


def listed(
    session: Session, actor: Actor, *, before: tuple[dt.datetime, uuid.UUID] | None = None
) -> Sequence[Import]:
    """The newest imports, at most one more than a page shows."""
    values: dict[str, Any] = {"agencies": agencies(actor)}
    if before:
        values |= {"moment": before[0], "last": before[1]}
    return session.scalars(_OLDER if before else _LISTED, values).all()


def same_file(session: Session, row: Import) -> Import | None:
    """An earlier import of the same bytes for the same year that was carried through."""
    values = {name: getattr(row, name) for name in ("instansi_id", "jenis", "sha256", "dibuat")}
    return session.scalar(_SAME_FILE, values | {"tahun": row.tahun})
