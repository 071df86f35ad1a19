"""Where `hitung` reads and writes: files, devices and the standard streams."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

STANDARD = "-"


class Refused(Exception):
    """A call that names its streams so that it cannot be carried out; carries the sentence."""


def check(source: str, output: str, faults: str | None) -> None:
    """Refuse a call that would overwrite its own input, or mix results and faults."""
    places = [_identity(source, standard=sys.stdin)]
    for path in (output, faults):
        if path is None or path == STANDARD:
            continue
        place = _identity(path)
        if place is not None and place in places:
            raise Refused(f"{path} sudah dipakai oleh INPUT atau --keluaran")
        places.append(place)


def _identity(path: str, standard: TextIO | None = None) -> object:
    """What tells two names of one regular file; None for devices and pipes."""
    status = None
    with suppress(OSError, ValueError):
        if path == STANDARD:
            status = os.fstat(standard.fileno()) if standard is not None else None
        else:
            status = Path(path).stat()
    if status is None:
        return None if path == STANDARD else Path(path).absolute()
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def open_source(path: str, files: ExitStack) -> BinaryIO:
    """The input."""
    if path == STANDARD:
        return _there(sys.stdin, "masukan baku").buffer
    return files.enter_context(Path(path).open("rb"))


def open_output(path: str, files: ExitStack) -> BinaryIO:
    """The results. A file appears under its name when all went well, and not before."""
    if path == STANDARD:
        return _there(sys.stdout, "keluaran baku").buffer
    target = Path(path)
    if target.exists() and not target.is_file():
        return files.enter_context(target.open("wb"))
    return files.enter_context(_whole_or_not_at_all(target))


def open_faults(path: str | None, files: ExitStack) -> TextIO:
    """The faults, which are told as they are found."""
    if path is None or path == STANDARD:
        return _there(sys.stderr, "keluaran galat baku")
    # A fault may repeat letters of the input that UTF-8 cannot write.
    return files.enter_context(Path(path).open("w", encoding="utf-8", errors="backslashreplace"))


def let_go() -> None:
    """Point the standard streams at nothing, or the end of the process would write there again."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            os.dup2(nothing, stream.fileno())
    os.close(nothing)


def _there(stream: TextIO | None, name: str) -> TextIO:
    """The stream, which may have been closed by whoever started the program."""
    if stream is None:
        raise Refused(f"{name} tertutup")
    return stream


@contextmanager
def _whole_or_not_at_all(target: Path) -> Iterator[BinaryIO]:
    """A file beside the target that takes its place at the end, unless something is raised."""
    place = target.resolve()
    try:
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(13, "")
        handle, name = tempfile.mkstemp(prefix=".hitung-", dir=place.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
