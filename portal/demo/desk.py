"""The acts of the demo: the same that the pages call, at moments of the past."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts.models import Akun
from portal.demo.accounts import accounts_of, actor_of
from portal.demo.clock import Clock
from portal.demo.data import table
from portal.demo.papers import Paper
from portal.demo.people import Person
from portal.demo.pictures import draw
from portal.documents.files import StoredFile, store_converted
from portal.documents.intake import Limits
from portal.documents.intake.conversion import convert
from portal.documents.models import Document
from portal.documents.rulings import Reason
from portal.handin import actions as handin
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.storage import Storage
from portal.verification import actions as verification
from portal.verification import corrections, readings
from portal.verification.claims import LEASE
from portal.vocabulary import DocumentState, Role

_LIMITS = Limits(preview_side=1120)
_LEASE_OF_OPEN_CLAIMS = dt.timedelta(hours=12)
"""So that a visitor meets items that somebody is checking right now."""


@dataclass
class Desk:
    """Hands in, checks and decides, each at its moment."""

    session: Session
    storage: Storage
    clock: Clock
    people: Mapping[str, Pegawai]
    rng: random.Random

    @cached_property
    def accounts(self) -> dict[uuid.UUID, Akun]:
        return accounts_of(self.session)

    @cached_property
    def reasons(self) -> dict[str, Reason]:
        return {reason.kode: reason for reason in self.session.scalars(select(Reason))}

    @cached_property
    def staff(self) -> dict[Role, list[Actor]]:
        """The people with a printed account, by role."""
        found: dict[Role, list[Actor]] = {role: [] for role in Role}
        for entry in table("agency")["akun"]:
            found[Role(entry["peran"])].append(self.actor(entry["nip"]))
        return found

    def actor(self, nip: str) -> Actor:
        person = self.people[nip]
        return actor_of(self.session, person, self.accounts[person.id])

    def draft(
        self, person: Person, paper: Paper, at: dt.datetime, *, by: Actor | None = None
    ) -> Document:
        """An item with its data and papers that is not handed in yet."""
        owner, actor = self.people[person.nip], by or self.actor(person.nip)
        document = handin.start_draft(
            self.session, actor, owner,
            document_id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            kind=paper.kind, jenis=paper.jenis, at=at,
        )  # fmt: skip
        for sheet in paper.sheets:
            stored = self._store(sheet.title, sheet.lines, portrait=sheet.portrait)
            handin.attach(self.session, actor, document, sheet.role, stored, at=at)
        handin.fill(self.session, actor, document, paper.values, at=at)
        return document

    def hand_in(
        self, person: Person, paper: Paper, at: dt.datetime, *, by: Actor | None = None
    ) -> Document:
        document = self.draft(person, paper, at, by=by)
        handin.submit(
            self.session, by or self.actor(person.nip), document,
            today=max(at.date(), paper.latest), at=at,
        )  # fmt: skip
        return document

    def _store(self, title: str, lines: list[str], *, portrait: bool) -> StoredFile:
        with tempfile.TemporaryDirectory() as folder:
            picture = Path(folder) / "foto.jpg"
            draw(picture, title, lines, self.rng, portrait=portrait)
            workdir = Path(folder) / "hasil"
            workdir.mkdir()
            converted = convert([picture], _LIMITS, workdir)
            name = f"IMG_{self.rng.randint(20210101, 20261231)}.jpg"
            return store_converted(self.storage, converted, names=[name])

    def claim(self, actor: Actor, document: Document, at: dt.datetime, *, stays: bool) -> None:
        lease = _LEASE_OF_OPEN_CLAIMS if stays else LEASE
        verification.claim(self.session, actor, document, lease=lease, at=at)
        way = readings.Way.LAYAR.value  # its owner sees who opened the papers
        audit.record(self.session, actor, readings.ACTION, document.id, at=at, lewat=way)

    def approve(self, actor: Actor, document: Document, at: dt.datetime) -> None:
        """Check and approve; where two are asked for, this is the first or the second."""
        self.claim(actor, document, at, stays=False)
        verification.approve(
            self.session, actor, document, today=at.date(), at=at + dt.timedelta(minutes=3)
        )

    def approve_fully(self, document: Document, at: dt.datetime) -> None:
        """Approved by one verifikator, or by two where the agency asks for two."""
        first, second = self.staff[Role.VERIFIKATOR]
        if document.owner_id == first.pegawai_id or self.rng.random() < 0.4:
            first, second = second, first
        self.approve(first, document, at)
        if document.state is DocumentState.MENUNGGU_KEDUA:
            self.approve(second, document, at + dt.timedelta(minutes=40))

    def return_(self, actor: Actor, document: Document, kode: str, at: dt.datetime) -> None:
        self.claim(actor, document, at, stays=False)
        verification.return_(
            self.session, actor, document, self.reasons[kode], today=at.date(), at=at
        )
        if kode == "jp-berbeda" and document.jp:
            read = {"jp": str(max(document.jp - 2, 1))}
            corrections.propose(self.session, actor, document, read, at=at)

    def refuse(self, actor: Actor, document: Document, kode: str, at: dt.datetime) -> None:
        self.claim(actor, document, at, stays=False)
        verification.refuse(
            self.session, actor, document, self.reasons[kode], today=at.date(), at=at
        )
