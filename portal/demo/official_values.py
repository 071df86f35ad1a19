"""BKN's values of the demo: a PIP ASN file, taken in by an admin through the page's own acts."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import new_id
from portal.demo.clock import Clock
from portal.demo.data import SEED
from portal.demo.history import SARI
from portal.imports import actions, processing
from portal.imports.registry import OFFICIAL
from portal.imports.sheets import Limits
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.scoring.models import StoredScore
from portal.storage import Storage
from portal.vocabulary import Dimensi
from portal.wording import points

_COLUMNS = (
    *("NIP", "Nama", "Nama Jabatan", "Satuan Kerja"),
    *(dimensi.label for dimensi in Dimensi),
    *("Total", "updated", "tanggal_penarikan", "keterangan_kompetensi"),
)
_OF_SARI = {
    Dimensi.KUALIFIKASI: Decimal(20),
    Dimensi.KOMPETENSI: Decimal("17.5"),
    Dimensi.KINERJA: Decimal(25),
    Dimensi.DISIPLIN: Decimal(5),
}
_LATELY = 10
"""From this day of a month on, the pull of its third day is the newest."""


@dataclass(frozen=True)
class _OneSession:
    """The demo is one transaction; the work of an import then happens inside it."""

    session: Session

    def reading(self) -> AbstractContextManager[Session]:
        return nullcontext(self.session)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        yield self.session
        self.session.flush()


def take_in(
    session: Session,
    storage: Storage,
    limits: Limits,
    folder: Path,
    admin: Actor,
    people: Mapping[str, Pegawai],
    clock: Clock,
) -> None:
    """Write the file as BKN would give it, then upload, look through and confirm it."""
    pulled = _pulled(clock)
    path = folder / "pip-asn.csv"
    folder.mkdir(parents=True, exist_ok=True)
    _write(path, session, people, pulled)
    at = clock.at(pulled, 14, 20)
    with path.open("rb") as stream:
        upload = actions.Upload("PIP ASN Kabupaten Banua Lestari.csv", stream)
        received = actions.receive(storage, upload, limits)
    row = actions.take_in(session, admin, received, import_id=new_id(), jenis=OFFICIAL.name, at=at)
    one = _OneSession(session)
    processing.preview(one, storage, limits, row.id, at=at)
    actions.confirm(session, admin, row, at=at + dt.timedelta(minutes=4))
    processing.apply(one, storage, limits, row.id, at=at + dt.timedelta(minutes=5))


def _pulled(clock: Clock) -> dt.date:
    """The third of this month, or of the last one."""
    first = clock.today.replace(day=1)
    if clock.today.day < _LATELY:
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return first.replace(day=3)


def _computed(pulled: dt.date) -> dt.date:
    """BKN computes in February."""
    day = dt.date(pulled.year, 2, 12)
    return day if day < pulled else day.replace(year=pulled.year - 1)


def _write(path: Path, session: Session, people: Mapping[str, Pegawai], pulled: dt.date) -> None:
    rng = random.Random(f"{SEED}:pip-asn")  # noqa: S311 -- invented figures, nothing secret
    own = {
        score.pegawai_id: score
        for score in session.scalars(
            select(StoredScore).where(StoredScore.tahun == pulled.year, StoredScore.diukur)
        )
    }
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerows([["Data PIP ASN"], [], ["Sumber: BKN"], [], [], [], _COLUMNS])
        for nip in sorted(people):
            person = people[nip]
            if person.id not in own:
                continue
            poin, remark = _points(nip, own[person.id], rng)
            writer.writerow(
                [
                    *(f"'{nip}", person.nama, person.jabatan, person.opd.nama),
                    *(points(poin[dimensi]) for dimensi in Dimensi),
                    points(sum(poin.values(), Decimal(0))),
                    *(f"{_computed(pulled):%d-%m-%Y}", f"{pulled:%d-%m-%Y} 09:00", remark),
                ]
            )


def _points(nip: str, score: StoredScore, rng: random.Random) -> tuple[dict[Dimensi, Decimal], str]:
    """Mostly what the portal finds, now and then without a course that BKN does not have yet."""
    found = {dimensi: getattr(score, dimensi.value) or Decimal(0) for dimensi in Dimensi}
    late = rng.random()
    if nip == SARI:
        return dict(_OF_SARI), "Bimbingan teknis tahun berjalan belum masuk"
    if late < 0.3:
        found[Dimensi.KOMPETENSI] = max(found[Dimensi.KOMPETENSI] - 10, Decimal(0))
        return found, "Seminar belum tercatat"
    if late < 0.4:
        found[Dimensi.KINERJA] = Decimal(15)
    return found, ""
