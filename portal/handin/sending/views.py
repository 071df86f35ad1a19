"""All addresses of /kirim; the views declare themselves on the blueprint by being imported."""

from __future__ import annotations

from portal.handin.sending import answers, draft_views, order_views, upload_views
from portal.handin.sending.blueprint import blueprint

__all__ = ["answers", "blueprint", "draft_views", "order_views", "upload_views"]
