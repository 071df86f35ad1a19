"""The floor: a bare Flask page that runs the same queries and shows the same HTML.

Its queries are the very statements of the page, run through the same ORM; its HTML comes from one
flat Jinja template in which every text and every address is a variable. It has no login, session,
forms, headers, layout, macros, logs or compression: what is left over is the portal's own work.
`python -m tests.bench.floor PATH COOKIE` serves one such page with the portal's server settings.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask import Flask, render_template
from markupsafe import Markup, escape
from sqlalchemy import Executable, event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import ORMExecuteState, Session

from portal.db import Database
from portal.launch.web_server import WebServer
from portal.settings import Settings


@dataclass
class Recording:
    """What one request asked of the database, as statements that can be run again."""

    queries: list[tuple[Executable, Any, dict[str, Any]]] = field(default_factory=list)
    body: bytes = b""


@contextmanager
def recording() -> Iterator[Recording]:
    """Notes every statement that any session executes inside the block.

    Loads that follow by themselves from a noted statement (selectin) are left out: they follow
    from it on the floor too.
    """
    notes = Recording()

    def note(state: ORMExecuteState) -> None:
        follows = state.is_relationship_load and state.lazy_loaded_from is None
        if not follows:
            options = {
                key: value
                for key, value in state.execution_options.items()
                if key == "populate_existing"
            }
            notes.queries.append((state.statement, state.parameters, options))

    event.listen(Session, "do_orm_execute", note)
    try:
        yield notes
    finally:
        event.remove(Session, "do_orm_execute", note)


_SHOWN = re.compile(r'(?<=>)[^<>]*[^<>\s][^<>]*(?=<)|(?:(?<=href=")|(?<=src="))[^"]+(?=")')
"""Texts and addresses of a page."""
_JINJA = re.compile(r"\{[{%#]")


def flat_template(html: str) -> tuple[str, list[str]]:
    """A template without structure that shows `html`, and the values of its variables."""
    parts: list[str] = []
    values: list[str] = []
    end = 0
    for match in _SHOWN.finditer(html):
        value = unescape(match[0])
        if escape(value) == match[0]:
            parts += [_literal(html[end : match.start()], values), f"{{{{ v[{len(values)}] }}}}"]
            values.append(value)
            end = match.end()
    return "".join([*parts, _literal(html[end:], values)]), values


def _literal(text: str, values: list[str]) -> str:
    """Text that Jinja would read as its own becomes a variable too."""
    if not _JINJA.search(text):
        return text
    values.append(Markup(text))
    return f"{{{{ v[{len(values) - 1}] }}}}"


def run_queries(database: Database, notes: Recording) -> None:
    with database.reading() as session:
        for statement, parameters, options in notes.queries:
            result = session.execute(statement, parameters, execution_options=options)
            try:
                result.all()
            except InvalidRequestError:  # joined collections
                result.unique().all()


def bare_app(database: Database, path: str, notes: Recording) -> Flask:
    """A bare page at the same address."""
    app = Flask("floor")
    app.jinja_env.keep_trailing_newline = True
    source, values = flat_template(notes.body.decode())
    template = app.jinja_env.from_string(source)

    def page() -> str:
        run_queries(database, notes)
        return render_template(template, v=values)

    app.add_url_rule(path, view_func=page, endpoint="page")
    app.add_url_rule("/healthz", view_func=lambda: "ok", endpoint="healthz")
    return app


class FloorServer(WebServer):
    """The floor of one page behind gunicorn, set up as the portal's own server is."""

    def __init__(self, settings: Settings, path: str, cookie: str) -> None:
        self.page = path, cookie
        super().__init__(settings)

    def load(self) -> Flask:
        """Records the page by asking the portal once, then serves the bare one."""
        from portal.app import create_app
        from tests.bench.pages import call
        from tests.bench.place import throw_logs_away

        throw_logs_away()
        app = create_app(self.settings)
        path, cookie = self.page
        with recording() as notes:
            notes.body = call(app, path, cookie)[1]
        return bare_app(app.extensions["database"], path, notes)


if __name__ == "__main__":
    FloorServer(Settings.from_env(), sys.argv[1], sys.argv[2]).run()
