"""From the tables of people to the facts that the engine reads, in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.documents.models import Document
from portal.people.models import Hukdis, Kinerja, Pegawai, Pendidikan, Pengembangan, Record
from portal.scoring.engine import inputs
from portal.scoring.engine.inputs import Person
from portal.vocabulary import DocumentKind, JenisDiklat

AnyRecord = TypeVar("AnyRecord", bound=Record)


def people_with_facts(
    session: Session, pegawai_ids: Sequence[uuid.UUID]
) -> list[tuple[Pegawai, Person]]:
    """The people and all their facts; five queries whatever their number."""
    people = session.scalars(
        select(Pegawai)
        .where(Pegawai.id.in_(pegawai_ids))
        .options(joinedload(Pegawai.instansi))
        .execution_options(populate_existing=True)
    ).all()
    return list(zip(people, facts_of(session, people), strict=True))


def facts_of(session: Session, people: Sequence[Pegawai]) -> list[Person]:
    """The facts of people at hand, in their order; four queries whatever their number."""
    ids = [person.id for person in people]
    degrees = _by_person(session, Pendidikan, ids)
    courses = _by_person(session, Pengembangan, ids)
    results = _by_person(session, Kinerja, ids)
    punishments = _by_person(session, Hukdis, ids)
    return [
        Person(
            nip=person.nip,
            jenis_pegawai=person.jenis_pegawai,
            kelompok_jabatan=person.kelompok_jabatan,
            syarat_pendidikan=person.syarat_pendidikan,
            pendidikan=tuple(map(_degree, degrees[person.id])),
            pengembangan=tuple(map(_course, _each_paper_once(courses[person.id]))),
            kinerja=tuple(map(_result, results[person.id])),
            hukdis=tuple(map(_punishment, punishments[person.id])),
            jabatan=person.jabatan,
            kedudukan_hukum=person.kedudukan_hukum,
        )
        for person in people
    ]


def _each_paper_once(courses: Sequence[Pengembangan]) -> list[Pengembangan]:
    """Without imported courses that an approved document holds already: what the portal approved
    comes back with the next history from SIASN, and its JP must not be added twice."""
    approved = {_paper(course) for course in courses if course.document_id} - {None}
    return [course for course in courses if course.document_id or _paper(course) not in approved]


def _paper(course: Pengembangan) -> tuple[object, ...] | None:
    """What tells one certificate from another; None where it bears no number."""
    number = "".join(sign for sign in course.nomor.casefold() if sign.isalnum())
    return (course.jenis, course.tanggal_selesai, number) if number else None


_RECORDS: dict[type[Record], Select[Any]] = {
    table: select(table)
    .where(table.pegawai_id.in_(bindparam("ids", expanding=True)))
    .order_by(table.pegawai_id, table.urutan, table.id)
    .execution_options(populate_existing=True)
    for table in (Pendidikan, Pengembangan, Kinerja, Hukdis)
}
"""Every hand-in and every item of the queue asks; a statement is dear to make."""


def _by_person(
    session: Session, table: type[AnyRecord], ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[AnyRecord]]:
    found: dict[uuid.UUID, list[AnyRecord]] = defaultdict(list)
    for record in session.scalars(_RECORDS[table], {"ids": list(ids)}):
        found[record.pegawai_id].append(record)
    return found


def reference(record: Pendidikan | Pengembangan) -> str:
    """What the engine carries along: the document behind a record, or the record itself."""
    return f"dokumen:{record.document_id}" if record.document_id else f"riwayat:{record.id}"


def _degree(record: Pendidikan) -> inputs.Pendidikan:
    name = " ".join(part for part in (record.tingkat.label, record.program_studi) if part)
    return inputs.Pendidikan(
        tingkat=record.tingkat,
        tanggal_lulus=record.tanggal_lulus,
        tahun_lulus=record.tahun_lulus,
        id=reference(record),
        nama=name,
    )


def _course(record: Pengembangan) -> inputs.Pengembangan:
    return inputs.Pengembangan(
        jenis=record.jenis,
        jp=record.jp,
        tanggal_selesai=record.tanggal_selesai,
        latihan_struktural=record.latihan_struktural,
        id=reference(record),
        nama=record.nama or None,
    )


def _result(record: Kinerja) -> inputs.Kinerja:
    return inputs.Kinerja(
        tahun=record.tahun,
        nilai=record.nilai,
        predikat=record.predikat,
        dinilai=record.dinilai,
        id=f"riwayat:{record.id}",
        nama=f"SKP {record.tahun}",
    )


def _punishment(record: Hukdis) -> inputs.Hukdis:
    return inputs.Hukdis(
        tingkat=record.tingkat, tmt=record.tmt, akhir=record.akhir, id=f"riwayat:{record.id}"
    )


def fact_of_document(
    document: Document,
) -> inputs.Pendidikan | inputs.Pengembangan | None:
    """The fact that an item would become if it were approved; None while its data are too few."""
    if document.kind is DocumentKind.IJAZAH:
        if document.tingkat is None:
            return None
        return inputs.Pendidikan(
            tingkat=document.tingkat,
            tanggal_lulus=document.tanggal_lulus,
            id=f"dokumen:{document.id}",
            nama=document.title,
        )
    jenis = document.jenis
    if document.kind is DocumentKind.KEPEMIMPINAN:
        jenis = JenisDiklat.STRUKTURAL
    if jenis is None:
        return None
    return inputs.Pengembangan(
        jenis=jenis,
        jp=document.jp or 0,
        tanggal_selesai=document.tanggal_selesai,
        latihan_struktural=document.latihan_struktural,
        id=f"dokumen:{document.id}",
        nama=document.title,
    )
