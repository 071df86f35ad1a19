"""Kill -9 of web, worker and store at random while hundreds of people hand in.

Every receipt that a person saw has its row and its object, unchanged; every file without a receipt
is gone on with or swept; nothing is handed in twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import queue
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.db import now
from portal.documents.files import pdf_key
from portal.documents.models import Document
from portal.operations.reconciliation import findings_of, reconcile
from portal.operations.sweep import sweep
from portal.people.models import Pegawai
from portal.settings import ROOT
from portal.vocabulary import DocumentState
from tests.drill import pictures
from tests.drill.phone import GaveUp, Paper, Phone
from tests.drill.scene import Scene

AT_ONCE = 24
"""People who hand in at the same moment."""
SEVERAL_PARTS = 3000
"""Pixels of a photo that is too large for one part."""
NEVER_BACK = 20
"""Of so many people one closes the page in mid-upload and never comes back."""
PATIENCE = 600.0
"""Seconds until a person stops waiting for a receipt."""
STEPS = 16
"""So many answers the crowd gets at least between two deaths."""
LONG_AFTER = dt.timedelta(days=30)
"""When everything that nobody needs must have been swept."""


@dataclass
class Outcome:
    """What the people saw, and what was found afterwards."""

    receipts: dict[Paper, str] = field(default_factory=dict)
    abandoned: int = 0
    refusals: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    """Receipts whose row or object is not as it must be."""
    twice: int = 0
    """Items handed in more often than once, or without anybody having asked."""
    left_over: list[str] = field(default_factory=list)
    """Objects that belong to nothing after the sweep, and red lines of the reconciliation."""
    examined: str = ""
    """What `periksa-berkas` said when it found a fault."""

    @property
    def clean(self) -> bool:
        return not (
            self.lost or self.twice or self.left_over or self.refusals or self.examined
        ) and bool(self.receipts)


def drill(
    scene: Scene,
    hand_ins: int,
    *,
    seed: int,
    pause: tuple[float, float],
) -> Outcome:
    """Let so many certificates be handed in while something dies every `pause` seconds (from,
    to). Afterwards the portal of the scene is stopped."""
    outcome = Outcome()
    before = set(_handed_in(scene))
    begun = time.monotonic()
    phones = [Phone(scene.portal.url, nip) for nip in scene.nips]
    crowd = threading.Thread(target=_hand_in_all, args=(phones, hand_ins, outcome))
    crowd.start()
    _kill_while(crowd, phones, scene, outcome, random.Random(seed), pause)
    crowd.join()
    outcome.seconds = time.monotonic() - begun
    _check(scene, outcome, before)
    return outcome


def _hand_in_all(phones: list[Phone], hand_ins: int, outcome: Outcome) -> None:
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(hand_ins):
        waiting.put(number)

    def work() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            _hand_in(phones[number % len(phones)], number, outcome)

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for phone in phones:
        outcome.refusals += phone.refusals


def _hand_in(phone: Phone, number: int, outcome: Outcome) -> None:
    leaves = number % NEVER_BACK == NEVER_BACK - 1
    side = SEVERAL_PARTS if leaves else pictures.SIDE
    paper = Paper(pictures.photo(number, side), f"Seminar ke-{number}")
    try:
        receipt = phone.hand_in(paper, patience=PATIENCE, until_part=1 if leaves else None)
    except GaveUp:
        outcome.abandoned += 1
    else:
        outcome.receipts[paper] = receipt


def _kill_while(
    crowd: threading.Thread,
    phones: Sequence[Phone],
    scene: Scene,
    outcome: Outcome,
    chance: random.Random,
    pause: tuple[float, float],
) -> None:
    """One part dies at a time and is started again, as a supervisor does. Between two deaths the
    crowd gets on by some steps, however busy the machine is."""
    portal, store = scene.portal, scene.store
    parts: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "web": (portal.kill_web, portal.start_web),
        "worker": (portal.kill_worker, portal.start_worker),
        "store": (store.kill, store.start),
    }
    enough = 0
    while crowd.is_alive():
        time.sleep(chance.uniform(*pause))
        steps = sum(phone.steps for phone in phones)
        if steps < enough:
            continue
        enough = steps + STEPS
        name = chance.choice(sorted(parts))
        kill, start = parts[name]
        kill()
        time.sleep(chance.uniform(0.1, 1.5))
        start()
        outcome.kills[name] += 1


def _handed_in(scene: Scene) -> dict[uuid.UUID, Document]:
    """What the crowd has in the queue."""
    with scene.portal.database.reading() as session:
        waiting = select(Document).where(Document.state == DocumentState.DIAJUKAN)
        crowd = waiting.join(Document.owner).where(Pegawai.nip.in_(scene.nips))
        found = session.scalars(crowd.options(selectinload(Document.files))).unique()
        return {document.id: document for document in found}


def _check(scene: Scene, outcome: Outcome, before: set[uuid.UUID]) -> None:
    portal = scene.portal
    own = {key: document for key, document in _handed_in(scene).items() if key not in before}
    for paper, receipt in outcome.receipts.items():
        outcome.lost += _faults(scene, own.get(paper.document_id), paper, receipt)
    outcome.twice = len(own) - len({paper.document_id for paper in outcome.receipts})
    portal.kill_worker()
    portal.kill_web()
    sweep(portal.database, portal.storage, moment=now() + LONG_AFTER)
    outcome.left_over += [f"object {key}" for key in _unknown(scene)]
    report = reconcile(portal.database, portal.storage)
    outcome.left_over += [f"{f.kode}: {f.contoh[:3]}" for f in findings_of(report)]
    examined = subprocess.run(
        [sys.executable, "-m", "portal", "periksa-berkas"],
        env=dict(portal.environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if examined.returncode:
        outcome.examined = (examined.stdout + examined.stderr)[-2000:]


def _faults(scene: Scene, document: Document | None, paper: Paper, receipt: str) -> Iterable[str]:
    """What is wrong with one receipt that somebody saw."""
    if document is None:
        return [f"{receipt}: no row"]
    if document.receipt != receipt:
        return [f"{receipt}: the row says {document.receipt}"]
    files = document.current_files
    if [f.sha256_original for f in files] != [hashlib.sha256(paper.picture).hexdigest()]:
        return [f"{receipt}: not the bytes that were sent"]
    try:
        with scene.portal.storage.open(pdf_key(files[0])) as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return [f"{receipt}: no object"]
    return [] if digest == files[0].sha256_stored else [f"{receipt}: another object"]


def _unknown(scene: Scene) -> list[str]:
    """Objects below documents/ and uploads/ that no row knows."""
    with scene.portal.database.reading() as session:
        known = {
            str(file.id)
            for document in session.scalars(select(Document))
            for file in document.files
        }
    store = scene.portal.storage
    return [
        one.key
        for prefix in ("documents/", "uploads/")
        for one in store.iterate(prefix)
        if one.key.split("/")[1] not in known
    ]
