"""The commands. Each is imported when it is called, so that `hitung` starts without the web."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import Any

import click

from portal.command_words import explain, refusing_in_indonesian
from portal.errors import PortalError, Rejected, Unavailable
from portal.settings import SettingsError, rules_folder
from portal.wording import plain_reason

COMMANDS = {
    "jalankan": "portal.launch.commands:jalankan",
    "serve": "portal.launch.commands:serve",
    "worker": "portal.launch.commands:worker",
    "migrate": "portal.launch.commands:migrate",
    "rekonsiliasi": "portal.operations.keeping:rekonsiliasi",
    "sapu": "portal.operations.keeping:sapu",
    "hitung-antrean": "portal.operations.queue_command:hitung_antrean",
    "retensi": "portal.operations.retention_command:retensi",
    "ekspor-berkas": "portal.operations.person_file_command:ekspor_berkas",
    "ekspor-audit": "portal.operations.audit_export_command:ekspor_audit",
    "periksa-audit": "portal.operations.audit_command:periksa_audit",
    "periksa-berkas": "portal.operations.file_commands:periksa_berkas",
    "pindah-berkas": "portal.operations.file_commands:pindah_berkas",
    "cadangkan": "portal.operations.keeping:cadangkan",
    "pulihkan": "portal.operations.keeping:pulihkan",
    "demo": "portal.demo.commands:demo",
    "hitung": "portal.scoring.hitung.command:hitung",
    "contoh-pegawai": "portal.scoring.hitung.sample_command:contoh_pegawai",
    "hitung-ulang": "portal.scoring.recompute_command:hitung_ulang",
    "aturan": "portal.scoring.rule_docs.command:aturan",
    "impor-pegawai": "portal.operations.import_command:impor_pegawai",
    "impor-nilai-bkn": "portal.imports.commands:impor_nilai_bkn",
    "atur-instansi": "portal.operations.agency_command:atur_instansi",
    "kode-aktivasi": "portal.accounts.commands:kode_aktivasi",
    "beri-peran": "portal.accounts.commands:beri_peran",
}


_NO_DATABASE = (
    "Basis data tidak dapat dibuka. Periksa DATABASE_URL dan apakah servernya berjalan; "
    "untuk basis data baru jalankan `python -m portal migrate`."
)
_BUSY = (
    "Basis data sedang dipakai proses lain, mungkin `make run` kedua yang masih menyiapkannya. "
    "Tunggu sampai selesai, lalu ulangi."
)
_BROKEN = (
    "Berkas basis data rusak atau bukan milik portal. Pulihkan dari cadangan ke tempat kosong: "
    "python -m portal pulihkan FOLDER"
)
_FULL = "Ruang penyimpanan untuk basis data penuh. Kosongkan ruang, lalu ulangi."
_EMPTY = "Basis data ini belum disiapkan. Jalankan dahulu: python -m portal migrate"
_FAILURES_OF_DATABASES = (
    (re.compile("is locked"), _BUSY),
    (re.compile("disk is full|No space left"), _FULL),
    (re.compile('no such table|relation ".*" does not exist'), _EMPTY),
    (re.compile("malformed|not a database"), _BROKEN),
)
"""What SQLite and PostgreSQL say, and what to do."""

WITHOUT_LOGS = frozenset({"hitung", "contoh-pegawai", "aturan"})
"""Commands that know no database and log nothing; they start without what writes logs."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is named, and speaks Indonesian."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with refusing_in_indonesian():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with refusing_in_indonesian():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        address = COMMANDS.get(cmd_name)
        if address is None:
            raise Rejected(f"Perintah {cmd_name!r} tidak ada. Lihat: python -m portal --help")
        module, _, name = address.partition(":")
        command: click.Command = getattr(import_module(module), name)
        explain(command)
        return command


@click.group(cls=LazyGroup, subcommand_metavar="PERINTAH …")
def cli() -> None:
    """Portal IP ASN."""


explain(cli)


def main() -> None:
    """Run a command; what an operator can repair is one sentence, not a traceback."""
    try:
        _offer_own_rules()
        _keep_logs_apart()
        cli(prog_name="python -m portal")
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        click.echo(sentence, err=True)
        sys.exit(2)


def _keep_logs_apart() -> None:
    """Write logs to standard error, so that standard output holds the answer alone."""
    if len(sys.argv) > 1 and sys.argv[1] in COMMANDS.keys() - WITHOUT_LOGS:
        from portal.operations.observation import configure_logs

        configure_logs()


def _offer_own_rules() -> None:
    """Let every command know the agency's own rule sets; read only by those that need them."""
    if folder := rules_folder():
        from portal.scoring.engine import rules  # here: most installations have no such folder

        rules.look_in(folder)


def _sentence(error: BaseException) -> str | None:
    """What to tell the operator; None when the failure is a fault of the portal itself."""
    from sqlalchemy.exc import DBAPIError  # here, so that `hitung` starts without it

    from portal.scoring.engine.tables import RuleSetError

    if isinstance(error, SettingsError):
        return str(error)
    if isinstance(error, RuleSetError):
        return f"Aturan tidak dapat dipakai: {error}"
    if isinstance(error, Unavailable):
        return _sentence_of_absence(error)
    if isinstance(error, PortalError):
        return error.message
    if isinstance(error, OSError):
        return _sentence_of_system(error)
    if isinstance(error, DBAPIError):
        return _sentence_of_database(error)
    return None


def _sentence_of_absence(error: Unavailable) -> str:
    """Its own words are for people before a form; an operator needs the cause."""
    cause = error.__cause__ and _sentence(error.__cause__)
    if cause:
        return cause
    if notes := getattr(error, "__notes__", []):
        return (
            f"Penyimpanan berkas tidak dapat dipakai: {notes[0]}. Periksa OBJECT_STORE_URL dan "
            "apakah servernya berjalan."
        )
    return error.message


def _sentence_of_system(error: OSError) -> str | None:
    return error.filename and f"{error.filename} tidak dapat dipakai: {plain_reason(error)}."


def _sentence_of_database(error: Any) -> str | None:
    from sqlalchemy.exc import OperationalError

    said = str(error.orig)
    for pattern, sentence in _FAILURES_OF_DATABASES:
        if pattern.search(said):
            return sentence
    return _NO_DATABASE if isinstance(error, OperationalError) else None
