"""The nightly look for what must not be: each finding is a red line with its remedy.

Reads everything once in steps of bounded size; writes nothing but its own report, and the head of
the audit's chain where that is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal

import structlog
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from portal.agency.models import Instansi
from portal.audit import AuditEntry
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.operations import audit_heads, file_checks, orphans
from portal.operations.models import Reconciliation
from portal.people.models import Pendidikan, Pengembangan
from portal.scoring import years
from portal.scoring.models import StoredScore
from portal.storage import Storage
from portal.verification.decisions import AUDIT_ACTIONS, REPLACED
from portal.verification.queueing import guard
from portal.vocabulary import Dimensi, DocumentState
from portal.wording import points

log = structlog.get_logger()
DECIDED = (*AUDIT_ACTIONS.values(), REPLACED)
SHOWN = 50
"""So many cases of one kind are named; the number tells the rest."""

REMEDIES = {
    "berkas-tanpa-dokumen": "Jalankan `python -m portal sapu` untuk membersihkannya.",
    "dokumen-tanpa-berkas": "Pulihkan berkas dari cadangan, atau kembalikan dokumen ke pemiliknya.",
    "unggahan-tertinggal": "Jalankan `python -m portal sapu` untuk membersihkannya.",
    "pengolahan-macet": "Pastikan `python -m portal worker` berjalan dan penyimpanan terjangkau; "
    "pemilik dapat mengirim ulang berkasnya.",
    "berkas-tanpa-impor": "Jalankan `python -m portal sapu` untuk membersihkannya.",
    "impor-tanpa-berkas": "Pulihkan berkas dari cadangan; nilai yang tersimpan tetap berlaku.",
    "tanpa-antrean": "Beri peran verifikator yang mencakup unit, jenis, dan antrean dokumen ini.",
    "unit-lama": "Jalankan `python -m portal hitung-antrean`; dokumennya mengikuti pemiliknya.",
    "hitungan-antrean": "Jalankan `python -m portal hitung-antrean` untuk menghitung ulang.",
    "keputusan-tanpa-audit": "Periksa keputusan bersama auditor; jangan ubah datanya.",
    "disetujui-tanpa-riwayat": "Cabut persetujuan, lalu minta pemilik mengajukan ulang.",
    "skor-tidak-cocok": "Jalankan `python -m portal hitung-ulang`.",
    "audit-diubah": "Jangan ubah apa pun; simpan basis data ini, lalu jalankan "
    "`python -m portal periksa-audit` bersama auditor.",
    "aturan-hilang": "Kembalikan berkas aturannya, atau pilih aturan lain di Aturan. "
    "Selama itu skor instansi ini tidak dihitung ulang.",
}
TITLES = {
    "berkas-tanpa-dokumen": "Berkas tanpa dokumen",
    "dokumen-tanpa-berkas": "Dokumen tanpa berkas",
    "unggahan-tertinggal": "Unggahan yang tidak ditunggu draf mana pun",
    "pengolahan-macet": "Berkas yang lebih dari satu jam belum selesai diolah",
    "berkas-tanpa-impor": "Berkas tanpa impor",
    "impor-tanpa-berkas": "Impor tanpa berkas",
    "tanpa-antrean": "Dokumen yang tidak dapat diperiksa siapa pun",
    "unit-lama": "Dokumen yang menunggu di unit lama pemiliknya",
    "hitungan-antrean": "Hitungan antrean yang tidak sama dengan isinya",
    "keputusan-tanpa-audit": "Keputusan tanpa catatan audit",
    "disetujui-tanpa-riwayat": "Persetujuan tanpa riwayat, atau riwayat tanpa persetujuan",
    "skor-tidak-cocok": "Skor yang tidak sama dengan jumlah rinciannya",
    "audit-diubah": "Catatan audit diubah",
    "aturan-hilang": "Tahun yang aturannya tidak ada lagi",
}


@dataclass(frozen=True)
class Finding:
    """One kind of fault: how many, some of them by id, and what to do."""

    kode: str
    jumlah: int
    contoh: list[str]

    @property
    def judul(self) -> str:
        return TITLES[self.kode]

    @property
    def langkah(self) -> str:
        return REMEDIES[self.kode]


def reconcile(
    database: Database, storage: Storage, *, moment: dt.datetime | None = None
) -> Reconciliation:
    """Run every check and keep the report. Raises Unavailable when a component is away."""
    begun = moment or now()
    audited, tampered = audit_heads.check_news(database, storage)
    with database.reading() as session:
        papers = file_checks.papers(session, storage, begun)
        checks = {
            "berkas-tanpa-dokumen": papers.orphans,
            "dokumen-tanpa-berkas": papers.missing,
            "unggahan-tertinggal": list(
                orphans.due(orphans.of_uploads(session, storage, begun), begun)
            ),
            "pengolahan-macet": list(file_checks.stuck(session, begun)),
            "berkas-tanpa-impor": list(orphans.due(orphans.of_imports(session, storage), begun)),
            "impor-tanpa-berkas": list(file_checks.imports_without_file(session, storage)),
            "tanpa-antrean": list(in_no_queue(session)),
            "unit-lama": list(map(str, guard.astray(session))),
            "hitungan-antrean": list(guard.wrong_numbers(session)),
            "keputusan-tanpa-audit": list(without_audit(session)),
            "disetujui-tanpa-riwayat": list(without_record(session)),
            "skor-tidak-cocok": list(unlike_ledger(session)),
            "aturan-hilang": list(without_rules(session)),
            "audit-diubah": [fault.sentence for fault in tampered],
        }
        looked_at = {
            "dokumen": session.scalar(select(func.count()).select_from(Document)) or 0,
            "berkas": papers.objects + sum(1 for _ in storage.iterate("imports/")),
            "keputusan": session.scalar(select(func.count()).select_from(Decision)) or 0,
            "skor": session.scalar(select(func.count()).select_from(StoredScore)) or 0,
            "audit": audited.lines,
        }
    findings = [Finding(kode, len(found), found[:SHOWN]) for kode, found in checks.items() if found]
    report = Reconciliation(
        mulai=begun,
        selesai=now(),
        diperiksa=looked_at,
        temuan=[asdict(finding) for finding in findings],
    )
    with database.transaction() as session:
        session.add(report)
    for finding in findings:
        log.error("reconciliation_finding", kode=finding.kode, jumlah=finding.jumlah)
    return report


def findings_of(report: Reconciliation) -> list[Finding]:
    return [Finding(**entry) for entry in report.temuan]


def in_no_queue(session: Session) -> Iterator[str]:
    """Open items that no active account may decide, because no role covers unit, kind and queue."""
    yield from map(str, guard.undecidable(session))


def without_rules(session: Session) -> Iterator[str]:
    """Agencies and years whose rule set is not on offer."""
    for year in years.gone(session):
        agency = session.get_one(Instansi, year.instansi_id)
        yield f"{agency.nama}, {year.tahun}: {year.alasan}"


def without_audit(session: Session) -> Iterator[str]:
    """Items with more decisions than audit lines about decisions."""
    decided = (
        select(Decision.document_id, func.count().label("jumlah"))
        .group_by(Decision.document_id)
        .subquery()
    )
    written = (
        select(AuditEntry.subject_id, func.count().label("jumlah"))
        .where(AuditEntry.action.in_(DECIDED))
        .group_by(AuditEntry.subject_id)
        .subquery()
    )
    statement = (
        select(decided.c.document_id)
        .join(written, written.c.subject_id == decided.c.document_id, isouter=True)
        .where(decided.c.jumlah > func.coalesce(written.c.jumlah, 0))
    )
    yield from map(str, session.scalars(statement))


def without_record(session: Session) -> Iterator[str]:
    """Approved items that wrote no record, and records of items that are not approved."""
    degree, course = aliased(Pendidikan), aliased(Pengembangan)
    statement = select(Document.id).where(
        Document.state == DocumentState.DISETUJUI,
        ~exists().where(degree.document_id == Document.id),
        ~exists().where(course.document_id == Document.id),
    )
    yield from map(str, session.scalars(statement))
    for table in (Pendidikan, Pengembangan):
        stray = (
            select(Document.id)
            .join(table, table.document_id == Document.id)
            .where(Document.state != DocumentState.DISETUJUI)
        )
        yield from map(str, session.scalars(stray))


_DIMENSIONS = (
    StoredScore.kualifikasi,
    StoredScore.kompetensi,
    StoredScore.kinerja,
    StoredScore.disiplin,
)


def unlike_ledger(session: Session) -> Iterator[str]:
    """Dimensions that are not the sum of their rows, with person and year. That the total is the
    sum of the dimensions, the table itself sees to."""
    scores = session.execute(
        select(StoredScore.pegawai_id, StoredScore.tahun, StoredScore.rincian, *_DIMENSIONS)
        .where(StoredScore.diukur)
        .order_by(StoredScore.pegawai_id, StoredScore.tahun)
        .execution_options(yield_per=1000)
    )
    for pegawai_id, tahun, rincian, *stored in scores:
        sums = dict.fromkeys(Dimensi, Decimal(0))
        for row in rincian:
            sums[row["dimensi"]] += Decimal(row["poin"])
        for dimensi, kept in zip(Dimensi, stored, strict=True):
            if kept != sums[dimensi]:
                told = f"{dimensi} {points(kept)}, rincian {points(sums[dimensi])}"
                yield f"pegawai {pegawai_id}, {tahun}: {told}"
