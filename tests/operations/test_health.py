"""Is the process alive, is the portal ready, and what people read when something is away."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.db import Database
from portal.settings import Settings
from tests.support.app import MakeApp
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


@pytest.fixture
def without_database(settings: Settings, make_app: MakeApp, tmp_path: Path) -> FlaskClient:
    """A portal whose database file lies in a folder that is not there."""
    away = dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path}/tidak/ada.db")
    return make_app(away).test_client()


def test_a_living_process_says_so(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_living_process_needs_no_database(without_database: FlaskClient) -> None:
    assert without_database.get("/healthz").status_code == 200


def test_a_portal_with_everything_in_place_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok", "faults": []})


def test_a_database_that_is_away_is_named(without_database: FlaskClient) -> None:
    answer = without_database.get("/readyz")

    assert (answer.status_code, answer.json) == (
        503,
        {"status": "not ready", "faults": ["database"]},
    )


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE alembic_version SET version_num = '0001_first_release'",
        "DELETE FROM alembic_version",
        "DROP TABLE alembic_version",
    ],
)
def test_a_database_that_awaits_its_migration_is_named(
    database: Database, client: FlaskClient, act: str
) -> None:
    with database.transaction() as session:
        session.execute(text(act))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (503, {"status": "not ready", "faults": ["schema"]})


def test_old_code_serves_on_while_the_schema_is_newer(
    database: Database, client: FlaskClient
) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))

    assert client.get("/readyz").status_code == 200


def test_an_object_store_that_is_away_is_named(app: Flask, client: FlaskClient) -> None:
    shutil.rmtree(app.extensions["storage"].root)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (
        503,
        {"status": "not ready", "faults": ["object-store"]},
    )


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_tells_nothing_about_the_installation(client: FlaskClient, path: str) -> None:
    assert set(client.get(path).json or {}) <= {"status", "faults"}
