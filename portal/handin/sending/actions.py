"""Acts of a phone: announce a file, say that it is complete, have a paper made of uploads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import now
from portal.documents.arrivals import Processing, Upload
from portal.documents.intake import display_name
from portal.documents.intake.limits import megabytes
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.errors import Conflict, NotFound, Rejected
from portal.handin import fields, processing
from portal.handin.guards import EDITABLE, check_not_handed_in, open_for
from portal.handin.kinds import FILES
from portal.handin.sending import queries
from portal.handin.sending.messages import Announcement, Order, Page
from portal.handin.versions import PaperChanged, Seen
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.vocabulary import DocumentState, FileRole

PART_SIZE = 256 * 1024
"""Bytes of a part: five seconds at 400 kbit/s, so a broken line costs no more than that."""
MOST_WAITING = 300 * 1024 * 1024
"""Bytes that one person may have on the way: twenty drafts of a few photos as phones take them."""
MOST_KEPT = 1024 * 1024 * 1024
"""The same with the files of which papers were made: their parts stay until the hand-in, so that
pages can be turned and reordered."""
CONTENT_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/heic",
        "image/heif",
        "application/pdf",
        "application/octet-stream",
    }
)
"""The last one where a phone does not know; what a file is, its bytes tell later."""
TURNS = (0, 90, 180, 270)
TAKEN = "Nomor unggahan ini sudah dipakai berkas lain. Kirim ulang berkasnya."


class TooLarge(Rejected):
    """More bytes than one file may have."""


class Incomplete(Conflict):
    """Parts are missing, or of another size than announced; `numbers` have to be sent."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        super().__init__("Berkas belum sampai seluruhnya. Bagian yang kurang dikirim lagi.")


@dataclass(frozen=True)
class Bounds:
    """Of the settings: how large a file, how many pages."""

    max_bytes: int
    max_pages: int


def announce(
    session: Session, actor: Actor, message: Announcement, bounds: Bounds
) -> tuple[Upload, bool]:
    """The row of a file that is to come, and whether it is new; the same call again changes
    nothing.

    Raises TooLarge, Rejected for what the portal does not take, Duplicate when the owner handed in
    the same file before, NotFound when the id belongs to somebody else's file.
    """
    document = owned(session, actor, message.dokumen)
    open_for(session, actor, document, {fields.FILES})
    known = _known(session, actor, message)
    if known is not None:
        return known, False
    _check_file(message, bounds)
    _check_room(session, actor, document, message, bounds)
    hashes = [message.sha256, *([message.sha256_asal] if message.sha256_asal else [])]
    check_not_handed_in(session, document.owner_id, hashes, document.id)
    upload = Upload(
        id=message.id,
        document_id=document.id,
        sender_id=actor.pegawai_id,
        name=display_name(message.nama),
        content_type=message.jenis,
        size=message.ukuran,
        sha256=message.sha256,
        sha256_source=message.sha256_asal,
        part_size=PART_SIZE,
    )
    try:
        with session.begin_nested():
            session.add(upload)
    except IntegrityError as error:  # the same id at the same moment, for another item
        raise Conflict(TAKEN) from error
    return upload, True


def _known(session: Session, actor: Actor, message: Announcement) -> Upload | None:
    known = session.get(Upload, message.id, populate_existing=True)
    if known is None:
        return None
    if known.sender_id != actor.pegawai_id or known.document_id != message.dokumen:
        raise NotFound(queries.NO_UPLOAD)
    if (known.size, known.sha256) != (message.ukuran, message.sha256):
        raise Conflict(TAKEN)
    return known


def _check_file(message: Announcement, bounds: Bounds) -> None:
    if message.jenis not in CONTENT_TYPES:
        raise Rejected("Pilih foto (JPG, PNG, WebP, HEIC) atau PDF.", "jenis")
    if message.ukuran < 1:
        raise Rejected("Berkas ini kosong. Foto atau pilih lagi.", "ukuran")
    if message.ukuran > bounds.max_bytes:
        raise TooLarge(
            f"Berkas {megabytes(message.ukuran)}. Paling besar {megabytes(bounds.max_bytes)}. "
            "Foto ulang dengan resolusi lebih kecil atau pilih PDF.",
            "ukuran",
        )


def _check_room(
    session: Session, actor: Actor, document: Document, message: Announcement, bounds: Bounds
) -> None:
    # Announcements for two items of one person follow each other: each sees the other's bytes.
    sender = select(Pegawai.id).where(Pegawai.id == actor.pegawai_id)
    session.execute(sender.with_for_update(key_share=True))
    waiting = queries.on_the_way(session, actor.pegawai_id, document.id)
    most = bounds.max_pages * len(FILES[document.kind])
    if waiting.incomplete >= most:
        raise Rejected(
            f"Sudah {waiting.incomplete} berkas dokumen ini yang belum selesai terkirim. "
            "Tunggu sampai terkirim, atau hapus draf ini dan mulai lagi."
        )
    for size, bound in ((waiting.size, MOST_WAITING), (waiting.kept, MOST_KEPT)):
        if size + message.ukuran > bound:
            raise Rejected(
                f"Berkas yang belum Anda ajukan sudah {megabytes(size)}. Paling banyak "
                f"{megabytes(bound)}. Ajukan atau hapus draf lain lebih dahulu."
            )


def missing_parts(upload: Upload, present: Mapping[int, int]) -> list[int]:
    """Numbers of the parts that are not there in their size; `present` maps number to bytes."""
    return [
        number
        for number in range(1, upload.parts + 1)
        if present.get(number) != upload.size_of_part(number)
    ]


def check_takes_part(upload: Upload, state: DocumentState, number: int, size: int) -> None:
    """Raises unless this part may come now, in this size."""
    if not 1 <= number <= upload.parts:
        raise NotFound(f"Berkas ini terdiri atas {upload.parts} bagian.")
    if state not in EDITABLE:
        raise Conflict("Dokumen ini sudah diajukan, jadi berkasnya tidak dapat ditambah lagi.")
    if upload.completed_at is not None:
        raise Conflict("Berkas ini sudah sampai seluruhnya.")
    wanted = upload.size_of_part(number)
    if size > wanted:
        raise Rejected(f"Bagian {number} terlalu panjang: {size} dari {wanted} byte. Kirim ulang.")
    if size < wanted:
        raise Rejected(f"Bagian {number} terlalu pendek: {size} dari {wanted} byte. Kirim ulang.")


def complete(
    session: Session, upload: Upload, state: DocumentState, present: Mapping[int, int]
) -> None:
    """Write down that every part is in the store; saying so twice is no error.

    Raises Incomplete with the numbers of the parts to send.
    """
    if upload.completed_at is not None:
        return
    if state not in EDITABLE:
        raise Conflict("Dokumen ini sudah diajukan, jadi berkasnya tidak dapat ditambah lagi.")
    missing = missing_parts(upload, present)
    if missing:
        raise Incomplete(missing)
    session.execute(
        update(Upload)
        .where(Upload.id == upload.id, Upload.completed_at.is_(None))
        .values(completed_at=now())
    )


def order(
    session: Session, actor: Actor, message: Order, max_pages: int, *, seen: Seen | None = None
) -> bool:
    """Have a paper made; False when this very order is known already. A newer order for the same
    role takes the place of one that is under way. Call `Queue.wake` after the commit.

    Raises Incomplete while an upload lacks parts, NotFound for uploads of other items,
    PaperChanged when the present paper came by the form and was not `seen` (None: nobody asks).
    """
    document = owned(session, actor, message.dokumen)
    if _is_known(session, actor, message):
        return False
    open_for(session, actor, document, {fields.FILES})
    if _is_known(session, actor, message):  # another tap was faster, and let the item go
        return False
    if message.peran not in FILES[document.kind]:
        raise Rejected(
            f"{message.peran.label} tidak diperlukan untuk {document.kind.label.lower()}.", "peran"
        )
    _check_pages(message.halaman, max_pages)
    _check_uploads(session, actor, message)
    _check_seen(session, document, message.peran, seen)
    made = Processing(
        id=message.id,
        document_id=document.id,
        sender_id=actor.pegawai_id,
        role=message.peran,
        pages=_plain(message.halaman),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:  # the same id at the same moment, for another item
        raise Conflict(TAKEN) from error
    processing.order(session, made)
    return True


def _is_known(session: Session, actor: Actor, message: Order) -> bool:
    known = session.get(Processing, message.id, populate_existing=True)
    if known is None:
        return False
    if known.sender_id != actor.pegawai_id or known.document_id != message.dokumen:
        raise NotFound(queries.NO_ORDER)
    if (known.role, known.pages) != (message.peran, _plain(message.halaman)):
        raise Conflict("Nomor olahan ini sudah dipakai susunan halaman lain. Kirim ulang.")
    return True


def _check_pages(pages: Sequence[Page], max_pages: int) -> None:
    if not pages:
        raise Rejected("Belum ada halaman. Foto atau pilih berkasnya lebih dahulu.", "halaman")
    if len(pages) > max_pages:
        raise Rejected(
            f"Seluruhnya {len(pages)} berkas. Paling banyak {max_pages} halaman. "
            "Pilih hanya halaman yang diperlukan.",
            "halaman",
        )
    if any(page.putar not in TURNS for page in pages):
        raise Rejected("Halaman hanya dapat diputar 90, 180, atau 270 derajat.", "halaman")


def _check_uploads(session: Session, actor: Actor, message: Order) -> None:
    wanted = {page.unggahan for page in message.halaman}
    rows = session.execute(
        select(Upload.id, Upload.completed_at).where(
            Upload.id.in_(wanted),
            Upload.document_id == message.dokumen,
            Upload.sender_id == actor.pegawai_id,
        )
    ).all()
    if len(rows) != len(wanted):
        raise NotFound(queries.NO_UPLOAD)
    lacking = {row.id for row in rows if row.completed_at is None}
    if lacking:
        numbers = [
            number for number, page in enumerate(message.halaman, 1) if page.unggahan in lacking
        ]
        raise Incomplete(numbers)


def _check_seen(session: Session, document: Document, role: FileRole, seen: Seen | None) -> None:
    present = next((file for file in document.current_files if file.role is role), None)
    if seen is None or present is None or seen.has_seen(document, role, present.id):
        return
    # What the phone had made itself is nothing foreign to it, whenever the worker finished it.
    ordered = select(Processing.id).where(
        Processing.document_id == document.id, Processing.file_id == present.id
    )
    if session.scalar(ordered.limit(1)) is None:
        raise PaperChanged(role)


def _plain(pages: Sequence[Page]) -> list[dict[str, object]]:
    return [{"unggahan": str(page.unggahan), "putar": page.putar} for page in pages]
