"""The scores of very many people: the same as one by one, and never over what is newer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi, MeasuringYear, Opd
from portal.db import Database, now
from portal.errors import Unavailable
from portal.people.models import Pegawai, Pengembangan
from portal.scoring import bulk
from portal.scoring.actions import recompute
from portal.scoring.bulk import Range, Wanted, recompute_range
from portal.scoring.models import PlannedStep, ScoreChange, StoredScore
from portal.vocabulary import DocumentState, JenisDiklat, KelompokJabatan
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_postgresql_alone

START = uuid.UUID(int=0)
UNLIKE = {"dihitung", "per_tanggal"}
"""What tells the moment of a computation, not its outcome."""


def compute_all(database: Database, **wanted: Any) -> Range:
    with database.transaction() as session:
        return recompute_range(session, Wanted(**{"cause": "Uji"} | wanted), START, now())


def outcome(session: Session) -> dict[tuple[uuid.UUID, int], dict[str, Any]]:
    names = [column.name for column in StoredScore.__table__.c if column.name not in UNLIKE]
    return {
        (row.pegawai_id, row.tahun): {name: getattr(row, name) for name in names}
        for row in session.scalars(select(StoredScore))
    }


def one_by_one(session: Session) -> None:
    for pegawai_id in session.scalars(select(Pegawai.id)).all():
        recompute(session, pegawai_id, today=TODAY, cause="Uji")


def course(cast: Cast) -> Pengembangan:
    """Twelve JP that sari has not: 71 becomes 80."""
    return Pengembangan(
        pegawai_id=cast.sari.pegawai_id,
        jenis=JenisDiklat.TEKNIS,
        nama="Bimtek",
        jp=12,
        tanggal_selesai=dt.date(TODAY.year, 1, 1),
    )


def test_many_at_once_come_to_the_same_as_one_by_one(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        one_by_one(session)
        expected = outcome(session)
        for row in session.scalars(select(StoredScore)).all():
            session.delete(row)
    compute_all(database)
    with database.reading() as session:
        assert outcome(session) == expected


def test_a_row_that_is_there_is_replaced_by_the_same_values(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        one_by_one(session)
        expected = outcome(session)
        for row in session.scalars(select(StoredScore)).all():
            row.rincian, row.aturan_versi, row.langkah = [], "lama", {"uraian": "lama"}
    compute_all(database)
    with database.reading() as session:
        assert outcome(session) == expected


def test_only_what_changed_enters_the_history(database: Database, cast: Cast) -> None:
    compute_all(database)
    with database.transaction() as session:
        session.add(course(cast))
    assert compute_all(database, cause="Impor").changed == 1
    with database.reading() as session:
        (change,) = session.scalars(select(ScoreChange).where(ScoreChange.sebab == "Impor"))
    assert (change.pegawai_id, change.sebelum, change.sesudah) == (cast.sari.pegawai_id, 71, 80)
    assert change.dimensi == {"kompetensi": ["21", "30"]}


def test_a_closed_year_is_computed_for_whom_it_is_stored(database: Database, cast: Cast) -> None:
    closed = TODAY.year - 1
    with database.transaction() as session:
        one_by_one(session)
        session.add(closed_year(session, cast, closed))
    compute_all(database, tahun=closed)
    with database.reading() as session:
        rows = session.scalars(select(StoredScore).where(StoredScore.tahun == closed)).all()
        assert [row.pegawai_id for row in rows] == [cast.sari.pegawai_id]
        assert rows[0].per_tanggal == dt.date(closed, 12, 31)


def test_a_closed_year_keeps_its_post_and_promises_nothing(database: Database, cast: Cast) -> None:
    closed = TODAY.year - 1
    with database.transaction() as session:
        one_by_one(session)
        session.add(closed_year(session, cast, closed))
        session.get_one(Pegawai, cast.sari.pegawai_id).kelompok_jabatan = KelompokJabatan.PELAKSANA
        builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        one_by_one(session)
        expected = outcome(session)
    compute_all(database, tahun=closed)
    with database.reading() as session:
        assert outcome(session) == expected


def closed_year(session: Session, cast: Cast, tahun: int) -> StoredScore:
    running = session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year))
    values = {c.name: getattr(running, c.name) for c in StoredScore.__table__.c}
    return StoredScore(**values | {"tahun": tahun})


def test_the_rule_set_of_the_agency_and_year_is_used(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        year = {"instansi_id": cast.units.instansi_id, "tahun": TODAY.year}
        session.merge(MeasuringYear(**year, aturan="pbkn8-2019", saklar={}))
    compute_all(database)
    with database.reading() as session:
        row = session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year))
        assert row.aturan == "pbkn8-2019"


def test_an_agency_whose_rule_set_is_gone_keeps_nobody_else_waiting(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        elsewhere = of_another_agency(session, cast)
        year = {"instansi_id": cast.units.instansi_id, "tahun": TODAY.year - 3}
        session.merge(MeasuringYear(**year, aturan="diambil-kembali", saklar={}))
    compute_all(database)
    with database.reading() as session:
        assert session.scalars(select(StoredScore.pegawai_id)).all() == [elsewhere]


def of_another_agency(session: Session, cast: Cast) -> uuid.UUID:
    agency = Instansi(siasn_id="B2", nama="Pemerintah Kota Lain")
    session.add(agency)
    session.flush()
    unit = Opd(instansi_id=agency.id, nama="Dinas Lain", jalur=f"/{uuid.uuid4().hex}/")
    session.add(unit)
    session.flush()
    known = session.get_one(Pegawai, cast.sari.pegawai_id)
    person = Pegawai(
        instansi_id=agency.id,
        opd_id=unit.id,
        nip="199001012015011009",
        nama="Orang Lain",
        jenis_pegawai=known.jenis_pegawai,
        kelompok_jabatan=known.kelompok_jabatan,
        jabatan=known.jabatan,
    )
    session.add(person)
    session.flush()
    return person.id


def test_who_has_retired_is_left_alone(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        person = session.get_one(Pegawai, cast.sari.pegawai_id)
        person.pensiun_sejak = TODAY - dt.timedelta(days=3)
    compute_all(database)
    with database.reading() as session:
        assert session.get(StoredScore, (cast.sari.pegawai_id, TODAY.year)) is None


def test_people_of_another_agency_are_left_out_when_one_is_named(
    database: Database, cast: Cast
) -> None:
    assert compute_all(database, instansi_id=uuid.uuid4()) == Range(None)


def test_ranges_follow_one_another_without_gap_or_overlap(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 3)
    last, people = START, 0
    while True:
        with database.transaction() as session:
            done = recompute_range(session, Wanted("Uji"), last, now())
        if done.last is None:
            break
        last, people = done.last, people + done.people
    with database.reading() as session:
        assert people == len(session.scalars(select(StoredScore)).all())
        assert people == len(session.scalars(select(Pegawai)).all())


def test_work_ends_at_the_last_key_of_its_part(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        keys = session.scalars(select(Pegawai.id).order_by(Pegawai.id)).all()
    assert compute_all(database, upto=keys[1]).people == 2


@on_postgresql_alone
def test_what_somebody_wrote_meanwhile_is_newer_and_stays(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An approval commits between reading and writing: its points must not be lost."""
    compute_all(database)
    monkeypatch.setattr(bulk, "put_scores", after(approval(database, cast), bulk.put_scores))
    compute_all(database)
    with database.reading() as session:
        row = session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year))
        assert row.total == 80


@on_postgresql_alone
def test_whoever_has_a_plan_is_locked_before_any_score_is_written(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an approval does: in the other order both would wait for each other, and the approval
    could be the one that the database turns away."""
    with database.transaction() as session:
        session.add(
            PlannedStep(
                pegawai_id=cast.sari.pegawai_id,
                tahun=TODAY.year,
                kunci="seminar",
                indikator="seminar",
                uraian="Satu seminar",
                poin=Decimal(10),
            )
        )
    free: list[uuid.UUID] = []

    def look() -> None:
        with database.transaction() as session:
            free.extend(session.scalars(select(Pegawai.id).with_for_update(skip_locked=True)))

    monkeypatch.setattr(bulk, "put_scores", after(look, bulk.put_scores))
    compute_all(database)

    assert set(free) == {one.pegawai_id for one in cast.everybody.values()} - {cast.sari.pegawai_id}


@on_postgresql_alone
def test_a_range_gives_way_to_whoever_changes_the_same_person_again(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds scores that the other one is about to write: only it may turn back."""
    compute_all(database)
    monkeypatch.setattr(bulk, "put_scores", after(approval(database, cast), bulk.put_scores))
    with database.transaction() as session:
        own = select(Pegawai.id).where(Pegawai.id == cast.sari.pegawai_id)
        real = bulk._hold

        def once_more(*given: Any, **how: Any) -> None:
            if not how.get("wait", True):
                session.execute(own.with_for_update())
            real(*given, **how)

        monkeypatch.setattr(bulk, "_hold", once_more)
        with pytest.raises(Unavailable):
            compute_all(database)


def approval(database: Database, cast: Cast) -> Callable[[], None]:
    def approve() -> None:
        with database.transaction() as session:
            session.add(course(cast))
            recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Setuju")

    return approve


def after(act: Callable[[], None], then: Callable[..., Any]) -> Callable[..., Any]:
    def both(*given: Any) -> Any:
        act()
        return then(*given)

    return both


def test_a_score_of_a_clock_that_is_ahead_keeps_its_place_in_the_history(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        ahead = now() + dt.timedelta(minutes=5)
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Disetujui", at=ahead)
        session.add(course(cast))
    compute_all(database, cause="Malam")
    with database.reading() as session:
        own = select(ScoreChange).where(ScoreChange.pegawai_id == cast.sari.pegawai_id)
        told = session.scalars(own.order_by(ScoreChange.waktu)).all()
    assert [change.sebab for change in told] == ["Disetujui", "Malam"]
