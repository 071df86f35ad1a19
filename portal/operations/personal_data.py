"""What the features above accounts keep about one person, for the person's own copy.

The application hands these readers to the page /profil/data-saya, which knows no feature.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from portal.accounts.personal_data import as_data
from portal.audit import AuditEntry
from portal.documents.arrivals import Reading
from portal.documents.models import Document, DocumentFile
from portal.documents.rulings import Decision
from portal.notifications.models import MailChoice, Notification
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.questions import voices
from portal.questions.models import Message, Question
from portal.scoring import official
from portal.scoring.models import PlannedStep, ScoreChange, StoredScore
from portal.verification.models import Correction
from portal.verification.readings import ACTION as READ
from portal.verification.readings import reader

Rows = list[dict[str, Any]]
NOT_FOR_OWNERS = frozenset({"claimed_by_id", "claimed_until", "first_approver_id"})
"""Who is at work on an item right now concerns the queue, not the owner's data."""
MACHINERY = frozenset({"objects", "dhash", "dhash_a", "dhash_b", "dhash_c"})
"""How the portal finds and checks a file."""


def documents(session: Session, actor: Actor) -> Rows:
    """Own items with the facts of their files; the papers themselves are on their pages."""
    statement = (
        select(Document)
        .where(Document.owner_id == actor.pegawai_id)
        .options(selectinload(Document.files))
        .order_by(Document.created_at)
    )
    return [
        as_data(item, without=NOT_FOR_OWNERS)
        | {"berkas": [as_data(file, without=MACHINERY) for file in item.files]}
        for item in session.scalars(statement)
    ]


def decisions(session: Session, actor: Actor) -> Rows:
    """Decisions on own items that stand, with their reasons; what was undone at once may have been
    meant for somebody else's item."""
    statement = (
        select(Decision)
        .where(Decision.owner_id == actor.pegawai_id, Decision.undone_at.is_(None))
        .options(joinedload(Decision.reason))
        .order_by(Decision.at)
    )
    return [
        as_data(row) | {"alasan": row.reason.label if row.reason else None}
        for row in session.scalars(statement)
    ]


def readings(session: Session, actor: Actor) -> Rows:
    """What a machine read in own papers."""
    statement = (
        select(Reading)
        .join(DocumentFile, DocumentFile.id == Reading.file_id)
        .join(Document, Document.id == DocumentFile.document_id)
        .where(Document.owner_id == actor.pegawai_id)
        .options(undefer(Reading.text))
        .order_by(Reading.created_at)
    )
    return [as_data(row) for row in session.scalars(statement)]


def proposals(session: Session, actor: Actor) -> Rows:
    """Values that were proposed for own items; who proposed them is a matter of the queue."""
    statement = (
        select(Correction)
        .join(Document, Document.id == Correction.document_id)
        .where(Document.owner_id == actor.pegawai_id)
        .order_by(Correction.at)
    )
    return [as_data(row, without=frozenset({"pengusul_id"})) for row in session.scalars(statement)]


def scores(session: Session, actor: Actor) -> Rows:
    """The stored score of every year."""
    statement = select(StoredScore).where(StoredScore.pegawai_id == actor.pegawai_id)
    return [as_data(row) for row in session.scalars(statement)]


def score_changes(session: Session, actor: Actor) -> Rows:
    """Every change of the score with its cause."""
    statement = select(ScoreChange).where(ScoreChange.pegawai_id == actor.pegawai_id)
    return [as_data(row) for row in session.scalars(statement)]


def plan(session: Session, actor: Actor) -> Rows:
    """Every step of every rencana pengembangan."""
    statement = (
        select(PlannedStep)
        .where(PlannedStep.pegawai_id == actor.pegawai_id)
        .order_by(PlannedStep.tahun, PlannedStep.urutan)
    )
    return [as_data(row) for row in session.scalars(statement)]


def official_scores(session: Session, actor: Actor) -> Rows:
    """Every value of BKN that was pulled, the newest first."""
    return [as_data(row) for row in official.history(session, actor.pegawai_id)]


def messages(session: Session, actor: Actor) -> Rows:
    """Messages to the person."""
    statement = (
        select(Notification)
        .where(Notification.pegawai_id == actor.pegawai_id)
        .order_by(Notification.dibuat)
    )
    return [as_data(row) for row in session.scalars(statement)]


def questions(session: Session, actor: Actor) -> Rows:
    """Own threads with their messages; whoever answered stays unnamed, as on the page."""
    statement = (
        select(Question)
        .where(Question.owner_id == actor.pegawai_id)
        .options(
            selectinload(Question.messages).joinedload(Message.author),
            joinedload(Question.document),
            joinedload(Question.owner, Pegawai.instansi),
        )
        .order_by(Question.dibuat)
    )
    return [
        as_data(question)
        | {
            "pesan": [
                {"waktu": line.at, "oleh": line.by, "isi": line.text}
                for line in voices.for_owner(question, actor.pegawai_id)
            ]
        }
        for question in session.scalars(statement)
    ]


def mail_choices(session: Session, actor: Actor) -> Rows:
    """How the person wants messages by e-mail, where that was chosen."""
    statement = select(MailChoice).where(MailChoice.pegawai_id == actor.pegawai_id)
    return [as_data(row) for row in session.scalars(statement.order_by(MailChoice.jenis))]


def readers(session: Session, actor: Actor) -> Rows:
    """Who opened own papers, newest first; the own readings are left out."""
    statement = (
        select(AuditEntry, Document)
        .join(Document, Document.id == AuditEntry.subject_id)
        .where(
            Document.owner_id == actor.pegawai_id,
            AuditEntry.action == READ,
            AuditEntry.actor_id.is_distinct_from(actor.pegawai_id),
        )
        .order_by(AuditEntry.id.desc())
    )
    found = [(reader(entry), item) for entry, item in session.execute(statement)]
    return [
        {
            "waktu": one.at,
            "oleh": one.name,
            "cara": one.way.label,
            "dokumen": item.title,
            "dokumen_id": item.id,
        }
        for one, item in found
    ]


SECTIONS: dict[str, Callable[[Session, Actor], Rows]] = {
    "dokumen": documents,
    "keputusan": decisions,
    "usulan_isian": proposals,
    "bacaan_mesin": readings,
    "skor": scores,
    "nilai_bkn": official_scores,
    "perubahan_skor": score_changes,
    "rencana": plan,
    "notifikasi": messages,
    "pilihan_surel": mail_choices,
    "tanya": questions,
    "pembaca_dokumen": readers,
}
