"""How the commands over JSON Lines end when the world breaks in: with one sentence, cleared up."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import IO, Any, NoReturn

import click

from portal.scoring.hitung import targets
from portal.scoring.hitung.pool import WorkerLost
from portal.wording import plain_reason

UNUSABLE = 2
_SIGNALLED = 128
"""And the number of the signal: what a shell expects of a program that was stopped."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Unusable(click.ClickException):
    """The call itself cannot be carried out."""

    exit_code = UNUSABLE

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._command = click.get_current_context().info_name

    def show(self, file: IO[Any] | None = None) -> None:
        with suppress(OSError):
            click.echo(f"{self._command}: {self.message}", file=file or sys.stderr)


def whole_number(text: str, name: str, least: int, most: int) -> int:
    """An argument or option that must be a whole number; raises Unusable."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else -1
    if not least <= number <= most:
        raise Unusable(f"{name} harus antara {least} dan {most}")
    return number


@contextmanager
def plain_sentences() -> Iterator[None]:
    """Let whatever the world does end the command with one sentence."""
    try:
        with _stopping():
            yield
    except BrokenPipeError:
        # Whoever read the result has enough, as `head` does: end without a word.
        targets.let_go()
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _end(place + plain_reason(error))
    except targets.Refused as error:
        raise Unusable(str(error)) from None
    except WorkerLost:
        _end(
            "satu proses penghitung mati mendadak, biasanya karena memori habis; "
            "hasilnya belum lengkap. Coba lagi dengan --proses 1"
        )
    except MemoryError:
        _end("memori tidak cukup; hasilnya belum lengkap")
    except _Stopped as stopped:
        _end("dihentikan sebelum selesai; hasilnya belum lengkap", _SIGNALLED + stopped.number)


def _end(sentence: str, status: int = UNUSABLE) -> NoReturn:
    """End with a sentence, and without another try to write what a stream still holds."""
    Unusable(sentence).show()
    targets.let_go()
    raise SystemExit(status)


class _Stopped(BaseException):
    """Somebody ended the command with a signal; no handler of errors may stand in the way."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextmanager
def _stopping() -> Iterator[None]:
    """Turn Ctrl-C and a polite request to end into an exception, so that everything is cleared."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [signal.signal(number, _stop) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # an impatient second one would stop the clearing up
    raise _Stopped(number)
