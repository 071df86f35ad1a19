"""Acts as htmx sends them from the desk that replaces itself."""

from __future__ import annotations

import uuid

from werkzeug.test import TestResponse

from tests.support.app import Browser

IN_PLACE = {"HX-Request": "true", "HX-Target": "meja"}


def in_place(browser: Browser, address: str, **fields: object) -> TestResponse:
    """A form as htmx sends it from the desk."""
    data = {"csrf_token": browser._csrf_token(), **fields}
    return browser.client.post(address, data=data, headers=IN_PLACE)


def approve(browser: Browser, item: uuid.UUID) -> TestResponse:
    return in_place(browser, f"/verifikasi/{item}/setujui", revisi=1)
