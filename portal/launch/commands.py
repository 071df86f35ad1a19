"""Commands that run and keep the portal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from portal.db import Database
from portal.launch import side_by_side
from portal.launch.object_store import allow_browsers
from portal.launch.web_server import WebServer, refuse_taken_port, tell_of_untold_proxy
from portal.migrating import migrate as migrate_database
from portal.operations import observation
from portal.scoring.engine import rules
from portal.settings import Settings, SettingsError


@click.command()
def migrate() -> None:
    """Bawa basis data ke skema terbaru dan isi daftar alasan."""
    prepare(Settings.from_env())


def prepare(settings: Settings) -> None:
    """Migrate and write what every installation needs; repeated calls change nothing."""
    from portal.documents.reasons import ensure_reasons

    refuse_foreign_folder(settings.var_dir)
    database = Database(settings.database_url)
    try:
        migrate_database(database)
        with database.transaction() as session:
            ensure_reasons(session)
    finally:
        database.dispose()
    allow_browsers(settings)


def refuse_foreign_folder(folder: Path) -> None:
    """Make the folder; raises SettingsError when it, or what the portal keeps in it, is not ours
    to write, as after a first start by another user."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Not lost+found and the like: the folder may be a disk of its own.
        own = [*folder.glob("*.db*"), *folder.glob("objects")]
        foreign = next((one for one in own if not os.access(one, os.W_OK)), None)
    except OSError as error:
        raise SettingsError(
            f"Folder {folder} tidak dapat ditulisi. Beri izin tulis atau isi VAR_DIR."
        ) from error
    if foreign is not None:
        raise SettingsError(
            f"{foreign} tidak dapat ditulisi, mungkin milik pengguna lain. Kembalikan pemiliknya, "
            "atau isi VAR_DIR dengan folder lain."
        )


@click.command()
def serve() -> None:
    """Jalankan server web."""
    settings = Settings.from_env()
    observation.configure_logs()
    refuse_taken_port(settings)
    rules.check()
    allow_browsers(settings)
    tell_of_untold_proxy(settings)
    WebServer(settings).run()


@click.command()
def worker() -> None:
    """Jalankan pekerja latar."""
    from portal.app import create_app

    observation.configure_logs()
    create_app(Settings.from_env()).extensions["queue"].work()


@click.command()
def jalankan() -> None:
    """Siapkan semuanya, lalu jalankan web dan pekerja sampai dihentikan (Ctrl+C)."""
    settings = Settings.from_env()
    refuse_taken_port(settings)
    rules.check()
    prepare(settings)
    if settings.demo:
        _fill_demo(settings)
    sys.exit(_run_both(settings))


def _fill_demo(settings: Settings) -> None:
    from portal.demo.commands import announce, fill_when_empty

    fill_when_empty(settings)
    announce(settings)


def _run_both(settings: Settings) -> int:
    """Web and worker side by side; the end of one, or a signal, ends both gracefully."""
    click.echo(
        f"\nPortal berjalan di http://{settings.host}:{settings.port}  (Ctrl+C untuk berhenti)"
    )
    command = [sys.executable, "-m", "portal"]
    return side_by_side.run(
        {"Server web": [*command, "serve"], "Pekerja latar": [*command, "worker"]}
    )
