"""What is stored about a score, and that it follows the facts."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.agency.models import MeasuringYear
from portal.db import Database, now
from portal.people.models import Pegawai, Pendidikan, Pengembangan
from portal.scoring import queries
from portal.scoring.actions import recompute
from portal.scoring.models import ScoreChange, StoredScore
from portal.scoring.runs import recompute_all
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
    JenisDiklat,
    JenisPegawai,
    Kategori,
    KelompokJabatan,
    LatihanStruktural,
    Tingkat,
)
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_postgresql_alone


def computed(database: Database, cast: Cast, cause: str = "Uji") -> StoredScore:
    with database.transaction() as session:
        return recompute(session, cast.sari.pegawai_id, today=TODAY, cause=cause)


def add_course(database: Database, cast: Cast, **fields: object) -> None:
    values = {
        "jenis": JenisDiklat.TEKNIS,
        "nama": "Bimtek Rapor Pendidikan",
        "jp": 12,
        "tanggal_selesai": dt.date(TODAY.year, 1, 1),
    }
    with database.transaction() as session:
        session.add(Pengembangan(pegawai_id=cast.sari.pegawai_id, **values | fields))


def test_stores_the_four_dimensions_and_the_category(database: Database, cast: Cast) -> None:
    score = computed(database, cast)
    parts = (score.kualifikasi, score.kompetensi, score.kinerja, score.disiplin, score.total)
    assert parts == (Decimal(20), Decimal(21), Decimal(25), Decimal(5), Decimal(71))
    assert score.kategori is Kategori.SEDANG


def test_stores_under_which_rule_set_and_up_to_which_day(database: Database, cast: Cast) -> None:
    score = computed(database, cast)
    assert (score.aturan, score.per_tanggal) == ("bkn-2023", TODAY)
    assert score.aturan_versi


def test_marks_a_score_provisional_while_last_years_skp_stands_in(
    database: Database, cast: Cast
) -> None:
    assert computed(database, cast).sementara


def test_every_row_of_the_explanation_has_a_reason(database: Database, cast: Cast) -> None:
    rows = computed(database, cast).rincian
    assert all(row["alasan"] for row in rows)
    assert sum(Decimal(row["poin"]) for row in rows) == 71


def test_evidence_of_an_approved_document_links_to_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(
            session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera
        )
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.SEMINAR,
                nama="Seminar",
                tanggal_selesai=dt.date(TODAY.year, 1, 1),
                document_id=document.id,
            )
        )
    rows = computed(database, cast).rincian
    (seminar,) = [row for row in rows if row["indikator"] == "seminar"]
    assert seminar["bukti"] == [
        {
            "nama": "Seminar",
            "document_id": str(document.id),
            "sampai": f"{TODAY.year + 1}-12-31",
        }
    ]


def test_a_waiting_seminar_is_shown_as_what_could_come_never_counted(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DIAJUKAN)
    score = computed(database, cast)
    assert score.total == 71
    assert Decimal(score.bisa["total"]) == 81
    assert score.bisa["kategori"] == "Tinggi"
    assert Decimal(score.bisa["dimensi"]["kompetensi"]) == 10


def test_a_draft_and_a_returned_item_are_not_waiting(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari)
        builders.document(session, cast.sari, DocumentState.PERLU_PERBAIKAN, verifier=cast.vera)
    assert computed(database, cast).bisa == {}


def test_the_best_step_is_the_missing_jp_when_the_seminar_waits_already(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        session.get_one(MeasuringYear, (cast.units.instansi_id, TODAY.year)).target = Decimal(80)
    step = computed(database, cast).langkah
    assert step is not None
    assert (step["kind"], step["jp"]) == ("teknis", 12)
    assert (Decimal(step["gain"]), Decimal(step["total"])) == (9, 80)


def test_a_change_is_kept_with_its_cause(database: Database, cast: Cast) -> None:
    computed(database, cast, "Data awal")
    add_course(database, cast)
    computed(database, cast, "Bimtek disetujui")
    with database.reading() as session:
        newest, first = [c.row for c in queries.changes(session, cast.sari.pegawai_id).rows]
    assert (first.sebelum, first.sesudah, first.sebab) == (None, Decimal(71), "Data awal")
    assert (newest.sebelum, newest.sesudah) == (Decimal(71), Decimal(80))
    assert newest.sebab == "Bimtek disetujui"


def test_computing_again_without_new_facts_leaves_no_change(database: Database, cast: Cast) -> None:
    computed(database, cast)
    computed(database, cast)
    with database.reading() as session:
        assert len(session.scalars(select(ScoreChange)).all()) == 1


def test_points_of_a_third_decimal_survive_the_database(database: Database, cast: Cast) -> None:
    add_course(database, cast, jp=1)
    with database.transaction() as session:
        person = session.get_one(Pegawai, cast.sari.pegawai_id)
        person.kelompok_jabatan = "pelaksana"  # type: ignore[assignment]  # checked by the column
        session.flush()
    score = computed(database, cast)
    assert score.kompetensi == Decimal("10.125")
    with database.reading() as session:
        kept = queries.stored(session, cast.sari.pegawai_id, TODAY.year)
        assert kept is not None
        assert kept.kompetensi == Decimal("10.125")


def test_a_cpns_is_stored_as_not_measured_with_the_reason(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).jenis_pegawai = JenisPegawai.CPNS
    score = computed(database, cast)
    assert (score.diukur, score.total) == (False, None)
    assert "CPNS" in score.alasan


def test_stored_earlier_years_follow_late_facts(database: Database, cast: Cast) -> None:
    last_year = TODAY.year - 1
    computed(database, cast)
    with database.transaction() as session:
        session.add(
            StoredScore(
                pegawai_id=cast.sari.pegawai_id,
                tahun=last_year,
                aturan="bkn-2023",
                aturan_versi="lama",
                per_tanggal=dt.date(last_year, 12, 31),
                diukur=True,
                kualifikasi=Decimal(1),
                kompetensi=Decimal(0),
                kinerja=Decimal(0),
                disiplin=Decimal(0),
                total=Decimal(1),
            )
        )
    computed(database, cast)
    with database.reading() as session:
        kept = queries.stored(session, cast.sari.pegawai_id, last_year)
        assert kept is not None
        assert (kept.total, kept.sementara) == (Decimal(65), False)


@pytest.fixture
def closed_year(database: Database, cast: Cast) -> int:
    """A year that sari closed as a teacher, computed on its last evening."""
    year = TODAY.year - 1
    with database.transaction() as session:
        evening = dt.date(year, 12, 31)
        recompute(session, cast.sari.pegawai_id, today=evening, cause="Akhir tahun")
    return year


def of_year(database: Database, cast: Cast, year: int) -> StoredScore:
    with database.reading() as session:
        return session.get_one(StoredScore, (cast.sari.pegawai_id, year))


def test_a_closed_year_keeps_the_post_that_it_closed_with(
    database: Database, cast: Cast, closed_year: int
) -> None:
    before = of_year(database, cast, closed_year)
    with database.transaction() as session:
        person = session.get_one(Pegawai, cast.sari.pegawai_id)
        person.kelompok_jabatan = KelompokJabatan.ADMINISTRATOR
        person.jabatan, person.syarat_pendidikan = "Kepala Bidang", Tingkat.S2

    running = computed(database, cast)

    after = of_year(database, cast, closed_year)
    assert (after.total, after.rincian) == (before.total, before.rincian)
    assert (after.jabatan, after.syarat_pendidikan) == ("Guru Ahli Muda", Tingkat.S1)
    assert running.kelompok_jabatan is KelompokJabatan.ADMINISTRATOR


def test_a_closed_year_keeps_that_the_person_was_not_measured_yet(
    database: Database, cast: Cast
) -> None:
    year = TODAY.year - 1
    with database.transaction() as session:
        person = session.get_one(Pegawai, cast.sari.pegawai_id)
        person.jenis_pegawai = JenisPegawai.CPNS
        evening = dt.date(year, 12, 31)
        recompute(session, cast.sari.pegawai_id, today=evening, cause="Akhir tahun")
        person.jenis_pegawai = JenisPegawai.PNS

    assert computed(database, cast).diukur
    assert not of_year(database, cast, year).diukur


def test_a_late_fact_counts_in_the_closed_year_with_its_post(
    database: Database, cast: Cast, closed_year: int
) -> None:
    before = of_year(database, cast, closed_year)
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).kelompok_jabatan = KelompokJabatan.PELAKSANA
    add_course(database, cast, jp=20, tanggal_selesai=dt.date(closed_year, 5, 1))

    computed(database, cast)

    gained = of_year(database, cast, closed_year).total
    assert gained is not None
    assert before.total is not None
    assert gained - before.total == 15  # a pelaksana would gain 22.5


def test_a_closed_year_from_before_posts_were_kept_takes_the_present_one(
    database: Database, cast: Cast, closed_year: int
) -> None:
    with database.transaction() as session:
        row = session.get_one(StoredScore, (cast.sari.pegawai_id, closed_year))
        row.kelompok_jabatan = row.jenis_pegawai = None

    computed(database, cast)

    assert of_year(database, cast, closed_year).kelompok_jabatan is KelompokJabatan.FUNGSIONAL


def test_a_fact_without_a_name_is_called_by_its_kind(database: Database, cast: Cast) -> None:
    add_course(database, cast, nama="")

    (row,) = [row for row in computed(database, cast).rincian if row["indikator"] == "teknis"]

    assert "Diklat teknis" in [proof["nama"] for proof in row["bukti"]]


def test_each_imported_fact_refers_to_its_record(database: Database, cast: Cast) -> None:
    degree = computed(database, cast).rincian[0]

    with database.reading() as session:
        record = session.scalars(
            select(Pendidikan).where(Pendidikan.pegawai_id == cast.sari.pegawai_id)
        ).one()
    assert degree["bukti"] == [
        {"nama": "S-1 Pendidikan Matematika", "document_id": None, "riwayat": str(record.id)}
    ]


def test_what_no_indicator_asks_for_is_kept_with_its_reason(database: Database, cast: Cast) -> None:
    add_course(database, cast, jenis=JenisDiklat.STRUKTURAL, nama="PIM IV")

    (left,) = computed(database, cast).tidak_dinilai

    assert left["nama"] == "PIM IV"
    assert "tidak dinilai untuk jabatan Fungsional" in left["alasan"]


def test_two_facts_at_the_same_moment_are_both_in_the_score(database: Database, cast: Cast) -> None:
    barrier = threading.Barrier(2)

    def approve(jenis: JenisDiklat, jp: int) -> None:
        barrier.wait()
        with database.transaction() as session:
            session.add(
                Pengembangan(
                    pegawai_id=cast.sari.pegawai_id,
                    jenis=jenis,
                    jp=jp,
                    tanggal_selesai=dt.date(TODAY.year, 1, 1),
                )
            )
            recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Bersamaan")

    threads = [
        threading.Thread(target=approve, args=args)
        for args in ((JenisDiklat.TEKNIS, 12), (JenisDiklat.SEMINAR, 4))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        kept = queries.stored(session, cast.sari.pegawai_id, TODAY.year)
        assert kept is not None
        assert kept.total == 90


def test_the_nightly_computation_reaches_everybody(database: Database, cast: Cast) -> None:
    assert recompute_all(database, cause="Harian") == len(cast.everybody)
    with database.reading() as session:
        assert len(session.scalars(select(StoredScore)).all()) == len(cast.everybody)


def test_the_nightly_computation_reaches_who_retires_later(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        later = TODAY + dt.timedelta(days=30)
        session.get_one(Pegawai, cast.sari.pegawai_id).pensiun_sejak = later
        session.get_one(Pegawai, cast.budi.pegawai_id).pensiun_sejak = TODAY - dt.timedelta(days=1)

    recompute_all(database, cause="Harian")

    with database.reading() as session:
        reached = set(session.scalars(select(StoredScore.pegawai_id)))
    assert (cast.sari.pegawai_id in reached, cast.budi.pegawai_id in reached) == (True, False)


def test_a_course_that_was_approved_and_imported_counts_once(
    database: Database, cast: Cast
) -> None:
    day = dt.date(TODAY.year, 1, 1)
    with database.transaction() as session:
        approved = builders.document(
            session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera, nomor="800/12-A"
        )
    add_course(database, cast, jp=6, nomor="800/12-A", sumber="portal", document_id=approved.id)
    add_course(database, cast, jp=6, nomor="800 / 12-a")
    add_course(database, cast, jp=1, nomor="800/12-A", tanggal_selesai=day - dt.timedelta(days=400))
    add_course(database, cast, jp=1, nomor="")

    (row,) = [row for row in computed(database, cast).rincian if row["indikator"] == "teknis"]

    assert row["jp"] == 8 + 6 + 1


def test_tells_what_a_seminar_would_bring(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(session, cast.sari)
        gain = queries.gain_if_approved(session, document, today=TODAY)
    assert (gain.poin, gain.total, gain.kategori) == (10, 81, Kategori.TINGGI)


def test_tells_why_an_old_seminar_brings_nothing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        old = dt.date(TODAY.year - 3, 5, 1)
        document = builders.document(session, cast.sari, tanggal_selesai=old)
        gain = queries.gain_if_approved(session, document, today=TODAY)
    assert gain.poin == 0
    assert "jendela" in gain.catatan


def test_tells_what_a_second_seminar_is_one_too_many_of(database: Database, cast: Cast) -> None:
    add_course(database, cast, jenis=JenisDiklat.SEMINAR, tanggal_selesai=TODAY)
    with database.transaction() as session:
        document = builders.document(session, cast.sari)
        gain = queries.gain_if_approved(session, document, today=TODAY)
    assert gain.catatan == (
        "Seminar dan sejenisnya: cukup satu. Dokumen tetap tercatat sebagai riwayat."
    )


def test_tells_that_a_lower_degree_is_not_the_one_that_counts(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = builders.document(
            session,
            cast.sari,
            kind=DocumentKind.IJAZAH,
            tingkat=Tingkat.D3,
            tanggal_lulus=dt.date(2005, 1, 1),
        )
        gain = queries.gain_if_approved(session, document, today=TODAY)
    assert gain.catatan.startswith("Yang dinilai ijazah tertinggi Anda.")


def test_tells_that_leadership_training_brings_a_teacher_nothing(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        document = builders.document(
            session,
            cast.sari,
            kind=DocumentKind.KEPEMIMPINAN,
            jenis=JenisDiklat.STRUKTURAL,
            latihan_struktural=LatihanStruktural.PIM4,
        )
        gain = queries.gain_if_approved(session, document, today=TODAY)
    assert gain.poin == 0
    assert gain.catatan


def test_tells_of_full_points_not_of_what_another_fact_lacks(
    database: Database, cast: Cast
) -> None:
    add_course(database, cast, jp=20)
    add_course(
        database, cast, jenis=JenisDiklat.STRUKTURAL, latihan_struktural=LatihanStruktural.PIM4
    )
    with database.transaction() as session:
        document = builders.document(
            session, cast.sari, kind=DocumentKind.TEKNIS, jenis=JenisDiklat.TEKNIS, jp=8
        )
        gain = queries.gain_if_approved(session, document, today=TODAY)
    assert gain.poin == 0
    assert gain.catatan.startswith("Poin untuk bagian ini sudah penuh.")


def test_a_degree_above_the_requirement_brings_five(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        document = builders.document(
            session,
            cast.sari,
            kind=DocumentKind.IJAZAH,
            tingkat=Tingkat.S2,
            tanggal_lulus=dt.date(TODAY.year, 1, 1),
        )
        gain = queries.gain_if_approved(session, document, today=TODAY)
    assert gain.poin == 5


def test_cards_of_the_hand_in_tell_what_is_open(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        hints = queries.kind_hints(session, cast.sari.pegawai_id, today=TODAY)
    assert hints[DocumentKind.TEKNIS].text == "Terhitung 8 dari 20 JP"
    assert hints[DocumentKind.TEKNIS].gain == 9
    assert hints[DocumentKind.FUNGSIONAL].text == "Sudah terpenuhi"
    assert hints[DocumentKind.KEPEMIMPINAN].text == "Tidak menambah poin untuk jabatan Anda"
    assert hints[DocumentKind.IJAZAH].gain == 5
    assert hints[DocumentKind.SEMINAR].gain == 10


def test_a_card_tells_that_one_is_on_its_way(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        builders.document(session, cast.sari, DocumentState.DIAJUKAN)
        hints = queries.kind_hints(session, cast.sari.pegawai_id, today=TODAY)
    assert hints[DocumentKind.SEMINAR].text == "Satu sedang diproses (+10,00)"
    assert hints[DocumentKind.SEMINAR].gain is None


def test_of_two_changes_the_one_written_later_stands_later_whenever_it_had_begun(
    database: Database, cast: Cast
) -> None:
    began = now()
    computed(database, cast, "Tercatat lebih dulu")
    add_course(database, cast)
    with database.transaction() as session:
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Menunggu", at=began)
    with database.reading() as session:
        told = session.scalars(select(ScoreChange).order_by(ScoreChange.waktu)).all()
    assert [change.sebab for change in told] == ["Tercatat lebih dulu", "Menunggu"]


@on_postgresql_alone
def test_a_score_read_before_the_lock_is_read_again_under_it(
    database: Database, cast: Cast
) -> None:
    """Otherwise a change would begin at points that somebody has changed meanwhile."""
    computed(database, cast)
    with database.transaction() as session:
        key = (cast.sari.pegawai_id, TODAY.year)
        held = session.get_one(StoredScore, key)  # kept, as a page does
        add_course(database, cast, jp=4)
        between = computed(database, cast, "Orang lain").total
        add_course(database, cast, jp=4, nama="Bimtek Numerasi")
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Menunggu")
    with database.reading() as session:
        told = session.scalars(select(ScoreChange).where(ScoreChange.sebab == "Menunggu")).one()
    assert (told.sebelum, told.sesudah) == (between, held.total)
