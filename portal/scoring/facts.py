"""From the tables of people to the facts that the engine reads, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.documents.models import Document
from portal.people.models import Hukdis, Kinerja, Pegawai, Pendidikan, Pengembangan, Record
from portal.scoring.engine import inputs
from portal.scoring.engine.inputs import Person
from portal.vocabulary import DocumentKind, JenisDiklat

Post = Pegawai | Row[Any]
"""A person, or the columns of one."""


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


def facts_of(session: Session, people: Sequence[Post]) -> list[Person]:
    """The facts of people at hand, in their order; four queries whatever their number."""
    ids = {"ids": [person.id for person in people]}
    return _together(people, *(_by_person(session, of_ids, ids) for of_ids in _OF_IDS))


def facts_between(
    session: Session, people: Sequence[Post], after: uuid.UUID, last: uuid.UUID
) -> list[Person]:
    """The same for everybody between two keys (the first left out): a range of an index is read
    sooner than a thousand keys."""
    keys = {"after": after, "last": last}
    return _together(people, *(_by_person(session, between, keys) for between in _BETWEEN))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact came from: an approval (`portal`) or an import, and when."""

    sumber: str
    dicatat: dt.datetime | None


def facts_with_origin(session: Session, person: Post) -> tuple[Person, dict[str, Origin]]:
    """The facts of one person, and where each of them came from by its reference."""
    ids = {"ids": [person.id]}
    records = [_by_person(session, statement, ids) for statement in _OF_IDS_WITH_ORIGIN]
    (facts,) = _together([person], *records)
    origins = {
        reference(record): Origin(record.sumber, record.dicatat)
        for found in records
        for record in found[person.id]
    }
    return facts, origins


def _together(people: Sequence[Post], *records: Mapping[uuid.UUID, list[Row[Any]]]) -> list[Person]:
    degrees, courses, results, punishments = records
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


def _each_paper_once(courses: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Without imported courses that an approved document holds already: what the portal approved
    comes back with the next history from SIASN, and its JP must not be added twice."""
    approved = {_paper(course) for course in courses if course.document_id} - {None}
    if not approved:
        return courses
    return [course for course in courses if course.document_id or _paper(course) not in approved]


def _paper(course: Row[Any]) -> tuple[object, ...] | None:
    """What tells one certificate from another; None where it bears no number."""
    number = "".join(sign for sign in course.nomor.casefold() if sign.isalnum())
    return (course.jenis, course.tanggal_selesai, number) if number else None


_READ: dict[type[Record], tuple[Any, ...]] = {
    Pendidikan: (
        Pendidikan.tingkat,
        Pendidikan.tanggal_lulus,
        Pendidikan.tahun_lulus,
        Pendidikan.program_studi,
        Pendidikan.document_id,
    ),
    Pengembangan: (
        Pengembangan.jenis,
        Pengembangan.jp,
        Pengembangan.tanggal_selesai,
        Pengembangan.latihan_struktural,
        Pengembangan.nama,
        Pengembangan.nomor,
        Pengembangan.document_id,
    ),
    Kinerja: (Kinerja.tahun, Kinerja.nilai, Kinerja.predikat, Kinerja.dinilai),
    Hukdis: (Hukdis.tingkat, Hukdis.tmt, Hukdis.akhir),
}
"""What the engine and its reasons need of each record, and no more."""


def _statements(
    chosen: Callable[[Any], ColumnElement[bool]], *, origin: bool = False
) -> list[Select[Any]]:
    return [
        select(table.pegawai_id, table.id, *columns)
        .add_columns(*((table.sumber, table.dicatat) if origin else ()))
        .where(chosen(table.pegawai_id))
        .order_by(table.pegawai_id, table.urutan, table.id)
        for table, columns in _READ.items()
    ]


# Every hand-in and every item of the queue asks; a statement is dear to make.
_OF_IDS = _statements(lambda key: key.in_(bindparam("ids", expanding=True)))
_OF_IDS_WITH_ORIGIN = _statements(
    lambda key: key.in_(bindparam("ids", expanding=True)), origin=True
)
_BETWEEN = _statements(lambda key: and_(key > bindparam("after"), key <= bindparam("last")))


def _by_person(
    session: Session, statement: Select[Any], values: dict[str, Any]
) -> dict[uuid.UUID, list[Row[Any]]]:
    found: dict[uuid.UUID, list[Row[Any]]] = defaultdict(list)
    for record in session.execute(statement, values):
        found[record.pegawai_id].append(record)
    return found


def reference(record: Pendidikan | Pengembangan | Row[Any]) -> str:
    """What the engine carries along: the document behind a record, or the record itself."""
    document_id = getattr(record, "document_id", None)
    return f"dokumen:{document_id}" if document_id else f"riwayat:{record.id}"


def _degree(record: Row[Any]) -> inputs.Pendidikan:
    name = " ".join(part for part in (record.tingkat.label, record.program_studi) if part)
    return inputs.Pendidikan(
        tingkat=record.tingkat,
        tanggal_lulus=record.tanggal_lulus,
        tahun_lulus=record.tahun_lulus,
        id=reference(record),
        nama=name,
    )


def _course(record: Row[Any]) -> inputs.Pengembangan:
    return inputs.Pengembangan(
        jenis=record.jenis,
        jp=record.jp,
        tanggal_selesai=record.tanggal_selesai,
        latihan_struktural=record.latihan_struktural,
        id=reference(record),
        nama=record.nama or None,
    )


def _result(record: Row[Any]) -> inputs.Kinerja:
    return inputs.Kinerja(
        tahun=record.tahun,
        nilai=record.nilai,
        predikat=record.predikat,
        dinilai=record.dinilai,
        id=f"riwayat:{record.id}",
        nama=f"SKP {record.tahun}",
    )


def _punishment(record: Row[Any]) -> inputs.Hukdis:
    return inputs.Hukdis(
        tingkat=record.tingkat,
        tmt=record.tmt,
        akhir=record.akhir,
        id=f"riwayat:{record.id}",
        nama=f"Hukuman disiplin {record.tingkat}",
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
