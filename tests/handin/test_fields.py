"""Kinds, their fields, and what is said about JP."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.handin import fields, jp_hints, kinds
from portal.vocabulary import DocumentKind, JenisDiklat, LatihanStruktural
from tests.handin.support import DEGREE, SEMINAR

K = DocumentKind
TODAY = dt.date(2026, 11, 23)


def test_every_jenis_stands_on_exactly_one_card() -> None:
    standing = [jenis for card in kinds.CARDS for jenis in card.jenis]

    assert sorted(standing, key=int) == sorted(JenisDiklat, key=int)


def test_every_jenis_feeds_the_indicator_of_its_card() -> None:
    wrong = [
        jenis
        for card in kinds.CARDS
        for jenis in card.jenis
        if kinds.kind_of(jenis) is not card.kind
    ]

    assert wrong == []


def test_an_item_finds_its_card_again() -> None:
    assert kinds.card_of(K.SEMINAR, JenisDiklat.MAGANG).code == "lain"


def test_an_item_without_jenis_stands_on_the_first_card_of_its_kind() -> None:
    assert kinds.card_of(K.SEMINAR, None).code == "seminar"


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (K.TEKNIS, {"jenis", "nama", "penyelenggara", "tanggal_mulai", "tanggal_selesai", "jp",
                    "nomor"}),
        (K.SEMINAR, {"jenis", "nama", "penyelenggara", "tanggal_mulai", "tanggal_selesai"}),
        (K.KEPEMIMPINAN, {"latihan_struktural", "penyelenggara", "tanggal_mulai",
                          "tanggal_selesai", "nomor"}),
        (K.IJAZAH, {"tingkat", "program_studi", "perguruan_tinggi", "nomor", "tanggal_lulus"}),
    ],
)  # fmt: skip
def test_each_kind_asks_for_its_own(kind: K, missing: set[str]) -> None:
    assert fields.faults(kind, {}, today=TODAY).keys() == missing


def test_a_complete_degree_has_no_fault() -> None:
    assert fields.faults(K.IJAZAH, DEGREE, today=TODAY) == {}


def test_a_chosen_jenis_decides_what_is_required() -> None:
    values = {**SEMINAR, "jenis": JenisDiklat.TEKNIS, "jp": None}

    assert fields.faults(K.SEMINAR, values, today=dt.date(2030, 1, 1)).keys() == {"jp"}


def test_a_leadership_course_needs_no_name() -> None:
    values = {**SEMINAR, "jenis": None, "latihan_struktural": LatihanStruktural.PIM3}

    assert fields.faults(K.KEPEMIMPINAN, values, today=dt.date(2030, 1, 1)) == {}


def test_today_is_not_the_future() -> None:
    values = {**SEMINAR, "tanggal_mulai": TODAY, "tanggal_selesai": TODAY}

    assert fields.faults(K.SEMINAR, values, today=TODAY) == {}


def test_asks_about_a_certificate_older_than_its_course() -> None:
    values = {"tanggal_mulai": TODAY, "tanggal_sertifikat": TODAY - dt.timedelta(days=1)}

    assert "lebih awal daripada tanggal mulai" in fields.questions(values)[0]


def test_the_certificate_comes_before_every_table() -> None:
    assert jp_hints.sentence(JenisDiklat.TEKNIS) == "Jam pelajaran seperti tertulis di sertifikat."
