"""The commands. Each is imported when it is called, so that `hitung` starts without the web."""

from __future__ import annotations

import sys
from importlib import import_module

import click

COMMANDS = {
    "jalankan": "portal.launch.commands:jalankan",
    "serve": "portal.launch.commands:serve",
    "worker": "portal.launch.commands:worker",
    "migrate": "portal.launch.commands:migrate",
    "rekonsiliasi": "portal.operations.keeping:rekonsiliasi",
    "sapu": "portal.operations.keeping:sapu",
    "cadangkan": "portal.operations.keeping:cadangkan",
    "pulihkan": "portal.operations.keeping:pulihkan",
    "demo": "portal.demo.commands:demo",
    "hitung": "portal.scoring.commands:hitung",
    "hitung-ulang": "portal.scoring.recompute_command:hitung_ulang",
    "impor-pegawai": "portal.operations.import_command:impor_pegawai",
    "kode-aktivasi": "portal.accounts.commands:kode_aktivasi",
    "beri-peran": "portal.accounts.commands:beri_peran",
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        address = COMMANDS.get(cmd_name)
        if address is None:
            return None
        module, _, name = address.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyGroup)
def cli() -> None:
    """Portal IP ASN."""


def main() -> None:
    from portal.settings import SettingsError

    try:
        cli(prog_name="python -m portal")
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
