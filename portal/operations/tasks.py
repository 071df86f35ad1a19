"""What the worker does: jobs by kind, the minute tick, the nights."""

from __future__ import annotations

from flask import Flask

from portal.jobs import Queue


def install(app: Flask, queue: Queue) -> None:
    """Register every handler; called once by the application."""
