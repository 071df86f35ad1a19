"""The receipt of a handed-in item: a page to photograph, a PDF to keep."""

from __future__ import annotations

import uuid

from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.errors import NotFound
from portal.handin import fields
from portal.handin.blueprint import blueprint
from portal.handin.receipt_pdf import Receipt, draw
from portal.permissions import Permission
from portal.verification.quality.waiting import wait_of
from portal.web.filters import ukuran, waktu
from portal.web.htmx import render


@blueprint.get("/dokumen/<uuid:document_id>/tanda-terima")
@requires(Permission.DOCUMENTS_READ_OWN)
def receipt(document_id: uuid.UUID) -> Response:
    """The receipt, made to be printed or photographed."""
    document = _handed_in(document_id)
    return render(
        "documents/receipt.html",
        document=document,
        details_rows=fields.shown(document),
        wait=wait_of(reading(), document),
        own=document.owner_id == current_actor().pegawai_id,
    )


@blueprint.get("/dokumen/<uuid:document_id>/tanda-terima.pdf")
@requires(Permission.DOCUMENTS_READ_OWN)
def receipt_pdf(document_id: uuid.UUID) -> Response:
    """The same as a PDF."""
    document = _handed_in(document_id)
    name = f"tanda-terima-{document.receipt}.pdf"
    return Response(
        draw(_words(document)),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _handed_in(document_id: uuid.UUID) -> Document:
    document = owned(reading(), current_actor(), document_id)
    if document.receipt is None:
        raise NotFound("Tanda terima terbit setelah dokumen diajukan.")
    return document


def _words(document: Document) -> Receipt:
    owner = document.owner
    person = [
        ("Nama", owner.nama_lengkap),
        ("NIP", owner.number.spaced),
        ("Unit kerja", owner.opd.nama),
    ]
    if document.created_by_id != document.owner_id:
        person.append(("Diajukan oleh", f"{document.created_by.nama_lengkap} (operator OPD)"))
    files = [
        (
            file.role.label,
            [
                ("Isi", f"{file.pages} halaman, {ukuran(file.size)}"),
                ("SHA-256", file.sha256_stored),
            ],
        )
        for file in document.current_files
    ]
    return Receipt(
        agency=owner.instansi.nama,
        number=document.receipt or "",
        moment=f"Diajukan {waktu(document.submitted_at)} - {document.state_label}",
        title=document.title,
        parts=[("Pegawai", person), ("Data", fields.shown(document)), *files],
        note=(
            f"Sebutkan nomor terima bila Anda bertanya kepada {owner.instansi.sebutan_bkd}. "
            "Tanda terima belum berarti disetujui."
        ),
    )
