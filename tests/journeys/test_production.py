"""Production on one machine, and the way into it from the portal of `make run`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.settings import ROOT
from scripts import rgw_local
from scripts.rgw_local import Credentials
from tests.support.components import PATIENCE, child, find, free_port, missing, wait_until
from tests.support.live import answers
from tests.support.postgres import PostgresServer, binaries

KEPT = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def portal(*words: str, **settings: str) -> str:
    """Run a command of the portal; returns what it printed."""
    command = [sys.executable, "-m", "portal", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=KEPT | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{words[0]} ended with {done.returncode}: {done.stderr[-2000:]}"
    return done.stdout


def processes_of(folder: Path) -> list[str]:
    """Command lines of the living processes that know the folder: by word or by setting."""
    mark, found = os.fsencode(folder), []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if mark in words or mark in (process / "environ").read_bytes():
                found.append(words.replace(b"\0", b" ").decode())
    return found


def webs_of(folder: Path) -> list[str]:
    return [words for words in processes_of(folder) if "portal serve" in words]


def until(fact: Callable[[], bool], told: Callable[[], object]) -> None:
    """Wait for what comes a moment later; `told` says what there is instead."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline, told()
        time.sleep(0.1)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A place that the user postgres can reach too, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="portal-satu-", dir="/tmp"))
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def one_machine(folder: Path) -> Iterator[str]:
    """scripts/produksi-lokal in production mode, stopped by Ctrl+C."""
    port, log = free_port(), folder.with_name("luaran.log")
    url = f"http://127.0.0.1:{port}"
    settings = {"PORT": str(port), "PORTAL_MODE": "produksi", "PUBLIC_URL": url}
    folder.parent.chmod(0o711)
    command = [sys.executable, "-m", "scripts.produksi_lokal", "--folder", folder]
    with child(command, env=KEPT | settings, log=log, sign=signal.SIGINT) as process:
        for _ in range(4):  # the very first start makes a cluster, a database and a schema
            with suppress(RuntimeError):
                wait_until(lambda: answers(url), process, log)
                break
        assert answers(url), log.read_text()
        yield url
    assert process.returncode == 0, log.read_text()


def test_production_on_one_machine_starts_again_and_leaves_no_process(
    short_folder: Path, desktop: Page
) -> None:
    find("postgres", *binaries())
    find("redis-server")
    if tools := rgw_local.missing_tools():
        missing(f"Ceph RGW ({', '.join(tools)})")

    for _ in range(2):
        with one_machine(short_folder) as url:
            desktop.goto(f"{url}/")
            expect(desktop.get_by_role("button", name="Masuk")).to_be_visible()
            # One master and two web processes, of which the second comes when the first answers.
            until(lambda: len(webs_of(short_folder)) == 3, lambda: webs_of(short_folder))
        until(lambda: not processes_of(short_folder), lambda: processes_of(short_folder))


def test_a_demo_moves_from_sqlite_and_a_folder_to_postgresql_and_s3(
    tmp_path: Path, postgres: PostgresServer, bucket: Credentials, desktop: Page
) -> None:
    here = {"VAR_DIR": str(tmp_path / "var")}
    portal("demo", **here)
    portal("cadangkan", str(tmp_path / "cadangan"), **here)
    first = json.loads(portal("demo", "--akun", **here))[0]

    with postgres.database() as name:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        there = {
            "VAR_DIR": str(tmp_path / "lain"),
            "PORT": str(port),
            "DATABASE_URL": postgres.address(name),
            "OBJECT_STORE_URL": bucket.url,
        }
        said = portal("pulihkan", str(tmp_path / "cadangan"), **there)
        assert "Rekonsiliasi bersih" in said
        log = tmp_path / "serve.log"
        command = [sys.executable, "-m", "portal", "serve"]
        with child(command, env=KEPT | there, log=log) as process:
            wait_until(lambda: answers(url), process, log)
            log_in(desktop, url, first)
            expect(desktop.locator(".ring")).to_contain_text("71,00")
            look_at_a_paper(desktop, url)


def log_in(page: Page, url: str, account: dict[str, str]) -> None:
    page.goto(f"{url}/masuk")
    page.get_by_label("NIP", exact=True).fill(account["nip"])
    page.get_by_label("Kata sandi", exact=True).fill(account["kata_sandi"])
    page.get_by_role("button", name="Masuk", exact=True).click()


def look_at_a_paper(page: Page, url: str) -> None:
    """The picture of a paper comes from the new store, and is a picture."""
    page.goto(f"{url}/dokumen?status=disetujui")
    page.locator("a.item").first.click()
    picture = page.locator("figure img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    expect(picture).not_to_have_js_property("naturalWidth", 0, timeout=PATIENCE * 1000)
