"""Click's own words in Indonesian: the help of a command, and the refusal of a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

_HEADINGS = {"Options": "Pilihan", "Commands": "Perintah"}
_KINDS = (
    (re.compile(r" TEXT$"), " TEKS"),
    (re.compile(r" FILE$"), " BERKAS"),
    (re.compile(r" INTEGER RANGE$"), " ANGKA"),
)
_EXPLANATIONS = (
    (re.compile(r"^Show this message and exit\.$"), "Tampilkan bantuan ini."),
    (re.compile(r"\[default: (.*)\]$"), r"[bawaan: \1]"),
    (re.compile(r"\[required\]$"), "[wajib]"),
)
_REFUSALS = tuple(
    (re.compile(pattern, re.DOTALL), sentence)
    for pattern, sentence in (
        (r"No such option '(.+?)'\.(?: .*)?", r"Pilihan \1 tidak dikenal."),
        (r"Option '(.+)' requires an argument\.", r"Pilihan \1 belum diberi isi."),
        (r"Option '(.+)' does not take a value\.", r"Pilihan \1 ditulis tanpa isi."),
        (r"Missing option '(.+)'\..*", r"Pilihan \1 belum disebut."),
        (r"Missing argument '(.+)'\..*", r"\1 belum disebut."),
        (r"Missing command\.", "Perintahnya belum disebut."),
        (r"Got unexpected extra arguments? \((.+)\)", r"Terlalu banyak isian: \1."),
        (r"Invalid value: (.+)", r"\1"),
        (
            r"Invalid value for '(.+?)': (.+) is not a valid integer(?: range)?\.",
            r"\1 harus bilangan bulat, bukan \2.",
        ),
        (
            r"Invalid value for '(.+?)': (.+) is not in the range (-?\d+)<=x<=(-?\d+)\.",
            r"\1 harus antara \3 dan \4, bukan \2.",
        ),
        (
            r"Invalid value for '(.+?)': (.+) is not in the range x>=(-?\d+)\.",
            r"\1 paling kecil \3, bukan \2.",
        ),
        (
            r"Invalid value for '(.+?)': (.+) is not one of (.+)\.",
            r"\1 tidak mengenal \2. Pilih salah satu: \3.",
        ),
        (
            r"Invalid value for '(.+?)': \w+ '(.+)' does not exist\.",
            r"\1: berkas \2 tidak ada. Periksa nama dan foldernya.",
        ),
        (
            r"Invalid value for '(.+?)': \w+ '(.+)' is a directory\.",
            r"\1: \2 sebuah folder. Sebutkan berkasnya.",
        ),
        (
            r"Invalid value for '(.+?)': \w+ '(.+)' is not (?:readable|writable)\.",
            r"\1: tidak ada izin untuk \2.",
        ),
        (r"Invalid value for '(.+?)': (.+)", r"\1: \2"),
    )
)


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "Pemakaian: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        explained = [(_in(_KINDS, what), _in(_EXPLANATIONS, why)) for what, why in rows]
        super().write_dl(explained, col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class _Refusal(click.ClickException):
    """A sentence by itself, without click's "Error:"."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class _Misuse(_Refusal):
    exit_code = click.UsageError.exit_code


def explain(command: click.Command) -> None:
    """Let the command explain itself in Indonesian."""
    command.context_class = _Context
    if command.options_metavar == "[OPTIONS]":
        command.options_metavar = "[PILIHAN]"


@contextmanager
def refusing_in_indonesian() -> Iterator[None]:
    """Let what click refuses inside be told in Indonesian, with the way to the help."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise _Misuse(_sentence(error)) from error
    except click.ClickException as error:
        if type(error) is not click.ClickException:
            raise
        raise _Refusal(error.message) from error
    except KeyboardInterrupt as error:
        raise _Refusal("Dihentikan.") from error


def _sentence(error: click.UsageError) -> str:
    said = error.format_message()
    found = ((pattern.fullmatch(said), words) for pattern, words in _REFUSALS)
    sentence = next((match.expand(words) for match, words in found if match), said)
    help_ = f" Lihat: {error.ctx.command_path} --help" if error.ctx else ""
    return sentence + help_


def _in(words: Iterable[tuple[re.Pattern[str], str]], text: str) -> str:
    for pattern, instead in words:
        text = pattern.sub(instead, text)
    return text
