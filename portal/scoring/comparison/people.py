"""The people of a comparison, measured both ways from the facts as they stand."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.people.models import Pegawai
from portal.scoring import compute
from portal.scoring.bulk import on_duty
from portal.scoring.comparison.sums import Compared
from portal.scoring.compute import Measuring
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.result import Score
from portal.scoring.facts import Post, facts_of
from portal.scoring.models import RuleComparison, StoredScore
from portal.scoring.rows import as_measured
from portal.scoring.years import Way

MOST = 500
"""People of one range."""
_POST: tuple[Any, ...] = (
    Pegawai.id,
    Pegawai.nip,
    Pegawai.nama,
    Pegawai.jenis_pegawai,
    Pegawai.kelompok_jabatan,
    Pegawai.syarat_pendidikan,
    Pegawai.jabatan,
    Pegawai.kedudukan_hukum,
)
_KEPT: tuple[Any, ...] = (
    StoredScore.pegawai_id,
    StoredScore.tahun,
    StoredScore.jenis_pegawai,
    StoredScore.kelompok_jabatan,
    StoredScore.jabatan,
    StoredScore.syarat_pendidikan,
    StoredScore.kedudukan_hukum,
)


class People:
    """Who is compared: everybody on duty, as in a recomputation. Of a year that the portal has
    closed those whose score it keeps, with the post of that year; otherwise with the post of today.
    A year to come is tried on the data of the running one."""

    def __init__(self, session: Session, comparison: RuleComparison, moment: dt.datetime) -> None:
        instansi = session.get_one(Instansi, comparison.instansi_id)
        self.today = moment.astimezone(instansi.zone).date()
        begun: dict[str, Any] = comparison.hasil or {}
        self.tahun: int = begun.get("tahun_data", min(comparison.tahun, self.today.year))
        """The year whose data are measured."""
        self._session = session
        self._ways = tuple(
            Measuring(self.tahun, way.rules, None)
            for way in (
                Way(comparison.aturan_a, comparison.saklar_a),
                Way(comparison.aturan_b, comparison.saklar_b),
            )
        )
        self.whole: ColumnElement[bool] = and_(
            Pegawai.instansi_id == comparison.instansi_id, on_duty(moment)
        )
        self._only_stored: bool = (
            begun["hanya_tersimpan"] if "hanya_tersimpan" in begun else self._year_is_kept()
        )
        if self._only_stored:
            self.whole &= self._stored().exists()

    @property
    def settled(self) -> dict[str, Any]:
        """What holds for the whole of a comparison, however long it takes: kept in `hasil`."""
        return {
            "versi": [way.rules.version for way in self._ways],
            "tahun_data": self.tahun,
            "hanya_tersimpan": self._only_stored,
        }

    def after(self, last: uuid.UUID | None) -> list[tuple[Post, Compared]]:
        """The next people by key, with their columns."""
        statement = select(*_POST).where(self.whole).order_by(Pegawai.id).limit(MOST)
        if last:
            statement = statement.where(Pegawai.id > last)
        return self.measured(self._session.execute(statement).all())

    def everybody(self) -> Iterator[tuple[Post, Compared]]:
        """All of them, range by range."""
        last: uuid.UUID | None = None
        while found := self.after(last):
            yield from found
            last = found[-1][0].id

    def measured(self, rows: Sequence[Post]) -> list[tuple[Post, Compared]]:
        """Each of them measured both ways."""
        if not rows:
            return []
        kept = self._posts_of([row.id for row in rows])
        return [
            (row, self._compared(row.id, facts, kept.get(row.id)))
            for row, facts in zip(rows, facts_of(self._session, rows), strict=True)
        ]

    def _posts_of(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row[Any]]:
        """The posts that a closed year keeps."""
        if self.tahun == self.today.year:
            return {}
        statement = select(*_KEPT).where(
            StoredScore.tahun == self.tahun, StoredScore.pegawai_id.in_(ids)
        )
        return {row.pegawai_id: row for row in self._session.execute(statement)}

    def _compared(self, key: uuid.UUID, facts: Person, kept: Row[Any] | None) -> Compared:
        given = as_measured(kept, facts, self.today) if kept else facts
        a, b = (compute.measure(given, way, self.today) for way in self._ways)
        return Compared(
            key, a if isinstance(a, Score) else None, b if isinstance(b, Score) else None
        )

    def _year_is_kept(self) -> bool:
        if self.tahun == self.today.year:
            return False
        people = select(Pegawai.id).where(self.whole, self._stored().exists()).limit(1)
        return self._session.scalar(people) is not None

    def _stored(self) -> Select[Any]:
        return select(StoredScore.pegawai_id).where(
            StoredScore.pegawai_id == Pegawai.id, StoredScore.tahun == self.tahun
        )
