"""Heads of the audit's chain kept outside the database: in the object store, in the log, in each
backup. Whoever rewrites the chain cannot rewrite those (docs/decisions/0018-audit-chain.md)."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import structlog

from portal.audit.checking import Check, faults
from portal.audit.findings import Fault
from portal.audit.sealing import NOTHING, Head, head, seal_committed
from portal.db import Database, now
from portal.errors import Rejected
from portal.storage import Storage, keys

log = structlog.get_logger()
FOLDER = "audit/"
UNREADABLE = "bukan kepala rantai audit (TEMPAT:SIDIK, kepala.json, atau manifest.json cadangan)"


def keep(database: Database, storage: Storage) -> Head:
    """Write the present head into the object store and the log. Raises Unavailable."""
    with database.reading() as session:
        newest = head(session)
    if newest.urutan:
        data = json.dumps(asdict(newest) | {"waktu": now().isoformat()}).encode()
        digest = hashlib.sha256(data).hexdigest()
        storage.put(keys.audit_head(newest.urutan), data, "application/json", sha256=digest)
        log.info("audit_head", urutan=newest.urutan, hash=newest.hash)
    return newest


def kept(storage: Storage) -> Iterator[Head]:
    """The heads in the object store, oldest first. Raises Unavailable, and Rejected for one that
    cannot be read."""
    for info in storage.iterate(FOLDER):
        yield _read(storage, info.key)


def newest_kept(storage: Storage) -> Head:
    """The last of them."""
    last = deque(storage.iterate(FOLDER), maxlen=1)
    return _read(storage, last[0].key) if last else NOTHING


def _read(storage: Storage, key: str) -> Head:
    with storage.open(key) as stream:
        return _parsed(stream.read(), key)


def given(text: str) -> Head:
    """A head as an operator hands it over: `PLACE:HASH` from the log or from paper, or a file: a
    kept head, or the manifest of a backup. Raises Rejected."""
    place, _, digest = text.partition(":")
    if place.isascii() and place.isdigit() and len(digest) == len(NOTHING.hash):
        return Head(int(place), digest.lower())
    path = Path(text)
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise Rejected(f"{text}: {UNREADABLE}.") from error
    return _parsed(content, text)


def _parsed(content: bytes, name: str) -> Head:
    try:
        data = json.loads(content)
        data = data.get("audit", data)
        return Head(int(data["urutan"]), str(data["hash"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Rejected(f"{name}: {UNREADABLE}.") from error


def check_news(database: Database, storage: Storage) -> tuple[Check, list[Fault]]:
    """Seal what waits, look at everything since the newest kept head, and keep the new head when
    nothing was found. Raises Unavailable when the object store is away."""
    seal_committed(database)
    begin = newest_kept(storage)
    check = Check(begin=begin)
    found = list(faults(database, check, [begin] if begin.urutan else []))
    if not found:
        keep(database, storage)
    return check, found
