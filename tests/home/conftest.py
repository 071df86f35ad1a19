"""A score for everybody, as the nightly computation leaves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from portal.agency.models import MeasuringYear
from portal.db import Database
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.scoring.models import StoredScore
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.page import Page

TARGET = Decimal(80)
Compute = Callable[..., None]


@pytest.fixture
def compute(database: Database, cast: Cast) -> Compute:
    """Compute somebody's score (sari's, when nobody is named); fields replace stored ones."""
    with database.transaction() as session:
        session.execute(update(MeasuringYear).values(target=TARGET))

    def act(actor: Actor = cast.sari, **fields: Any) -> None:
        with database.transaction() as session:
            recompute(session, actor.pegawai_id, today=TODAY, cause="Penghitungan harian")
            row = session.get_one(StoredScore, (actor.pegawai_id, TODAY.year))
            if "total" in fields and row.total is not None:
                # The table refuses a total that is not the sum of its dimensions.
                row.kualifikasi = (row.kualifikasi or 0) + fields["total"] - row.total
            for name, value in fields.items():
                setattr(row, name, value)

    return act


@pytest.fixture
def change(database: Database, cast: Cast) -> Callable[..., None]:
    """Change columns of sari's own row."""

    def act(**fields: Any) -> None:
        with database.transaction() as session:
            own = Pegawai.id == cast.sari.pegawai_id
            session.execute(update(Pegawai).where(own).values(**fields))

    return act


@pytest.fixture
def earlier_year(database: Database, cast: Cast) -> int:
    """A stored score of the year before."""
    year = TODAY.year - 1
    with database.transaction() as session:
        session.add(
            StoredScore(
                pegawai_id=cast.sari.pegawai_id,
                tahun=year,
                aturan="bkn-2023",
                aturan_versi="1",
                per_tanggal=dt.date(year, 12, 31),
                diukur=False,
            )
        )
        session.flush()
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Penghitungan harian")
        session.delete(session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year)))
    return year


@pytest.fixture
def opened(browser: Browser, cast: Cast) -> Callable[..., Page]:
    """A page as somebody sees it after logging in (sari, when nobody is named)."""

    def act(endpoint: str, actor: Actor = cast.sari, **values: Any) -> Page:
        browser.enter(actor)
        return browser.get(endpoint, **values)

    return act
