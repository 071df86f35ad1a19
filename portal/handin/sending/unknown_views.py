"""Addresses of /kirim that do not exist: told to the script in JSON, as everything here."""

from __future__ import annotations

from flask import Response

from portal.access import public
from portal.errors import NotFound
from portal.handin.sending.blueprint import blueprint


@blueprint.route("/kirim/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@public
def unknown(rest: str) -> Response:  # noqa: ARG001 -- wherever it leads
    """An id that is none, a method that is not taken, an address of a newer script."""
    raise NotFound("Alamat ini tidak dikenal. Muat ulang halaman ini lalu coba lagi.")
