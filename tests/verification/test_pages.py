"""The queue and the item page, as a browser without JavaScript meets them."""

from __future__ import annotations
