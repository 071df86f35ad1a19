"""/profil/data-saya/berkas: the own papers as one ZIP."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from portal import audit
from portal.access import current_actor, requires, transaction
from portal.documents.serving import storage
from portal.operations import person_file
from portal.permissions import Permission
from portal.storage.disposition import content_disposition

blueprint = Blueprint("person_file", __name__)
ACTION = "account:papers-copied"


@blueprint.post("/profil/data-saya/berkas")
@requires(Permission.PROFILE_OWN)
def download() -> Response:
    """Every own paper with its list, streamed. A POST, because the taking is recorded."""
    actor = current_actor()
    with transaction() as session:
        whole = person_file.gather(session, actor.pegawai_id)
        audit.record(session, actor, ACTION, actor.pegawai_id, dokumen=len(whole.items))
    response = current_app.response_class(
        person_file.written(storage(), whole), mimetype="application/zip"
    )
    name = f"berkas-saya-{actor.today:%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = content_disposition("attachment", name)
    return response
