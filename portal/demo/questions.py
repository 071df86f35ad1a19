"""Tanya BKD in the demo: answers that are kept, what was asked about items, what still waits."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator

from sqlalchemy import select

from portal.demo.data import SEED
from portal.demo.desk import Desk
from portal.demo.history import SARI
from portal.demo.stories import Story
from portal.documents.models import Document
from portal.permissions import Actor
from portal.questions import actions, faq
from portal.questions.subjects import ScoreRow
from portal.vocabulary import DocumentState, Indikator, Role

_WAITING = (
    "Nomor sertifikat saya terpotong di foto. Apakah perlu saya ajukan ulang, atau cukup menunggu?",
    "Panitia menulis 32 JP di depan, tetapi 30 JP di daftar materi. Mana yang dihitung?",
    "Dokumen ini sudah seminggu. Apakah masih ada yang kurang?",
    "Gelar saya sudah berubah sejak sertifikat itu terbit. Apakah menjadi masalah?",
)
_ASKED = "Mengapa seminar ini dikembalikan, padahal nomornya tertulis di halaman belakang?"
_TOLD = (
    "Halaman belakangnya belum ikut terkirim. Tambahkan fotonya lewat “Perbaiki lalu ajukan "
    "ulang”; isian yang lain tidak perlu diubah."
)
_TALK_BEGINS, _TALK_ENDS = dt.timedelta(days=2, hours=3), dt.timedelta(hours=6)
"""Before the end of the story."""
_ABOUT_ROW = "Bimtek saya 8 JP sudah tercatat. Berapa lagi supaya barisnya penuh?"


def questions(desk: Desk) -> Story:
    """In the last days: answers for everybody, a talk with Sari, some that wait."""
    ids = _ids()
    yield (begun := desk.clock.at(desk.clock.today - dt.timedelta(days=60), 9))
    faq.begin(desk.session, desk.staff[Role.ADMIN][0], at=begun)
    sari = desk.actor(SARI)
    yield from _talk(desk, sari, ids)
    yield (last := desk.clock.end - dt.timedelta(minutes=50))
    row = ScoreRow(desk.clock.today.year, Indikator.TEKNIS)
    actions.ask(desk.session, sari, row, _ABOUT_ROW, question_id=next(ids), at=last)
    waiting = select(Document).where(
        Document.state == DocumentState.DIAJUKAN, Document.owner_id != sari.pegawai_id
    )
    owners = {person.id: nip for nip, person in desk.people.items()}
    found = desk.session.scalars(waiting.order_by(Document.submitted_at).limit(len(_WAITING))).all()
    for number, (document, words) in enumerate(zip(found, _WAITING, strict=False)):
        at = last - dt.timedelta(hours=3 * (len(_WAITING) - number))
        owner = desk.actor(owners[document.owner_id])
        actions.ask(desk.session, owner, document, words, question_id=next(ids), at=at)


def _talk(desk: Desk, sari: Actor, ids: Iterator[uuid.UUID]) -> Story:
    """Sari asks about what was returned to her, as soon as it was: a weekend may come between."""
    asked_at, latest = desk.clock.end - _TALK_BEGINS, desk.clock.end - _TALK_ENDS
    yield asked_at
    while (document := _returned_to(desk, sari)) is None:
        if asked_at > latest:
            return
        yield (asked_at := asked_at + dt.timedelta(hours=3))
    talk = actions.ask(desk.session, sari, document, _ASKED, question_id=next(ids), at=asked_at)
    yield (told_at := asked_at + dt.timedelta(hours=2))
    verifier = desk.staff[Role.VERIFIKATOR][0]
    actions.answer(desk.session, verifier, talk.id, _TOLD, message_id=next(ids), seen=1, at=told_at)


def _returned_to(desk: Desk, sari: Actor) -> Document | None:
    returned = Document.state == DocumentState.PERLU_PERBAIKAN
    newest = select(Document).where(Document.owner_id == sari.pegawai_id, returned)
    return desk.session.scalar(newest.order_by(Document.submitted_at.desc()).limit(1))


def _ids() -> Iterator[uuid.UUID]:
    """Ids of their own, so that the rest of the demo stays as it is."""
    rng = random.Random(f"{SEED}:tanya")  # noqa: S311 -- an invented story, nothing secret
    while True:
        yield uuid.UUID(int=rng.getrandbits(128), version=4)
