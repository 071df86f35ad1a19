"""Time and queries of each page, in this process, against the floor in turn."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from portal.access import declared_access
from tests.bench.floor import bare_app, recording
from tests.bench.place import Place, heaviest
from tests.guards.role_table import may_open
from tests.support.queries import statements
from tests.support.walk import addresses, routes

ROUNDS = 120
WARM_UP = 10
PEOPLE = {
    "anyone": None,
    "ASN": "sari",
    "verifikator": "vera",
    "admin": "ani",
    "operator OPD": "oki",
}
NO_PAGES = {"operations.healthz", "operations.readyz", "operations.metrics"}


@dataclass(frozen=True)
class Visit:
    """A page to measure and who opens it."""

    who: str
    rule: str
    path: str
    cookie: str


@dataclass(frozen=True)
class Timing:
    """One page: median milliseconds, its floor's, the median of the ratios pair by pair."""

    visit: Visit
    queries: int
    html: int
    """Bytes as made."""
    sent: int
    """Bytes as sent, compressed."""
    ms: float
    floor_ms: float
    ratio: float


def call(app: Flask, path: str, cookie: str, **headers: str) -> tuple[int, bytes]:
    """One request straight through WSGI."""
    sent = headers | ({"Cookie": cookie} if cookie else {})
    environ = EnvironBuilder(path=path, headers=sent).get_environ()
    status: list[str] = []

    def start(code: str, _headers: list[tuple[str, str]], _info: Any = None) -> Callable[..., None]:
        status.append(code)
        return lambda _data: None

    answer: Iterable[bytes] = app.wsgi_app(environ, start)
    body = b"".join(answer)
    close = getattr(answer, "close", None)
    if close:
        close()
    return int(status[0][:3]), body


def visits(place: Place) -> list[Visit]:
    """Every page once, by the first who may open it; Beranda by everybody. Of the addresses of
    one page the heaviest stands for all."""
    found: list[Visit] = []
    seen: set[str] = set()
    for who, name in PEOPLE.items():
        actor = getattr(place.cast, name) if name else None
        cookie = place.cookie(actor)
        for rule in routes(place.app):
            known = rule.rule in seen and rule.rule != "/"
            allowed = may_open(declared_access(place.app, rule.endpoint), actor)
            if (
                known
                or not allowed
                or "GET" not in (rule.methods or ())
                or rule.endpoint in NO_PAGES
            ):
                continue
            path = heaviest(place.app, addresses(rule, place.shown), cookie)
            if path:
                seen.add(rule.rule)
                found.append(Visit(who, rule.rule, path, cookie))
    return found


def count_queries(app: Flask, visit: Visit) -> int:
    """Statements of one request, in a process that has served the page before."""
    call(app, visit.path, visit.cookie)
    with statements(app) as seen:
        call(app, visit.path, visit.cookie)
    return len(seen)


def measure(app: Flask, visit: Visit, rounds: int = ROUNDS) -> Timing:
    """The page and its floor, request by request in turn."""
    queries = count_queries(app, visit)
    with recording() as notes:
        status, notes.body = call(app, visit.path, visit.cookie)
    assert status == 200, f"{visit.path} answers {status}"
    floor = bare_app(app.extensions["database"], visit.path, notes)
    assert call(floor, visit.path, "")[1] == notes.body, f"the floor of {visit.path} differs"
    own, bare = _in_turn(app, floor, visit, rounds)
    return Timing(
        visit=visit,
        queries=queries,
        html=len(notes.body),
        sent=len(call(app, visit.path, visit.cookie, **{"Accept-Encoding": "br, gzip"})[1]),
        ms=statistics.median(own),
        floor_ms=statistics.median(bare),
        ratio=statistics.median(a / b for a, b in zip(own, bare, strict=True)),
    )


def _in_turn(
    app: Flask, floor: Flask, visit: Visit, rounds: int
) -> tuple[list[float], list[float]]:
    own: list[float] = []
    bare: list[float] = []
    for number in range(WARM_UP + rounds):
        pair = [(own, app), (bare, floor)]
        for times, target in pair if number % 2 else reversed(pair):
            gc.disable()
            begun = time.perf_counter()
            call(target, visit.path, visit.cookie)
            taken = time.perf_counter() - begun
            gc.enable()
            if number >= WARM_UP:
                times.append(taken * 1000)
    return own, bare
