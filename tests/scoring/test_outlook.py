"""The index on 1 January: what falls away, what rises, what keeps it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from portal.scoring.compute import Measuring
from portal.scoring.engine.inputs import Hukdis, Kinerja, Pengembangan, Person, parse_person
from portal.scoring.engine.rules import load
from portal.scoring.engine.score import NotMeasured, score
from portal.scoring.outlook import Outlook, outlook
from portal.vocabulary import (
    DocumentKind,
    Indikator,
    JenisDiklat,
    JenisPegawai,
    KelompokJabatan,
    Predikat,
    TingkatHukuman,
)
from tests.scoring.engine import crowd

TODAY = dt.date(2026, 10, 12)
NEW = load("bkn-2023")
THIS_YEAR = Measuring(2026, NEW, None)
NEXT_YEAR = Measuring(2027, NEW, None)


def person(*courses: Pengembangan, **fields: object) -> Person:
    values: dict[str, object] = {
        "nip": "198704122010012015",
        "jenis_pegawai": JenisPegawai.PNS,
        "kelompok_jabatan": KelompokJabatan.FUNGSIONAL,
        "pengembangan": courses,
        "kinerja": (Kinerja(2026, predikat=Predikat.BAIK),),
    }
    return Person(**values | fields)  # type: ignore[arg-type]  # checked by the dataclass


def course(jenis: JenisDiklat, year: int, jp: int = 20) -> Pengembangan:
    return Pengembangan(jenis, jp, dt.date(year, 5, 1), nama=f"{jenis.label} {year}")


def ahead(someone: Person, then: Measuring = NEXT_YEAR) -> Outlook:
    found = outlook(someone, THIS_YEAR, then, TODAY)
    assert found is not None
    return found


def test_a_technical_course_falls_away_with_its_year() -> None:
    found = ahead(person(course(JenisDiklat.TEKNIS, 2026)))

    (turn,) = found.turun
    assert (turn.indikator, turn.selisih, found.selisih) == (Indikator.TEKNIS, -15, -15)
    assert turn.alasan == "Diklat teknis 2026 hanya dihitung sampai 31 Desember 2026."


def test_what_can_only_be_earned_anew_is_advised_from_january() -> None:
    (turn,) = ahead(person(course(JenisDiklat.TEKNIS, 2026))).turun

    assert turn.langkah == "Ikuti diklat teknis 20 JP mulai Januari 2027."
    assert turn.kind is None


def test_what_this_year_still_saves_is_advised_before_its_end() -> None:
    (turn,) = ahead(person(course(JenisDiklat.SEMINAR, 2025))).turun

    assert turn.langkah == "Ikuti satu seminar atau sejenisnya paling lambat 31 Desember 2026."
    assert turn.kind is DocumentKind.SEMINAR


def test_the_seminar_that_is_advised_keeps_the_points() -> None:
    someone = person(course(JenisDiklat.SEMINAR, 2025), course(JenisDiklat.SEMINAR, 2026))

    assert ahead(someone).selisih == 0


def test_a_seminar_of_this_year_lasts_another_one() -> None:
    assert ahead(person(course(JenisDiklat.SEMINAR, 2026))).turun == ()


def test_training_for_the_post_never_lapses() -> None:
    assert ahead(person(course(JenisDiklat.FUNGSIONAL, 2011))).turun == ()


def test_the_skp_of_the_closing_year_stands_in() -> None:
    assert ahead(person()).total == ahead(person()).sekarang


def test_a_missing_skp_of_the_closing_year_is_told_with_its_remedy() -> None:
    found = ahead(person(kinerja=(Kinerja(2025, predikat=Predikat.BAIK, nama="SKP 2025"),)))

    (turn,) = found.turun
    assert (turn.indikator, turn.selisih) == (Indikator.KINERJA, -25)
    assert turn.alasan == "SKP 2025 hanya menggantikan sampai akhir tahun."
    assert turn.langkah == "Pastikan SKP 2026 dinilai dan tercatat di E-Kinerja."


def test_a_punishment_that_ends_gives_its_points_back() -> None:
    ending = Hukdis(TingkatHukuman.RINGAN, dt.date(2026, 1, 5), dt.date(2026, 7, 5))

    (turn,) = ahead(person(hukdis=(ending,))).naik

    assert (turn.indikator, turn.selisih) == (Indikator.DISIPLIN, 2)


def test_the_most_points_are_named_first() -> None:
    someone = person(
        course(JenisDiklat.SEMINAR, 2025),
        course(JenisDiklat.TEKNIS, 2026),
        kinerja=(Kinerja(2025, predikat=Predikat.BAIK),),
    )

    assert [turn.selisih for turn in ahead(someone).turun] == [-25, -15, -10]


def test_many_courses_are_counted_and_two_named() -> None:
    courses = [course(JenisDiklat.TEKNIS, 2026, jp=5) for _ in range(5)]

    (turn,) = ahead(person(*courses)).turun

    assert turn.alasan.startswith("Diklat teknis 2026, Diklat teknis 2026, dan 3 lainnya hanya")


def test_a_course_between_today_and_new_year_counts_from_its_end() -> None:
    later = Pengembangan(JenisDiklat.SEMINAR, 4, dt.date(2026, 12, 20))

    assert ahead(person(later)).selisih == 10


def test_the_rule_set_of_the_new_year_decides() -> None:
    then = Measuring(2027, load("pbkn8-2019"), None)

    found = ahead(person(course(JenisDiklat.TEKNIS, 2026, jp=10)), then)

    assert found.aturan_baru == "Peraturan BKN 8/2019"


def test_whoever_is_not_measured_then_is_told_why() -> None:
    then = Measuring(2027, load("pbkn8-2019"), None)

    found = ahead(person(jenis_pegawai=JenisPegawai.PPPK), then)

    assert (found.total, found.selisih) == (None, 0)
    assert "PPPK" in found.alasan


def test_whoever_is_not_measured_today_has_no_outlook() -> None:
    assert outlook(person(jenis_pegawai=JenisPegawai.CPNS), THIS_YEAR, NEXT_YEAR, TODAY) is None


@pytest.mark.parametrize("post", list(KelompokJabatan))
def test_the_turns_add_up_to_the_difference(post: KelompokJabatan) -> None:
    random_ = random.Random(post.value)
    for _ in range(200):
        someone = replace(
            parse_person(crowd.person(random_, 2026)),
            jenis_pegawai=JenisPegawai.PNS,
            kelompok_jabatan=post,
        )
        found = ahead(someone)

        assert sum((turn.selisih for turn in found.turun + found.naik), Decimal(0)) == (
            found.selisih
        )


def test_the_total_is_the_score_of_new_years_day() -> None:
    random_ = random.Random(2027)
    for _ in range(300):
        someone = parse_person(crowd.person(random_, 2026))
        found = outlook(someone, THIS_YEAR, NEXT_YEAR, TODAY)
        on_the_day = score(someone, NEW, 2027, as_of=dt.date(2027, 1, 1), provisional=True)

        if found is None:
            assert isinstance(on_the_day, NotMeasured)
        else:
            assert not isinstance(on_the_day, NotMeasured)
            assert (found.total, found.kategori) == (on_the_day.total, on_the_day.kategori)
