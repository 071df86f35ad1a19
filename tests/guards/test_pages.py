"""Every page, for everybody who may open it, with an example of everything it can show."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.access import declared_access
from portal.db import Database
from portal.permissions import Actor
from tests.guards.role_table import may_open
from tests.support import builders, examples
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements, writes
from tests.support.walk import Examples, addresses, routes

pytestmark = on_sqlite_alone
PEOPLE = ["sari", "oki", "vivi", "kepala", "vera", "ani", "aud"]
"""One of each role."""
MOST_QUERIES = 12
USUAL = {200, 303, 403, 404, 409, 410}
READING_LINE = re.compile(r"INSERT INTO audit\b", re.IGNORECASE)
"""The one line that a GET may write: who read the papers of whom."""


@pytest.fixture
def shown(app: Flask, database: Database, cast: Cast) -> Examples:
    with database.transaction() as session:
        return examples.build(session, cast, app.extensions["storage"])


def pages(app: Flask, actor: Actor) -> list[Rule]:
    """What the person may open at all."""
    return [
        rule
        for rule in routes(app)
        if "GET" in (rule.methods or ()) and may_open(declared_access(app, rule.endpoint), actor)
    ]


def person(cast: Cast, name: str) -> Actor:
    return cast.everybody[name]


def every_address(app: Flask, actor: Actor, shown: Examples) -> list[str]:
    return [address for rule in pages(app, actor) for address in addresses(rule, shown)]


def visit(browser: Browser, address: str, headers: dict[str, str] | None = None) -> list[str]:
    """What is wrong with the answer; a page that breaks down is one fault among others."""
    try:
        with browser.client.get(address, headers=headers) as answer:
            if answer.status_code not in USUAL:
                return [f"answered {answer.status_code}"]
            return browser.faults_of(answer)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the walk goes on
        return [f"{type(error).__name__}: {str(error)[:200]}"]


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_is_good_and_changes_nothing(
    app: Flask, browser: Browser, cast: Cast, shown: Examples, name: str
) -> None:
    browser.enter(person(cast, name))

    faults = []
    for address in every_address(app, person(cast, name), shown):
        with statements(app) as seen:
            faults += [f"{address}: {fault}" for fault in visit(browser, address)]
        changed = [sql for sql in writes(seen) if not READING_LINE.match(sql)]
        faults += [f"{address} changed something: {sql}" for sql in changed]

    assert faults == []


@pytest.mark.parametrize("name", ["sari", "vera", "ani"])
def test_every_part_for_htmx_is_good(
    app: Flask, browser: Browser, cast: Cast, shown: Examples, name: str
) -> None:
    browser.enter(person(cast, name))

    faults = [
        f"{address}: {fault}"
        for address in every_address(app, person(cast, name), shown)
        for fault in visit(browser, address, {"HX-Request": "true"})
    ]

    assert faults == []


@pytest.mark.parametrize("name", ["sari", "oki", "vera", "ani"])
def test_queries_are_few_and_do_not_grow_with_the_data(
    app: Flask, browser: Browser, database: Database, cast: Cast, shown: Examples, name: str
) -> None:
    actor = person(cast, name)
    browser.enter(actor)
    listed = every_address(app, actor, shown)

    before = {address: _count(app, browser, address) for address in listed}
    with database.transaction() as session:
        builders.colleagues(session, cast.sari, 200)
        for state in examples.EVERY_STATE * 4:
            builders.document(session, cast.sari, state, verifier=cast.vera)
            builders.document(session, cast.tono, state, verifier=cast.bima)
            builders.notification(session, actor)
    after = {address: _count(app, browser, address) for address in listed}

    assert {path: (before[path], n) for path, n in after.items() if n > before[path]} == {}
    assert {path: n for path, n in after.items() if n > MOST_QUERIES} == {}


def _count(app: Flask, browser: Browser, address: str) -> int:
    with statements(app) as seen:
        browser.client.get(address).close()
    return len(seen)
