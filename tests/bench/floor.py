"""The floor: a bare Flask page that runs the same queries and shows the same HTML.

Its queries are the very statements of the page, run through the same ORM; its HTML comes from one
flat Jinja template in which every text and every address is a variable. It has no login, session,
forms, headers, layout, macros, logs or compression: what is left over is the portal's own work.
`python -m tests.bench.floor FILE` serves such pages with the portal's server settings; FILE is a
JSON list of addresses and cookies.
"""

from __future__ import annotations

import gc
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from jinja2 import Template
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
_JINJA = re.compile(r"\{[{%#]|\r")


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
    """Text that Jinja would read as its own, or change, becomes a variable too."""
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


def bare_app(database: Database, pages: list[Recording]) -> Flask:
    """One bare page per recording, at /0, /1, …"""
    app = Flask("floor")
    app.jinja_env.keep_trailing_newline = True
    for number, notes in enumerate(pages):
        source, values = flat_template(notes.body.decode())
        template = app.jinja_env.from_string(source)
        view = partial(_page, database, notes, template, values)
        app.add_url_rule(f"/{number}", view_func=view, endpoint=str(number))
    app.add_url_rule("/healthz", view_func=lambda: "ok", endpoint="healthz")
    return app


def _page(database: Database, notes: Recording, template: Template, values: list[str]) -> str:
    run_queries(database, notes)
    return render_template(template, v=values)


class FloorServer(WebServer):
    """Floors behind gunicorn, set up as the portal's own server is."""

    def __init__(self, settings: Settings, wanted: list[tuple[str, str]]) -> None:
        self.wanted = wanted
        super().__init__(settings)

    def load(self) -> Flask:
        """Records the pages by asking the portal for each, then serves the bare ones."""
        from portal.app import create_app
        from tests.bench.pages import call
        from tests.bench.place import throw_logs_away

        throw_logs_away()
        app = create_app(self.settings)
        recordings = []
        for path, cookie in self.wanted:
            call(app, path, cookie)
            with recording() as notes:
                notes.body = call(app, path, cookie)[1]
            recordings.append(notes)
        floor = bare_app(app.extensions["database"], recordings)
        for number, notes in enumerate(recordings):
            assert call(floor, f"/{number}", "")[1] == notes.body, self.wanted[number][0]
        gc.collect()
        gc.freeze()
        return floor


if __name__ == "__main__":
    FloorServer(Settings.from_env(), json.loads(Path(sys.argv[1]).read_text())).run()
