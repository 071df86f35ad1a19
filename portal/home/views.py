"""Beranda, Skor, Riwayat."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.access import current_actor, reading, requires
from portal.accounts.queries import own_person
from portal.errors import NotFound
from portal.handin.kinds import ICONS
from portal.home import history, ledger, official, queries, simulation_views
from portal.home.blueprint import blueprint
from portal.home.simulation import parameters_of
from portal.permissions import Actor, Permission
from portal.questions import queries as questions
from portal.questions.subjects import ScoreRow
from portal.scoring import queries as scores
from portal.scoring.engine import rules
from portal.scoring.engine.rules import RuleSet
from portal.scoring.facts import facts_with_origin
from portal.scoring.models import StoredScore
from portal.scoring.plans import steps as plans
from portal.verification import queries as verification
from portal.vocabulary import Dimensi
from portal.web.charts import Slice
from portal.web.pagination import Position
from portal.wording import points

STALE = dt.timedelta(days=1)
"""The nightly computation brings every score to the present day; older means that it failed."""

# The views of Simulasi declare their pages on the same blueprint by being imported.
__all__ = ["blueprint", "simulation_views"]


@blueprint.get("/")
@requires(Permission.PROFILE_OWN)
def index() -> str:
    """The first screen: score, target, best next step, items in progress."""
    actor, session = current_actor(), reading()
    today = actor.today
    score = scores.stored(session, actor.pegawai_id, today.year)
    target = None if actor.retired else scores.target(session, actor.instansi_id, today.year)
    step = score.langkah if score and not actor.retired else None
    return render_template(
        "home/index.html",
        person=own_person(session, actor),
        today=today,
        score=score,
        earlier=None if score else queries.last_year(session, actor),
        official=official.line(session, actor),
        slices=_slices(score),
        rows=_standing(score, target) if score else [],
        stale=score is not None and score.per_tanggal < today - STALE,
        step=step,
        try_step=_try(step),
        step_reaches_target=_arrives(score, target),
        rises=score is not None and score.could_become is not None,
        documents=queries.in_progress(session, actor),
        icons=ICONS,
        may_hand_in=actor.may(Permission.DOCUMENTS_HAND_IN),
        waiting=_waiting(session, actor),
        plan=_plan(session, actor, score),
        retired=actor.retired,
    )


@blueprint.get("/skor")
@requires(Permission.SCORE_READ_OWN)
def score() -> str:
    """Every indicator of one year with points, reason, evidence, and what was not counted."""
    actor, session = current_actor(), reading()
    stored = {row.tahun: row for row in scores.years(session, actor.pegawai_id)}
    newest = max(stored, default=actor.today.year)
    tahun = request.args.get("tahun", default=newest, type=int)
    if tahun != newest and tahun not in stored:
        raise NotFound("Tidak ada skor untuk tahun itu.")
    chosen = stored.get(tahun)
    shown: dict[str, Any] = {
        "score": chosen,
        "tahun": tahun,
        "running": tahun == actor.today.year,
        "may_simulate": tahun == actor.today.year and not actor.retired,
        "may_hand_in": actor.may(Permission.DOCUMENTS_HAND_IN),
        "may_ask": actor.may(Permission.QUESTIONS_ASK),
    }
    shown["year_links"] = [
        (year, url_for("home.score", tahun=year), year == tahun, None)
        for year in sorted(stored, reverse=True)
    ]
    if chosen and chosen.diukur:
        shown |= _explained(session, actor, chosen)
    return render_template("home/score.html", **shown)


@blueprint.get("/skor/riwayat")
@requires(Permission.SCORE_READ_OWN)
def score_history() -> str:
    """How the score came to be: each change with its cause, and the years as a line."""
    actor, session = current_actor(), reading()
    before = Position.decode(request.args.get("sebelum"))
    page = scores.changes(session, actor.pegawai_id, before)
    years: list[StoredScore] = []
    if before is None:
        years = [row for row in scores.years(session, actor.pegawai_id) if row.total is not None]
    path = history.path(page.rows, years[-1].tahun, actor.zone) if years else []
    return render_template(
        "home/history.html",
        first=before is None,
        years=years[::-1],
        year_points=[(str(row.tahun), row.total) for row in years],
        year_links=[
            Markup('<a href="{}">{}</a>').format(url_for("home.score", tahun=year), year)
            for year in (row.tahun for row in years[::-1])
        ],
        dimensions=list(Dimensi),
        path=[(step.hari, step.nilai) for step in path],
        causes=[step.sebab for step in path],
        changes=[history.told(change) for change in page.rows],
        older=page.next,
    )


def _explained(session: Session, actor: Actor, score: StoredScore) -> dict[str, Any]:
    """The ledger of a score, and for the running year what 1 January makes of it."""
    person = own_person(session, actor)
    facts, known = facts_with_origin(session, person)
    origins = ledger.Origins(known, person.instansi)
    how, then = scores.ways(session, actor.instansi_id, score.tahun, score.tahun + 1)
    ahead = None
    if score.tahun == actor.today.year:
        ahead = scores.next_january(person, facts, how, then, actor.today)
    return {
        "views": ledger.dimension_views(score, origins),
        "not_asked": ledger.not_asked(score, origins),
        "rows": _standing(score, None if actor.retired else how.target),
        "official": official.card(session, actor, score, known, person.instansi.sebutan_bkd),
        "rule_set": _rule_set(score.aturan),
        "ahead": ahead,
        "asked": questions.about_rows(session, actor, score.tahun),
        "code_of_row": ScoreRow.code_of,
    }


def _rule_set(name: str) -> RuleSet | None:
    """The rule set of a stored score; None for an agency's own one whose file is gone."""
    return rules.load(name) if name in rules.available() else None


def _slices(score: StoredScore | None) -> list[Slice]:
    if score is None or not score.diukur:
        return []
    return ledger.slices(score)


def _try(step: dict[str, Any] | None) -> str:
    """Simulasi with the best step switched on; a score stored long ago does not name its key."""
    key = step.get("kunci", "") if step else ""
    return url_for("home.simulation", **parameters_of([key] if key else []))


def _arrives(score: StoredScore | None, target: Decimal | None) -> bool:
    """Whether the best step makes up what is missing; who is there already arrives nowhere."""
    if not score or not score.langkah or score.total is None or not target:
        return False
    return score.total < target <= Decimal(score.langkah["total"])


def _standing(score: StoredScore, target: Decimal | None) -> list[tuple[str, str]]:
    """The lines beside the ring: target, what is missing to it, what is on its way."""
    rows = []
    if target is not None and score.total is not None:
        missing = target - score.total
        rows.append((f"Target {score.tahun}", points(target)))
        rows.append(("Masih kurang" if missing > 0 else "Di atas target", points(abs(missing))))
    if score.could_become is not None:
        coming = Markup('<span class="gain">{}</span>').format(points(score.could_become))
        rows.append(("Bisa menjadi", coming))
    return rows


def _plan(session: Session, actor: Actor, score: StoredScore | None) -> plans.Progress | None:
    """The plan in one line; who is retired has nothing left to do of it."""
    if actor.retired:
        return None
    return plans.progress(session, actor.pegawai_id, actor.today.year, _coming(score))


def _coming(score: StoredScore | None) -> list[str]:
    """Indicators to which an item that waits adds."""
    return list(score.bisa.get("indikator", {})) if score else []


def _waiting(session: Session, actor: Actor) -> int | None:
    """Items in the actor's queue; None for those who have none."""
    if not actor.may(Permission.QUEUE_READ):
        return None
    return verification.waiting_count(session, actor)
