"""From checked rows of the export to the tables. The caller's transaction is all or nothing."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from portal import audit
from portal.agency.actions import add_unit
from portal.agency.models import Instansi, Opd
from portal.agency.queries import units_by_siasn
from portal.db import new_id, now
from portal.people.importer.export import PersonRow
from portal.people.importer.faults import Faults
from portal.people.importer.posts import Post, Posts
from portal.people.models import Pegawai, Pendidikan
from portal.people.queries import by_number, records_of
from portal.permissions import Actor
from portal.vocabulary import KelompokJabatan

BATCH = 500
"""Rows compared with the database at a time."""
_STRUCTURAL = frozenset(KelompokJabatan) - {KelompokJabatan.FUNGSIONAL}
_STUDY = ("tingkat", "program_studi", "perguruan_tinggi", "tahun_lulus")


@dataclass(slots=True)
class Counts:
    """People by what happened to them; each is counted once."""

    baru: int = 0
    pindah: int = 0
    berubah: int = 0
    tetap: int = 0


@dataclass
class PeopleImport:
    """Takes people of one agency into the tables, row by row, and remembers what changed."""

    session: Session
    actor: Actor | None
    instansi: Instansi
    posts: Posts
    faults: Faults
    today: dt.date
    at: dt.datetime | None = None
    """Moment written into the audit; None is now."""
    tree_given: bool = False
    """The tree of units was given: a unit outside it is a fault. Otherwise it becomes an OPD."""
    counts: Counts = field(default_factory=Counts)
    changed: set[uuid.UUID] = field(default_factory=set)
    moved: list[tuple[Pegawai, Opd]] = field(default_factory=list)
    """Who came to which unit; the roles that do not reach there end with it."""
    units_added: int = 0
    _units: dict[str, Opd] = field(default_factory=dict)
    _new_studies: list[Pendidikan] = field(default_factory=list)

    def take(self, rows: Iterable[PersonRow]) -> None:
        """Enter new people, change those that differ, leave everybody else alone.

        After the first fault nothing more is written, but every row is still looked at.
        """
        self._units = units_by_siasn(self.session, self.instansi.id)
        stream = iter(rows)
        while batch := list(itertools.islice(stream, BATCH)):
            self._take_batch(batch)
            self.session.flush()
            self.session.add_all(self._new_studies)  # after the people that they belong to
            self._new_studies.clear()

    def _take_batch(self, batch: list[PersonRow]) -> None:
        nips = [row.nip.digits for row in batch]
        people = by_number(self.session, nips, [row.siasn_id for row in batch if row.siasn_id])
        by_nip = {person.nip: person for person in people}
        by_siasn = {person.siasn_id: person for person in people if person.siasn_id}
        studies = records_of(self.session, Pendidikan, "siasn", [person.id for person in people])
        for row in batch:
            person = by_siasn.get(row.siasn_id) or by_nip.get(row.nip.digits)
            self._verify_person(row, person, by_nip.get(row.nip.digits))
            unit = self._unit(row)
            post = self._post(row, person)
            if unit is None or post.kelompok is None or self.faults.count:
                continue
            study = next(iter(studies[person.id]), None) if person else None
            self._take_person(row, person, study, unit, post)

    def _verify_person(self, row: PersonRow, person: Pegawai | None, same_nip: Any) -> None:
        if self.instansi.siasn_id not in {row.instansi_id, row.instansi_induk_id}:
            row.row.fault(
                "instansi_kerja_id",
                f"Bukan pegawai {self.instansi.nama}. Satu berkas untuk satu instansi.",
            )
        if person is None:
            return
        if person.instansi_id != self.instansi.id:
            row.row.fault(
                "nip_baru",
                "Tercatat di instansi lain di portal ini. Selesaikan mutasinya lebih dahulu.",
                row.nip.masked,
            )
        if person.nip != row.nip.digits and same_nip is not None:
            row.row.fault(
                "pns_id",
                f"pns_id ini milik NIP …{person.nip[-4:]}, sedangkan NIP ini milik orang lain.",
            )

    def _unit(self, row: PersonRow) -> Opd | None:
        unit = self._units.get(row.unor_id)
        if unit is None and self.tree_given:
            row.row.fault(
                "unor_id", "Unit ini tidak ada di berkas --unor. Tambahkan barisnya di sana."
            )
        elif unit is None and not self.faults.count:
            unit = add_unit(
                self.session, self.actor, self.instansi, row.unor_id, row.unor_nama or row.unor_id
            )
            self._units[row.unor_id] = unit
            self.units_added += 1
        return unit

    def _post(self, row: PersonRow, person: Pegawai | None) -> Post:
        """What the files say of the post; where they are silent, what is known of it stays."""
        found = self.posts.find(row.jenis_jabatan, row.jabatan_id, row.unor_id)
        same = person if person and person.jabatan == row.jabatan else None
        syarat = found.syarat or (same.syarat_pendidikan if same else None)
        if found.kelompok:
            return Post(found.kelompok, syarat)
        if same and same.kelompok_jabatan in _STRUCTURAL:
            return Post(same.kelompok_jabatan, syarat)
        if row.kedudukan_hukum in self.posts.options.pensiun:
            return Post(person.kelompok_jabatan if person else KelompokJabatan.PELAKSANA, syarat)
        row.row.fault(
            "jabatan_id",
            "Eselon jabatan struktural ini tidak diketahui. Tambahkan baris jabatan_id atau "
            f"unor_id {row.unor_id} dengan eselonnya di berkas --jabatan.",
        )
        return Post()

    def _take_person(
        self,
        row: PersonRow,
        person: Pegawai | None,
        study: Pendidikan | None,
        unit: Opd,
        post: Post,
    ) -> None:
        values = self._values(row, person, unit, post)
        if person is None:
            person = Pegawai(id=new_id(), instansi_id=self.instansi.id, **values)
            self.session.add(person)
            self._take_study(row, person, study)
            self._note(person, "people:imported", kolom=["baru"])
            self.counts.baru += 1
            return
        changes = {name: new for name, new in values.items() if getattr(person, name) != new}
        moved_from = person.opd if "opd_id" in changes else None
        for name, new in changes.items():
            setattr(person, name, new)
        names = sorted({*changes, *self._take_study(row, person, study)} - {"opd_id"})
        if moved_from is not None:
            self._note(
                person,
                "people:transferred",
                dari=moved_from.nama,
                ke=unit.nama,
                dari_id=moved_from.id.hex,
                ke_id=unit.id.hex,
            )
            self.moved.append((person, unit))
            self.counts.pindah += 1
        if names:
            self._note(person, "people:imported", kolom=names)
        if moved_from is None:
            self.counts.berubah += bool(names)
            self.counts.tetap += not names

    def _values(
        self, row: PersonRow, person: Pegawai | None, unit: Opd, post: Post
    ) -> dict[str, Any]:
        values = {
            "opd_id": unit.id,
            "nip": row.nip.digits,
            "nama": row.nama,
            "gelar_depan": row.gelar_depan,
            "gelar_belakang": row.gelar_belakang,
            "jenis_kelamin": row.jenis_kelamin,
            "tanggal_lahir": row.tanggal_lahir,
            "jenis_pegawai": row.jenis_pegawai,
            "kedudukan_hukum": row.kedudukan_hukum,
            "kelompok_jabatan": post.kelompok,
            "jabatan": row.jabatan or (person.jabatan if person else "Pensiun"),
            "golongan": row.golongan,
            "syarat_pendidikan": post.syarat,
            "pensiun_sejak": self._retired_since(row, person),
        }
        # The export often lacks these: silence never erases what is known.
        optional = {"siasn_id": row.siasn_id, "email": row.email}
        return values | {name: value for name, value in optional.items() if value}

    def _retired_since(self, row: PersonRow, person: Pegawai | None) -> dt.date | None:
        """A retirement that was noted in the portal stays until SIASN has one and takes it back."""
        codes = self.posts.options.pensiun
        known = person.pensiun_sejak if person else None
        if row.kedudukan_hukum in codes:
            return known or self.today
        return None if person and person.kedudukan_hukum in codes else known

    def _take_study(
        self, row: PersonRow, person: Pegawai, study: Pendidikan | None
    ) -> Iterable[str]:
        """One degree per person comes from the export: the last one that SIASN knows."""
        if row.study is None:
            return ()
        wanted = {name: getattr(row.study, name) for name in _STUDY}
        if study is None:
            known_since = {"sumber": "siasn", "dicatat": self.at or now()}
            self._new_studies.append(Pendidikan(pegawai_id=person.id, **known_since, **wanted))
            return ("pendidikan",)
        if all(getattr(study, name) == value for name, value in wanted.items()):
            return ()
        for name, value in (wanted | {"dicatat": self.at or now()}).items():
            setattr(study, name, value)
        return ("pendidikan",)

    def _note(self, person: Pegawai, action: str, **facts: Any) -> None:
        self.changed.add(person.id)
        audit.record(self.session, self.actor, action, person.id, at=self.at, **facts)
