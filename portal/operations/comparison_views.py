"""/admin/aturan/banding: two ways of measuring over the same people; the dry run of a change."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import lru_cache

from flask import (
    Blueprint,
    current_app,
    flash,
    get_template_attribute,
    request,
    stream_with_context,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import audit
from portal.access import current_actor, database, reading, requires, transaction
from portal.accounts.forms import printable, refuse
from portal.errors import Rejected
from portal.operations.comparison_page import context
from portal.operations.forms import WayForm, YearForm
from portal.operations.rules_answers import after, begun
from portal.operations.rules_page import known_rules
from portal.permissions import Permission
from portal.scoring.comparison import actions as comparison
from portal.scoring.comparison import file as comparison_file
from portal.scoring.comparison import queries
from portal.scoring.years import FIRST_YEAR, Way
from portal.web.htmx import render

blueprint = Blueprint("comparisons", __name__)


@blueprint.get("/admin/aturan/banding")
@requires(Permission.RULES_MANAGE)
def compare() -> Response:
    """Choose two ways and a year of data."""
    return _compare(None)


@blueprint.post("/admin/aturan/banding")
@requires(Permission.RULES_MANAGE)
def begin_comparison() -> Response:
    """Compare two ways over the same people."""
    actor = current_actor()
    forms = _comparison_forms()
    year_form, a, b = forms
    if not all([year_form.validate(), a.validate(), b.validate()]):
        return _compare(forms)
    try:
        with transaction() as session:
            instansi = queries.agency_of(session, actor, Permission.RULES_MANAGE)
            row = comparison.order(session, actor, instansi, year_form.year, a.way, b.way)
    except Rejected as refusal:
        refuse(b, refusal)
        return _compare(forms)
    return begun(row)


@blueprint.get("/admin/aturan/banding/<uuid:comparison_id>")
@requires(Permission.RULES_READ)
def show(comparison_id: uuid.UUID) -> Response:
    """Progress of a comparison, then what it found."""
    actor, session = current_actor(), reading()
    opened = queries.opened(session, actor, comparison_id)
    return render(
        "rules/comparison.html",
        partial="rules/_comparison.html",
        **context(session, actor, opened, printable(request.args.get("q", "")).strip()[:100]),
    )


@blueprint.post("/admin/aturan/banding/<uuid:comparison_id>/terapkan")
@requires(Permission.RULES_MANAGE)
def apply_proposal(comparison_id: uuid.UUID) -> Response:
    """Make the proposal that was shown the way of its year."""
    actor = current_actor()
    with transaction() as session:
        row = queries.found(session, actor, Permission.RULES_MANAGE, comparison_id)
        run = comparison.apply(session, actor, row)
    flash(f"Aturan tahun {row.tahun} sudah diterapkan.", "ok")
    return after(run, url_for("comparisons.show", comparison_id=comparison_id))


@blueprint.post("/admin/aturan/banding/<uuid:comparison_id>/unduh")
@requires(Permission.RULES_READ)
def download(comparison_id: uuid.UUID) -> Response:
    """Every person's difference as CSV. A POST, because the taking is recorded."""
    actor = current_actor()
    with transaction() as session:
        row = queries.found(session, actor, Permission.RULES_READ, comparison_id)
        audit.record(session, actor, "rules:comparison-taken", row.id, tahun=row.tahun)
    name = f"banding-aturan-{row.tahun}-{row.dibuat:%Y-%m-%d}.csv"

    def pieces() -> Iterator[str]:
        with database().reading() as session:
            yield from comparison_file.lines(session, row)

    response = current_app.response_class(stream_with_context(pieces()), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


Forms = tuple[YearForm, WayForm, WayForm]


def _comparison_forms() -> Forms:
    years = range(current_actor().today.year, FIRST_YEAR - 1, -1)
    return YearForm.of(years), WayForm.of(prefix="a"), WayForm.of(prefix="b")


def _drawn(forms: Forms) -> tuple[Markup, Markup, Markup]:
    """The fields of the year and of both ways."""
    fields = get_template_attribute("rules/_way.html", "fields")
    year = get_template_attribute("rules/_way.html", "year")
    return year(forms[0]), fields(forms[1]), fields(forms[2])


@lru_cache(4)
def _untouched(
    this_year: int, offered: tuple[tuple[str, str], ...]
) -> tuple[Markup, Markup, Markup]:
    """The fields before anybody chose, the same for everyone: drawn once. `offered` are ids and
    names of the rule sets, oldest first."""
    oldest, newest = offered[0][0], offered[-1][0]
    years = range(this_year, FIRST_YEAR - 1, -1)
    return _drawn(
        (
            YearForm.of(years, formdata=None),
            WayForm.of(Way(oldest), prefix="a", formdata=None),
            WayForm.of(Way(newest), prefix="b", formdata=None),
        )
    )


def _compare(forms: Forms | None) -> Response:
    actor = current_actor()
    queries.agency_of(reading(), actor, Permission.RULES_MANAGE)
    if forms is None:
        known = sorted(known_rules().values(), key=lambda one: one.tahun_mulai)
        offered = tuple((one.id, one.nama) for one in known)
        year, a, b = _untouched(actor.today.year, offered)
    else:
        year, a, b = _drawn(forms)
    return render(
        "rules/compare.html",
        status=422 if forms else 200,
        refused=forms or (),
        year=year,
        ways=[("A", a), ("B", b)],
    )
