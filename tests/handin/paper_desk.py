"""A phone that sent its files, and the worker that makes papers of them."""

from __future__ import annotations

import hashlib
import uuid

from sqlalchemy import select

from portal.db import Database, now
from portal.documents.arrivals import Processing, Upload
from portal.documents.models import DocumentFile
from portal.handin import processing
from portal.handin.processing import Workshop
from portal.jobs import Lane, Queue
from portal.storage import keys
from portal.storage.local import LocalStorage
from portal.vocabulary import FileRole
from tests.handin.support import draft
from tests.support.cast import Cast

PART = 20_000
"""Bytes of a part: the photos above have several."""


class Desk:
    """A phone that sent its files, and the worker that makes papers of them."""

    def __init__(self, database: Database, storage: LocalStorage, cast: Cast, queue: Queue) -> None:
        self.database = database
        self.storage = storage
        self.cast = cast
        self.queue = queue
        with database.transaction() as session:
            self.document_id = draft(session, cast.sari).id

    def upload(self, content: bytes, **values: object) -> Upload:
        """The parts of a file, all in the store."""
        made = {
            "id": uuid.uuid4(),
            "document_id": self.document_id,
            "sender_id": self.cast.sari.pegawai_id,
            "name": "IMG_1.jpg",
            "content_type": "image/jpeg",
            "size": len(content) or 1,
            "sha256": hashlib.sha256(content).hexdigest(),
            "part_size": PART,
            "completed_at": now(),
        }
        upload = Upload(**made | values)
        for number in range(1, upload.parts + 1):
            part = content[(number - 1) * PART : number * PART]
            digest = hashlib.sha256(part).hexdigest()
            self.storage.put(
                keys.part(upload.id, number), part, "application/octet-stream", sha256=digest
            )
        with self.database.transaction() as session:
            session.add(upload)
        return upload

    def order(self, *uploads: Upload, turn: int = 0, **values: object) -> uuid.UUID:
        """An order for a paper of these files."""
        made = Processing(
            id=uuid.uuid4(),
            document_id=self.document_id,
            sender_id=self.cast.sari.pegawai_id,
            role=FileRole.SERTIFIKAT,
            pages=[{"unggahan": str(upload.id), "putar": turn} for upload in uploads],
            **values,
        )
        with self.database.transaction() as session:
            session.add(made)
            session.flush()
            processing.order(session, made)
        return made.id

    def outcome(self, order_id: uuid.UUID) -> Processing:
        with self.database.reading() as session:
            return session.get_one(Processing, order_id)

    def made_of(self, *contents: bytes) -> Processing:
        """What became of an order for these files."""
        order_id = self.order(*(self.upload(content) for content in contents))
        self.queue.run_due(Lane.BERKAS)
        return self.outcome(order_id)

    def file(self) -> DocumentFile:
        with self.database.reading() as session:
            return session.scalars(
                select(DocumentFile).where(
                    DocumentFile.document_id == self.document_id,
                    DocumentFile.superseded_at.is_(None),
                )
            ).one()


def workshop(desk: Desk) -> Workshop:
    return Workshop(desk.database, desk.storage, processing.Limits(), desk.queue)
