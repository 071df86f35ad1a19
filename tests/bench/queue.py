"""The queue among 15,000 waiting items and among a million: the same time, the same size."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.agency.models import Antrean, Opd
from portal.app import create_app
from portal.db import Database, now
from portal.documents.models import Document
from portal.migrating import migrate
from portal.permissions import Actor, Grant
from portal.settings import Settings
from portal.verification import queries
from portal.verification.filters import Due, Filters, Mark
from portal.verification.queueing import routing, tallies
from portal.verification.queueing.walk import position_of
from portal.vocabulary import DocumentKind, DocumentState, Role
from portal.web.pagination import Position
from tests.bench.duplicates import (
    SPREAD,
    copy,
    let_triggers_rest,
    median,
    on_postgresql,
    on_sqlite,
    uuid_of,
)
from tests.bench.figures import Figure, Report
from tests.bench.place import gather_statistics, throw_logs_away
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast, assemble

SECTION = "The queue at a million items"
FEW, MANY = 15_000, 1_000_000
PEOPLE = 60_000
UNITS = 300
RARE = 40
"""Items of one small unit, all of them the last in the queue."""
METHOD = """\
**The queue**: 60,000 people in 300 units, 15,000 waiting items, then a million, of five kinds, in
two states and four queues, a tenth of a percent marked as twins, a third past their day; 40 items
of one small unit were handed in last. Told are whole answers of `portal.verification.queries`
(median of 30): the numbers of the page, its rows for several filters and people, searches, the
next item to take; then the page `/verifikasi` itself, in time and bytes as sent."""


@dataclass(frozen=True)
class Filled:
    """A database with so many items, and who looks at it."""

    database: Database
    cast: Cast
    rare: Actor
    """Verifikator of the small unit alone."""
    deep: Position
    """A place near the end of the queue."""


def tell(report: Report, folder: Path) -> None:
    """Measure both databases."""
    throw_logs_away()
    opened = {
        "SQLite": on_sqlite(folder / "antrean.db"),
        "PostgreSQL": on_postgresql(folder),
    }
    for name, place in opened.items():
        with place as database:
            report.add(SECTION, *_figures(name, database, folder / name))


def _figures(name: str, database: Database, folder: Path) -> Iterator[Figure]:
    migrate(database)
    cast, like, unit = _begin(database)
    few = _measure(_fill(database, cast, like, unit, 1, FEW), folder)
    many = _measure(_fill(database, cast, like, unit, FEW + 1, MANY), folder)
    for told, taken in many.items():
        unit_of = "KB" if told.startswith("size") else "ms"
        note = f"{few[told]:.2f} {unit_of} among {FEW:,}"
        yield Figure(f"{name}: {told}", taken, unit_of, note=note)
    yield Figure(
        f"{name}: slowest", max(t for k, t in many.items() if not k.startswith("size")), "ms", 100
    )
    page = "page /verifikasi"
    yield Figure(f"{name}: {page} against {FEW:,}", many[page] / few[page], "×", most=2)


def _begin(database: Database) -> tuple[Cast, uuid.UUID, Opd]:
    """Cast, an item to copy, and the small unit."""
    with database.transaction() as session:
        cast = assemble(session)
        item = builders.document(session, cast.sari, DocumentState.DIAJUKAN, nomor="421/1/BGP")
        item.submitted_at = now() - dt.timedelta(days=40)
        parent = session.get_one(Opd, cast.units.pendidikan.id)
        small = [_unit(session, parent, number) for number in range(UNITS)][-1]
        for number, kind in enumerate(list(DocumentKind)[:4]):
            session.add(
                Antrean(
                    id=uuid.UUID(int=number + 1),
                    instansi_id=cast.units.instansi_id,
                    nama=f"Kelompok {kind.label}",
                    jenis_dokumen=[kind.value],
                )
            )
    _write_people(database, cast, small)
    return cast, item.id, small


def _unit(session: Session, parent: Opd, number: int) -> Opd:
    own = uuid.UUID(int=10_000 + number)
    unit = Opd(
        id=own,
        instansi_id=parent.instansi_id,
        parent_id=parent.id,
        nama=f"Unit {number:03}",
        jalur=Opd.path_below(parent, own),
        kedalaman=parent.kedalaman + 1,
    )
    session.add(unit)
    session.flush()
    return unit


def _of_unit(dialect: str, number: str) -> str:
    """Id of a unit as SQL."""
    if dialect == "postgresql":
        return f"(lpad(to_hex(10000 + {number}), 32, '0'))::uuid"
    return f"printf('%032x', 10000 + {number})"


def _write_people(database: Database, cast: Cast, small: Opd) -> None:
    with database.engine.connect() as connection:
        let_triggers_rest(connection)
        dialect = connection.dialect.name
        values = {
            "id": uuid_of(dialect, "pegawai", "(i - 1)"),
            "nip": f"'9' || ({10**16} + i)",
            "nama": "CASE WHEN i % 6000 = 0 THEN 'Zulkarnaen ' ELSE 'Muhammad ' END "
            "|| 'Rekan ' || i",
            "opd_id": _of_unit(dialect, f"i % {UNITS - 1}"),
        }
        copy(connection, "pegawai", values, cast.budi.pegawai_id, (1, PEOPLE))
        connection.commit()


def _fill(
    database: Database, cast: Cast, like: uuid.UUID, small: Opd, first: int, last: int
) -> Filled:
    """Items with these numbers, the last of them of the small unit; the kept numbers follow."""
    rare = f"i > {last - RARE}"
    with database.engine.connect() as connection:
        let_triggers_rest(connection)
        dialect = connection.dialect.name
        kinds = [f"WHEN {n} THEN '{kind.value}'" for n, kind in enumerate(DocumentKind)]
        queues = [f"WHEN {n} THEN {_hex(dialect, n + 1)}" for n in range(4)]
        person = f"(i * 7 % {PEOPLE})"
        unit = f"((i * 7 % {PEOPLE}) + 1) % {UNITS - 1}"
        when = (
            f"c.submitted_at + (i * {39 * 86400 / MANY}) * interval '1 second'"
            if dialect == "postgresql"
            else f"strftime('%Y-%m-%d %H:%M:%f', c.submitted_at, (i * {39 * 86400 / MANY}) "
            "|| ' seconds') || '000'"
        )
        day = (
            "date '{}' + CAST({} AS INTEGER)"
            if dialect == "postgresql"
            else "date('{}', ({}) || ' days')"
        )
        values = {
            "id": uuid_of(dialect, "document"),
            "receipt": "'R' || i",
            "nomor": "'N' || i",
            "nomor_kunci": "'n' || i",
            "owner_id": uuid_of(dialect, "pegawai", person),
            "created_by_id": uuid_of(dialect, "pegawai", person),
            "opd_id": f"CASE WHEN {rare} THEN {_of_unit(dialect, str(UNITS - 1))} "
            f"ELSE {_of_unit(dialect, unit)} END",
            "kind": f"CASE i % 5 {' '.join(kinds)} END",
            "antrean_id": f"CASE i % 5 {' '.join(queues)} END",
            "state": "CASE WHEN i % 10 = 9 THEN 'menunggu-kedua' ELSE 'diajukan' END",
            "first_approver_id": f"CASE WHEN i % 10 = 9 THEN "
            f"{_id(dialect, cast.bima.pegawai_id)} END",
            "kembar": "i % 1000 = 7" if dialect == "postgresql" else "(i % 1000 = 7)",
            "lampu": "CASE i % 3 WHEN 0 THEN 'ok' WHEN 1 THEN 'warn' ELSE 'bad' END",
            "submitted_at": when,
            "tenggat": day.format(TODAY, f"(i * 39 / {MANY}) - 13"),
        }
        copy(connection, "document", values, like, (first, last))
        connection.execute(
            text(
                "UPDATE pegawai SET opd_id = :unit WHERE id IN (SELECT owner_id FROM document "
                "WHERE opd_id = :unit)"
            ).bindparams(unit=small.id if dialect == "postgresql" else small.id.hex)
        )
        connection.execute(
            text(
                "UPDATE document SET opd_id = :unit WHERE owner_id IN (SELECT id FROM pegawai "
                "WHERE opd_id = :unit) AND opd_id <> :unit"
            ).bindparams(unit=small.id if dialect == "postgresql" else small.id.hex)
        )
        cell = "antrean_id, kind, opd_id, state, lapis_pertama"
        connection.execute(text("DELETE FROM hitungan_antrean"))
        connection.execute(
            text(
                f"INSERT INTO hitungan_antrean ({cell}, jumlah) SELECT {cell}, count(*) "
                "FROM document WHERE state IN ('diajukan', 'diperiksa', 'menunggu-kedua') "
                f"GROUP BY {cell}"
            )
        )
        connection.commit()
    gather_statistics(database)
    grant = Grant(
        Role.VERIFIKATOR_OPD, cast.units.instansi_id, opd_id=small.id, opd_path=small.jalur
    )
    with database.reading() as session:
        deep = session.get_one(Document, _number(dialect, last * 9 // 10))
        return Filled(database, cast, replace(cast.vivi, grants=(grant,)), position_of(deep))


def _hex(dialect: str, number: int) -> str:
    return _id(dialect, uuid.UUID(int=number))


def _id(dialect: str, key: uuid.UUID) -> str:
    return f"'{key}'::uuid" if dialect == "postgresql" else f"'{key.hex}'"


def _number(dialect: str, number: int) -> uuid.UUID:
    """Id of the item with this number, as `uuid_of` writes it."""
    first, second = number * SPREAD, len("document") * 10**9 + number
    return uuid.UUID(hex=f"{first:016x}{second:016x}")


def _measure(filled: Filled, folder: Path) -> dict[str, float]:
    cast, session = filled.cast, filled.database.reading()
    vera = cast.vera
    item = session.get_one(
        Document, next(iter(queries.queue(session, vera, Filters(), None).rows)).id
    )

    def rows(
        actor: Actor = vera, after: Position | None = None, **filters: object
    ) -> Callable[[], object]:
        chosen = Filters(**filters)  # type: ignore[arg-type]
        return lambda: queries.queue(session, actor, chosen, after)

    teknis = DocumentKind.TEKNIS
    acts: dict[str, Callable[[], object]] = {
        "numbers": lambda: queries.counts(session, vera, Filters()),
        "numbers of overdue ones": lambda: queries.counts(session, vera, Filters(due=Due.LEWAT)),
        "first page": rows(),
        "a page near the end": rows(after=filled.deep),
        "by kind": rows(kind=teknis),
        "by kind and state": rows(kind=teknis, state=DocumentState.MENUNGGU_KEDUA),
        "by a unit whose items are the last": rows(opd_id=filled.rare.grants[0].opd_id),
        "of who verifies that unit alone": rows(filled.rare),
        "due today": rows(due=Due.HARI_INI),
        "overdue": rows(due=Due.LEWAT),
        "twins": rows(mark=Mark.KEMBAR),
        "objections, of which there are none": rows(mark=Mark.KEBERATAN),
        "search by NIP": rows(text="9 1000000000001 2345"),
        "search by a rare name": rows(text="zulkarnaen rekan"),
        "search by a common name": rows(text="muhammad"),
        "numbers of a common name": lambda: queries.counts(session, vera, Filters(text="muhammad")),
        "search by number": rows(text="n 9999"),
        "search in vain": rows(text="tiada sama sekali"),
        "next item to take": lambda: queries.next_free(session, vera, Filters(), None, now()),
        "next of the small unit": lambda: queries.next_free(
            session, filled.rare, Filters(), None, now()
        ),
        "queue beside an item": lambda: queries.beside(session, vera, Filters(), item),
        "way of a hand-in": lambda: routing.route(session, item, now()),
        "number on Beranda": lambda: tallies.tallies(session, vera, Filters()).total,
    }
    taken = {name: median(act) for name, act in acts.items()}
    session.close()
    return taken | _page(filled, folder)


def _page(filled: Filled, folder: Path) -> dict[str, float]:
    url = filled.database.engine.url.render_as_string(hide_password=False)
    folder.mkdir(exist_ok=True)
    app = create_app(Settings(mode="uji", secret_key="k" * 40, var_dir=folder, database_url=url))
    browser = Browser(app)
    browser.enter(filled.cast.vera)
    headers = {"Accept-Encoding": "gzip"}
    size = len(browser.client.get("/verifikasi", headers=headers).data) / 1024
    taken = median(lambda: browser.client.get("/verifikasi").close())
    app.extensions["database"].dispose()
    app.extensions["queue"].close()
    return {"page /verifikasi": taken, "size of the page as sent": size}
