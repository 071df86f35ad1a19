"""Whatever stands in a line of `hitung`: an answer, or the line, the field and what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.scoring.engine.rules import load
from portal.scoring.hitung.careful import Task
from portal.scoring.hitung.fast.scorer import BlockScorer
from tests.scoring.test_hitung import EXAMPLE, OLD, line, run

GOOD = json.dumps(EXAMPLE).encode()
SCORER = BlockScorer(Task(load("pbkn8-2019"), 2021))
WORDS = ["kelompok_jabatan", "jenis_pegawai", "syarat_pendidikan"]
WORDS += ["pendidikan.tingkat", "kinerja.predikat", "hukdis.tingkat"]
DAYS = ["pendidikan.tanggal_lulus", "pengembangan.tanggal_selesai", "kinerja.dinilai"]
DAYS += ["hukdis.tmt", "hukdis.akhir"]
WHOLE = ["pendidikan.tahun_lulus", "pengembangan.jenis", "pengembangan.jp", "kinerja.tahun"]
WHOLE += ["pengembangan.latihan_struktural"]
LISTS = ["pendidikan", "pengembangan", "kinerja", "hukdis"]
REQUIRED = ["nip", "kelompok_jabatan", "pendidikan.tingkat", "pengembangan.jenis", "kinerja.tahun"]
REQUIRED += ["hukdis.tingkat", "hukdis.tmt"]
NEEDED: dict[str, dict[str, Any]] = {
    "pendidikan": {"tingkat": "S-1"},
    "pengembangan": {"jenis": 3},
    "kinerja": {"tahun": 2021},
    "hukdis": {"tingkat": "ringan", "tmt": "2020-01-01"},
}
CASES = [
    *((field, value, "tidak dikenal; pilihannya") for field in WORDS for value in ("x", 1, [], "")),
    *((field, value, "harus tanggal seperti") for field in DAYS for value in ("4 Mei", 2021, {})),
    *((field, "2021-02-29", "tidak ada di kalender") for field in DAYS),
    *((field, value, "bilangan bulat") for field in WHOLE for value in ("3", 3.0, True, [])),
    *((field, value, "harus antara") for field in WHOLE for value in (-1, 10**12, 10**400)),
    *(("kinerja.nilai", value, "harus angka tanpa tanda kutip") for value in ("88", True, [])),
    *(("kinerja.nilai", value, "antara 0 dan 100 bila tanpa predikat") for value in (-1, 100.5)),
    *((field, value, "harus berupa daftar") for field in LISTS for value in ("x", 1, {})),
    *((f"{field}.", value, "harus berupa objek JSON") for field in LISTS for value in ("x", 1, [])),
    *((field, None, "wajib diisi") for field in REQUIRED),
    *((f"{field}.nama", "x", "kunci tidak dikenal") for field in LISTS),
    ("nama", "x", "kunci tidak dikenal"),
    *(("nip", value, "harus 18 angka") for value in ("1", "", "19850115201001100a", "٣" * 18)),
    ("nip", 198501152010011001, "harus teks 18 angka di dalam tanda kutip"),
    ("nip", "1.98501E+17", "rusak oleh Excel"),
]


@pytest.mark.parametrize(("field", "value", "message"), CASES)
def test_each_field_has_its_message(field: str, value: object, message: str) -> None:
    group, _, key = field.partition(".")
    if "." not in field:
        bad, path = line(**{group: value}), field
    elif key:
        good = NEEDED[group]
        bad, path = line(**{group: [good, good | {key: value}]}), f"{group}[1].{key}"
    else:
        bad, path = line(**{group: [NEEDED[group], value]}), f"{group}[1]"

    result = run(line() + bad + line(), *OLD)

    assert (result.exit_code, result.stdout.count("\n")) == (1, 2)
    (told,) = result.stderr.splitlines()
    assert told.startswith(f"baris 2: {path}: ")
    assert message in told


def answered_or_told(text: bytes) -> bool:
    """One answer and no fault, or no answer and a fault of this very line."""
    outcome = SCORER.compute(text + b"\n")
    numbers = {number for number, _ in outcome.faults}
    if not text.strip():
        return not outcome.output and not numbers
    return bytes(outcome.output).count(b"\n") == (not numbers) and numbers <= {1}


@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=20))
def test_bytes_put_anywhere_give_an_answer_or_a_message(at: int, lost: int, new: bytes) -> None:
    bent = GOOD[:at] + new.replace(b"\n", b" ") + GOOD[at + lost :]

    assert answered_or_told(bent)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PLACES = [(key,) for key in EXAMPLE]
PLACES += [(key, 0, name) for key in LISTS for name in EXAMPLE[key][0]]


@given(st.sampled_from(PLACES), JSON)
def test_any_value_in_any_field_gives_an_answer_or_a_message(
    place: tuple[Any, ...], value: object
) -> None:
    person = json.loads(GOOD)
    spot = person
    for step in place[:-1]:
        spot = spot[step]
    spot[place[-1]] = value

    assert answered_or_told(json.dumps(person).encode())
