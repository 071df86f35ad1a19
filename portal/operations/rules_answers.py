"""Where the acts of the rules lead: to the page that shows the work they have ordered."""

from __future__ import annotations

from typing import cast

from flask import current_app, redirect, url_for
from werkzeug.wrappers import Response

from portal.jobs import Queue
from portal.scoring.models import RecomputeRun, RuleComparison


def begun(row: RuleComparison) -> Response:
    """To a comparison that the worker is told of."""
    _wake()
    return redirect(url_for("comparisons.show", comparison_id=row.id), 303)


def after(run: RecomputeRun | None, otherwise: str) -> Response:
    """To a recomputation that the worker is told of; to another page when none is needed."""
    if run is None:
        return redirect(otherwise, 303)
    _wake()
    return redirect(url_for("rules.recomputation", run_id=run.id), 303)


def _wake() -> None:
    cast("Queue", current_app.extensions["queue"]).wake()
