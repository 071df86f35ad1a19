"""/bantuan: what others have asked, to be searched and read by everybody."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from portal.access import current_actor, reading, requires
from portal.permissions import Permission
from portal.questions import faq_queries
from portal.questions.blueprint import blueprint
from portal.questions.models import Topic
from portal.web.htmx import render
from portal.web.typed import clean


@blueprint.get("/bantuan", endpoint="help_")
@requires(Permission.QUESTIONS_READ_OWN)
def help_() -> Response:
    """Questions with their answers, by topic."""
    actor, session = current_actor(), reading()
    search = clean(request.args.get("cari"))[: faq_queries.LONGEST_SEARCH]
    code = request.args.get("topik", "")
    topic = Topic(code) if code in list(Topic) else None
    after = faq_queries.place_in(request.args.get("setelah"))
    counts = faq_queries.counts(session, actor)
    where = {"cari": search or None, "topik": topic.value if topic else None}
    return render(
        "questions/help.html",
        partial="questions/_help.html",
        page=faq_queries.listing(session, actor, search, topic, after),
        search=search,
        topic=topic,
        where={name: word for name, word in where.items() if word},
        first=after is None,
        tabs=_tabs(topic, search, counts),
        any=bool(counts),
        may_ask=actor.may(Permission.QUESTIONS_ASK),
    )


def _tabs(
    chosen: Topic | None, search: str, counts: dict[Topic, int]
) -> list[tuple[str, str, bool, int]]:
    """Topics that have answers, with their numbers."""
    words: dict[str, Any] = {"cari": search} if search else {}
    found = [("Semua", url_for("questions.help_", **words), chosen is None, sum(counts.values()))]
    for topic in Topic:
        if topic in counts:
            address = url_for("questions.help_", topik=topic.value, **words)
            found.append((topic.label, address, chosen is topic, counts[topic]))
    return found
