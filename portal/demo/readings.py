"""What a machine would have read in the papers that wait, and the lights that follow from it.

Most papers say what was declared; some say other hours, some could not be read.
"""

from __future__ import annotations

import datetime as dt
import random

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.documents.arrivals import Reading
from portal.documents.check_orders import KIND
from portal.documents.models import OPEN_STATES, Document
from portal.documents.reading.queries import main_file
from portal.jobs import Job
from portal.verification.checking.work import hints
from portal.vocabulary import ReadingState

ENGINE = "contoh"
_READ = ("nomor", "nama", "penyelenggara", "tanggal_mulai", "tanggal_selesai", "jp",
         "tanggal_lulus", "program_studi", "perguruan_tinggi")  # fmt: skip
_FAILED, _OTHERWISE, _WITHOUT_NIP = 0.1, 0.2, 0.35
"""Shares, each up to the next."""


def read_waiting_papers(session: Session, rng: random.Random) -> None:
    """Give every waiting item a reading, then light the queue; what the story ordered is done."""
    waiting = session.scalars(
        select(Document)
        .where(Document.state.in_(OPEN_STATES))
        .order_by(Document.submitted_at, Document.id)
    ).all()
    for document in waiting:
        _read(session, document, rng)
    session.flush()
    for document in waiting:
        for name, value in hints(session, document).items():
            setattr(document, name, value)
    session.execute(delete(Job).where(Job.kind == KIND))


def _read(session: Session, document: Document, rng: random.Random) -> None:
    main, chance = main_file(document), rng.random()
    if main is None:
        return
    reading = Reading(file_id=main.id, created_at=main.created_at, finished_at=main.created_at)
    reading.state = ReadingState.GAGAL if chance < _FAILED else ReadingState.SELESAI
    if reading.state is ReadingState.SELESAI:
        reading.fields = _fields(document, chance)
        reading.engine = ENGINE
    session.add(reading)


def _fields(document: Document, chance: float) -> dict[str, str]:
    found = {name: _text(getattr(document, name)) for name in _READ if getattr(document, name)}
    found["nama_orang"] = document.owner.nama_lengkap
    if chance < _OTHERWISE and document.jp:
        found["jp"] = str(document.jp // 2)
    if not _OTHERWISE <= chance < _WITHOUT_NIP:
        found["nip"] = document.owner.nip
    return found


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
