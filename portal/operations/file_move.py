"""Copies every object into another store, while the portal serves from the first.

What arrived is read back and its sha256 compared. Both listings come in the order of keys, so the
walk remembers only how far it came. Nothing is ever deleted from the source.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from portal import storage as stores
from portal.db import Database
from portal.errors import Rejected
from portal.operations import walks
from portal.operations.backup import CONTENT_TYPES
from portal.operations.walks import Walk
from portal.settings import Settings
from portal.storage import ObjectInfo, Storage
from portal.storage.local import LocalStorage

KIND = "pindah"
ALL, LATE = "salin", "susulan"
BATCH = 32
"""Objects between two notes of where the walk stands."""
AT_ONCE = 4
PASSES = 5
"""So often what was written meanwhile is looked for."""
CHUNK = 1024 * 1024
LOCAL = "lokal"
Told = Callable[[Walk], None]
Pair = tuple[ObjectInfo, ObjectInfo | None]
"""An object of the source, and that of the same key in the target."""


def store_of(place: str, settings: Settings, *, must_exist: bool) -> Storage:
    """The store that a person named: `lokal`, a folder, or an address as in OBJECT_STORE_URL.

    Raises Rejected with a sentence, Unavailable when it does not answer.
    """
    if urlsplit(place).scheme in {"http", "https"}:
        try:
            store = stores.connect(replace(settings, object_store_url=place))
        except ValueError as error:
            raise Rejected(str(error)) from error
    else:
        folder = settings.var_dir / "objects" if place == LOCAL else Path(place)
        if must_exist and not folder.is_dir():
            raise Rejected(f"Folder {folder} tidak ada. Periksa alamat sumbernya.")
        store = LocalStorage(folder)
    store.check()
    return store


def name_of(place: str, settings: Settings) -> str:
    """The place without keys, as it is written down; raises Rejected for what is no place."""
    parts = urlsplit(place)
    if "://" in place and parts.scheme not in {"http", "https"}:
        raise Rejected(
            f"Alamat {parts.scheme}:// tidak dikenal. Tulis `lokal`, sebuah folder, atau alamat "
            "S3: https://KUNCI:RAHASIA@host/bucket."
        )
    if parts.scheme in {"http", "https"}:
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"
    return str((settings.var_dir / "objects" if place == LOCAL else Path(place)).resolve())


def move(
    database: Database,
    source: Storage,
    target: Storage,
    *,
    name: str,
    afresh: bool = False,
    tell: Told = lambda _: None,
) -> Walk:
    """Copy what the target lacks, or go on where the last call was cut off.

    After a move that reached its end only what is new since is copied, unless `afresh`. Raises
    Unavailable when a component is away, and can then be called again.
    """
    with database.reading() as session:
        before = None if afresh else walks.last(session, KIND, target=name)
    if before is not None and before.diperiksa.get("gagal"):
        before = None  # what came back different has to be brought again
    walk = walks.begin(database, KIND, LATE if before else ALL, target=name, afresh=afresh)
    since = before.mulai if before else walk.begun
    if walk.stage == ALL:
        pairs = (pair for pair in _pairs(source, target) if pair[0].key > walk.reached)
        _bring_all(database, source, target, walk, pairs, tell)
        walk.enter(LATE)
    for _ in range(PASSES):
        copied = walk.counts["disalin"]
        late = (pair for pair in _pairs(source, target) if _is_late(pair, since))
        _bring_all(database, source, target, walk, late, tell)
        if walk.counts["disalin"] == copied:
            break
    walk.finish(database, "files:moved", tujuan=name)
    return walk


def _pairs(source: Storage, target: Storage) -> Iterator[Pair]:
    there = target.iterate()
    other = next(there, None)
    for info in source.iterate():
        while other is not None and other.key < info.key:
            other = next(there, None)
        yield info, other if other is not None and other.key == info.key else None


def _is_late(pair: Pair, since: dt.datetime) -> bool:
    info, other = pair
    return other is None or other.size != info.size or info.modified >= since


def _bring_all(
    database: Database,
    source: Storage,
    target: Storage,
    walk: Walk,
    pairs: Iterator[Pair],
    tell: Told,
) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while batch := list(islice(pairs, BATCH)):
            outcomes = pool.map(lambda pair: bring(source, target, pair), batch)
            for (info, _), outcome in zip(batch, outcomes, strict=True):
                walk.counts["objek"] += 1
                walk.counts["byte"] += info.size
                if outcome == "gagal":
                    walk.note(outcome, kunci=info.key)
                else:
                    walk.counts[outcome] += 1
            walk.reached = batch[-1][0].key
            walk.save(database)
            tell(walk)


def bring(source: Storage, target: Storage, pair: Pair) -> str:
    """Have the target hold the same bytes: `disalin`, `sama` when it did, `terhapus` when the
    source deleted the object meanwhile, `gagal` when what was read back is different."""
    info, other = pair
    try:
        with source.open(info.key) as stream:
            sha256 = _sha256(stream)
            if other is not None and other.size == info.size and _holds(target, info, sha256):
                return "sama"
            stream.seek(0)
            kind = CONTENT_TYPES.get(Path(info.key).suffix, "application/octet-stream")
            target.put(info.key, stream, kind, sha256=sha256)
    except FileNotFoundError:
        return "terhapus"
    return "disalin" if _holds(target, info, sha256) else "gagal"


def _holds(target: Storage, info: ObjectInfo, sha256: str) -> bool:
    try:
        with target.open(info.key) as stream:
            return _sha256(stream) == sha256
    except FileNotFoundError:
        return False


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
