"""axe finds nothing on any page, light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from portal.permissions import Actor
from portal.settings import Settings
from portal.storage import connect
from tests.guards.test_pages import pages
from tests.support import examples
from tests.support.app import MakeApp
from tests.support.live import LivePortal
from tests.support.walk import Examples, addresses

PEOPLE = ["sari", "oki", "vera", "ani", "aud"]
FILES = ("/berkas", "/halaman", "/gambar", "/unduh")
"""Last parts of addresses that answer a file, not a page."""


@pytest.fixture
def shown(live_portal: LivePortal) -> Examples:
    settings = Settings.from_env(live_portal.environment)
    with live_portal.database.transaction() as session:
        return examples.build(session, live_portal.cast, connect(settings))


@pytest.fixture
def application(live_portal: LivePortal, make_app: MakeApp) -> Flask:
    """The same portal in this process, for its list of addresses."""
    return make_app(Settings.from_env(live_portal.environment))


def examine(
    live: LivePortal, page: Page, axe: Callable[[Page], list[str]], found: list[str]
) -> list[str]:
    """Faults of the addresses `found`, each in light and dark."""
    faults, opened = [], 0
    for address in found:
        answer = page.request.get(f"{live.url}{address}")
        if not (answer.ok and "text/html" in answer.headers.get("content-type", "")):
            continue
        live.open(page, address)
        opened += 1
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            faults += [f"{address} ({scheme}): {fault}" for fault in axe(page)]
    assert opened > 5, "a walk that opens nothing finds nothing"
    return faults


def page_addresses(application: Flask, actor: Actor, shown: Examples) -> list[str]:
    return [
        address
        for rule in pages(application, actor)
        for address in addresses(rule, shown)
        if not address.endswith(FILES)
    ]


@pytest.mark.parametrize("name", PEOPLE)
def test_axe_finds_nothing_on_a_phone(
    live_portal: LivePortal,
    application: Flask,
    phone: Page,
    axe: Callable[[Page], list[str]],
    shown: Examples,
    name: str,
) -> None:
    actor = live_portal.cast.everybody[name]
    live_portal.login(phone, actor)

    assert examine(live_portal, phone, axe, page_addresses(application, actor, shown)) == []


def test_axe_finds_nothing_on_the_desk_of_a_verifikator(
    live_portal: LivePortal,
    application: Flask,
    desktop: Page,
    axe: Callable[[Page], list[str]],
    shown: Examples,
) -> None:
    vera = live_portal.cast.vera
    live_portal.login(desktop, vera)

    assert examine(live_portal, desktop, axe, page_addresses(application, vera, shown)) == []
