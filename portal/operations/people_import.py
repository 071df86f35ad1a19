"""One import of people: files read, tables written, scores recomputed, in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from portal import audit
from portal.accounts.management import revoke
from portal.accounts.queries import account_of_nip, roles_of
from portal.agency.actions import arrange_units, found_instansi
from portal.agency.models import Instansi, Opd
from portal.agency.queries import all_instansi, instansi_by_siasn
from portal.operations import history_file
from portal.people.actions import take_history
from portal.people.importer import codes, export, posts, units
from portal.people.importer.faults import Faults, Refused
from portal.people.importer.merge import BATCH, Counts, PeopleImport
from portal.people.models import Pegawai
from portal.people.queries import by_number
from portal.permissions import Actor
from portal.scoring.actions import recompute_many

CAUSE = "Impor data pegawai"


@dataclass(frozen=True)
class Sources:
    """The files of one import; only the export is needed."""

    pegawai: Path
    jabatan: Path | None = None
    unor: Path | None = None
    riwayat: Path | None = None
    options: codes.Options = field(default_factory=codes.Options)
    instansi_id: str = ""
    """SIASN id of the agency; empty: the only one known, or else that of the first person."""

    @property
    def files(self) -> list[Path]:
        return [path for path in (self.pegawai, self.jabatan, self.unor, self.riwayat) if path]


@dataclass(frozen=True)
class Outcome:
    """What an import changed."""

    counts: Counts
    units: int
    histories: int
    changed: set[uuid.UUID]
    faults: Faults


def import_people(
    session: Session,
    actor: Actor | None,
    sources: Sources,
    *,
    today: Callable[[Instansi], dt.date],
    at: dt.datetime | None = None,
) -> Outcome:
    """Take over everything the files say; `today` is the date by the agency's clock. `at`
    lets a demonstration write scores of the past; everybody else leaves it out.

    Raises Refused with every fault when one line of one file is wrong; the caller's transaction
    then leaves nothing behind. The same files again change nothing.
    """
    faults = Faults()
    instansi = _instansi(session, actor, sources, faults)
    session.refresh(instansi, with_for_update=True)  # two imports follow each other
    table = posts.Posts(sources.options)
    if sources.jabatan:
        table = posts.read(sources.jabatan, sources.options, faults)
    tree = units.read(sources.unor, instansi.nama, faults) if sources.unor else []
    placed = 0 if faults.count else arrange_units(session, actor, instansi, tree)
    merge = PeopleImport(
        session, actor, instansi, table, faults, today(instansi), at, tree_given=bool(sources.unor)
    )
    merge.take(export.read(sources.pegawai, sources.options, faults))
    told = _histories(session, actor, sources.riwayat, faults, at)
    faults.stop_if_any()
    for person, unit in merge.moved:
        _end_lost_roles(session, actor, person, unit)
    outcome = Outcome(
        merge.counts, placed + merge.units_added, len(told), merge.changed | told, faults
    )
    changed = iter(sorted(outcome.changed))
    while batch := list(itertools.islice(changed, BATCH)):
        recompute_many(session, batch, today=today(instansi), cause=CAUSE, at=at)
    if outcome.changed or outcome.units:
        audit.record(
            session,
            actor,
            "people:import-finished",
            instansi.id,
            at=at,
            berkas={path.name: _sha256(path) for path in sources.files},
            berubah=len(outcome.changed),
        )
    return outcome


def _instansi(session: Session, actor: Actor | None, sources: Sources, faults: Faults) -> Instansi:
    """The agency whose people these are; entered when the portal does not know it yet."""
    known = all_instansi(session)
    if not sources.instansi_id and len(known) == 1:
        return known[0]
    if found := instansi_by_siasn(session, sources.instansi_id):
        return found
    first = next(export.read(sources.pegawai, sources.options, Faults()), None)
    if first is None:
        # Not one readable person: read on to the end, so that every reason is told.
        list(export.read(sources.pegawai, sources.options, faults))
        raise Refused(faults)
    if sources.instansi_id not in {"", first.instansi_id}:
        faults.add("", None, "--instansi", sources.instansi_id, "Instansi ini belum dikenal.")
        raise Refused(faults)
    return instansi_by_siasn(session, first.instansi_id) or found_instansi(
        session, actor, first.instansi_id, first.instansi_nama
    )


def _histories(
    session: Session, actor: Actor | None, path: Path | None, faults: Faults, at: dt.datetime | None
) -> set[uuid.UUID]:
    """Take the records of everybody in the file; returns whose changed."""
    changed: set[uuid.UUID] = set()
    # After a fault the people of this import are not written, so nobody is missing.
    all_written = not faults.count
    lines = history_file.read(path, faults) if path else iter(())
    while batch := list(itertools.islice(lines, BATCH)):
        numbers = [line.nip.digits for line in batch]
        people = {person.nip: person.id for person in by_number(session, numbers)}
        for line in batch:
            if all_written and line.nip.digits not in people:
                faults.add(
                    line.berkas,
                    line.baris,
                    "nip",
                    line.nip.masked,
                    "Pegawai ini tidak ada di portal dan tidak ada di berkas pegawai.",
                )
        if not faults.count:
            histories = {people[line.nip.digits]: line.history for line in batch}
            changed |= take_history(session, actor, histories, at)
            session.flush()
    return changed


def _end_lost_roles(session: Session, actor: Actor | None, person: Pegawai, unit: Opd) -> None:
    """A role for one unit ends when its holder moves out of it, as with a transfer by an admin."""
    akun = account_of_nip(session, person.nip)
    for given in roles_of(session, akun.id) if akun else ():
        if given.opd is not None and not unit.jalur.startswith(given.opd.jalur):
            revoke(session, actor, person, given.id)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
