"""Logs tell what happened without telling who; numbers are for those who hold the token."""

from __future__ import annotations

import dataclasses
import json
import logging
import smtplib
from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import LogCapture

from portal.operations import observation
from portal.operations.observation import mask_nip
from portal.settings import Settings
from tests.support.app import MakeApp
from tests.support.database import on_sqlite_alone
from tests.support.logs import write_plain_logs

NIP = "198704122010012015"


@pytest.mark.parametrize(
    "value",
    [
        NIP,
        pytest.param(int(NIP), id="number"),
        "19870412 201001 2 015",
        f"pegawai {NIP} masuk",
        [NIP],
        {"nip": NIP},
        {NIP: 1},
        [{"siapa": (NIP, None)}],
        ValueError(f"NIP {NIP} ganda"),
    ],
)
def test_of_a_nip_only_the_last_four_digits_are_logged(value: object) -> None:
    told = json.dumps(mask_nip(None, "info", {"event": "masuk", "nilai": value}))

    assert "2015" in told
    assert "198704" not in told


@pytest.mark.parametrize(
    "value",
    [
        "sari.wulandari@banua.go.id",
        {"sari.wulandari@banua.go.id": (550, b"no")},
        smtplib.SMTPRecipientsRefused({"sari.wulandari@banua.go.id": (450, b"busy")}),
        "451 <sari.wulandari@banua.go.id>: busy",
        "smtp://sari.wulandari@banua.go.id:25",
    ],
)
def test_of_an_address_the_host_alone_is_logged(value: object) -> None:
    told = json.dumps(mask_nip(None, "info", {"event": "surel", "nilai": value}))

    assert "@banua.go.id" in told
    assert "wulandari" not in told


@pytest.mark.parametrize("value", ["tidak ada", 42, 3.5, True, None, "0" * 17, "1" * 19])
def test_what_is_no_nip_stays_as_it_is(value: object) -> None:
    assert mask_nip(None, "info", {"nilai": value}) == {"nilai": value}


def test_a_log_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    observation.configure_logs()
    try:
        structlog.get_logger().info("uji", nip=NIP, kalimat="baris\nkedua")
    finally:
        write_plain_logs()

    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["nip"] == "…2015"


@pytest.fixture
def logged() -> LogCapture:
    """What is logged while the test runs."""
    capture = LogCapture()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture
    write_plain_logs()


@on_sqlite_alone
def test_a_request_is_logged_without_what_was_searched_for(
    client: FlaskClient, logged: LogCapture
) -> None:
    client.get("/admin/pegawai?cari=sari+wulandari")

    (line,) = [entry for entry in logged.entries if entry["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/admin/pegawai", 303)
    assert "wulandari" not in str(line)


@on_sqlite_alone
def test_the_id_of_a_request_is_in_the_log_and_in_the_answer(
    client: FlaskClient, logged: LogCapture
) -> None:
    answer = client.get("/masuk", headers={"X-Request-ID": "balai-7f3a-0001"})

    assert answer.headers["X-Request-ID"] == "balai-7f3a-0001"
    assert logged.entries[-1]["request_id"] == "balai-7f3a-0001"


@on_sqlite_alone
@pytest.mark.parametrize("given", ["", "x", "a" * 65, "satu dua tiga", "<script>alert</script>"])
def test_a_strange_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/masuk", headers={"X-Request-ID": given})

    assert len(answer.headers["X-Request-ID"]) == 32


@on_sqlite_alone
def test_two_requests_have_two_ids(client: FlaskClient) -> None:
    first, second = client.get("/healthz"), client.get("/healthz")

    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


WithToken = Callable[..., FlaskClient]


@pytest.fixture
def with_token(settings: Settings, make_app: MakeApp) -> WithToken:
    def client(mode: str = "uji", token: str | None = "t0ken") -> FlaskClient:
        changed = dataclasses.replace(settings, mode=mode, metrics_token=token)
        return make_app(changed).test_client()

    return client


@on_sqlite_alone
def test_metrics_count_requests_by_endpoint_and_status(client: FlaskClient) -> None:
    client.get("/masuk")

    text = client.get("/metrics").get_data(as_text=True)

    assert 'portal_requests_total{endpoint="accounts.login",status="200"} 1.0' in text


@on_sqlite_alone
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer salah", "t0ken", "Bearer t0kén"])
def test_metrics_do_not_exist_without_their_token(with_token: WithToken, given: str) -> None:
    headers = [("Authorization", given.encode().decode("latin-1"))]

    assert with_token().get("/metrics", headers=headers).status_code == 404


@on_sqlite_alone
def test_metrics_open_with_their_token(with_token: WithToken) -> None:
    answer = with_token().get("/metrics", headers={"Authorization": "Bearer t0ken"})

    assert answer.status_code == 200


@on_sqlite_alone
def test_production_without_a_token_has_no_metrics(with_token: WithToken) -> None:
    assert with_token("produksi", None).get("/metrics").status_code == 404


@on_sqlite_alone
def test_a_nip_in_an_address_is_masked(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    observation.configure_logs()
    try:
        app.test_client().get(f"/{NIP}")
    finally:
        write_plain_logs()

    assert NIP not in capsys.readouterr().err


def test_what_libraries_log_is_json_with_masked_nips(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    try:
        observation.configure_logs()
        logging.getLogger("pustaka").warning("gagal untuk %s", "198704122010012015")
    finally:
        write_plain_logs()
        logging.getLogger().handlers[:] = before

    line = json.loads(capsys.readouterr().err)

    assert (line["event"], line["level"]) == ("gagal untuk …2015", "warning")
