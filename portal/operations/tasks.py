"""What the worker does: jobs by kind, the minute tick, the nights (UTC hours; 17 is past midnight
in all of Indonesia)."""

from __future__ import annotations

from flask import Flask

from portal.accounts import mailer
from portal.audit.sealing import seal_committed
from portal.db import Database, now
from portal.documents.reading import work as reading
from portal.handin import processing
from portal.handin.uploads import drop_left_behind
from portal.imports import work as imports
from portal.imports.sheets import Limits
from portal.jobs import Lane, Queue
from portal.notifications import letters
from portal.operations.reconciliation import reconcile
from portal.operations.retention import Terms, retain
from portal.operations.sweep import sweep
from portal.scoring import runs
from portal.scoring.comparison import work as comparison_work
from portal.scoring.reminders import remind
from portal.settings import Settings
from portal.verification import actions as verification
from portal.verification.checking import work as checking
from portal.verification.queueing import work as queueing


def install(app: Flask, queue: Queue) -> None:
    """Register every handler; called once by the application."""
    database: Database = app.extensions["database"]
    storage = app.extensions["storage"]
    limits = Limits(app.extensions["settings"].max_import_bytes)
    imports.install(queue, database, storage, limits)
    processing.install(queue, database, storage, app.extensions["settings"])
    reading.install(queue, database, storage)
    queue.handle(mailer.KIND, mailer.sender(database, app.extensions["settings"]))
    # Four hours, as long as a mail server may well be away; then the morning's letters.
    queue.handle(letters.KIND, letters.sender(database, app.extensions["settings"]), attempts=9)

    def seal() -> None:
        seal_committed(database)

    def release_expired() -> None:
        with database.transaction() as session:
            verification.release_expired(session, now())

    queue.every_minute(release_expired)
    queueing.install(queue, database)
    queue.every_minute(drop_left_behind)
    queue.every_minute(seal)
    queue.handle(runs.KIND, runs.handler(database))
    queue.handle(comparison_work.KIND, comparison_work.handler(database))
    checking.install(queue, database)

    def recompute() -> None:
        runs.order_everybody(database, cause="Penghitungan harian")
        queue.run_due(Lane.UMUM)

    queue.nightly("recompute", recompute, hour=17)
    queue.nightly("remind", lambda: remind(database), hour=18)
    settings: Settings = app.extensions["settings"]
    terms = Terms(settings.draft_days, settings.refused_days)
    days = settings.quarantine_days
    queue.nightly("retain", lambda: retain(database, storage, terms), hour=18)
    queue.nightly("sweep", lambda: sweep(database, storage, quarantine_days=days), hour=18)
    # Six in the west, eight in the east.
    queue.nightly("digests", lambda: letters.order_digests(database, settings), hour=23)
    queue.nightly("statistics", database.gather_statistics, hour=19)
    queue.nightly("reconcile", lambda: reconcile(database, storage), hour=19)
