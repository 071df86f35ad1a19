"""Lines of the audit as an admin or an auditor may see them: found, in scope, with the words that
say what they are about."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    true,
    tuple_,
    union,
)
from sqlalchemy.orm import Session, aliased

from portal.agency.models import Instansi, Opd
from portal.audit import AuditEntry
from portal.audit.chain import Seal
from portal.audit.words import GROUPS, acts_of
from portal.documents.models import Document
from portal.errors import Rejected
from portal.imports.models import Import
from portal.nip import Nip
from portal.people.models import Pegawai
from portal.people.scopes import within
from portal.permissions import Actor, Grant, Permission

SYSTEM = "sistem"
"""Typed in the place of a NIP: what the portal did by itself."""
PAGE = 50
KEPT = 64
"""Statements kept in memory: few people look at the audit."""
_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]{8,15}Z)-(\d{1,18})", re.ASCII)
Subjects = dict[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; nothing set is everything."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    """The first moment that is no longer wanted."""
    actor_id: uuid.UUID | None = None
    system: bool = False
    subject_ids: tuple[uuid.UUID, ...] | None = None
    group: str = ""
    """A code of `portal.audit.words.GROUPS`, or an act."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its seal; the seal is absent for the newest ones."""

    entry: AuditEntry
    seal: Seal | None


def wanted(
    session: Session,
    zone: ZoneInfo,
    given: dict[str, str],
    people: ColumnElement[bool] | None = None,
) -> Wanted:
    """The search as typed: `dari`, `sampai` (dates, both inclusive), `oleh` (NIP or "sistem"),
    `tentang` (NIP or receipt number), `tindakan`. Whoever is not of the `people` is not there.
    Raises Rejected naming the field."""
    there = true() if people is None else people
    found = Wanted(group=_group(given.get("tindakan", "").strip()))
    if first := _day(given, "dari"):
        found = replace(found, since=_midnight(first, zone))
    if last := _day(given, "sampai"):
        found = replace(found, until=_midnight(last + dt.timedelta(days=1), zone))
    who = given.get("oleh", "").strip()
    if who.lower() == SYSTEM:
        found = replace(found, system=True)
    elif who:
        found = replace(found, actor_id=_person(session, who, "oleh", there))
    if about := given.get("tentang", "").strip():
        found = replace(found, subject_ids=_about(session, about, there))
    return found


def _group(code: str) -> str:
    if code and code not in GROUPS and not re.fullmatch(r"[a-z]+:[a-z-]+", code):
        raise Rejected("Pilih salah satu tindakan dari daftar.", "tindakan")
    return code


def _day(given: dict[str, str], name: str) -> dt.date | None:
    text = given.get(name, "").strip()
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Rejected("Tanggal tidak terbaca. Tulis misalnya 2026-12-01.", name) from error
    if day and not 2000 <= day.year <= 9000:
        raise Rejected("Tahun itu di luar jangkauan audit.", name)
    return day


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone)


def people_of(actor: Actor) -> ColumnElement[bool]:
    """Condition on Pegawai joined with Opd: the actor may ask for this person."""
    return within(actor.grants_for(Permission.AUDIT_READ))


def _person(session: Session, text: str, field: str, there: ColumnElement[bool]) -> uuid.UUID:
    try:
        nip = Nip.parse(text).digits
    except ValueError as error:
        raise Rejected(str(error), field) from error
    found = session.scalar(select(Pegawai.id).join(Pegawai.opd).where(Pegawai.nip == nip, there))
    if found is None:
        raise Rejected("NIP ini tidak ada di portal.", field)
    return found


def _about(session: Session, text: str, there: ColumnElement[bool]) -> tuple[uuid.UUID, ...]:
    """A person with everything of theirs, or one item."""
    receipt = (
        select(Document.id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(Document.receipt == text.upper(), there)
    )
    if (item := session.scalar(receipt)) is not None:
        return (item,)
    if not re.search(r"\d{6}", text):
        raise Rejected("Nomor terima ini tidak ada di portal.", "tentang")
    person = _person(session, text, "tentang", there)
    own = select(Document.id).where(Document.owner_id == person)
    return (person, *session.scalars(own))


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """Condition on a line: it is about somebody, an item, a unit or the agency of a grant, or
    somebody there did it. Whoever holds a whole agency that is the only one sees all."""
    grants = actor.grants_for(Permission.AUDIT_READ)
    whole = [grant.instansi_id for grant in grants if grant.opd_id is None]
    if not grants:
        return false()
    return _of_agencies(grants, whole) if whole else _of_units(grants)


def _of_agencies(grants: Sequence[Grant], whole: Sequence[uuid.UUID]) -> ColumnElement[bool]:
    """Asked line by line: nearly every line of a page is one of them."""
    unit = aliased(Opd)
    people = (
        select(Pegawai.id)
        .join(Opd, Opd.id == Pegawai.opd_id)
        .where(Pegawai.id.in_([AuditEntry.subject_id, AuditEntry.actor_id]), within(grants))
    )
    items = (
        select(Document.id)
        .join(Pegawai, Pegawai.id == Document.owner_id)
        .join(Opd, Opd.id == Pegawai.opd_id)
        .where(Document.id == AuditEntry.subject_id, within(grants))
    )
    units = select(unit.id).where(unit.id == AuditEntry.subject_id, unit.instansi_id.in_(whole))
    files = select(Import.id).where(
        Import.id == AuditEntry.subject_id, Import.instansi_id.in_(whole)
    )
    return or_(
        ~exists().where(Instansi.id.not_in(whole)),
        AuditEntry.subject_id.in_(whole),
        *(exists(query.correlate(AuditEntry)) for query in (people, items, units, files)),
    )


def _of_units(grants: Sequence[Grant]) -> ColumnElement[bool]:
    """Gathered from the people of the units: among a million lines only few may be theirs."""
    line = aliased(AuditEntry)
    there = select(Pegawai.id).join(Pegawai.opd).where(within(grants))
    items = select(Document.id).where(Document.owner_id.in_(there))
    return AuditEntry.id.in_(
        union(
            select(line.id).where(line.actor_id.in_(there)),
            select(line.id).where(line.subject_id.in_(there)),
            select(line.id).where(line.subject_id.in_(items)),
        )
    )


def fits(search: Wanted) -> ColumnElement[bool]:
    """Condition on a line: it is one of those looked for."""
    conditions: list[ColumnElement[bool]] = []
    if search.since:
        conditions.append(AuditEntry.at >= search.since)
    if search.until:
        conditions.append(AuditEntry.at < search.until)
    if search.system:
        conditions.append(AuditEntry.actor_id.is_(None))
    if search.actor_id:
        conditions.append(AuditEntry.actor_id == search.actor_id)
    if search.subject_ids is not None:
        conditions.append(AuditEntry.subject_id.in_(search.subject_ids))
    if search.group:
        conditions.append(AuditEntry.action.in_(acts_of(search.group)))
    return and_(true(), *conditions)


def lines(*conditions: ColumnElement[bool]) -> Select[AuditEntry, Seal]:
    """Lines with their seals."""
    return (
        select(AuditEntry, Seal).outerjoin(Seal, Seal.audit_id == AuditEntry.id).where(*conditions)
    )


@lru_cache(KEPT)
def _newest(actor: Actor) -> Select[AuditEntry, Seal]:
    """The first page of all that the actor may see, made once for each person who looks."""
    newest_first = (AuditEntry.at.desc(), AuditEntry.id.desc())
    return lines(in_scope(actor)).order_by(*newest_first).limit(PAGE + 1)


def newest(
    session: Session, actor: Actor, search: Wanted, before: tuple[dt.datetime, int] | None
) -> tuple[list[Line], str | None]:
    """One page of what the actor may see, newest first, and the place where the next begins."""
    statement = _newest(actor)
    if search != Wanted():
        statement = statement.where(fits(search))
    if before:
        statement = statement.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(*before))
    rows = [Line(entry, seal) for entry, seal in session.execute(statement)]
    more = len(rows) > PAGE
    return rows[:PAGE], place(rows[PAGE - 1].entry) if more else None


def place(entry: AuditEntry) -> str:
    """Where a line stands in the order of time, for an address."""
    return f"{entry.at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}-{entry.id}"


def placed(text: str) -> tuple[dt.datetime, int] | None:
    """The way back from `place`; nonsense is the first page."""
    found = _PLACE.fullmatch(text)
    try:
        return (dt.datetime.fromisoformat(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


_PEOPLE = select(Pegawai).where(Pegawai.id.in_(bindparam("ids", expanding=True)))
_ITEMS = (
    select(Document, Pegawai.nama)
    .join(Pegawai, Pegawai.id == Document.owner_id)
    .where(Document.id.in_(bindparam("ids", expanding=True)))
)


def subjects(session: Session, entries: Iterable[AuditEntry]) -> Subjects:
    """What the lines are about, in words: an item with its owner, or a person."""
    ids = list({entry.subject_id for entry in entries if entry.subject_id})
    if not ids:
        return {}
    found: Subjects = {}
    for person in session.scalars(_PEOPLE, {"ids": ids}):
        found[person.id] = person.nama
    for item, owner in session.execute(_ITEMS, {"ids": ids}):
        found[item.id] = f"{item.title} – {owner}"
    return found


def is_more_than(session: Session, most: int, conditions: Sequence[ColumnElement[bool]]) -> bool:
    """Whether more lines than this fit; counts no further."""
    statement = select(AuditEntry.id).where(*conditions).offset(most).limit(1)
    return session.scalar(statement) is not None
