"""One object of every kind that an address can name, so that guards can walk over all addresses."""

from __future__ import annotations

import hashlib
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Penugasan
from portal.agency.models import Instansi
from portal.db import new_id, now
from portal.documents.arrivals import Processing, Upload
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.imports.models import Import
from portal.scoring import runs
from portal.scoring.comparison import actions as comparison
from portal.scoring.comparison import work as comparison_work
from portal.scoring.models import PlannedStep, RuleComparison
from portal.scoring.years import Way
from portal.storage import Storage, keys
from portal.verification.models import Correction
from portal.vocabulary import DocumentKind, DocumentState, FileRole
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.walk import Examples

EVERY_STATE = list(DocumentState)


def _plan(session: Session, cast: Cast) -> None:
    """Steps of sari's plan: done, open, and of a post that she no longer holds."""
    steps = {"fungsional": now(), "teknis:20": None, "kepemimpinan:2": None}
    for number, (kunci, done) in enumerate(steps.items()):
        session.add(
            PlannedStep(
                pegawai_id=cast.sari.pegawai_id,
                tahun=TODAY.year,
                kunci=kunci,
                indikator=kunci.partition(":")[0],
                uraian=f"Diklat {kunci}",
                poin=9,
                urutan=number,
                selesai=done,
            )
        )


def build(session: Session, cast: Cast, storage: Storage) -> Examples:
    """One example per state of an item: objects of sari's, and what addresses about her name."""
    reason = builders.reason(session)
    documents = [
        builders.document(session, cast.sari, state, verifier=cast.vera, storage=storage)
        for state in EVERY_STATE
    ]
    for document in documents:
        if document.state in {DocumentState.PERLU_PERBAIKAN, DocumentState.DITOLAK}:
            document.reason_id = reason.id
            document.note = "Tanggal selesai tidak sama dengan yang tertulis."
        if document.state is DocumentState.PERLU_PERBAIKAN:
            session.add(
                Correction(
                    document_id=document.id,
                    revision=document.revision,
                    field="jp",
                    lama="4",
                    baru="8",
                    pengusul_id=cast.vera.pegawai_id,
                )
            )
    for act in Act:
        builders.reason(session, act)
    message = builders.notification(session, cast.sari, document_id=documents[1].id)
    _plan(session, cast)
    grant = session.scalars(select(Penugasan.id).where(Penugasan.akun_id == cast.oki.akun_id)).one()
    answered = (cast.sari, "Mengapa JP saya separuh?"), (cast.vera, "Karena daring.")
    builders.question(session, cast.sari, documents[2])
    common = {
        "absence_id": builders.absence(session, cast.bima, cast.vera, recorder=cast.ani).id,
        "antrean_id": builders.queue(session, cast.ani, kinds=[DocumentKind.IJAZAH]).id,
        "akun_id": cast.sari.akun_id,
        "comparison_id": _comparison(session, cast).id,
        "faq_id": builders.faq(session, cast.ani).id,
        "import_id": _import(session, cast, storage).id,
        "notification_id": message.id,
        "number": 1,
        "pegawai_id": cast.sari.pegawai_id,
        "penugasan_id": grant,
        **_arrival(session, documents[0]),
        "reason_id": reason.id,
        "question_id": builders.question(session, cast.sari, documents[1], *answered).id,
        "run_id": runs.start(
            session, cause="Aturan diubah", instansi_id=cast.units.instansi_id, actor=cast.ani
        ).id,
        "spot_id": builders.spot_check(session, _approved_by_bima(session, cast, storage)).id,
        "tahun": cast.ani.today.year,
    }
    return [
        common | {"document_id": document.id, "file_id": document.files[0].id}
        for document in documents
    ]


def _approved_by_bima(session: Session, cast: Cast, storage: Storage) -> Document:
    """For Vera to look at again."""
    state = DocumentState.DISETUJUI
    return builders.document(session, cast.sari, state, verifier=cast.bima, storage=storage)


def _arrival(session: Session, document: Document) -> dict[str, uuid.UUID]:
    """A file on its way to a draft, and the order to make a paper of it."""
    upload = Upload(
        id=new_id(),
        document_id=document.id,
        sender_id=document.created_by_id,
        name="sertifikat.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        part_size=1,
    )
    order = Processing(
        id=new_id(),
        document_id=document.id,
        sender_id=document.created_by_id,
        role=FileRole.SERTIFIKAT,
        pages=[{"unggahan": str(upload.id), "putar": 0}],
    )
    session.add_all([upload, order])
    session.flush()
    return {"upload_id": upload.id, "processing_id": order.id}


def _comparison(session: Session, cast: Cast) -> RuleComparison:
    """A dry run that is done and may be applied."""
    instansi = session.get_one(Instansi, cast.units.instansi_id)
    now, then = Way("bkn-2023"), Way.of("bkn-2023", {"prorata": False, "jf_tanpa_diklat": ["guru"]})
    row = comparison.order(session, cast.ani, instansi, cast.ani.today.year, now, then)
    while comparison_work.advance(session, row.id):
        pass
    return row


def _import(session: Session, cast: Cast, storage: Storage) -> Import:
    """A file that was looked through and waits for a yes, with one thing to say about a row."""
    content, row_id = b"NIP;Total\r\n", new_id()
    row = Import(
        id=row_id,
        instansi_id=cast.units.instansi_id,
        jenis="nilai-bkn",
        nama_berkas="PIP ASN Kabupaten Cendana.csv",
        sha256=hashlib.sha256(content).hexdigest(),
        ukuran=len(content),
        kunci_objek=keys.imported(row_id),
        pratinjau={
            "baris_judul": 7,
            "kolom": {"nip": "NIP Baru", "total": "Total"},
            "tak_dikenal": ["Keterangan"],
            "baris": 3,
            "jumlah": {"baru": 1, "berubah": 0, "sama": 1, "lama": 0, "galat": 1},
            "pesan": [
                {"baris": 9, "kolom": "nip", "isi": "…2015", "pesan": "Periksa.", "galat": True}
            ],
            "banyak_pesan": 1,
        },
        oleh_id=cast.ani.pegawai_id,
    )
    session.add(row)
    session.flush()
    for key in (row.kunci_objek, keys.import_messages(row_id)):
        storage.put(key, content, "text/csv", sha256=row.sha256)
    return row
