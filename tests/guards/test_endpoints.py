"""Every endpoint, also those that somebody adds next year."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import Rule

from portal.access import declared_access, is_for_programs
from portal.accounts.models import Penugasan
from portal.db import Database
from portal.vocabulary import Role
from tests.guards.role_table import TABLE, table
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.walk import address_of, is_public, routes

pytestmark = on_sqlite_alone
SEGMENT = re.compile(r"[a-z0-9]+([-.][a-z0-9]+)*|<(uuid|int|string\([^)]*\)):[a-z_]+>")
DOORS = ("/masuk", "/sesi-berakhir")


def test_who_forgets_to_declare_opens_nothing(app: Flask, browser: Browser, cast: Cast) -> None:
    app.add_url_rule("/belum-dinyatakan", "belum", lambda: "terbuka")
    browser.enter(cast.ani)

    assert browser.client.get("/belum-dinyatakan").status_code == 403


SIGNED = "mail.unsubscribe"
"""The one address that needs no form token: mail programs post to it (RFC 8058), and it is
signed itself."""


def posts(app: Flask) -> list[Rule]:
    return [
        rule for rule in routes(app) if "POST" in (rule.methods or ()) and rule.endpoint != SIGNED
    ]


def for_people(app: Flask, method: str) -> list[Rule]:
    """Closed addresses of pages and forms."""
    return [
        rule
        for rule in routes(app)
        if method in (rule.methods or ())
        and not is_public(app, rule)
        and not is_for_programs(app, rule.endpoint)
    ]


def test_every_endpoint_declares_a_permission_or_that_it_is_public(app: Flask) -> None:
    assert [name for name in app.view_functions if declared_access(app, name) is None] == []


def test_the_table_of_roles_and_endpoints_is_the_one_that_was_judged(app: Flask) -> None:
    assert table(app) == TABLE.read_text(), "judge, then: python -m tests.guards.role_table"


def test_addresses_are_kebab_case_and_typed(app: Flask) -> None:
    odd = [
        rule.rule
        for rule in routes(app)
        if not all(SEGMENT.fullmatch(part) for part in rule.rule.strip("/").split("/") if part)
    ]

    assert odd == []


def test_no_address_ends_in_a_slash(app: Flask) -> None:
    assert [rule.rule for rule in routes(app) if rule.rule.endswith("/") and rule.rule != "/"] == []


def test_views_answer_get_or_post_alone(app: Flask) -> None:
    odd = {
        rule.rule: set(rule.methods or ()) - {"GET", "HEAD", "OPTIONS", "POST"}
        for rule in routes(app)
    }

    assert {path: methods for path, methods in odd.items() if methods} == {}


def test_nothing_but_a_signed_address_is_exempt_from_csrf_protection(app: Flask) -> None:
    csrf = app.extensions["csrf"]
    view = app.view_functions[SIGNED]

    assert csrf._exempt_views == {f"{view.__module__}.{view.__name__}"}
    assert csrf._exempt_blueprints == set()


def test_a_post_without_csrf_token_is_refused(
    app: Flask, browser: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:  # who may do everything is stopped by the token alone
        session.add_all(
            Penugasan(akun_id=cast.ani.akun_id, peran=role, instansi_id=cast.ani.instansi_id)
            for role in Role
        )
    browser.enter(cast.ani)

    answers = {rule.rule: browser.client.post(address_of(rule)).status_code for rule in posts(app)}

    assert {path: status for path, status in answers.items() if status != 400} == {}


def test_anonymous_is_led_to_the_login_by_every_page(app: Flask, browser: Browser) -> None:
    led = {rule.rule: browser.client.get(address_of(rule)) for rule in for_people(app, "GET")}

    assert [
        (path, answer.status_code, answer.location)
        for path, answer in led.items()
        if answer.status_code != 303 or not answer.location.startswith(DOORS)
    ] == []


def test_anonymous_sends_no_form_to_a_closed_address(app: Flask, browser: Browser) -> None:
    browser.get(path="/masuk")
    closed = for_people(app, "POST")

    sent = {
        rule.rule: browser.client.post(
            address_of(rule), data={"csrf_token": browser.last.csrf_token if browser.last else ""}
        )
        for rule in closed
    }

    assert [
        (path, answer.status_code, answer.location)
        for path, answer in sent.items()
        if answer.status_code != 303 or not answer.location.startswith(DOORS)
    ] == []


def test_an_htmx_call_after_the_session_is_told_where_to_log_in(
    app: Flask, browser: Browser
) -> None:
    pages = [
        rule for rule in routes(app) if "GET" in (rule.methods or ()) and not is_public(app, rule)
    ]

    answers = {
        rule.rule: browser.client.get(address_of(rule), headers={"HX-Request": "true"})
        for rule in pages
    }

    assert [
        path
        for path, answer in answers.items()
        if answer.status_code != 401
        or not answer.headers.get("HX-Redirect", "").startswith("/masuk?lanjut=")
    ] == []


def test_a_script_without_login_is_told_so_in_json(app: Flask, browser: Browser) -> None:
    browser.get(path="/masuk")
    token = {"X-CSRFToken": str(browser.last.csrf_token if browser.last else "")}
    closed = [rule for rule in routes(app) if is_for_programs(app, rule.endpoint)]

    answers = {
        rule.rule: browser.client.open(
            address_of(rule),
            method="POST" if "POST" in (rule.methods or ()) else "GET",
            headers=token,
        )
        for rule in closed
    }

    assert [
        (path, answer.status_code)
        for path, answer in answers.items()
        if answer.status_code != 401 or not (answer.get_json() or {}).get("pesan")
    ] == []
