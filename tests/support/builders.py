"""Objects for tests, written straight into the tables: valid, but without the story before them.

A test of a story (hand in, claim, decide) calls the actions instead.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools
import uuid
from collections.abc import Sequence
from typing import Any

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Absence, Penugasan
from portal.agency.models import DUE_DAYS, Antrean, Opd
from portal.agency.working_days import WorkingDays
from portal.db import now
from portal.documents import receipts
from portal.documents.models import OPEN_STATES, Document, DocumentFile
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.notifications.models import Notification
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.questions.models import Faq, Message, Question, QuestionState, Topic
from portal.storage import Storage, keys
from portal.verification.models import SpotCheck
from portal.vocabulary import DocumentKind, DocumentState, FileRole, JenisDiklat, Role
from tests.support.cast import TODAY

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
DECISIONS = {
    DocumentState.PERLU_PERBAIKAN: Act.KEMBALIKAN,
    DocumentState.DISETUJUI: Act.SETUJUI,
    DocumentState.DITOLAK: Act.TOLAK,
    DocumentState.DICABUT: Act.CABUT,
    DocumentState.MENUNGGU_KEDUA: Act.SETUJUI_PERTAMA,
}
"""States that a decision led to."""
CLOSED = {
    DocumentState.DISETUJUI,
    DocumentState.DITOLAK,
    DocumentState.DIBATALKAN,
    DocumentState.DICABUT,
}
_numbers = itertools.count(1)


def document(
    session: Session,
    owner: Actor,
    state: DocumentState = DocumentState.DRAF,
    *,
    verifier: Actor | None = None,
    storage: Storage | None = None,
    **fields: Any,
) -> Document:
    """A seminar of `owner` in `state`, with one file; `fields` replace any column.

    `verifier` holds or decided it, where the state asks for one. With `storage` the file has
    bytes and a page picture, else only its row.
    """
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "owner_id": owner.pegawai_id,
        "created_by_id": owner.pegawai_id,
        "kind": DocumentKind.SEMINAR,
        "jenis": JenisDiklat.SEMINAR,
        "nama": "Seminar Literasi Numerasi",
        "penyelenggara": "Balai Guru Penggerak",
        "nomor": f"421/{next(_numbers):04}/BGP",
        "tanggal_mulai": dt.date(TODAY.year, 1, 1),
        "tanggal_selesai": dt.date(TODAY.year, 1, 1),
        "tanggal_sertifikat": dt.date(TODAY.year, 1, 1),
        "jp": 4,
        "state": state,
    }
    if state is not DocumentState.DRAF:
        values |= {
            "submitted_at": now(),
            "receipt": receipts.generate(),
            "opd_id": owner.opd_id,
        }
    if state in OPEN_STATES:
        values["tenggat"] = WorkingDays().after(owner.today, DUE_DAYS)
    decides = state in DECISIONS
    if state is DocumentState.DIPERIKSA or decides:
        assert verifier, f"{state.label} needs a verifier"
    if state is DocumentState.DIPERIKSA and verifier:
        values |= {
            "claimed_by_id": verifier.pegawai_id,
            "claimed_until": now() + dt.timedelta(minutes=15),
        }
    if state in CLOSED:
        values["closed_at"] = now()
    if state is DocumentState.MENUNGGU_KEDUA and verifier:
        values["first_approver_id"] = verifier.pegawai_id
    made = Document(**values | fields)
    session.add(made)
    session.flush()
    stored = file(session, made, storage=storage)
    if decides and verifier:
        session.add(
            Decision(
                document_id=made.id,
                owner_id=made.owner_id,
                decider_id=verifier.pegawai_id,
                act=DECISIONS[state],
                revision=made.revision,
                sealed={str(stored.id): stored.sha256_stored},
            )
        )
        session.flush()
    return made


def file(
    session: Session,
    document: Document,
    role: FileRole = FileRole.SERTIFIKAT,
    *,
    storage: Storage | None = None,
) -> DocumentFile:
    """One page of PDF for an item."""
    digest = hashlib.sha256(PDF).hexdigest()
    made = DocumentFile(
        id=uuid.uuid4(),
        document_id=document.id,
        revision=document.revision,
        role=role,
        pages=1,
        sizes=[[60, 84]],
        size=len(PDF),
        sha256_original=hashlib.sha256(document.id.bytes).hexdigest(),
        sha256_stored=digest,
        original_names=["sertifikat.jpg"],
    )
    session.add(made)
    session.flush()
    if storage:
        storage.put(keys.stored(made.id), PDF, "application/pdf", sha256=digest)
        picture = io.BytesIO()
        Image.new("RGB", (60, 84), "white").save(picture, "WEBP")
        shown = picture.getvalue()
        for key in (keys.page(made.id, 1), keys.thumbnail(made.id)):
            storage.put(key, shown, "image/webp", sha256=hashlib.sha256(shown).hexdigest())
    return made


def reason(session: Session, act: Act = Act.KEMBALIKAN, **fields: Any) -> Reason:
    """A reason that a verifikator can pick."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "kode": f"uji-{next(_numbers)}",
        "act": act,
        "label": "Tanggal tidak terbaca",
        "cara_memperbaiki": "Foto ulang bagian tanggal di tempat terang.",
        "fields": ["tanggal_selesai", "berkas"],
    }
    made = Reason(**values | fields)
    session.add(made)
    session.flush()
    return made


def notification(session: Session, owner: Actor, **fields: Any) -> Notification:
    """An unread message."""
    made = Notification(
        **{"id": uuid.uuid4(), "pegawai_id": owner.pegawai_id, "judul": "Dokumen disetujui"}
        | fields
    )
    session.add(made)
    session.flush()
    return made


def question(
    session: Session, owner: Actor, document: Document, *said: tuple[Actor, str]
) -> Question:
    """A thread about an item; without words of BKD it waits."""
    made = Question(id=uuid.uuid4(), owner_id=owner.pegawai_id, document_id=document.id)
    session.add(made)
    session.flush()
    for number, (author, words) in enumerate(said or ((owner, "Kapan dokumen saya diperiksa?"),)):
        at = now() + dt.timedelta(seconds=number)
        session.add(Message(question_id=made.id, author_id=author.pegawai_id, isi=words, at=at))
        if author.pegawai_id != owner.pegawai_id:
            made.state = QuestionState.TERJAWAB
    session.flush()
    return made


def faq(session: Session, author: Actor, **fields: Any) -> Faq:
    """A question with its answer, for everybody."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "instansi_id": author.instansi_id,
        "topik": Topic.SEMINAR,
        "pertanyaan": "Berapa JP seminar sehari?",
        "jawaban": "Tertulis di sertifikatnya.",
        "penulis_id": author.pegawai_id,
    }
    made = Faq(**values | fields)
    session.add(made)
    session.flush()
    return made


def queue(
    session: Session,
    admin: Actor,
    *members: Actor,
    kinds: Sequence[DocumentKind] = (),
    opd: Opd | None = None,
    role: Role = Role.VERIFIKATOR,
) -> Antrean:
    """A queue of the agency with these members."""
    made = Antrean(
        id=uuid.uuid4(),
        instansi_id=admin.instansi_id,
        nama=f"Kelompok {next(_numbers)}",
        jenis_dokumen=[kind.value for kind in kinds],
        opd_id=opd.id if opd else None,
    )
    session.add(made)
    session.flush()
    for member in members:
        session.add(
            Penugasan(
                akun_id=member.akun_id,
                peran=role,
                instansi_id=admin.instansi_id,
                antrean_id=made.id,
            )
        )
    session.flush()
    return made


def absence(
    session: Session,
    away: Actor,
    stand_in: Actor | None,
    *,
    recorder: Actor,
    days: tuple[int, int] = (30, 40),
) -> Absence:
    """Somebody is away, from so many days from today until so many days from today."""
    first, last = (recorder.today + dt.timedelta(days=number) for number in days)
    made = Absence(
        pegawai_id=away.pegawai_id,
        pengganti_id=stand_in.pegawai_id if stand_in else None,
        mulai=first,
        sampai=last,
        pencatat_id=recorder.pegawai_id,
    )
    session.add(made)
    session.flush()
    return made


def colleagues(session: Session, like: Actor, number: int) -> list[Pegawai]:
    """That many people of the same unit, for tests of size."""
    model = session.get_one(Pegawai, like.pegawai_id)
    people = [
        Pegawai(
            id=uuid.uuid4(),
            instansi_id=model.instansi_id,
            opd_id=model.opd_id,
            nip=f"1990{1 + i // 28 % 12:02}{1 + i % 28:02}2015011{i % 1000:03}",
            nama=f"Rekan {i:05}",
            jenis_pegawai=model.jenis_pegawai,
            kelompok_jabatan=model.kelompok_jabatan,
            jabatan=model.jabatan,
        )
        for i in range(number)
    ]
    session.add_all(people)
    session.flush()
    return people


def spot_check(session: Session, document: Document, **fields: Any) -> SpotCheck:
    """The approval of an item, drawn for a second look some time ago."""
    decision = session.scalars(
        select(Decision).where(Decision.document_id == document.id).order_by(Decision.at.desc())
    ).first()
    assert decision, "nobody has decided on it"
    values = {"dibuat": now() - dt.timedelta(minutes=1)} | fields
    made = SpotCheck(id=uuid.uuid4(), decision_id=decision.id, document_id=document.id, **values)
    session.add(made)
    session.flush()
    return made
