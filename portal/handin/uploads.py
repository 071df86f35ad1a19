"""From the files of a form to stored objects: each converted alone, then joined to one paper."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from portal.db import new_id
from portal.documents import scanning
from portal.documents.files import Source, StoredFile, store_converted
from portal.documents.intake import Converted, Limits, convert_isolated, display_name
from portal.documents.intake.isolated import PREFIX, WALL_SECONDS
from portal.documents.intake.turns import turn
from portal.documents.merging import fetch, fetch_originals, join
from portal.documents.models import DocumentFile
from portal.documents.scanning import Scanner
from portal.errors import Rejected
from portal.storage import Storage

STALE_SECONDS = 3600
"""Far longer than any request lives: a folder of this age belongs to a process that was killed."""

REQUEST_SECONDS = 90.0
"""For all files of one form together."""


@dataclass(frozen=True)
class Incoming:
    """One file of a form; its name is only shown."""

    name: str
    stream: IO[bytes]


@dataclass
class Received:
    """What became of the files of one role: the objects, and a sentence per refused file."""

    stored: StoredFile | None = None
    refusals: list[str] = field(default_factory=list)
    infected: list[Infected] = field(default_factory=list)


@dataclass(frozen=True)
class Infected:
    """A file that went to quarantine; the caller notes it down."""

    id: uuid.UUID
    name: str
    virus: str


@dataclass(frozen=True)
class _Saved:
    name: str
    path: Path
    sha256: str

    @property
    def source(self) -> Source:
        return Source(self.sha256, self.name, self.path.stat().st_size)


@dataclass(frozen=True)
class Addition:
    """The paper to which pages are added, and the files that it was made of."""

    file: DocumentFile
    sources: Sequence[Source]


@dataclass(frozen=True)
class Intake:
    """Where uploads go and how much of them is accepted."""

    storage: Storage
    limits: Limits
    keep_originals: bool = False
    scanner: Scanner | None = None

    def receive(
        self,
        incoming: Sequence[Incoming],
        *,
        after: Addition | None = None,
        check: Callable[[list[str]], None] | None = None,
    ) -> Received:
        """Scan, convert, join and store; `after` is the paper to which the pages are added.

        A file that cannot be used is named and left out, the others are kept. `check` sees the
        hashes of the originals before anything heavy happens and may raise. Raises Unavailable
        when the store or the scanner is away, or when too many files are being converted already.
        """
        received = Received()
        if len(incoming) > self.limits.max_pages:
            received.refusals.append(
                f"Anda memilih {len(incoming)} berkas. Paling banyak {self.limits.max_pages} "
                "halaman. Pilih hanya halaman yang diperlukan."
            )
            return received
        drop_left_behind()
        with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
            folder = Path(name)
            saved = [_save(one, folder / f"masuk-{n}") for n, one in enumerate(incoming, 1)]
            if check is not None:
                check(_hashes(saved))
            used = self._convert_each(self._clean(saved, received), received.refusals)
            if used:
                self._store(used, after, folder, received)
        return received

    def _clean(self, saved: Sequence[_Saved], received: Received) -> list[_Saved]:
        """Those in which the scanner found nothing; the others go to quarantine."""
        if self.scanner is None:
            return list(saved)
        clean = []
        for one in saved:
            virus = self.scanner.scan(one.path)
            if virus is None:
                clean.append(one)
                continue
            found = Infected(new_id(), one.name, virus)
            scanning.quarantine(self.storage, one.path, found.id)
            received.infected.append(found)
            received.refusals.append(scanning.infected(one.name, virus))
        return clean

    def _convert_each(
        self, saved: Sequence[_Saved], refusals: list[str]
    ) -> list[tuple[_Saved, Converted]]:
        """One by one: a file that breaks takes no other with it."""
        used = []
        until = time.monotonic() + REQUEST_SECONDS
        for one in saved:
            workdir = one.path.with_suffix(".hasil")
            workdir.mkdir()
            try:
                used.append((one, self._convert(one.path, workdir, until)))
            except Rejected as refusal:
                refusals.append(f"{one.name}: {refusal.message}")
        return used

    def _convert(self, path: Path, workdir: Path, until: float) -> Converted:
        """One file in its turn. Raises Unavailable when no turn comes."""
        with turn():
            left = max(until - time.monotonic(), 1.0)
            return convert_isolated(
                [path], self.limits, workdir, wall_seconds=min(left, WALL_SECONDS)
            )

    def _store(
        self,
        used: Sequence[tuple[_Saved, Converted]],
        after: Addition | None,
        folder: Path,
        received: Received,
    ) -> None:
        parts = [converted for _, converted in used]
        names = [one.name for one, _ in used]
        sources = [one.source for one, _ in used]
        originals = [one.path for one, _ in used]
        try:
            if after is not None:
                before = folder / "sebelumnya"
                parts.insert(0, fetch(self.storage, after.file, before))
                names[:0] = after.file.original_names
                sources[:0] = after.sources
                originals[:0] = fetch_originals(self.storage, after.file, before)
            paper = join(parts, folder / "gabungan.pdf", max_pages=self.limits.max_pages)
        except Rejected as refusal:
            received.refusals.append(refusal.message)
            return
        received.stored = store_converted(
            self.storage,
            paper,
            names=names,
            sources=sources,
            originals=originals if self.keep_originals else [],
        )


def drop_left_behind() -> None:
    """Papers of people do not stay in the temporary folder because a process was killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if folder.stat().st_mtime < time.time() - STALE_SECONDS:
                shutil.rmtree(folder)


def _save(incoming: Incoming, path: Path) -> _Saved:
    with path.open("wb") as target:
        shutil.copyfileobj(incoming.stream, target)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return _Saved(display_name(incoming.name), path, digest)


def _hashes(saved: Sequence[_Saved]) -> list[str]:
    """Of each file and, as `Converted.fingerprint` has it, of all of them together."""
    each = [one.sha256 for one in saved]
    return [*each, hashlib.sha256("\n".join(each).encode()).hexdigest()]
