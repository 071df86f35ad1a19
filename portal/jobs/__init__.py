"""Background work. A job is a row written in the transaction of the act that needs it; huey only
wakes the worker, and the minute tick starts whatever was never woken. Jobs are idempotent.
"""

from portal.jobs.lines import Lane
from portal.jobs.models import WORKER, Heartbeat, Job, enqueue
from portal.jobs.nights import failed as failed_nights
from portal.jobs.queue import MAX_ATTEMPTS, STALE, Handler, Queue

__all__ = [
    "MAX_ATTEMPTS",
    "STALE",
    "WORKER",
    "Handler",
    "Heartbeat",
    "Job",
    "Lane",
    "Queue",
    "enqueue",
    "failed_nights",
]
