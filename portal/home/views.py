"""Beranda, Skor, Riwayat."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, render_template, request, url_for

from portal.access import current_actor, reading, requires
from portal.accounts.queries import own_person
from portal.errors import NotFound
from portal.home import queries
from portal.permissions import Permission
from portal.scoring import queries as scores
from portal.scoring.engine import rules
from portal.scoring.models import StoredScore
from portal.verification import queries as verification
from portal.vocabulary import Indikator
from portal.web.charts import Slice

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Permission.PROFILE_OWN)
def index() -> str:
    """The first screen: score, target, best next step, items in progress."""
    actor, session = current_actor(), reading()
    score = scores.stored(session, actor.pegawai_id, actor.today.year)
    target = scores.target(session, actor.instansi_id, actor.today.year)
    waiting = (
        verification.waiting_count(session, actor) if actor.may(Permission.QUEUE_READ) else None
    )
    return render_template(
        "home/index.html",
        person=own_person(session, actor),
        score=score,
        slices=_slices(score),
        target=target,
        missing=_missing(target, score.total if score else None),
        documents=queries.in_progress(session, actor),
        waiting=waiting,
    )


@blueprint.get("/skor")
@requires(Permission.SCORE_READ_OWN)
def score() -> str:
    """Every indicator of one year with points, reason, evidence, and what was not counted."""
    actor, session = current_actor(), reading()
    stored = {row.tahun: row for row in scores.years(session, actor.pegawai_id)}
    tahun = request.args.get("tahun", default=max(stored, default=actor.today.year), type=int)
    if stored and tahun not in stored:
        raise NotFound
    chosen = stored.get(tahun)
    return render_template(
        "home/score.html",
        score=chosen,
        tahun=tahun,
        year_links=[
            (year, url_for("home.score", tahun=year), year == tahun, None)
            for year in sorted(stored, reverse=True)
        ],
        views=queries.dimension_views(chosen) if chosen and chosen.diukur else [],
        target=scores.target(session, actor.instansi_id, tahun),
        rule_set=rules.load(chosen.aturan) if chosen else None,
        running=tahun == actor.today.year,
        Indikator=Indikator,
    )


@blueprint.get("/skor/riwayat")
@requires(Permission.SCORE_READ_OWN)
def score_history() -> str:
    """How the score came to be: each change with its cause, and the years as a line."""
    actor, session = current_actor(), reading()
    stored = [row for row in scores.years(session, actor.pegawai_id) if row.total is not None]
    return render_template(
        "home/history.html",
        points=[(str(row.tahun), row.total) for row in stored],
        years=stored,
        changes=scores.changes(session, actor.pegawai_id),
    )


def _slices(score: StoredScore | None) -> list[Slice]:
    if score is None or not score.diukur:
        return []
    return [view.slice for view in queries.dimension_views(score)]


def _missing(target: Decimal | None, total: Decimal | None) -> Decimal | None:
    """Points that are missing to the target; 0 when it is reached, None without one."""
    if target is None or total is None:
        return None
    return max(target - total, Decimal(0))
