"""Static files: kept for ever under an address that changes with them, never else."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.settings import ROOT
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
CSS = "/static/css/portal.css"


def test_a_page_names_files_by_their_content(client: FlaskClient) -> None:
    html = client.get("/masuk").get_data(as_text=True)

    addresses = re.findall(r'(?:href|src)="(/static/[^"#]+)', html)

    assert addresses
    assert [address for address in addresses if not re.search(r"\?v=[0-9a-f]{10}$", address)] == []


def test_a_named_version_is_kept_for_a_year(client: FlaskClient) -> None:
    with client.get(f"{CSS}?v=0123456789") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_without_a_version_is_asked_for_again(client: FlaskClient) -> None:
    with client.get(CSS) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip"])
def test_a_file_that_has_not_changed_is_not_sent_again(client: FlaskClient, encoding: str) -> None:
    accepted = {"Accept-Encoding": encoding}
    with client.get(CSS, headers=accepted) as first:
        tag = first.headers["ETag"]

    with client.get(CSS, headers={"If-None-Match": tag, **accepted}) as second:
        assert (second.status_code, second.data) == (304, b"")


def test_a_missing_file_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/css/tidak-ada.css?v=1")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize(
    "path", ["/static/../portal/settings.py", "/static/%2e%2e/wsgi.py", "/static//etc/passwd"]
)
def test_nothing_outside_the_folder_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in {308, 404}


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_style_sheets_are_sent_compressed(client: FlaskClient, encoding: str) -> None:
    with client.get(CSS, headers={"Accept-Encoding": encoding}) as answer:
        assert answer.headers["Content-Encoding"] == encoding
        assert len(answer.data) < (ROOT / CSS.lstrip("/")).stat().st_size / 2


def test_a_file_that_changes_gets_another_address(app: Flask) -> None:
    asset = app.jinja_env.globals["asset"]
    with app.test_request_context():
        css, script = asset("css/portal.css"), asset("js/portal.js")  # type: ignore[operator]

    assert css.partition("?")[2] != script.partition("?")[2]
