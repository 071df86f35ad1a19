"""From the tables of people to the facts that the engine reads, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, joinedload

from portal.db import Points
from portal.documents.models import Document
from portal.people.models import Hukdis, Kinerja, Pegawai, Pendidikan, Pengembangan, Record
from portal.scoring.engine import inputs
from portal.scoring.engine.inputs import Person
from portal.vocabulary import (
    DocumentKind,
    JenisDiklat,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)

Course = inputs.Pengembangan
Post = Pegawai | Row[Any]
"""A person, or the columns of one."""
Records = dict[str, list[Any]]
"""Records by the key of their owner."""


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
        for record in found[person.id.hex]
    }
    return facts, origins


def _together(people: Sequence[Post], *records: Records) -> list[Person]:
    degrees, courses, results, punishments = records
    return [
        Person(
            nip=person.nip,
            jenis_pegawai=person.jenis_pegawai,
            kelompok_jabatan=person.kelompok_jabatan,
            syarat_pendidikan=person.syarat_pendidikan,
            pendidikan=tuple(map(_degree, degrees.get(key, ()))),
            pengembangan=tuple(_courses(courses.get(key, ()))),
            kinerja=tuple(map(_result, results.get(key, ()))),
            hukdis=tuple(map(_punishment, punishments.get(key, ()))),
            jabatan=person.jabatan,
            kedudukan_hukum=person.kedudukan_hukum,
        )
        for person, key in ((person, person.id.hex) for person in people)
    ]


def _each_paper_once(courses: Sequence[Course], papers: Sequence[tuple[str, bool]]) -> list[Course]:
    """Without imported courses that an approved document holds already: what the portal approved
    comes back with the next history from SIASN, and its JP must not be added twice.

    `papers` tells of each course its number, and whether a document stands behind it.
    """
    known = [_paper(course, nomor) for course, (nomor, _) in zip(courses, papers, strict=True)]
    approved = {paper for paper, (_, own) in zip(known, papers, strict=True) if own} - {None}
    return [
        course
        for course, paper, (_, own) in zip(courses, known, papers, strict=True)
        if own or paper not in approved
    ]


def _paper(course: Course, nomor: str) -> tuple[object, ...] | None:
    """What tells one certificate from another; None where it bears no number."""
    number = "".join(sign for sign in nomor.casefold() if sign.isalnum())
    return (course.jenis, course.tanggal_selesai, number) if number else None


def _courses(records: Sequence[Any]) -> list[Course]:
    courses = [_course(record) for record in records]
    if not any(record[2] for record in records):
        return courses
    return _each_paper_once(courses, [(record[8], bool(record[2])) for record in records])


_READ: dict[type[Record], tuple[Any, ...]] = {
    Pendidikan: (
        type_coerce(Pendidikan.tingkat, String),
        Pendidikan.tanggal_lulus,
        Pendidikan.tahun_lulus,
        Pendidikan.program_studi,
    ),
    Pengembangan: (
        type_coerce(Pengembangan.jenis, String),
        Pengembangan.jp,
        Pengembangan.tanggal_selesai,
        type_coerce(Pengembangan.latihan_struktural, String),
        Pengembangan.nama,
        Pengembangan.nomor,
    ),
    Kinerja: (
        Kinerja.tahun,
        type_coerce(Kinerja.nilai, Integer),
        type_coerce(Kinerja.predikat, String),
        Kinerja.dinilai,
    ),
    Hukdis: (type_coerce(Hukdis.tingkat, String), Hukdis.tmt, Hukdis.akhir),
}
"""What the engine and its reasons need of each record, and no more: a million people have ten
million records, and every object that nobody looks at takes a microsecond."""


def _statements(
    chosen: Callable[[Any], ColumnElement[bool]], *, origin: bool = False
) -> list[Select[Any]]:
    """Of each table: owner, key and document as text, the columns above, and the origin."""
    return [
        select(
            cast(table.pegawai_id, Text),
            cast(table.id, Text),
            cast(getattr(table, "document_id", null()), Text),
            *columns,
            *((table.sumber, table.dicatat) if origin else ()),
        )
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


def _by_person(session: Session, statement: Select[Any], values: dict[str, Any]) -> Records:
    found: Records = defaultdict(list)
    for record in session.execute(statement, values):
        found[_key(record[0])].append(record)
    return found


def _key(text: str) -> str:
    """A key of either database as `UUID.hex` writes it: PostgreSQL puts hyphens in between."""
    return text.replace("-", "")


def reference(record: Any) -> str:
    """What the engine carries along: the document behind a record, or the record itself."""
    kind, key = ("dokumen", record[2]) if record[2] else ("riwayat", record[1])
    return f"{kind}:{key if len(key) > _HEX else uuid.UUID(key)}"


_HEX = 32
"""Length of a key without hyphens, as SQLite keeps it."""
_TINGKAT = {tingkat.value: tingkat for tingkat in Tingkat}
_JENIS = {jenis.value: jenis for jenis in JenisDiklat}
_LATIHAN = {None: None} | {level.value: level for level in LatihanStruktural}
_PREDIKAT = {None: None} | {predikat.value: predikat for predikat in Predikat}
_HUKUMAN = {tingkat.value: tingkat for tingkat in TingkatHukuman}


def _degree(record: Any) -> inputs.Pendidikan:
    tingkat, lulus, tahun, program_studi = record[3:7]
    held = _TINGKAT[tingkat]
    name = f"{held.label} {program_studi}" if program_studi else held.label
    return inputs.Pendidikan(held, lulus, tahun, reference(record), name)


def _course(record: Any) -> inputs.Pengembangan:
    jenis, jp, selesai, latihan, nama = record[3:8]
    return inputs.Pengembangan(
        _JENIS[jenis], jp, selesai, _LATIHAN[latihan], reference(record), nama or None
    )


def _result(record: Any) -> inputs.Kinerja:
    tahun, nilai, predikat, dinilai = record[3:7]
    number = None if nilai is None else Decimal(nilai) / Points.SCALE
    return inputs.Kinerja(
        tahun, number, _PREDIKAT[predikat], dinilai, reference(record), f"SKP {tahun}"
    )


def _punishment(record: Any) -> inputs.Hukdis:
    tingkat, tmt, akhir = record[3:6]
    name = f"Hukuman disiplin {tingkat}"
    return inputs.Hukdis(_HUKUMAN[tingkat], tmt, akhir, reference(record), name)


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
