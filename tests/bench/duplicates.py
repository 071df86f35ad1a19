"""Twins of a paper among ten thousand and among a million: the same time, on both databases."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select, text, update
from sqlalchemy.orm import Session

from portal.db import Base, Database
from portal.documents import duplicates, look
from portal.documents.arrivals import Original, ReadCode
from portal.documents.models import Document, DocumentFile
from portal.migrating import migrate
from portal.vocabulary import DocumentState
from tests.bench.figures import Figure, Report
from tests.bench.million import SETTINGS
from tests.bench.place import gather_statistics
from tests.support import builders
from tests.support.cast import Cast, assemble
from tests.support.postgres import running_postgres

FEW, MANY = 10_000, 1_000_000
ALIKE = 20_000
"""Papers of one event at the end of the many: the same bytes, number, code and look."""
ALIKE_FEW = 500
PEOPLE = 20_000
"""Owners of the papers, fifty each in the end."""
ROUNDS = 30
LOOK = "c096948e968c8080"
SHARED = "a" * 64
METHOD = """\
**Twins**: an item in the queue is held against 10,000 papers of others, then against a million;
20,000 of them, written last, share bytes, number and organiser, code and look of the first page
with it (of the 10,000: 500). Told are the query with what Python does to its candidates, for an
item that is alike to all of these and for one that nothing is alike to (though as many share a
third of its look as are ever looked at), and the question whether the owner handed in the same
bytes before. Median of 30, the server of PostgreSQL beside it."""

HEX = {"postgresql": "lpad(to_hex({}), 16, '0')", "sqlite": "printf('%016x', {})"}
UUID = {
    "postgresql": f"({HEX['postgresql']} || {HEX['postgresql']})::uuid",
    "sqlite": f"{HEX['sqlite']} || {HEX['sqlite']}",
}
SPREAD = 2654435761
"""Times a number, modulo a power of two: every number once, far from its neighbours."""


def tell(report: Report, folder: Path) -> None:
    """Measure both databases."""
    sqlite = folder / "kembar.db"
    for name, opened in (("SQLite", on_sqlite(sqlite)), ("PostgreSQL", on_postgresql(folder))):
        with opened as database:
            report.add("Twins among a million papers", *_figures(name, database))


@contextmanager
def on_sqlite(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()
    path.unlink()


@contextmanager
def on_postgresql(folder: Path) -> Iterator[Database]:
    folder.chmod(0o755)  # the server runs as another user
    with running_postgres(SETTINGS, folder) as server, server.database() as name:
        database = Database(server.address(name))
        yield database
        database.dispose()


def _figures(name: str, database: Database) -> Iterator[Figure]:
    migrate(database)
    with database.transaction() as session:
        cast = assemble(session)
        alike, alone = _item(session, cast, shared=True), _item(session, cast, shared=False)
    _write_people(database, cast.budi.pegawai_id)
    _write(database, alike, 1, FEW - ALIKE_FEW, ALIKE_FEW)
    _fill_candidates(database, alone)
    few = _times(database, cast, alike, alone)
    _write(database, alike, FEW + 1, MANY - ALIKE, ALIKE)
    many = _times(database, cast, alike, alone)
    for told, taken in many.items():
        yield Figure(f"{name}: {told}", taken, "ms", note=f"{few[told]:.2f} ms among 10,000")
    slowest = max(many, key=lambda told: many[told] / few[told])
    yield Figure(f"{name}: slowest against 10,000", many[slowest] / few[slowest], "×", most=2)


def _item(session: Session, cast: Cast, *, shared: bool) -> uuid.UUID:
    nomor = "421/1/BGP" if shared else "nomor yang tiada duanya"
    item = builders.document(session, cast.sari, DocumentState.DIAJUKAN, nomor=nomor)
    session.refresh(item, ["files"])
    (file,) = item.files
    file.dhash = LOOK if shared else "123456789abcdef0"
    file.dhash_a, file.dhash_b, file.dhash_c = look.thirds(file.dhash)
    mark = SHARED if shared else "b" * 64
    file.sha256_original = mark
    session.add(Original(file_id=file.id, number=1, sha256=mark, sha256_source=mark, size=1))
    session.add(ReadCode(file_id=file.id, sha256=mark))
    return item.id


def _fill_candidates(database: Database, alone: uuid.UUID) -> None:
    """Papers that share a third with the item that nothing is alike to: at ten thousand too it
    has as many candidates as are ever looked at, so that the tables alone make a difference."""
    with database.transaction() as session:
        (own,) = session.get_one(Document, alone).files
        others = select(DocumentFile.id).where(DocumentFile.id != own.id)
        for third in ("dhash_a", "dhash_b", "dhash_c"):
            chosen = others.order_by(DocumentFile.id).limit(2 * duplicates.CANDIDATES)
            change = update(DocumentFile).where(DocumentFile.id.in_(chosen))
            session.execute(change.values({third: getattr(own, third)}))


def _times(database: Database, cast: Cast, alike: uuid.UUID, alone: uuid.UUID) -> dict[str, float]:
    with database.reading() as session:
        crowded, single = session.get_one(Document, alike), session.get_one(Document, alone)
        assert len(duplicates.twins(session, crowded, most=6)) == 6
        assert duplicates.twins(session, single, most=6) == []
        owner = cast.sari.pegawai_id
        return {
            "twins of one that 20,000 are like": median(
                lambda: duplicates.twins(session, crowded, most=6)
            ),
            "twins of one that has none": median(lambda: duplicates.twins(session, single, most=6)),
            "the same bytes of the owner": median(
                lambda: duplicates.of_owner(session, owner, ["c" * 64])
            ),
        }


def median(act: Callable[[], object]) -> float:
    act()
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def _write_people(database: Database, like: uuid.UUID) -> None:
    with database.engine.connect() as connection:
        let_triggers_rest(connection)
        number = uuid_of(connection.dialect.name, "pegawai", "(i - 1)")
        values = {"id": number, "nip": f"'9' || ({10**16} + i)"}
        copy(connection, "pegawai", values, like, (1, PEOPLE))
        connection.commit()


def _write(database: Database, like: uuid.UUID, first: int, different: int, alike: int) -> None:
    """Papers from number `first` on: so many that share nothing, then so many that share all."""
    last = first + different - 1
    with database.engine.connect() as connection:
        let_triggers_rest(connection)
        for numbers, shared in (((first, last), False), ((last + 1, last + alike), True)):
            for name, values in _values(connection.dialect.name, shared=shared).items():
                copy(connection, name, values, like, numbers)
        connection.commit()
    gather_statistics(database)


def let_triggers_rest(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")
        return
    connection.exec_driver_sql("COMMIT")
    for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -500000"):
        connection.exec_driver_sql(f"PRAGMA {pragma}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _values(dialect: str, *, shared: bool) -> dict[str, dict[str, str]]:
    """What differs from the row that is copied, by table and column; `i` is the number."""

    own_hash = " || ".join([HEX[dialect].format(f"i * {SPREAD} + 1")] * 4)
    digest = f"'{SHARED}'" if shared else own_hash
    bits = [f"(i * {SPREAD} / {1 << 3 * n} % {1 << w})" for n, w in enumerate(look.WIDTHS)]
    whole = f"({bits[0]} << 42) | ({bits[1]} << 21) | {bits[2]}"
    looks = {
        "dhash": HEX[dialect].format(whole),
        **{f"dhash_{letter}": bit for letter, bit in zip("abc", bits, strict=True)},
    }
    document = {
        "id": uuid_of(dialect, "document"),
        "receipt": "'R' || i",
        "owner_id": uuid_of(dialect, "pegawai", f"(i % {PEOPLE})"),
    }
    if not shared:
        document |= {"nomor": "'N' || i", "nomor_kunci": "'n' || i"}
    of_file = {"file_id": uuid_of(dialect, "document_file")}
    return {
        "document": document,
        "document_file": {
            "id": uuid_of(dialect, "document_file"),
            "document_id": uuid_of(dialect, "document"),
            "sha256_original": digest,
            **({} if shared else looks),
        },
        "berkas_asal": of_file | {"sha256": digest, "sha256_source": digest},
        "kode_terbaca": of_file | {"sha256": digest},
    }


def uuid_of(dialect: str, table: str, number: str = "i") -> str:
    """The id of the row with this number."""
    return UUID[dialect].format(f"{number} * {SPREAD}", f"{len(table)}000000000 + {number}")


FILE_OF_ITEM = "c.file_id = (SELECT id FROM document_file WHERE document_id = :like)"
COPIED = {
    "pegawai": "c.id = :like",
    "document": "c.id = :like",
    "document_file": "c.document_id = :like",
    "berkas_asal": FILE_OF_ITEM,
    "kode_terbaca": FILE_OF_ITEM,
}


def copy(
    connection: Connection,
    table: str,
    values: dict[str, str],
    like: uuid.UUID,
    numbers: tuple[int, int],
) -> None:
    """Copy the row of `like` for every number, but for these values."""
    postgresql = connection.dialect.name == "postgresql"
    columns = [column.name for column in Base.metadata.tables[table].columns]
    made = [values.get(name) or f"c.{name}" for name in columns]
    begin = "CAST(:first AS BIGINT)" if postgresql else ":first"
    connection.execute(
        text(
            f"WITH RECURSIVE series(i) AS (SELECT {begin} UNION ALL "
            "SELECT i + 1 FROM series WHERE i < :last) "
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {', '.join(made)} FROM series, {table} AS c WHERE {COPIED[table]}"
        ),
        {"like": like if postgresql else like.hex, "first": numbers[0], "last": numbers[1]},
    )
