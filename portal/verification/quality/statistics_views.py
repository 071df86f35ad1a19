"""/verifikasi/statistik: how much, how fast, how well; figures, chart, and a file."""

from __future__ import annotations

from flask import Response, request

from portal.access import current_actor, reading, requires
from portal.agency.models import Instansi
from portal.permissions import Permission
from portal.verification.blueprint import blueprint
from portal.verification.quality.period import Period
from portal.verification.quality.sheet import workbook
from portal.verification.quality.statistics import Report, report
from portal.web.histogram import Bar, histogram
from portal.web.htmx import render
from portal.wording import tanggal_pendek

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/statistik")
@requires(Permission.QUEUE_READ)
def statistics() -> Response:
    """The figures of a period; per person for the head of the queue, else the own ones alone."""
    actor = current_actor()
    found = report(reading(), actor, Period.of(request.args, actor.today))
    return render(
        "verification/quality/statistics.html",
        report=found,
        chart=histogram(_bars(found), "Keputusan", "keputusan"),
        weekly=found.period.step > 1,
    )


@blueprint.get("/statistik.xlsx")
@requires(Permission.QUEUE_READ)
def statistics_file() -> Response:
    """The same as a workbook."""
    actor, session = current_actor(), reading()
    period = Period.of(request.args, actor.today)
    agency = session.get_one(Instansi, actor.instansi_id)
    content = workbook(report(session, actor, period), agency.nama)
    name = f"statistik-pemeriksaan-{period.first}-{period.last}.xlsx"
    return Response(
        content,
        mimetype=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _bars(found: Report) -> list[Bar]:
    return [
        Bar(
            edge=f"{last.day}/{last.month}",
            words=tanggal_pendek(last)
            if first == last
            else f"{first.day}/{first.month} sampai {tanggal_pendek(last)}",
            count=count,
            tone="same",
        )
        for first, last, count in found.course
    ]
