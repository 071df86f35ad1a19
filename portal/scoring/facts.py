"""From the tables of people to the facts that the engine reads, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.db import Points
from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.scoring import records
from portal.scoring.engine import inputs
from portal.scoring.engine.inputs import Person
from portal.scoring.records import Own, reference
from portal.vocabulary import (
    DocumentKind,
    JenisDiklat,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)

Post = Pegawai | Row[Any]
"""A person, or the columns of one."""


_PEOPLE = (
    select(Pegawai)
    .where(Pegawai.id.in_(bindparam("ids", expanding=True)))
    .options(joinedload(Pegawai.instansi))
    .execution_options(populate_existing=True)
)
"""Asked for by every page about scores; a statement is dear to make."""


def people_with_facts(
    session: Session, pegawai_ids: Sequence[uuid.UUID]
) -> list[tuple[Pegawai, Person]]:
    """The people and all their facts; five queries whatever their number."""
    people = session.scalars(_PEOPLE, {"ids": pegawai_ids}).all()
    return list(zip(people, facts_of(session, people), strict=True))


def facts_of(session: Session, people: Sequence[Post]) -> list[Person]:
    """The facts of people at hand, in their order; four queries whatever their number."""
    owns = records.of_each(session, [person.id for person in people])
    return [facts_in(own, person) for person, own in zip(people, owns, strict=True)]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact came from: an approval (`portal`) or an import, and when."""

    sumber: str
    dicatat: dt.datetime | None


def facts_with_origin(session: Session, person: Post) -> tuple[Person, dict[str, Origin]]:
    """The facts of one person, and where each of them came from by its reference."""
    (own,) = records.of_each_with_origin(session, [person.id])
    origins = {
        reference(record): Origin(record.sumber, record.dicatat)
        for found in own
        for record in found
    }
    return facts_in(own, person), origins


def facts_in(own: Own, person: Any) -> Person:
    """The facts that records tell of a person, whose post is asked for by its columns."""
    return Person(
        nip=person.nip,
        jenis_pegawai=person.jenis_pegawai,
        kelompok_jabatan=person.kelompok_jabatan,
        syarat_pendidikan=person.syarat_pendidikan,
        pendidikan=tuple(map(degree, own.pendidikan)),
        pengembangan=tuple(map(course, own.pengembangan)),
        kinerja=tuple(map(result, own.kinerja)),
        hukdis=tuple(map(punishment, own.hukdis)),
        jabatan=person.jabatan,
        kedudukan_hukum=person.kedudukan_hukum,
    )


_TINGKAT = {tingkat.value: tingkat for tingkat in Tingkat}
_JENIS = {jenis.value: jenis for jenis in JenisDiklat}
_LATIHAN = {None: None} | {level.value: level for level in LatihanStruktural}
_PREDIKAT = {None: None} | {predikat.value: predikat for predikat in Predikat}
_HUKUMAN = {tingkat.value: tingkat for tingkat in TingkatHukuman}


def degree(record: Any) -> inputs.Pendidikan:
    """A record of `pendidikan`."""
    tingkat, lulus, tahun, program_studi = record[3:7]
    held = _TINGKAT[tingkat]
    name = f"{held.label} {program_studi}" if program_studi else held.label
    return inputs.Pendidikan(held, lulus, tahun, reference(record), name)


def course(record: Any) -> inputs.Pengembangan:
    """A record of `pengembangan`."""
    jenis, jp, selesai, latihan, nama = record[3:8]
    return inputs.Pengembangan(
        _JENIS[jenis], jp, selesai, _LATIHAN[latihan], reference(record), nama or None
    )


def result(record: Any) -> inputs.Kinerja:
    """A record of `kinerja`."""
    tahun, nilai, predikat, dinilai = record[3:7]
    number = None if nilai is None else Decimal(nilai) / Points.SCALE
    return inputs.Kinerja(
        tahun, number, _PREDIKAT[predikat], dinilai, reference(record), f"SKP {tahun}"
    )


def punishment(record: Any) -> inputs.Hukdis:
    """A record of `hukdis`."""
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
