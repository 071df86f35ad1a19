"""/admin/aturan: how each year is measured, and the way to change it."""

from __future__ import annotations

import uuid
from functools import lru_cache

from flask import Blueprint, flash, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.accounts.forms import refuse
from portal.db import now
from portal.errors import NotFound, Rejected
from portal.operations import rules_page as page
from portal.operations.forms import TargetForm, WayForm
from portal.operations.rules_answers import after, begun
from portal.permissions import Permission
from portal.scoring import runs
from portal.scoring.comparison import actions as comparison
from portal.scoring.comparison import queries
from portal.scoring.engine import rules
from portal.scoring.rule_docs.words import switches_of
from portal.scoring.years import FIRST_YEAR, Way, can_be_set, way_of, way_of_year, year_of, years_of
from portal.web.fields import draw
from portal.web.htmx import render

blueprint = Blueprint("rules", __name__)
_WAY = "rules/_way.html"
_KEPT = 16
"""Drawings kept in memory, one for each rule set."""


@blueprint.get("/admin/aturan")
@requires(Permission.RULES_READ)
def index() -> Response:
    """Every year with its way, the rule sets on offer, what was tried before."""
    actor, session = current_actor(), reading()
    instansi = queries.agency_of(session, actor, Permission.RULES_READ)
    chosen = years_of(session, instansi.id, actor.today)
    return render(
        "rules/index.html",
        years=[
            (tahun, way_of(chosen.get(tahun), tahun), chosen.get(tahun))
            for tahun in range(actor.today.year + 1, FIRST_YEAR - 1, -1)
        ],
        running=actor.today.year,
        known=page.known_rules(),
        own=list(filter(rules.is_own, rules.available())),
        years_in_words=rules.years,
        recent=queries.recent(session, instansi.id),
        state=page.state,
        under_way=queries.unfinished_runs(session, instansi.id),
        may_change=actor.may(Permission.RULES_MANAGE),
    )


@blueprint.get("/admin/aturan/<int:tahun>")
@requires(Permission.RULES_MANAGE)
def year(tahun: int) -> Response:
    """How one year is measured, and the way to change it."""
    return _year(tahun)


@blueprint.post("/admin/aturan/<int:tahun>")
@requires(Permission.RULES_MANAGE)
def propose(tahun: int) -> Response:
    """Try another way of measuring the year; nothing changes yet."""
    actor, form = current_actor(), WayForm.of()
    _check_year(tahun)
    if not form.validate():
        return _year(tahun, form=form)
    try:
        with transaction() as session:
            instansi = queries.agency_of(session, actor, Permission.RULES_MANAGE)
            present = way_of_year(session, instansi.id, tahun)
            row = comparison.order(session, actor, instansi, tahun, present, form.way)
    except Rejected as refusal:
        refuse(form, refusal)
        return _year(tahun, form=form)
    return begun(row)


@blueprint.post("/admin/aturan/<int:tahun>/target")
@requires(Permission.RULES_MANAGE)
def target(tahun: int) -> Response:
    """Set the target of the year; the advice to people follows."""
    actor, form = current_actor(), TargetForm.of(None)
    _check_year(tahun)
    if not form.validate():
        return _year(tahun, target=form)
    with transaction() as session:
        instansi = queries.agency_of(session, actor, Permission.RULES_MANAGE)
        run = comparison.set_target(session, actor, instansi, tahun, form.number)
    flash(f"Target {tahun} disimpan.", "ok")
    return after(run, url_for("rules.year", tahun=tahun))


@blueprint.get("/admin/aturan/hitung/<uuid:run_id>")
@requires(Permission.RULES_READ)
def recomputation(run_id: uuid.UUID) -> Response:
    """How far a recomputation is."""
    actor, session = current_actor(), reading()
    run = queries.run_found(session, actor, run_id)
    progress = runs.progress(session, run)
    return render(
        "rules/run.html",
        partial="rules/_run.html",
        run=run,
        progress=progress,
        by=queries.name_of(session, run.oleh_id),
        slow=not run.selesai and not progress.dihitung and now() - run.dibuat > page.PATIENCE,
    )


def _check_year(tahun: int) -> None:
    if not can_be_set(tahun, current_actor().today):
        raise NotFound


def _fields(sent: WayForm | None, way: Way) -> Markup:
    if sent or way.saklar:
        return draw(_WAY, "fields", sent or WayForm.of(way, formdata=None))
    return _as_filed(way.aturan, tuple((one.id, one.nama) for one in page.known_rules().values()))


@lru_cache(_KEPT)
def _as_filed(aturan: str, _offered: tuple[tuple[str, str], ...]) -> Markup:
    """The fields of a way without a switch, drawn once while the same rule sets are on offer."""
    return draw(_WAY, "fields", WayForm.of(Way(aturan), formdata=None))


def _year(tahun: int, form: WayForm | None = None, target: TargetForm | None = None) -> Response:
    actor, session = current_actor(), reading()
    _check_year(tahun)
    instansi = queries.agency_of(session, actor, Permission.RULES_MANAGE)
    chosen = year_of(session, instansi.id, tahun)
    way = way_of(chosen, tahun)
    return render(
        "rules/year.html",
        status=422 if form or target else 200,
        tahun=tahun,
        present=page.Side("Cara mengukur", way, page.known_rules().get(way.aturan)),
        switches=switches_of(way.rules) if way.aturan in rules.available() else None,
        form=form,
        fields=_fields(form, way),
        target=target or TargetForm.of(chosen.target if chosen else None, formdata=None),
        coming=tahun > actor.today.year,
    )
