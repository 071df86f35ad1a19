"""/kirim/akun, /kirim/draf, /kirim/isian, /kirim/ajukan: from the account to the receipt."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from typing import Any

from flask import Response, current_app, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.access import current_actor, for_programs, reading, requires, transaction
from portal.documents.models import Document
from portal.documents.queries import owned
from portal.errors import Conflict, NotFound, Rejected
from portal.handin import actions, fields, page_marks
from portal.handin.forms import DataForm, DeclarationForm
from portal.handin.guards import EDITABLE, open_for, opened_fields
from portal.handin.kinds import FILES, card, card_of
from portal.handin.queries import colleague
from portal.handin.sending import messages
from portal.handin.sending.answers import answer, told
from portal.handin.sending.blueprint import blueprint
from portal.handin.versions import Seen, mark
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission
from portal.scoring import queries as scores
from portal.vocabulary import LabelledEnum
from portal.wording import points


@blueprint.get("/kirim/akun")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=0)
def account() -> Response:
    """Who is logged in, the key of this person's drafts on any device, and a fresh token."""
    actor = current_actor()
    return answer(
        akun=_derived("akun", actor.akun_id).hex()[:32],
        kunci=base64.b64encode(_derived("kunci", actor.akun_id)).decode(),
        csrf=generate_csrf(),
        nama=actor.nama,
    )


def _derived(purpose: str, akun_id: uuid.UUID) -> bytes:
    """32 bytes that only the portal can make, and always makes alike."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(secret, f"draf-di-perangkat:{purpose}:{akun_id}".encode(), hashlib.sha256)


@blueprint.post("/kirim/draf")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=messages.LARGEST)
def begin() -> Response:
    """Begin a draft, or go on with a draft or a repair; twice is as once."""
    actor, message = current_actor(), told(messages.Beginning)
    # With a kind the phone begins what it holds; without one it takes up what the portal holds.
    fresh = message.jenis is None or not page_marks.is_known_to_phone(message.id)
    with transaction() as session:
        if session.get(Document, message.id) is None:
            fresh = True
            _start(session, actor, message)
        document = owned(session, actor, message.id)
        if document.state in EDITABLE:
            open_for(session, actor, document, set())
    document = owned(reading(), actor, message.id)
    if document.state not in EDITABLE:
        return _handed_in(document, 409, pesan=f"Dokumen ini sudah “{document.state_label}”.")
    answered = _draft(document)
    return page_marks.remember_phone(answered, document.id, mark(document)) if fresh else answered


def _start(session: Session, actor: Actor, message: messages.Beginning) -> None:
    replaces = owned(session, actor, message.ganti) if message.ganti else None
    chosen = card_of(replaces.kind, replaces.jenis) if replaces else card(message.jenis)
    if chosen is None:
        if message.jenis is None:
            raise NotFound("Draf ini tidak ditemukan. Mungkin sudah dihapus.")
        raise Rejected("Pilih jenis dokumennya lagi.", "jenis")
    if replaces:
        owner = replaces.owner
    elif message.untuk and message.untuk != actor.pegawai_id:
        owner = colleague(session, actor, message.untuk)
    else:
        owner = session.get_one(Pegawai, actor.pegawai_id)
    actions.start_draft(
        session,
        actor,
        owner,
        document_id=message.id,
        kind=chosen.kind,
        jenis=chosen.only_jenis,
        replaces=replaces,
    )


def _draft(document: Document) -> Response:
    opened = opened_fields(document)
    needed = fields.needed_files(document)
    present = {file.role for file in document.current_files}
    has_data = bool(opened & set(fields.OF_KIND[document.kind]))
    onward = "documents.edit" if has_data else "documents.review"
    return answer(
        id=str(document.id),
        judul=document.title,
        keadaan=document.state.value,
        peran=[
            {
                "kode": role.value,
                "nama": role.label,
                "wajib": role in needed,
                "ada": role in present,
            }
            for role in FILES[document.kind]
        ],
        data={name: _as_typed(value) for name, value in fields.values_of(document).items()},
        terbuka=sorted(opened & {*fields.OF_KIND[document.kind], fields.FILES}),
        lanjut=url_for(onward, document_id=document.id),
    )


def _as_typed(value: Any) -> str | bool:
    """A value as the forms read it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, LabelledEnum):
        return value.value
    return "" if value is None else str(value)


@blueprint.post("/kirim/isian")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=messages.LARGEST)
def save() -> Response:
    """Keep the data, right or wrong; answer what is wrong and what the item would bring."""
    actor, message = current_actor(), told(messages.Entries)
    try:
        faults, seen = _keep(actor, message)
    except actions.Changed as newer:
        sentences = newer.sentences()
        return answer(salah=sentences, tanya=[], poin="", menjadi="", catatan=newer.message)
    document = owned(reading(), actor, message.dokumen)
    answered = answer(
        salah=faults,
        tanya=fields.questions(fields.values_of(document)),
        **_gain(document, actor, faults),
    )
    return page_marks.remember_phone(answered, document.id, seen)


def _keep(actor: Actor, message: messages.Entries) -> tuple[dict[str, str], str]:
    """Write what can be written; the sentence of every field that is wrong or missing, and the mark
    of what stands there now. Raises Changed when that would overwrite what this phone does not
    know."""
    document = owned(reading(), actor, message.dokumen)
    if document.state not in EDITABLE:
        raise Conflict(
            f"Dokumen ini berstatus “{document.state_label}”, jadi isinya tidak dapat diubah lagi."
        )
    opened = opened_fields(document)
    present = {name: _as_typed(value) for name, value in fields.values_of(document).items()}
    typed = MultiDict({name: _typed(value) for name, value in (present | message.isian).items()})
    form = DataForm.of(document, opened, typed=typed)
    values = {name: value for name, value in form.values().items() if name in message.isian}
    known = page_marks.known_to_phone(message.dokumen)
    with transaction() as session:
        held = owned(session, actor, message.dokumen)
        actions.fill(session, actor, held, values, seen=known)
        seen = mark(held)
    form.check(document, actor.today)
    return {field.name: field.errors[0] for field in form if field.errors}, seen


def _typed(value: messages.Value) -> str:
    """A value of JSON as a form would send it; what is off or unknown is empty."""
    if isinstance(value, bool):
        return "y" if value else ""
    return "" if value is None else str(value)


def _gain(document: Document, actor: Actor, faults: dict[str, str]) -> dict[str, Any]:
    """Points are nobody's business but the owner's."""
    none = {"poin": "", "menjadi": "", "catatan": ""}
    if faults or document.owner_id != actor.pegawai_id:
        return none
    gain = scores.gain_if_approved(reading(), document, today=actor.today)
    if gain.poin > 0 and gain.total is not None and gain.kategori is not None:
        total = f"{points(gain.total)} {gain.kategori.label}"
        return none | {"poin": f"+{points(gain.poin)} poin", "menjadi": total}
    return none | {"catatan": gain.catatan}


@blueprint.post("/kirim/ajukan")
@requires(Permission.DOCUMENTS_HAND_IN)
@for_programs(largest=messages.LARGEST)
def submit() -> Response:
    """Keep the data and hand in; once it is handed in, every repetition tells the same receipt."""
    actor, message = current_actor(), told(messages.Submission)
    document = owned(reading(), actor, message.dokumen)
    if document.receipt and (document.state not in EDITABLE or message.keadaan == "draf"):
        return _handed_in(document)
    try:
        faults, seen = _keep(actor, message)
    except actions.Changed as newer:
        # Once this answer has arrived the phone knows; handing in again is its person's choice.
        refused = answer(422, pesan=newer.message, isian=newer.sentences())
        return page_marks.remember_phone(refused, message.dokumen, newer.mark)
    if not message.benar:
        faults["benar"] = DeclarationForm.UNTICKED
    if faults:
        refused = answer(422, pesan="Lengkapi isian yang ditandai, lalu ajukan lagi.", isian=faults)
        return page_marks.remember_phone(refused, message.dokumen, seen)
    with transaction() as session:
        document = owned(session, actor, message.dokumen)
        actions.hand_in(session, actor, document, seen=Seen.read(seen))
    return _handed_in(document)


def _handed_in(document: Document, status: int = 200, **more: str) -> Response:
    return answer(
        status,
        tanda_terima=document.receipt,
        tautan=url_for("documents.show", document_id=document.id),
        **more,
    )
