"""An object of somebody else does not exist, on every address that names an object."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.db import Database
from tests.support import examples
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.walk import Examples, address_of, addresses, is_public, parameters, routes

pytestmark = on_sqlite_alone
OUTSIDE = {403, 404}
"""403 where the person lacks the permission altogether, else 404."""
NO_OBJECT = {"kind", "number"}
"""Parameters that name no object of somebody's."""


@pytest.fixture
def shown(app: Flask, database: Database, cast: Cast) -> Examples:
    with database.transaction() as session:
        return examples.build(session, cast, app.extensions["storage"])


def object_routes(app: Flask) -> list[Rule]:
    return [
        rule for rule in routes(app) if parameters(rule) - NO_OBJECT and not is_public(app, rule)
    ]


def status(browser: Browser, address: str) -> int:
    with browser.client.get(address) as answer:
        return answer.status_code


def ask(browser: Browser, rule: Rule, address: str) -> dict[str, int]:
    """Status by method; a POST carries a valid token and nothing else."""
    answers: dict[str, Any] = {}
    if "GET" in (rule.methods or ()):
        answers["GET"] = status(browser, address)
    if "POST" in (rule.methods or ()):
        token = browser.last.csrf_token if browser.last else ""
        answers["POST"] = browser.client.post(address, data={"csrf_token": token}).status_code
    return answers


def test_a_colleague_elsewhere_finds_nothing_of_hers(
    app: Flask, browser: Browser, cast: Cast, shown: Examples
) -> None:
    browser.login(cast.tono)

    found = [
        (method, address, status)
        for rule in object_routes(app)
        for address in addresses(rule, shown)
        for method, status in ask(browser, rule, address).items()
        if status not in OUTSIDE
    ]

    assert found == []


def test_a_colleague_beside_her_finds_nothing_of_hers(
    app: Flask, browser: Browser, cast: Cast, shown: Examples
) -> None:
    browser.login(cast.budi)

    found = [
        (method, address, status)
        for rule in object_routes(app)
        for address in addresses(rule, shown)
        for method, status in ask(browser, rule, address).items()
        if status not in OUTSIDE
    ]

    assert found == []


@pytest.mark.parametrize("name", ["sari", "oki", "vera", "ani", "aud"])
def test_an_object_that_does_not_exist_is_not_found(
    app: Flask, browser: Browser, cast: Cast, name: str
) -> None:
    browser.login(cast.everybody[name])

    found = [
        (method, rule.rule, status)
        for rule in object_routes(app)
        for method, status in ask(browser, rule, address_of(rule)).items()
        if status not in OUTSIDE
    ]

    assert found == []


def test_every_page_of_an_object_opens_for_somebody(
    app: Flask, browser: Browser, cast: Cast, shown: Examples
) -> None:
    closed = {rule.rule for rule in object_routes(app) if "GET" in (rule.methods or ())}

    for name in ("sari", "oki", "vera", "ani", "aud"):
        browser.logout()
        browser.login(cast.everybody[name])
        for rule in object_routes(app):
            if rule.rule in closed and any(
                status(browser, address) in {200, 303} for address in addresses(rule, shown)
            ):
                closed.discard(rule.rule)

    assert closed == set()
