"""An open proposal to withdraw an approval: agree, let the approval stand, take it back."""

from __future__ import annotations

import uuid

from flask import Response, flash, request

from portal.access import current_actor, requires, transaction
from portal.errors import Conflict, Rejected
from portal.permissions import Permission
from portal.verification import grace, revocations
from portal.verification.blueprint import blueprint
from portal.verification.forms import RevisionForm
from portal.verification.item_page import Attempt, again
from portal.verification.messages import short_title
from portal.verification.onward import to_item
from portal.verification.queries import document_in_scope

REVOKE = Permission.VERIFY_REVOKE


@blueprint.post("/<uuid:document_id>/usul-cabut/setujui")
@requires(REVOKE)
def agree_to_revoke(document_id: uuid.UUID) -> Response:
    """The approval is withdrawn; for some seconds that can be taken back."""
    actor, form = current_actor(), RevisionForm()
    try:
        with transaction() as writing:
            document = document_in_scope(writing, actor, document_id, REVOKE)
            revocations.agree(writing, actor, document, revision=form.revision)
            said = f"Persetujuan dicabut: {short_title(document)}, {document.owner.nama}."
    except (Conflict, Rejected) as refusal:
        return again(document_id, Attempt(), refusal)
    grace.remember(document_id, said)
    return to_item(document_id)


@blueprint.post("/<uuid:document_id>/usul-cabut/tolak")
@requires(REVOKE)
def decline_to_revoke(document_id: uuid.UUID) -> Response:
    """The approval stands; whoever proposed reads why."""
    actor = current_actor()
    note = request.form.get("catatan", "").replace("\0", "").replace("\r\n", "\n").strip()
    try:
        with transaction() as writing:
            document = document_in_scope(writing, actor, document_id, REVOKE)
            revocations.decline(writing, actor, document, note)
    except (Conflict, Rejected) as refusal:
        return again(document_id, Attempt(note=note), refusal)
    flash("Usul cabut tidak disetujui. Pengusul diberi tahu; persetujuannya tetap berlaku.", "ok")
    return to_item(document_id)


@blueprint.post("/<uuid:document_id>/usul-cabut/tarik")
@requires(REVOKE)
def take_back_proposal(document_id: uuid.UUID) -> Response:
    """Whoever proposed thinks otherwise; the approval stands."""
    actor = current_actor()
    try:
        with transaction() as writing:
            document = document_in_scope(writing, actor, document_id, REVOKE)
            revocations.take_back(writing, actor, document)
    except Conflict as refusal:
        return again(document_id, Attempt(), refusal)
    flash("Usul Anda ditarik. Persetujuannya tetap berlaku.", "ok")
    return to_item(document_id)
