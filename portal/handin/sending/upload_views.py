"""/kirim/unggahan: a file comes in parts, to the store itself or (local folder) through here."""

from __future__ import annotations

import hashlib
import uuid

from flask import Response, current_app, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import ClientDisconnected, LengthRequired

from portal.access import current_actor, for_programs, reading, requires, transaction
from portal.documents.arrivals import Upload
from portal.documents.serving import storage
from portal.errors import Conflict, Rejected
from portal.handin.sending import actions, messages, queries
from portal.handin.sending.answers import answer, told
from portal.handin.sending.blueprint import blueprint
from portal.permissions import Permission
from portal.settings import Settings
from portal.storage import keys

BINARY = "application/octet-stream"
"""A part is no picture and no paper: nothing will ever show it."""
SECONDS = 900
"""For which a signed request is good; parts that come later are announced again."""
LARGEST_PART = 1024 * 1024


def bounds() -> actions.Bounds:
    settings: Settings = current_app.extensions["settings"]
    return actions.Bounds(settings.max_file_bytes, settings.max_pages)


@blueprint.post("/kirim/unggahan")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=messages.LARGEST)
def announce() -> Response:
    """Announce a file, or ask again which parts are still missing."""
    message = told(messages.Announcement)
    with transaction() as session:
        upload, new = actions.announce(session, current_actor(), message, bounds())
    if upload.completed_at is not None:
        missing = []
    else:
        missing = actions.missing_parts(upload, {} if new else _present(upload))
    return answer(
        ukuran_bagian=upload.part_size,
        jumlah_bagian=upload.parts,
        bagian=[_request_for(upload, number) for number in missing],
    )


def _present(upload: Upload) -> dict[int, int]:
    """Number → bytes of the parts in the store."""
    found = storage().iterate(keys.uploads(upload.id))
    numbered = {keys.part_number(info.key): info.size for info in found}
    return {number: size for number, size in numbered.items() if number is not None}


def _request_for(upload: Upload, number: int) -> dict[str, object]:
    """What the phone sends to deliver this part, word by word."""
    size = upload.size_of_part(number)
    signed = storage().presign_part(
        keys.part(upload.id, number), size=size, content_type=BINARY, seconds=SECONDS
    )
    if signed is not None:
        url, method, headers = signed.url, signed.method, dict(signed.headers)
    else:
        url = url_for("sending.take_part", upload_id=upload.id, number=number)
        method, headers = "POST", {"Content-Type": BINARY, "X-CSRFToken": generate_csrf()}
    return {"nomor": number, "ukuran": size, "url": url, "metode": method, "kepala": headers}


@blueprint.post("/kirim/unggahan/<uuid:upload_id>/bagian/<int:number>")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=LARGEST_PART)
def take_part(upload_id: uuid.UUID, number: int) -> Response:
    """Take one part into the local folder. It is read to its end before anything is judged: a
    phone that is answered in the midst of sending sees a broken line instead."""
    data = _body()
    upload, state = queries.upload_of(reading(), current_actor(), upload_id)
    actions.check_takes_part(upload, state, number, len(data))
    key = keys.part(upload_id, number)
    if storage().presign_part(key, size=len(data), content_type=BINARY, seconds=1) is not None:
        raise Conflict("Bagian berkas dikirim langsung ke penyimpanan. Umumkan berkasnya lagi.")
    storage().put(key, data, BINARY, sha256=hashlib.sha256(data).hexdigest())
    return Response(status=204)


def _body() -> bytes:
    if request.content_length is None:
        raise LengthRequired
    try:
        return request.stream.read()
    except ClientDisconnected as error:
        raise Rejected("Bagian ini terputus di tengah jalan. Kirim ulang.") from error


@blueprint.post("/kirim/unggahan/<uuid:upload_id>/selesai")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=messages.LARGEST)
def complete(upload_id: uuid.UUID) -> Response:
    """Compare what the store holds with what was announced."""
    actor = current_actor()
    upload, _ = queries.upload_of(reading(), actor, upload_id)
    present = {} if upload.completed_at else _present(upload)  # outside of any transaction
    with transaction() as session:
        upload, state = queries.upload_of(session, actor, upload_id)
        actions.complete(session, upload, state, present)
    return answer(lengkap=True)
