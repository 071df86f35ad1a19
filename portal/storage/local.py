"""Objects as files below one folder; for one machine."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from portal.storage import keys
from portal.storage.base import CHUNK, ObjectInfo, as_stream, away, verify_hash

_PARTIAL = ".partial"
_STALE_SECONDS = 86_400


class LocalStorage:
    """Storage in a folder. Readers see an object whole or not at all, also after a power cut."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        with _away_when_refused():
            self._partial.mkdir(parents=True, exist_ok=True)
            self._drop_stale_partials()

    def put(self, key: str, data: bytes | BinaryIO, content_type: str, *, sha256: str) -> None:
        """See Storage.put; a folder has no place for `content_type`, the row knows it."""
        target = self._path(key)
        with _away_when_refused(missing_too=_always):
            partial = self._write_partial(key, as_stream(data), sha256)
            try:
                _rename_into_place(partial, target)
            finally:
                partial.unlink(missing_ok=True)

    def open(self, key: str) -> BinaryIO:
        """See Storage.open."""
        path = self._path(key)
        with _away_when_refused(missing_too=self._vanished):
            return path.open("rb")

    def size(self, key: str) -> int:
        """See Storage.size."""
        path = self._path(key)
        with _away_when_refused(missing_too=self._vanished):
            return path.stat().st_size

    def exists(self, key: str) -> bool:
        """See Storage.exists."""
        path = self._path(key)
        with _away_when_refused(missing_too=_always):
            self._partial.stat()
            return path.is_file()

    def delete(self, key: str) -> None:
        """See Storage.delete; a folder left empty goes too."""
        path = self._path(key)
        with _away_when_refused():
            path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()

    def presign(
        self,
        key: str,
        *,
        seconds: int = 60,
        filename: str,
        content_type: str,
        disposition: str = "inline",
    ) -> None:
        """None: nobody but the app can serve a local file."""
        keys.verify(key)

    def presign_part(self, key: str, *, size: int, content_type: str, seconds: int) -> None:
        """None: nobody but the app can write a local file."""
        keys.verify(key)

    def allow_browser(self, origins: Sequence[str]) -> None:
        """Nothing to allow: browsers speak to the app alone."""

    def iterate(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """See Storage.iterate."""
        start = self.root / keys.verify_prefix(prefix)
        with _away_when_refused(missing_too=self._vanished):
            self._partial.stat()
            for folder, below, names in os.walk(start):
                below.sort()
                for name in sorted(names):
                    yield from self._info(Path(folder) / name)

    def check(self) -> None:
        """See Storage.check: writes and removes a small file."""
        with (
            _away_when_refused(missing_too=_always),
            tempfile.TemporaryFile(dir=self._partial) as probe,
        ):
            probe.write(b"ok")

    @property
    def _partial(self) -> Path:
        return self.root / _PARTIAL

    def _vanished(self) -> bool:
        """Whether the store itself is missing: a disk that is not mounted, a folder moved."""
        return not self._partial.is_dir()

    def _path(self, key: str) -> Path:
        """The only way from a key to a path: generated form, and inside the folder for real."""
        path = (self.root / keys.verify(key)).resolve()
        if not path.is_relative_to(self.root):
            raise ValueError(f"object key leaves the store: {key!r}")
        return path

    def _info(self, path: Path) -> Iterator[ObjectInfo]:
        key = path.relative_to(self.root).as_posix()
        if not keys.is_key(key):
            return
        with suppress(FileNotFoundError):  # deleted while we were listing
            status = path.stat()
            modified = dt.datetime.fromtimestamp(status.st_mtime, dt.UTC)
            yield ObjectInfo(key, status.st_size, modified)

    def _write_partial(self, key: str, stream: BinaryIO, expected: str) -> Path:
        """Write, hash and flush beside the objects; nothing is left behind on failure."""
        sha256 = hashlib.sha256()
        descriptor, name = tempfile.mkstemp(dir=self._partial)
        try:
            with os.fdopen(descriptor, "wb") as target:
                while chunk := stream.read(CHUNK):
                    sha256.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            verify_hash(sha256.hexdigest(), expected, key)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)

    def _drop_stale_partials(self) -> None:
        """What a killed process left half written more than a day ago."""
        for path in self._partial.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - _STALE_SECONDS:
                    path.unlink()


def _rename_into_place(partial: Path, target: Path) -> None:
    """Rename and make the name itself durable."""
    for attempt in range(3):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.replace(target)
            break
        except FileNotFoundError:  # a delete took the empty folder between the two calls
            if attempt == 2:
                raise
    for folder in (target.parent, target.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _always() -> bool:
    return True


def _never() -> bool:
    return False


@contextmanager
def _away_when_refused(*, missing_too: Callable[[], bool] = _never) -> Iterator[None]:
    """Disk full, read-only, not permitted: Unavailable.

    A missing file is a missing object for a reader as long as the folder is there, for a writer
    the folder itself is gone; `missing_too` is asked then.
    """
    try:
        yield
    except FileNotFoundError as error:
        if missing_too():
            raise away(error) from error
        raise
    except OSError as error:
        raise away(error) from error
