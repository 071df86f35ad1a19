"""The files of a request on their way to the store: what was taken, what has to be told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from flask import current_app, request, url_for
from markupsafe import Markup, escape
from werkzeug.datastructures import FileStorage

from portal import audit
from portal.access import current_actor, reading, transaction
from portal.documents import scanning
from portal.documents.files import StoredFile
from portal.documents.intake import Limits
from portal.documents.models import Document, DocumentFile
from portal.documents.queries import sources_of
from portal.documents.serving import storage
from portal.errors import Unavailable
from portal.handin import actions
from portal.handin.forms import FilesForm, field_of
from portal.handin.guards import STANDING_OF_COLLEAGUE
from portal.handin.uploads import Addition, Incoming, Infected, Intake, Received
from portal.permissions import Actor
from portal.settings import Settings
from portal.vocabulary import FileRole


@dataclass
class Outcome:
    """What became of the uploads of one request."""

    stored: list[tuple[FileRole, StoredFile]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    anything: bool = False
    """Whether the request carried a file at all."""
    away: bool = False
    """The store did not answer."""

    @property
    def status(self) -> int:
        return 503 if self.away else 422


def receive(form: FilesForm, owner_id: uuid.UUID, document: Document | None) -> Outcome:
    """Take in every file of the form; the database hears of it afterwards, by `attach`."""
    outcome = Outcome()
    for role in form.roles():
        incoming, after = _incoming(role, document)
        if not incoming:
            continue
        outcome.anything = True
        try:
            received = _take(incoming, after, owner_id, document)
        except actions.Duplicate as duplicate:
            outcome.messages.append(told_with_link(duplicate, current_actor()))
        except Unavailable as unavailable:
            outcome.away = True
            outcome.messages.append(unavailable.message)
        else:
            outcome.messages += received.refusals
            _note(received.infected, document)
            if received.stored:
                outcome.stored.append((role, received.stored))
    return outcome


def _note(infected: list[Infected], document: Document | None) -> None:
    """What went to quarantine stands in the audit, whatever becomes of the rest."""
    if not infected:
        return
    with transaction() as session:
        for found in infected:
            audit.record(
                session,
                current_actor(),
                scanning.QUARANTINED,
                document.id if document else None,
                berkas=str(found.id),
                nama=found.name,
                temuan=found.virus,
            )


def told_with_link(duplicate: actions.Duplicate, actor: Actor) -> str:
    """The sentence, with the way to the earlier item for its owner; an operator learns no more
    than that there is one."""
    if duplicate.owner_id != actor.pegawai_id:
        return STANDING_OF_COLLEAGUE
    address = url_for("documents.show", document_id=duplicate.earlier_id)
    link = Markup('<a href="{}">Lihat dokumen itu</a>').format(address)
    return escape(duplicate.message) + " " + link


def _take(
    incoming: list[Incoming],
    after: Addition | None,
    owner_id: uuid.UUID,
    document: Document | None,
) -> Received:
    settings: Settings = current_app.extensions["settings"]
    intake = Intake(
        storage(),
        Limits(max_bytes=settings.max_file_bytes, max_pages=settings.max_pages),
        settings.keep_originals,
        scanning.connect(settings),
    )

    def check(hashes: list[str]) -> None:
        actions.check_not_handed_in(reading(), owner_id, hashes, document.id if document else None)

    return intake.receive(incoming, after=after, check=check)


def _incoming(role: FileRole, document: Document | None) -> tuple[list[Incoming], Addition | None]:
    """The files of a role, and the paper to which they are to be added."""
    name = field_of(role)
    files = _chosen(name)
    if files:
        return files, None
    current = current_file(document, role)
    if current is None or request.form.get(f"isi_{name}") != str(current.id):
        # The page was made before the last change, or the same form came twice.
        return [], None
    return _chosen(f"tambah_{name}"), Addition(current, sources_of(reading(), current))


def current_file(document: Document | None, role: FileRole) -> DocumentFile | None:
    """The item's present paper of a role."""
    files = document.current_files if document else []
    return next((file for file in files if file.role is role), None)


def _chosen(name: str) -> list[Incoming]:
    return [_as_incoming(file) for file in request.files.getlist(name) if file.filename]


def _as_incoming(file: FileStorage) -> Incoming:
    return Incoming(file.filename or "", file.stream)
