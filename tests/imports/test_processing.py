"""A kill, a second worker, a store that is away: nothing is half, nothing is written twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.db import Database, new_id
from portal.errors import Unavailable
from portal.imports import actions, processing, reading
from portal.imports.models import Import
from portal.imports.registry import OFFICIAL
from portal.imports.sheets import Limits
from portal.people.models import Pegawai
from portal.scoring.models import OfficialScore
from portal.storage.local import LocalStorage
from tests.imports import files
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_postgresql_alone
from tests.support.waiting import Late

LIMITS = Limits(1024 * 1024)
PEOPLE = 25


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects")


@pytest.fixture
def numbers(database: Database, cast: Cast) -> list[str]:
    """Some colleagues of sari's; no true NIP ends with 000, as that of the first does."""
    with database.transaction() as session:
        people = builders.colleagues(session, cast.sari, PEOPLE + 1)
        return [person.nip for person in people[1:]]


@pytest.fixture
def confirmed(
    database: Database, cast: Cast, storage: LocalStorage, numbers: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Import:  # fmt: skip
    """A file of all of them that waits to be written, ten rows at a time."""
    monkeypatch.setattr(reading, "BATCH", 10)
    data = files.csv([files.row(nip) for nip in numbers])
    received = actions.receive(storage, actions.Upload("pip.csv", io.BytesIO(data)), LIMITS)
    with database.transaction() as session:
        row = actions.take_in(session, cast.ani, received, import_id=new_id(), jenis=OFFICIAL.name)
    processing.preview(database, storage, LIMITS, row.id)
    with database.transaction() as session:
        actions.confirm(session, cast.ani, session.get_one(Import, row.id))
    return row


def kept(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(OfficialScore)) or 0


def state(database: Database, row: Import) -> Import:
    with database.reading() as session:
        return session.get_one(Import, row.id)


def broken_after(batches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker die in the midst of a batch."""
    real, done = processing._write, 0

    def write(*args: Any, **kwargs: Any) -> bool:
        nonlocal done
        done += 1
        if done > batches:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(processing, "_write", write)


def test_after_a_kill_it_goes_on_where_it_stopped(
    database: Database, storage: LocalStorage, confirmed: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        broken_after(1, patch)
        with pytest.raises(KeyboardInterrupt):
            processing.apply(database, storage, LIMITS, confirmed.id)
    assert (kept(database), state(database, confirmed).diproses) == (10, 10)

    processing.apply(database, storage, LIMITS, confirmed.id)

    after = state(database, confirmed)
    assert (kept(database), after.diproses, after.result["baru"]) == (PEOPLE, PEOPLE, PEOPLE)
    assert after.selesai is not None


def test_a_second_run_writes_nothing(
    database: Database, storage: LocalStorage, confirmed: Import
) -> None:
    processing.apply(database, storage, LIMITS, confirmed.id)
    processing.apply(database, storage, LIMITS, confirmed.id)

    assert kept(database) == PEOPLE


def test_of_two_workers_the_slower_one_stops(
    database: Database, storage: LocalStorage, confirmed: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., bool] = processing._write

    def overtaken(*args: Any, **kwargs: Any) -> bool:
        monkeypatch.setattr(processing, "_write", real)
        processing.apply(database, storage, LIMITS, confirmed.id)
        return real(*args, **kwargs)

    monkeypatch.setattr(processing, "_write", overtaken)
    processing.apply(database, storage, LIMITS, confirmed.id)

    assert (kept(database), state(database, confirmed).diproses) == (PEOPLE, PEOPLE)


def test_people_who_went_after_the_preview_are_named_in_the_report(
    database: Database, storage: LocalStorage, confirmed: Import, numbers: list[str]
) -> None:
    with database.transaction() as session:
        session.execute(delete(Pegawai).where(Pegawai.nip == numbers[3]))

    processing.apply(database, storage, LIMITS, confirmed.id)

    after = state(database, confirmed)
    assert (after.result["galat"], after.result["baru"]) == (1, PEOPLE - 1)
    assert [one["baris"] for one in after.pratinjau["pesan"]] == [5]


def test_a_file_that_is_gone_ends_the_import(
    database: Database, storage: LocalStorage, confirmed: Import
) -> None:
    storage.delete(confirmed.kunci_objek)

    processing.apply(database, storage, LIMITS, confirmed.id)

    assert "tidak ada lagi" in state(database, confirmed).galat


def test_a_store_that_is_away_is_tried_again(
    database: Database, storage: LocalStorage, confirmed: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_key: str) -> None:
        raise Unavailable

    monkeypatch.setattr(storage, "open", away)
    with pytest.raises(Unavailable):
        processing.apply(database, storage, LIMITS, confirmed.id)

    assert state(database, confirmed).is_running


def test_a_cancelled_import_is_not_looked_through(
    database: Database, storage: LocalStorage, cast: Cast
) -> None:
    data = files.csv([files.row(cast.sari.nip)])
    received = actions.receive(storage, actions.Upload("pip.csv", io.BytesIO(data)), LIMITS)
    with database.transaction() as session:
        row = actions.take_in(session, cast.ani, received, import_id=new_id(), jenis=OFFICIAL.name)
        actions.cancel(session, cast.ani, row)

    processing.preview(database, storage, LIMITS, row.id)

    assert state(database, row).pratinjau == {}


def test_what_breaks_in_the_midst_is_found_before_anything_is_written(
    database: Database, storage: LocalStorage, cast: Cast, numbers: list[str]
) -> None:
    data = files.csv([files.row(nip) for nip in numbers]) + b'\r\n"'
    received = actions.receive(storage, actions.Upload("pip.csv", io.BytesIO(data)), LIMITS)
    with database.transaction() as session:
        row = actions.take_in(session, cast.ani, received, import_id=new_id(), jenis=OFFICIAL.name)

    processing.preview(database, storage, LIMITS, row.id)

    assert "tanda kutip" in state(database, row).galat


@on_postgresql_alone
def test_two_taps_at_once_are_one_import(
    database: Database, cast: Cast, storage: LocalStorage
) -> None:
    data, key = files.csv([files.row(cast.sari.nip)]), new_id()
    first, second = (
        actions.receive(storage, actions.Upload("pip.csv", io.BytesIO(data)), LIMITS)
        for _ in range(2)
    )

    def take_in(received: actions.Received) -> Callable[[Session], object]:
        return lambda session: (
            actions.take_in(session, cast.ani, received, import_id=key, jenis=OFFICIAL.name).id
        )

    with database.transaction() as session:
        take_in(first)(session)
        late = Late(database, take_in(second))
    assert (late.answer(), late.waited) == (key, True)


@on_postgresql_alone
def test_another_file_under_the_same_number_is_another_import(
    database: Database, cast: Cast, storage: LocalStorage
) -> None:
    key = new_id()

    def take_in(nama: str) -> Callable[[Session], object]:
        data = files.csv([files.row(cast.sari.nip, Nama=nama)])
        received = actions.receive(storage, actions.Upload("pip.csv", io.BytesIO(data)), LIMITS)
        return lambda session: (
            actions.take_in(session, cast.ani, received, import_id=key, jenis=OFFICIAL.name).id
        )

    with database.transaction() as session:
        take_in("Sari")(session)
        late = Late(database, take_in("Sari Wulandari, S.Pd."))
    assert (late.answer() != key, late.waited) == (True, True)
