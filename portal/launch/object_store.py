"""What the object store has to know before browsers can send files to it."""

from __future__ import annotations

import structlog

from portal import storage
from portal.errors import Unavailable
from portal.settings import Settings
from portal.web.security import origin_of

log = structlog.get_logger()
REMEDY = (
    "Beri kunci penyimpanan izin PutBucketCORS, atau atur CORS bucket sendiri: asal {origin}, "
    "metode PUT dan GET, header content-type. Sampai itu unggahan dari ponsel hanya lewat "
    "formulir tanpa JavaScript."
)


def allow_browsers(settings: Settings) -> bool:
    """Let the portal's pages send parts of files to the store. A store that does not take the
    rule, or is away, keeps nothing from starting: it is logged with the remedy."""
    origin = origin_of(settings.public_url)
    try:
        storage.connect(settings).allow_browser([origin])
    except Unavailable as refusal:
        notes = getattr(refusal, "__notes__", [])
        log.warning("store_closed_to_browsers", cause=notes, remedy=REMEDY.format(origin=origin))
        return False
    return True
