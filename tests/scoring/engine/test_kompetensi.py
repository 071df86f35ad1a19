from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from portal.scoring.engine.rules import load
from portal.vocabulary import Indikator, KelompokJabatan
from tests.scoring.engine.builders import NEW, OLD, course, measured, person, row

LEVEL = {
    KelompokJabatan.JPT_UTAMA: 5,
    KelompokJabatan.JPT_MADYA: 5,
    KelompokJabatan.JPT_PRATAMA: 4,
    KelompokJabatan.ADMINISTRATOR: 3,
    KelompokJabatan.PENGAWAS: 2,
}
SEMINAR_KINDS = {4, 7, 9, 10, 11, 14, 15, 18, 19, 20, 21, 22, 23, 24, 25}
TEKNIS_KINDS = {3, 5, 6, 8, 12, 13, 16, 17}
PELAKSANA = KelompokJabatan.PELAKSANA


@pytest.mark.parametrize("rules", [OLD, NEW])
@pytest.mark.parametrize("post", LEVEL)
def test_a_leader_is_asked_for_leadership_teknis_and_seminar(post: KelompokJabatan, rules) -> None:
    rows = measured(person(post), rules).rincian[1:4]

    assert [(found.indikator, found.maks) for found in rows] == [
        (Indikator.KEPEMIMPINAN, 15),
        (Indikator.TEKNIS, 15),
        (Indikator.SEMINAR, 10),
    ]


def test_a_functional_post_is_asked_for_fungsional_instead() -> None:
    rows = measured(person()).rincian[1:4]

    assert [(found.indikator, found.maks) for found in rows] == [
        (Indikator.FUNGSIONAL, 15),
        (Indikator.TEKNIS, 15),
        (Indikator.SEMINAR, 10),
    ]


def test_a_pelaksana_is_asked_for_teknis_and_seminar_only() -> None:
    rows = measured(person(PELAKSANA)).rincian[1:-2]

    assert [(found.indikator, found.maks) for found in rows] == [
        (Indikator.TEKNIS, Decimal("22.5")),
        (Indikator.SEMINAR, Decimal("17.5")),
    ]


@pytest.mark.parametrize("level", range(1, 9))
@pytest.mark.parametrize("post", LEVEL)
def test_only_the_leadership_level_of_the_post_counts(post: KelompokJabatan, level: int) -> None:
    found = row(
        measured(person(post, pengembangan=(course(1, "2010-01-01", level=level),))),
        Indikator.KEPEMIMPINAN,
    )

    assert found.poin == (15 if level == LEVEL[post] else 0)


@pytest.mark.parametrize("level", range(1, 9))
def test_a_higher_leadership_level_counts_where_the_agency_says_so(level: int) -> None:
    rules = load("pbkn8-2019", kepemimpinan_lebih_tinggi=True)
    someone = person(KelompokJabatan.ADMINISTRATOR, pengembangan=(course(1, level=level),))

    assert measured(someone, rules).kompetensi == (15 if level in {3, 4, 5} else 0)


def test_leadership_without_a_level_does_not_count_and_says_why() -> None:
    someone = person(KelompokJabatan.PENGAWAS, pengembangan=(course(1, "2010-01-01"),))

    found = row(measured(someone), Indikator.KEPEMIMPINAN)

    assert "tidak menyebut tingkat" in found.penjelasan


def test_a_wrong_leadership_level_names_the_one_that_is_needed() -> None:
    someone = person(KelompokJabatan.PENGAWAS, pengembangan=(course(1, "2010-01-01", level=3),))

    found = row(measured(someone), Indikator.KEPEMIMPINAN)

    assert found.tidak_dihitung[0].alasan == "PKA / PIM III tidak sesuai; perlu PKP / PIM IV"


@pytest.mark.parametrize("end", [None, "1995-02-03", "2021-12-31"])
def test_a_functional_course_counts_for_ever(end: str | None) -> None:
    found = row(measured(person(pengembangan=(course(2, end),))), Indikator.FUNGSIONAL)

    assert (found.poin, found.bukti, found.berlaku_sampai) == (15, (0,), None)


@pytest.mark.parametrize("kind", [2, 3, 9])
def test_an_item_that_ends_after_the_measurement_does_not_count(kind: int) -> None:
    result = measured(person(pengembangan=(course(kind, "2022-01-01", 40),)))

    assert result.kompetensi == 0
    assert any("setelah tanggal ukur 31 Desember 2021" in r.penjelasan for r in result.rincian)


@pytest.mark.parametrize("kind", [3, 9])
def test_an_item_without_an_end_does_not_count_where_a_window_is_asked_for(kind: int) -> None:
    result = measured(person(pengembangan=(course(kind, None, 40),)))

    assert result.kompetensi == 0
    assert any("tidak menyebut tanggal selesai" in r.penjelasan for r in result.rincian)


@pytest.mark.parametrize(
    ("end", "points"),
    [("2020-12-31", 0), ("2021-01-01", 15), ("2021-12-31", 15), ("2022-01-01", 0)],
)
def test_teknis_counts_in_the_calendar_year(end: str, points: int) -> None:
    assert measured(person(pengembangan=(course(3, end, 20),))).kompetensi == points


@pytest.mark.parametrize(
    ("end", "points"),
    [("2019-12-31", 0), ("2020-01-01", 10), ("2021-12-31", 10), ("2022-01-01", 0)],
)
def test_seminar_counts_in_two_calendar_years(end: str, points: int) -> None:
    assert measured(person(pengembangan=(course(9, end),))).kompetensi == points


@pytest.mark.parametrize(("jp", "points"), [(0, 0), (1, 0), (19, 0), (20, 15), (21, 15), (400, 15)])
def test_teknis_is_all_or_nothing_under_the_old_rules(jp: int, points: int) -> None:
    assert measured(person(pengembangan=(course(3, "2021-05-05", jp),))).kompetensi == points


@pytest.mark.parametrize("jp", range(22))
def test_teknis_is_in_proportion_under_the_new_rules(jp: int) -> None:
    someone = person(PELAKSANA, pengembangan=(course(3, "2024-05-05", jp),))

    assert measured(someone, NEW, 2024).kompetensi == Decimal("1.125") * min(jp, 20)


def test_the_hours_of_all_teknis_items_are_summed() -> None:
    items = (course(3, "2021-01-01", 12), course(8, "2021-12-31", 8), course(16, "2021-06-06", 0))

    found = row(measured(person(pengembangan=items)), Indikator.TEKNIS)

    assert (found.poin, found.jp, found.jp_wajib, found.bukti) == (15, 20, 20, (0, 1))
    assert found.tidak_dihitung[0].alasan == "tidak menyebut jumlah JP"


@pytest.mark.parametrize("kind", range(1, 26))
def test_every_kind_of_siasn_feeds_one_indicator(kind: int) -> None:
    expected = {1: None, 2: Indikator.FUNGSIONAL}.get(kind, Indikator.SEMINAR)
    if kind in TEKNIS_KINDS:
        expected = Indikator.TEKNIS
    result = measured(person(pengembangan=(course(kind, "2021-05-05", 20, level=3),)))

    fed = [found.indikator for found in result.rincian if found.bukti]

    assert fed == ([expected] if expected else [])
    assert (kind in SEMINAR_KINDS) == (expected is Indikator.SEMINAR)


def test_an_item_of_a_kind_that_the_post_does_not_ask_for_is_named_apart() -> None:
    result = measured(person(PELAKSANA, pengembangan=(course(2, "2015-01-01"),)))

    (left,) = result.tidak_dihitung
    assert (left.index, left.alasan) == (
        0,
        "Diklat fungsional tidak dinilai untuk jabatan Pelaksana",
    )


def test_a_second_seminar_adds_nothing_and_the_one_that_lasts_is_the_evidence() -> None:
    items = (course(9, "2020-05-05"), course(7, "2021-02-02"), course(4, "2021-01-01"))

    found = row(measured(person(pengembangan=items)), Indikator.SEMINAR)

    assert (found.poin, found.bukti) == (10, (1,))
    assert [(left.index, left.alasan) for left in found.tidak_dihitung] == [
        (0, "cukup satu"),
        (2, "cukup satu"),
    ]


def test_an_old_certificate_names_the_window_it_misses() -> None:
    found = row(
        measured(person(pengembangan=(course(9, "2023-05-05"),)), NEW, 2026), Indikator.SEMINAR
    )

    assert found.tidak_dihitung[0].alasan == "sertifikat 2023 di luar jendela 2025–2026"


def test_a_course_of_another_year_names_the_one_year_of_its_window() -> None:
    found = row(measured(person(pengembangan=(course(3, "2019-05-05", 20),))), Indikator.TEKNIS)

    assert found.tidak_dihitung[0].alasan == "sertifikat 2019 di luar jendela 2021"


@pytest.mark.parametrize(
    ("kind", "end", "last"),
    [(9, "2025-03-03", 2026), (9, "2026-03-03", 2027), (3, "2026-03-03", 2026)],
)
def test_a_row_says_on_which_day_its_evidence_lapses(kind: int, end: str, last: int) -> None:
    result = measured(person(pengembangan=(course(kind, end, 20),)), NEW, 2026)

    (found,) = [found for found in result.rincian if found.bukti]
    assert found.berlaku_sampai == dt.date(last, 12, 31)


def test_a_named_item_appears_in_the_reason() -> None:
    items = (course(2, name="Diklat Calon Widyaiswara 🎓"),)

    found = row(measured(person(pengembangan=items)), Indikator.FUNGSIONAL)

    assert "Diklat Calon Widyaiswara 🎓" in found.alasan


@pytest.mark.parametrize(
    ("post", "points"),
    [
        ("Guru", 15),
        ("Guru Ahli Pertama", 15),
        ("GURU AHLI MUDA", 15),
        ("Gurutama", 0),
        ("Pengawas Guru", 0),
        ("Dokter Gigi", 15),
        (None, 0),
    ],
)
def test_functional_posts_on_the_list_need_no_course(post: str | None, points: int) -> None:
    rules = load("pbkn8-2019", jf_tanpa_diklat=["guru", "dokter"])

    assert measured(person(jabatan=post), rules).kompetensi == points


def test_a_listed_post_says_why_it_has_the_points() -> None:
    rules = load("pbkn8-2019", jf_tanpa_diklat=["guru"])

    found = row(measured(person(jabatan="Guru Ahli Muda"), rules), Indikator.FUNGSIONAL)

    assert (found.bukti, found.alasan) == (
        (),
        "Jabatan Guru Ahli Muda mendapat poin penuh tanpa diklat fungsional.",
    )


def test_a_listed_post_with_a_course_shows_the_course() -> None:
    rules = load("pbkn8-2019", jf_tanpa_diklat=["guru"])
    someone = person(jabatan="Guru Ahli Muda", pengembangan=(course(2),))

    assert row(measured(someone, rules), Indikator.FUNGSIONAL).bukti == (0,)


def test_without_a_list_no_post_is_spared_the_course() -> None:
    assert measured(person(jabatan="Guru Ahli Muda")).kompetensi == 0


def test_the_proportion_can_be_switched_on_under_the_old_rules() -> None:
    someone = person(pengembangan=(course(3, "2021-05-05", 8),))

    assert measured(someone, load("pbkn8-2019", prorata=True)).kompetensi == 6


def test_many_items_that_do_not_count_are_summed_up_in_the_explanation() -> None:
    items = tuple(course(9, "2001-01-01") for _ in range(10))

    found = row(measured(person(pengembangan=items)), Indikator.SEMINAR)

    assert len(found.tidak_dihitung) == 10
    assert found.penjelasan.endswith("dan 7 lainnya.")
