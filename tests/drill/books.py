"""What has to agree once a day of decisions is over, and at each moment before.

Every fault is a sentence; an empty list is a good day.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.audit import AuditEntry
from portal.db import Database
from portal.documents.models import OPEN_STATES, Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act, target
from portal.people.models import Pendidikan, Pengembangan
from portal.scoring.actions import recompute_many
from portal.scoring.models import ScoreChange, StoredScore
from portal.verification.decisions import AUDIT_ACTIONS
from portal.verification.models import QueueCount
from portal.verification.queueing.guard import undecidable
from portal.vocabulary import DocumentState
from tests.support.cast import TODAY

FINAL = {Act.SETUJUI, Act.KEMBALIKAN, Act.TOLAK}
DECIDING = FINAL | {Act.SETUJUI_PERTAMA}
ACTS = {
    "document:claimed": Act.AMBIL,
    "document:released": Act.LEPAS,
    "document:resubmitted": Act.AJUKAN_ULANG,
    "document:withdrawn": Act.BATALKAN,
    "document:objected": Act.KEBERATAN,
    "document:undone": Act.URUNGKAN,
    "document:replaced": Act.CABUT,
    **{action: act for act, action in AUDIT_ACTIONS.items()},
}
"""Lines of the audit that moved an item."""
PEOPLE = 200
"""Whose scores are computed anew at a time."""


def wrong_counts(session: Session) -> list[str]:
    """Queues, kinds, units and states whose kept number is not that of the waiting items. One
    statement, and therefore one moment, whoever writes meanwhile."""
    keys = ("antrean_id", "kind", "opd_id", "state", "lapis_pertama")
    kept = select(*(getattr(QueueCount, key) for key in keys), QueueCount.jumlah.label("n"))
    waiting = select(*(getattr(Document, key) for key in keys), literal(-1).label("n"))
    both = union_all(kept, waiting.where(Document.state.in_(OPEN_STATES))).subquery()
    columns = [both.c[key] for key in keys]
    beside = select(*columns, func.sum(both.c.n)).group_by(*columns)
    rows = session.execute(beside.having(func.sum(both.c.n) != 0)).all()
    return [f"hitungan {row[:5]}: {row[5]:+} beside the items" for row in rows]


def homeless(database: Database) -> set[uuid.UUID]:
    """Waiting items that nobody may decide, or in a queue of nobody, at one moment."""
    with database.reading() as session:
        if database.engine.dialect.name == "postgresql":  # SQLite reads one moment by itself
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return set(undecidable(session))


def faults(database: Database, begun: dt.datetime) -> list[str]:
    """Everything that does not agree about the items that have been decided since `begun`."""
    with database.reading() as session:
        documents = session.scalars(select(Document)).all()
        decisions = session.scalars(select(Decision).where(Decision.at >= begun)).all()
        lines = session.scalars(
            select(AuditEntry).where(AuditEntry.at >= begun).order_by(AuditEntry.id)
        ).all()
        found = wrong_counts(session)
        found += _undecided(documents)
        found += _stories(documents, lines, begun)
        found += _sealed(decisions, lines)
        found += _once(decisions, lines)
        found += _records(session, documents)
        found += _ledger(session)
    return found + _scores(database, {document.owner_id for document in documents})


def _undecided(documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        if document.is_open:
            yield f"{document.receipt}: still {document.state}"


def _stories(
    documents: Iterable[Document], lines: Iterable[AuditEntry], begun: dt.datetime
) -> Iterator[str]:
    """The audit of each item, told again by the table of states, ends where the item stands."""
    told: dict[uuid.UUID | None, list[AuditEntry]] = defaultdict(list)
    for line in lines:
        if line.action in ACTS:
            told[line.subject_id].append(line)
    for document in documents:
        start = _state_before(document, told[document.id])
        ended = _retold(start, told[document.id])
        if ended is not document.state:
            acts = " ".join(line.action.partition(":")[2] for line in told[document.id])
            yield f"{document.receipt}: {document.state}, but its audit says {ended} ({acts})"


def _state_before(document: Document, lines: Sequence[AuditEntry]) -> DocumentState:
    if not lines:
        return document.state
    waited = lines[0].action != "document:replaced"
    return DocumentState.DIAJUKAN if waited else DocumentState.DISETUJUI


def _retold(state: DocumentState, lines: Iterable[AuditEntry]) -> DocumentState | None:
    """None for a story that cannot have been: an act out of its place, or two approvals by one."""
    first: uuid.UUID | None = None
    before = first
    for line in lines:
        act = ACTS[line.action]
        if act is Act.SETUJUI and line.actor_id == first:
            return None
        led = target(state, act, second_round=first is not None)
        if led is None:
            return None
        if act is Act.URUNGKAN and led is DocumentState.DIPERIKSA:
            first = before
        elif act in DECIDING:
            before = first
            first = line.actor_id if act is Act.SETUJUI_PERTAMA else None
        state = led
    return state


def _sealed(decisions: Iterable[Decision], lines: Iterable[AuditEntry]) -> Iterator[str]:
    """Each decision has its line in the audit, each line its decision."""
    made: Counter[tuple[object, ...]] = Counter(
        (d.document_id, d.act, d.decider_id, d.revision) for d in decisions
    )
    deciding = {"document:replaced", *AUDIT_ACTIONS.values()}
    said: Counter[tuple[object, ...]] = Counter(
        (line.subject_id, ACTS[line.action], line.actor_id, line.facts["revision"])
        for line in lines
        if line.action in deciding
    )
    for key in (made - said) + (said - made):
        yield f"{key[0]} r{key[3]} {key[1]}: {made[key]} decisions, {said[key]} lines"


def _once(decisions: Iterable[Decision], lines: Iterable[AuditEntry]) -> Iterator[str]:
    """One decision that stands per revision; an objection asks for one more."""
    objections = Counter(line.subject_id for line in lines if line.action == "document:objected")
    standing = [decision for decision in decisions if decision.undone_at is None]
    finals = Counter((d.document_id, d.revision) for d in standing if d.act in FINAL)
    firsts = Counter((d.document_id, d.revision) for d in standing if d.act is Act.SETUJUI_PERTAMA)
    for counted in (finals, firsts):
        for (document_id, revision), times in counted.items():
            if times > 1 + objections[document_id]:
                yield f"{document_id} r{revision}: decided {times} times"


def _records(session: Session, documents: Iterable[Document]) -> Iterator[str]:
    """What was approved stands in the owner's history once, the rest not at all."""
    kept: Counter[uuid.UUID | None] = Counter()
    for table in (Pendidikan, Pengembangan):
        kept.update(session.scalars(select(table.document_id)))
    for document in documents:
        due = int(document.state is DocumentState.DISETUJUI)
        if kept[document.id] != due:
            yield f"{document.receipt}: {kept[document.id]} records while {document.state}"


def _ledger(session: Session) -> Iterator[str]:
    """The changes of each score follow each other, and add up to what is stored; so do the rows
    of its ledger."""
    changes: dict[tuple[uuid.UUID, int], list[ScoreChange]] = defaultdict(list)
    for change in session.scalars(select(ScoreChange).order_by(ScoreChange.waktu)):
        changes[change.pegawai_id, change.tahun].append(change)
    for score in session.scalars(select(StoredScore)):
        own = changes[score.pegawai_id, score.tahun]
        last: Decimal | None = None
        for change in own:
            if change.sebelum != last:
                yield f"{score.pegawai_id}: {change.sebab} began at {change.sebelum}, not {last}"
            last = change.sesudah
        if last != score.total:
            yield f"{score.pegawai_id}: {score.total} stored, {last} told"
        rows = sum((Decimal(str(row["poin"])) for row in score.rincian), Decimal(0))
        if score.total is not None and rows != score.total:
            yield f"{score.pegawai_id}: {score.total} stored, the ledger adds up to {rows}"


def _scores(database: Database, owners: Collection[uuid.UUID]) -> list[str]:
    """Computed anew from the records, no score differs from what is stored."""
    found: list[str] = []
    everybody = sorted(owners)
    for begin in range(0, len(everybody), PEOPLE):
        with database.transaction() as session:
            some = everybody[begin : begin + PEOPLE]
            recompute_many(session, some, today=TODAY, cause="Pemeriksaan")
            changed = select(ScoreChange).where(ScoreChange.sebab == "Pemeriksaan")
            found += [
                f"{change.pegawai_id}: {change.sebelum} stored, {change.sesudah} computed"
                for change in session.scalars(changed)
            ]
            session.rollback()
    return found
