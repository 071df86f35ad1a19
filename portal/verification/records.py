"""What an approval adds to a person's history, and what a revocation takes away."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.documents.models import Document
from portal.errors import Rejected
from portal.people.models import Pendidikan, Pengembangan
from portal.vocabulary import DocumentKind, JenisDiklat

INCOMPLETE = "Data dokumen belum lengkap ({}). Kembalikan kepada pemiliknya untuk dilengkapi."


def write(session: Session, document: Document, at: dt.datetime) -> Pendidikan | Pengembangan:
    """Turn an item into the owner's degree or course; `at` is the moment of its approval.

    Raises Rejected when the declared data are too few to count.
    """
    record = _degree(document) if document.kind is DocumentKind.IJAZAH else _course(document)
    record.pegawai_id = document.owner_id
    record.document_id = document.id
    record.sumber = "portal"
    record.dicatat = at
    table = type(record)
    last = session.scalar(
        select(func.max(table.urutan)).where(table.pegawai_id == document.owner_id)
    )
    record.urutan = (last or 0) + 1
    session.add(record)
    return record


def remove(session: Session, document_id: uuid.UUID) -> None:
    """Take back what this item had added."""
    for table in (Pendidikan, Pengembangan):
        session.execute(delete(table).where(table.document_id == document_id))


def _degree(document: Document) -> Pendidikan:
    if document.tingkat is None:
        raise Rejected(INCOMPLETE.format("tingkat pendidikan"))
    return Pendidikan(
        tingkat=document.tingkat,
        program_studi=document.program_studi,
        perguruan_tinggi=document.perguruan_tinggi,
        nomor=document.nomor,
        tanggal_lulus=document.tanggal_lulus,
        tahun_lulus=document.tanggal_lulus.year if document.tanggal_lulus else None,
        gelar=document.gelar,
    )


def _course(document: Document) -> Pengembangan:
    leadership = document.kind is DocumentKind.KEPEMIMPINAN
    jenis = JenisDiklat.STRUKTURAL if leadership else document.jenis
    if jenis is None:
        raise Rejected(INCOMPLETE.format("jenis kegiatan"))
    if leadership and document.latihan_struktural is None:
        raise Rejected(INCOMPLETE.format("jenjang diklat kepemimpinan"))
    return Pengembangan(
        jenis=jenis,
        nama=document.title,
        penyelenggara=document.penyelenggara,
        nomor=document.nomor,
        tanggal_mulai=document.tanggal_mulai,
        tanggal_selesai=document.tanggal_selesai,
        tanggal_sertifikat=document.tanggal_sertifikat,
        jp=document.jp or 0,
        latihan_struktural=document.latihan_struktural,
    )
