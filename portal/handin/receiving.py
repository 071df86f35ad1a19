"""The files of a request on their way to the store: what was taken, what has to be told."""

from __future__ import annotations

import hashlib
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
from portal.errors import PortalError, Unavailable
from portal.handin import actions
from portal.handin.forms import FilesForm, field_of
from portal.handin.guards import STANDING_OF_COLLEAGUE, Duplicate
from portal.handin.uploads import Addition, Incoming, Infected, Intake, Received
from portal.handin.versions import PaperChanged
from portal.permissions import Actor
from portal.settings import Settings
from portal.vocabulary import FileRole


@dataclass(frozen=True)
class Stored:
    """A paper in the store, and the one in whose place the page wants it."""

    role: FileRole
    file: StoredFile
    seen: frozenset[uuid.UUID]


@dataclass
class Outcome:
    """What became of the uploads of one request."""

    stored: list[Stored] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    anything: bool = False
    """Whether the request carried a file at all."""
    away: bool = False
    """The store did not answer."""
    newer: bool = False
    """A paper is no longer the one that the page showed."""

    @property
    def status(self) -> int:
        if self.away:
            return 503
        return 409 if self.newer else 422

    def refuse(self, refusal: PortalError) -> None:
        """Tell why a paper was not taken."""
        self.away = self.away or isinstance(refusal, Unavailable)
        self.newer = self.newer or isinstance(refusal, PaperChanged)
        if isinstance(refusal, Duplicate):
            self.messages.append(told_with_link(refusal, current_actor()))
        else:
            self.messages.append(refusal.message)


def receive(form: FilesForm, owner_id: uuid.UUID, document: Document | None) -> Outcome:
    """Take in every file of the form; the database hears of it afterwards, by `attach`."""
    outcome = Outcome()
    for role in form.roles():
        current = current_file(document, role)
        try:
            incoming, after = _incoming(role, current)
            if not incoming:
                continue
            outcome.anything = True
            received = _take(incoming, after, owner_id, document)
        except (Duplicate, PaperChanged, Unavailable) as refusal:
            outcome.refuse(refusal)
        else:
            outcome.messages += received.refusals
            _note(received.infected, document)
            if received.stored:
                seen = frozenset({current.id} if current else ())
                outcome.stored.append(Stored(role, received.stored, seen))
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


def _incoming(
    role: FileRole, current: DocumentFile | None
) -> tuple[list[Incoming], Addition | None]:
    """The files of a role, and the paper to which they are to be added. Raises PaperChanged when
    the page has shown another paper than the present one, unless the same form came twice."""
    name = field_of(role)
    files = _chosen(name)
    more = [] if files else _chosen(f"tambah_{name}")
    if not files and not more:
        return [], None
    if current is None:
        if more:
            raise PaperChanged(role)
        return [_as_incoming(file) for file in files], None
    known = sources_of(reading(), current)
    if current.id not in seen_papers(role):
        hashes = [_digest(file) for file in files or more]
        if [source.sha256 for source in known][-len(hashes) :] == hashes:
            return [], None
        raise PaperChanged(role)
    if files:
        return [_as_incoming(file) for file in files], None
    return [_as_incoming(file) for file in more], Addition(current, known)


def seen_papers(role: FileRole) -> frozenset[uuid.UUID]:
    """The paper of this role that the page of the form has shown; none when it says nonsense."""
    try:
        return frozenset({uuid.UUID(request.form.get(f"isi_{field_of(role)}", ""))})
    except ValueError:
        return frozenset()


def _digest(file: FileStorage) -> str:
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return digest


def current_file(document: Document | None, role: FileRole) -> DocumentFile | None:
    """The item's present paper of a role."""
    files = document.current_files if document else []
    return next((file for file in files if file.role is role), None)


def _chosen(name: str) -> list[FileStorage]:
    return [file for file in request.files.getlist(name) if file.filename]


def _as_incoming(file: FileStorage) -> Incoming:
    return Incoming(file.filename or "", file.stream)
