"""/skor/simulasi and the acts on the own rencana pengembangan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from flask import current_app, flash, get_template_attribute, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.access import current_actor, reading, requires, transaction
from portal.errors import Conflict, Rejected
from portal.home.blueprint import blueprint
from portal.home.simulation import GOAL, Simulation, Wish, parameters, simulate, wish_of
from portal.home.simulation_options import Switch
from portal.home.simulation_salary import illustrate, rupiah
from portal.permissions import Permission
from portal.scoring.engine.options import Option
from portal.scoring.engine.result import NotMeasured
from portal.scoring.plans import actions as plans_actions
from portal.web.htmx import render


@blueprint.get("/skor/simulasi")
@requires(Permission.SCORE_READ_OWN)
def simulation() -> Response:
    """What further steps would change; the address holds them, nothing is kept."""
    return _page(wish_of(request.args))


@blueprint.post("/skor/rencana")
@requires(Permission.SCORE_PLAN_OWN)
def save_plan() -> Response:
    """Make the chosen steps the plan of the year."""
    actor, wish = current_actor(), wish_of(request.form)
    _same_year(actor.today.year)
    try:
        with transaction() as session:
            simulated = simulate(session, actor, wish)
            chosen, going = _wanted(simulated)
            plans_actions.save(session, actor, actor.today.year, chosen, under_way=going)
    except Rejected as error:
        return _page(wish, fault=error.message, status=422)
    flash("Rencana Anda tersimpan.", "ok")
    return redirect(url_for("home.simulation", **parameters(chosen)), 303)


@blueprint.post("/skor/rencana/hapus")
@requires(Permission.SCORE_PLAN_OWN)
def remove_planned_step() -> Response:
    """Take one open step out of the plan."""
    actor = current_actor()
    _same_year(actor.today.year)
    with transaction() as session:
        plans_actions.remove(session, actor, actor.today.year, request.form.get("langkah", ""))
    flash("Langkah itu sudah dihapus dari rencana Anda.", "ok")
    return redirect(url_for("home.simulation"), 303)


def _wanted(simulated: Simulation | NotMeasured) -> tuple[Sequence[Option], Collection[str]]:
    """What to plan, and what of the plan is on its way already."""
    if isinstance(simulated, NotMeasured):
        return (), ()
    return simulated.chosen, simulated.under_way


def _same_year(tahun: int) -> None:
    """A page that was left open over New Year must not plan for another year than it shows."""
    if request.form.get("tahun") != str(tahun):
        raise Conflict("Tahun pengukuran sudah berganti. Buka Simulasi lagi untuk tahun ini.")


def _address(simulated: Simulation) -> str:
    """Where the lightest way to the goal is switched on."""
    chosen = parameters(simulated.way.steps) | {GOAL: simulated.goal_text}
    return url_for("home.simulation", **chosen)


@lru_cache(256)
def _controls(switches: tuple[Switch, ...], keys: tuple[str, ...]) -> Markup:
    """The switches with what is on; some twenty choices each, drawn once."""
    drawn: Markup = get_template_attribute("home/_switches.html", "controls")(switches, keys)
    return drawn


def _page(wish: Wish, *, fault: str = "", status: int = 200) -> Response:
    actor = current_actor()
    context: dict[str, Any] = {"tahun": actor.today.year, "fault": fault, "reason": ""}
    simulated = None if actor.retired else simulate(reading(), actor, wish)
    if isinstance(simulated, NotMeasured):
        context["reason"] = simulated.alasan
    if not isinstance(simulated, Simulation):
        return render(
            "home/simulation_closed.html", retired=actor.retired, status=status, **context
        )
    settings = current_app.extensions["settings"]
    return render(
        "home/simulation.html",
        partial="home/_simulation_answer.html",
        status=status,
        s=simulated,
        controls=_controls(simulated.switches, wish.keys),
        way_address=_address(simulated),
        plan_address=url_for("home.simulation", **parameters(simulated.planned)),
        salary=illustrate(
            simulated.now.total,
            simulated.then,
            settings.salary_example,
            settings.salary_shares,
        ),
        rupiah=rupiah,
        may_hand_in=actor.may(Permission.DOCUMENTS_HAND_IN),
        parameters=parameters(simulated.chosen),
        **context,
    )
