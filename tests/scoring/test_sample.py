"""Invented people: the same each time, all of them good, none twice."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from click.testing import CliRunner, Result

from portal.nip import Nip
from portal.scoring.hitung.sample import MOST, Sample
from portal.scoring.hitung.sample_command import contoh_pegawai
from tests.scoring.test_hitung import run as hitung

COUNT = 5000


def run(*arguments: str | int) -> Result:
    return CliRunner().invoke(contoh_pegawai, [str(each) for each in arguments])


def text(count: int, seed: int = 1, year: int = 2026) -> bytes:
    return b"".join(Sample(year, seed).blocks(count))


@pytest.fixture(scope="module")
def people() -> list[dict[str, object]]:
    return [json.loads(line) for line in text(COUNT).splitlines()]


def test_so_many_as_asked_for_are_written() -> None:
    assert [len(run(count).stdout.splitlines()) for count in (0, 1, 999, 2001)] == [0, 1, 999, 2001]


def test_the_same_number_and_seed_give_the_same_bytes() -> None:
    assert run(1500, "--benih", 7).stdout_bytes == text(1500, 7)


def test_another_seed_gives_other_people() -> None:
    assert text(100, 1) != text(100, 2)


def test_a_small_sample_is_the_beginning_of_a_large_one() -> None:
    assert text(2500).startswith(text(1234))


def test_every_line_is_good() -> None:
    result = hitung(text(COUNT), "--aturan", "bkn-2023", "--tahun", "2026")

    assert (result.exit_code, result.stderr) == (0, "")


def test_no_nip_is_given_twice() -> None:
    lines = text(60_000).splitlines()

    assert len({line[: len('{"nip": "') + 18] for line in lines}) == 60_000


def test_every_nip_begins_with_a_birth_date(people: list[dict[str, object]]) -> None:
    births = [Nip(str(person["nip"])).birth_date for person in people]

    assert None not in births


def test_the_people_are_of_many_kinds(people: list[dict[str, object]]) -> None:
    kinds = Counter(str(person["jenis_pegawai"]) for person in people)
    posts = {person["kelompok_jabatan"] for person in people}
    scores = hitung(text(COUNT), "--aturan", "bkn-2023", "--tahun", "2026", "--ringkas")
    totals = {json.loads(line).get("total") for line in scores.stdout.splitlines()}

    assert kinds["PNS"] > kinds["PPPK"] > kinds["CPNS"] > 0
    assert len(posts) == 5
    assert len(totals) > 100


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("x",), f"N harus antara 0 dan {MOST}"),
        ((MOST + 1,), f"N harus antara 0 dan {MOST}"),
        ((1, "--benih", "x"), "--benih harus antara 0 dan 999999999"),
        ((1, "--tahun", "1999"), "--tahun harus antara 2000 dan 2100"),
    ],
)
def test_what_cannot_be_is_refused(arguments: tuple[str | int, ...], sentence: str) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stderr) == (2, f"contoh-pegawai: {sentence}\n")


def test_a_nation_has_numbers_of_its_own() -> None:
    assert MOST > 5_200_000
