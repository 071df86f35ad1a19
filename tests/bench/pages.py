"""Time, queries and weight of each page; its time against a floor, request by request in turn."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from portal.access import declared_access
from tests.bench.place import Place, heaviest
from tests.guards.role_table import may_open
from tests.support.queries import statements
from tests.support.walk import addresses, routes

PASSES = 6
"""Over all pages: a machine that is busy for a second then costs many pages a little."""
ROUNDS = 20
"""Of a page and its floor in a pass."""
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
class Facts:
    """What one page asks and weighs."""

    queries: int
    html: int
    """Bytes as made."""
    sent: int
    """Bytes as sent, compressed."""


@dataclass(frozen=True)
class Timing:
    """One page over HTTP: median milliseconds, its floor's, the median of the ratios pair by
    pair."""

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


def facts(app: Flask, visit: Visit) -> Facts:
    queries = count_queries(app, visit)
    status, html = call(app, visit.path, visit.cookie)
    assert status == 200, f"{visit.path} answers {status}"
    packed = call(app, visit.path, visit.cookie, **{"Accept-Encoding": "br, gzip"})[1]
    return Facts(queries, len(html), len(packed))


def time_pages(place: Place, chosen: list[Visit]) -> list[Timing]:
    """Every page and its floor in turn, each behind a server of its own."""
    wanted = place.folder / "floor.json"
    wanted.write_text(json.dumps([[visit.path, visit.cookie] for visit in chosen]))
    portal = place.served("-m", "portal", "serve")
    floor = place.served("-m", "tests.bench.floor", str(wanted))
    with portal as (port, _), floor as (floor_port, _):
        pairs = [
            Pair(Client(port, visit.path, visit.cookie), Client(floor_port, f"/{number}"))
            for number, visit in enumerate(chosen)
        ]
        for _ in range(PASSES):
            for pair in pairs:
                pair.measure()
        return [pair.timing for pair in pairs]


def time_alone(place: Place, chosen: list[Visit], rounds: int) -> list[float]:
    """Median milliseconds of every page, without a floor."""
    with place.served("-m", "portal", "serve") as (port, _):
        clients = [Client(port, visit.path, visit.cookie) for visit in chosen]
        return [statistics.median(client.ms() for _ in range(rounds)) for client in clients]


class Client:
    """Asks for one page again and again over one connection."""

    def __init__(self, port: int, path: str, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._path = path
        self._headers = {"Cookie": cookie} if cookie else {}

    def ms(self) -> float:
        """Milliseconds from the request to the last byte of the answer."""
        begun = time.perf_counter()
        self._connection.request("GET", self._path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        taken = time.perf_counter() - begun
        assert answer.status == 200, f"{self._path} answers {answer.status}"
        return taken * 1000


class Pair:
    """A page and its floor, asked for in turn."""

    def __init__(self, portal: Client, floor: Client) -> None:
        self._both = [(portal, list[float]()), (floor, list[float]())]

    def measure(self) -> None:
        """One pass; what comes before both are warm does not count."""
        for number in range(WARM_UP + ROUNDS):
            for client, times in self._both if number % 2 else reversed(self._both):
                taken = client.ms()
                if number >= WARM_UP:
                    times.append(taken)

    @property
    def timing(self) -> Timing:
        own, bare = (times for _, times in self._both)
        ratios = [page / bottom for page, bottom in zip(own, bare, strict=True)]
        return Timing(statistics.median(own), statistics.median(bare), statistics.median(ratios))
