"""The title of a course against the kind that was chosen."""

from __future__ import annotations

import pytest

from portal.documents.models import Document
from portal.handin.kinds import kind_of
from portal.verification.checking import Light
from portal.verification.checking.titles import title, told_by
from portal.vocabulary import DocumentKind, JenisDiklat

K = DocumentKind


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Diklat PIM Tingkat IV", {K.KEPEMIMPINAN}),
        ("PELATIHAN KEPEMIMPINAN PENGAWAS angkatan 3", {K.KEPEMIMPINAN}),
        ("Seminar Nasional Literasi", {K.SEMINAR}),
        ("Webinar: “Kurikulum Merdeka”", {K.SEMINAR}),
        ("Bimtek Asesmen", {K.TEKNIS}),
        ("Bimbingan Teknis Pengelolaan Keuangan", {K.TEKNIS}),
        ("Diklat Fungsional Guru Ahli Madya", {K.FUNGSIONAL}),
        ("Pelatihan Penulisan Soal", {K.TEKNIS}),
        ("Seminar Kepemimpinan Perempuan", {K.SEMINAR}),
        ("Implementasi Kurikulum Merdeka", set()),
        ("Seminarium", set()),
        ("", set()),
        ("🙂 \u202e \0", set()),
    ],
)
def test_a_title_speaks_for_a_kind(words: str, expected: set[DocumentKind]) -> None:
    assert told_by(words) == expected


@pytest.mark.parametrize("jenis", list(JenisDiklat))
def test_the_words_agree_with_where_each_kind_of_siasn_is_counted(jenis: JenisDiklat) -> None:
    told = told_by(jenis.label)

    assert not told or kind_of(jenis) in told


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        (K.SEMINAR, "Diklat PIM IV", Light.YELLOW),
        (K.TEKNIS, "Seminar Literasi", Light.YELLOW),
        (K.SEMINAR, "Bimtek Aplikasi SRIKANDI", Light.YELLOW),
        (K.SEMINAR, "Seminar Literasi", Light.GREEN),
        (K.TEKNIS, "Pengelolaan Arsip Dinamis", Light.GREEN),
    ],
)
def test_a_title_of_another_kind_is_looked_at_twice(
    kind: DocumentKind, words: str, expected: Light
) -> None:
    document = Document(kind=kind, jenis=JenisDiklat.SEMINAR, nama=words)

    assert [check.light for check in title(document)] == [expected]


def test_a_leadership_course_has_no_title_to_look_at() -> None:
    assert not list(title(Document(kind=K.KEPEMIMPINAN, nama="Seminar")))


def test_a_title_of_any_length_is_read_once() -> None:
    assert told_by("pelatihan " * 30_000) == {K.TEKNIS}
