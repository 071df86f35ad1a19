"""Two ways of measuring over the same people: what is found, kept, applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import Instansi, MeasuringYear, Opd
from portal.audit import AuditEntry
from portal.db import Database, new_id, now
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.jobs import Job
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant, Permission
from portal.scoring import runs
from portal.scoring.comparison import actions as comparison
from portal.scoring.comparison import file as comparison_file
from portal.scoring.comparison import people as comparison_people
from portal.scoring.comparison import queries
from portal.scoring.comparison import work as comparison_work
from portal.scoring.comparison.sums import Sums, from_json, step
from portal.scoring.models import RecomputeRun, RuleComparison, ScoreChange, StoredScore
from portal.scoring.years import Way, way_of_year
from portal.vocabulary import Indikator, JenisPegawai, KelompokJabatan, Role
from tests.support.cast import TODAY, Cast

NEW = Way("bkn-2023")
NO_SHARE = Way("bkn-2023", {"prorata": False})
Order = Callable[..., RuleComparison]


def agency(session: Session, cast: Cast) -> Instansi:
    return session.get_one(Instansi, cast.units.instansi_id)


def finish(database: Database, row: RuleComparison) -> RuleComparison:
    """Let the worker do it; the row as it then stands."""
    comparison_work.handler(database)({"banding": row.id.hex})
    with database.reading() as session:
        return session.get_one(RuleComparison, row.id)


@pytest.fixture
def order(database: Database, cast: Cast) -> Order:
    def act(a: Way = NEW, b: Way = NO_SHARE, tahun: int = TODAY.year) -> RuleComparison:
        with database.transaction() as session:
            return comparison.order(session, cast.ani, agency(session, cast), tahun, a, b)

    return act


@pytest.fixture
def done(database: Database, order: Order) -> Order:
    return lambda *args, **kwargs: finish(database, order(*args, **kwargs))


def apply(database: Database, cast: Cast, row: RuleComparison) -> RecomputeRun | None:
    with database.transaction() as session:
        fresh = queries.found(session, cast.ani, Permission.RULES_MANAGE, row.id)
        return comparison.apply(session, cast.ani, fresh)


def sums_of(row: RuleComparison) -> Sums:
    return from_json(row.hasil["jumlah"])


def test_everybody_on_duty_is_measured_both_ways(done: Order, cast: Cast) -> None:
    row = done()

    sums = sums_of(row)
    assert row.diperiksa == row.jumlah == sums.keduanya == len(cast.everybody)


def test_without_shares_the_teacher_loses_his_eight_hours(done: Order) -> None:
    sums = sums_of(done())

    assert (sums.naik, sums.turun, sums.tetap) == (0, 1, 9)
    assert sums.langkah == {-6: 1, 0: 9}
    (sari,) = sums.terbesar
    assert [b - a for a, b in zip(sari.a, sari.b, strict=True)] == [0, -60000, 0, 0, -60000]


def test_nothing_that_is_stored_changes(done: Order, database: Database) -> None:
    done()

    with database.reading() as session:
        assert session.scalars(select(StoredScore)).all() == []
        assert session.scalars(select(ScoreChange)).all() == []
        assert session.scalars(select(MeasuringYear.saklar)).all() == [{}]


def test_who_is_measured_one_way_only_is_counted_apart(
    done: Order, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.budi.pegawai_id).jenis_pegawai = JenisPegawai.PPPK

    sums = sums_of(done(Way("pbkn8-2019"), NEW))

    assert (sums.hanya_a, sums.hanya_b, sums.keduanya) == (0, 1, 9)
    assert (sums.a.orang, sums.b.orang) == (9, 10)


def test_means_are_those_of_the_people(done: Order) -> None:
    means = sums_of(done()).b.means()

    assert means is not None
    assert means[-1] == sum(means[:-1])


def test_the_retired_are_left_out(done: Order, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).pensiun_sejak = dt.date(2020, 1, 1)

    assert done().jumlah == 9


def test_other_agencies_are_left_out(done: Order, database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        other = Instansi(id=new_id(), nama="Pemerintah Kota Lain")
        unit = Opd(id=new_id(), instansi_id=other.id, nama="Dinas Lain", jalur="/x/")
        session.add(other)
        session.flush()
        session.add(unit)
        session.flush()
        moved = session.get_one(Pegawai, cast.tono.pegawai_id)
        moved.instansi_id, moved.opd_id = other.id, unit.id

    assert sums_of(done()).keduanya == 9


def test_many_ranges_find_what_one_finds(done: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = done().hasil["jumlah"]
    monkeypatch.setattr(comparison_people, "MOST", 3)

    assert done().hasil["jumlah"] == whole


def cut_short(database: Database, row: RuleComparison) -> None:
    """A range whose process is killed before the commit."""
    with database.transaction() as session:
        comparison_work.advance(session, row.id)
        raise KeyboardInterrupt


def test_a_killed_computation_goes_on_where_it_was(
    order: Order, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = finish(database, order()).hasil["jumlah"]
    monkeypatch.setattr(comparison_people, "MOST", 4)
    row = order()
    with database.transaction() as session:
        comparison_work.advance(session, row.id)
    with pytest.raises(KeyboardInterrupt):
        cut_short(database, row)

    found = finish(database, row)

    assert (found.diperiksa, found.hasil["jumlah"]) == (10, whole)


def test_a_second_call_of_the_job_adds_nothing(done: Order, database: Database) -> None:
    row = done()

    again = finish(database, row)

    assert (again.diperiksa, again.hasil) == (row.diperiksa, row.hasil)


def test_a_rule_set_that_was_taken_away_ends_it_with_a_sentence(
    order: Order, database: Database
) -> None:
    row = order()
    with database.transaction() as session:
        session.get_one(RuleComparison, row.id).aturan_b = "hilang"

    assert "tidak tersedia lagi" in finish(database, row).galat


def test_a_closed_year_is_tried_on_those_whose_score_it_keeps_with_their_post_then(
    done: Order, database: Database, cast: Cast
) -> None:
    last = TODAY.year - 1
    with database.transaction() as session:
        session.add(
            StoredScore(
                pegawai_id=cast.sari.pegawai_id,
                tahun=last,
                aturan="bkn-2023",
                aturan_versi="",
                per_tanggal=dt.date(last, 12, 31),
                diukur=False,
                jenis_pegawai=JenisPegawai.PNS,
                kelompok_jabatan=KelompokJabatan.PELAKSANA,
                jabatan="Pengelola Data",
            )
        )

    row = done(tahun=last)

    assert row.jumlah == 1
    with database.reading() as session:
        people = comparison_people.People(session, row, now())
        ((_, compared),) = people.after(None)
    assert compared.a
    assert Indikator.FUNGSIONAL not in {found.indikator for found in compared.a.rincian}


def test_a_closed_year_without_scores_is_tried_on_everybody(done: Order) -> None:
    assert done(Way("pbkn8-2019"), NEW, 2021).jumlah == 10


def test_a_year_to_come_is_tried_on_the_data_of_this_one(done: Order) -> None:
    coming, running = done(tahun=TODAY.year + 1), done()

    assert coming.hasil["jumlah"] == running.hasil["jumlah"]


@pytest.mark.parametrize("tahun", [1899, 2017, TODAY.year + 2])
def test_a_year_that_is_not_measured_is_refused(order: Order, tahun: int) -> None:
    with pytest.raises(Rejected, match="tidak dapat diukur"):
        order(tahun=tahun)


def test_the_same_way_twice_is_refused(order: Order) -> None:
    with pytest.raises(Rejected, match="sama"):
        order(NEW, Way.of("bkn-2023", {"prorata": True, "jf_tanpa_diklat": []}))


def test_applying_makes_it_the_way_of_the_year(done: Order, database: Database, cast: Cast) -> None:
    row = done()

    apply(database, cast, row)

    with database.reading() as session:
        assert way_of_year(session, cast.units.instansi_id, TODAY.year) == NO_SHARE


def test_applying_is_written_down_with_what_was_before(
    done: Order, database: Database, cast: Cast
) -> None:
    row = done()
    apply(database, cast, row)

    with database.reading() as session:
        line = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "agency:year-set")
        ).one()
    assert line.actor_id == cast.ani.pegawai_id
    assert line.facts["saklar"] == {"prorata": False}
    assert line.facts["sebelumnya"] == {"aturan": "bkn-2023", "saklar": {}}


def test_applying_orders_the_recomputation(done: Order, database: Database, cast: Cast) -> None:
    run = apply(database, cast, done())
    assert run
    runs.carry_on(database, run.id)

    with database.reading() as session:
        score = session.get_one(StoredScore, (cast.sari.pegawai_id, TODAY.year))
        assert (score.total, score.aturan_versi) == (Decimal(65), NO_SHARE.rules.version)
        assert session.get_one(RecomputeRun, run.id).selesai


def test_what_was_shown_is_what_comes(done: Order, database: Database, cast: Cast) -> None:
    row = done()
    run = apply(database, cast, row)
    assert run
    runs.carry_on(database, run.id)

    with database.reading() as session:
        totals = session.scalars(select(StoredScore.total)).all()
    assert sum(total * 10_000 for total in totals if total) == sums_of(row).b.poin[-1]


def test_a_second_tap_changes_nothing(done: Order, database: Database, cast: Cast) -> None:
    row = done()
    apply(database, cast, row)

    again = apply(database, cast, row)

    assert again is None
    with database.reading() as session:
        assert len(session.scalars(select(RecomputeRun)).all()) == 1


def test_of_two_proposals_only_the_first_holds(done: Order, database: Database, cast: Cast) -> None:
    first, second = done(), done(NEW, Way("pbkn8-2019"))
    apply(database, cast, first)

    with pytest.raises(Conflict, match="cara mengukur tahun itu sudah berubah"):
        apply(database, cast, second)


def test_an_unfinished_one_is_not_applied(order: Order, database: Database, cast: Cast) -> None:
    with pytest.raises(Conflict, match="belum selesai"):
        apply(database, cast, order())


def test_an_old_one_is_not_applied(done: Order, database: Database, cast: Cast) -> None:
    row = done()
    with database.transaction() as session:
        session.get_one(RuleComparison, row.id).dibuat = now() - dt.timedelta(hours=25)

    with pytest.raises(Conflict, match="lebih dari 24 jam"):
        apply(database, cast, row)


def test_one_of_other_files_is_not_applied(done: Order, database: Database, cast: Cast) -> None:
    row = done()
    with database.transaction() as session:
        kept = session.get_one(RuleComparison, row.id)
        kept.hasil = {**kept.hasil, "versi": ["lama", "lama"]}

    with pytest.raises(Conflict, match="isi berkas aturannya"):
        apply(database, cast, row)


def test_a_comparison_of_other_ways_is_not_applied(
    done: Order, database: Database, cast: Cast
) -> None:
    with pytest.raises(Conflict, match="sudah berubah"):
        apply(database, cast, done(Way("pbkn8-2019"), NEW))


def test_a_year_without_a_choice_gets_one(done: Order, database: Database, cast: Cast) -> None:
    row = done(Way("pbkn8-2019"), NEW, 2021)

    apply(database, cast, row)

    with database.reading() as session:
        assert way_of_year(session, cast.units.instansi_id, 2021) == NEW


def test_a_year_to_come_computes_nothing_yet(done: Order, database: Database, cast: Cast) -> None:
    assert apply(database, cast, done(tahun=TODAY.year + 1)) is None


def test_the_target_stays_when_the_rules_change(
    done: Order, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        comparison.set_target(session, cast.ani, agency(session, cast), TODAY.year, Decimal("80.5"))
    apply(database, cast, done())

    with database.reading() as session:
        year = session.get_one(MeasuringYear, (cast.units.instansi_id, TODAY.year))
        assert year.target == Decimal("80.5")


def test_a_target_of_a_year_without_a_choice_keeps_its_rule_set(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        comparison.set_target(session, cast.ani, agency(session, cast), 2021, Decimal(70))

    with database.reading() as session:
        year = session.get_one(MeasuringYear, (cast.units.instansi_id, 2021))
    assert (year.aturan, year.target) == ("pbkn8-2019", Decimal(70))


def test_the_same_target_again_is_no_change(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        instansi = agency(session, cast)
        first = comparison.set_target(session, cast.ani, instansi, TODAY.year, Decimal(80))
        again = comparison.set_target(session, cast.ani, instansi, TODAY.year, Decimal(80))

    assert (first is not None, again) == (True, None)


def test_an_order_waits_for_the_worker(order: Order, database: Database) -> None:
    row = order()

    with database.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == comparison_work.KIND)).one()
    assert job.payload == {"banding": row.id.hex}


def elsewhere(actor: Actor) -> Actor:
    """The same admin, of another agency."""
    return Actor(
        actor.pegawai_id, actor.akun_id, new_id(), actor.opd_id, actor.nip, actor.nama,
        (Grant(Role.ADMIN, new_id()),),
    )  # fmt: skip


def test_an_admin_of_another_agency_finds_none(done: Order, database: Database, cast: Cast) -> None:
    row = done()

    with database.reading() as session, pytest.raises(NotFound):
        queries.found(session, elsewhere(cast.ani), Permission.RULES_READ, row.id)


def test_an_admin_of_another_agency_finds_no_run(
    done: Order, database: Database, cast: Cast
) -> None:
    run = apply(database, cast, done())
    assert run

    with database.reading() as session, pytest.raises(NotFound):
        queries.run_found(session, elsewhere(cast.ani), run.id)


def test_an_admin_of_one_opd_does_not_change_the_rules_of_all(
    database: Database, cast: Cast
) -> None:
    unit = cast.units.pendidikan
    grant = Grant(Role.ADMIN, cast.units.instansi_id, unit.id, unit.jalur)
    part = Actor(
        cast.ani.pegawai_id, cast.ani.akun_id, cast.units.instansi_id, unit.id, cast.ani.nip,
        cast.ani.nama, (grant,),
    )  # fmt: skip

    with database.reading() as session, pytest.raises(Forbidden):
        queries.agency_of(session, part, Permission.RULES_MANAGE)


def test_the_largest_differences_are_named(done: Order, database: Database, cast: Cast) -> None:
    row = done()

    with database.reading() as session:
        (line,) = queries.largest(session, cast.ani, sums_of(row), 20)
    assert (line.nip, line.difference, line.moved) == (
        cast.sari.nip,
        Decimal(-6),
        [("kompetensi", Decimal(-6))],
    )


@pytest.mark.parametrize("words", ["sari wul", "1987 0412 201001 2 015", "19870412"])
def test_a_person_is_found_by_name_or_number(
    done: Order, database: Database, cast: Cast, words: str
) -> None:
    row = done()

    with database.reading() as session:
        found = queries.search(session, cast.ani, row, words)

    assert found is not None
    assert [line.nip for line in found] == [cast.sari.nip]


def test_nobody_leafs_through_everyone(done: Order, database: Database, cast: Cast) -> None:
    row = done()

    with database.reading() as session:
        assert queries.search(session, cast.ani, row, "sa") is None


def test_the_file_holds_everybody_and_no_formula(
    done: Order, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.budi.pegawai_id).nama = "=HYPERLINK(1)"
    row = done()

    with database.reading() as session:
        text = "".join(comparison_file.lines(session, row))

    lines = text.splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("\ufeffnip;nama;")
    assert any(line.startswith("'198301052008011003;'=HYPERLINK(1);") for line in lines)
    assert any(
        line.startswith("'198704122010012015;") and line.endswith(";-6,00") for line in lines
    )


def test_the_file_comes_in_pieces_and_says_who_is_not_measured(
    done: Order, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison_file, "_ROWS", 3)
    with database.transaction() as session:
        session.get_one(Pegawai, cast.tono.pegawai_id).jenis_pegawai = JenisPegawai.CPNS
    row = done()

    with database.reading() as session:
        pieces = list(comparison_file.lines(session, row))

    assert [piece.count("\r\n") for piece in pieces] == [1, 3, 3, 3, 1]
    (tono,) = [line for line in "".join(pieces).splitlines() if cast.tono.nip in line]
    assert tono.split(";")[3:] == ["tidak diukur", *[""] * 5, "tidak diukur", *[""] * 5, ""]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\r=1", " =1"])
def test_what_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert comparison_file.harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    ("difference", "expected"),
    [("0", 0), ("0.01", 1), ("1", 1), ("1.01", 2), ("-0.5", -1), ("-6", -6)],
)
def test_differences_fall_into_whole_points_away_from_zero(difference: str, expected: int) -> None:
    assert step(Decimal(difference)) == expected
