"""Input that was made to hurt, and a world that breaks in the middle."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from portal.scoring.engine.rules import load
from portal.scoring.hitung import input_blocks
from portal.scoring.hitung.batch import Batch
from tests.scoring.test_hitung import NEW, OLD, answers, line, run

COMMAND = [sys.executable, "-m", "portal", "hitung", *OLD]
ROOT = Path(__file__).parents[2]


def start(*arguments: str, **streams: int | BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, stderr=subprocess.PIPE, **streams)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"null", "harus berupa objek JSON"),
        (b"[]", "harus berupa objek JSON"),
        (b'"nip"', "harus berupa objek JSON"),
        (b"17", "harus berupa objek JSON"),
        (b"{", "bukan JSON yang benar pada huruf ke-"),
        (b"{}{}", "bukan JSON yang benar pada huruf ke-3"),
        (b'{"nip": NaN}', "NaN bukan angka JSON"),
        (b'{"nip": -Infinity}', "-Infinity bukan angka JSON"),
        (b'{"nip": "1", "nip": "2"}', "nip: kunci tertulis dua kali"),
        (b'{"kinerja": [{"tahun": 1, "tahun": 1}]}', "tahun: kunci tertulis dua kali"),
        (b'{"\\n": 1, "\\n": 2}', r"'\n': kunci tertulis dua kali"),
        (b'{"nip": "\xff"}', "bukan UTF-8 yang benar pada bita ke-10"),
        ('{"nip": "1"}'.encode("utf-16"), "bukan UTF-8 yang benar pada bita ke-1"),
        (b"[" * 200_000, "bersarang terlalu dalam"),
        (b'{"nip":' * 200_000, "bersarang terlalu dalam"),
        (b'{"nip": ' + b"9" * 5000 + b"}", "memuat angka yang terlalu panjang"),
        (b'{"nip": 1e99999999999999999999}', "memuat angka yang terlalu panjang"),
        (b'{"nip": "\\ud800"}', r"nip: harus 18 angka, bukan '\ud800'"),
        (b'{"\\ud800": 1}', r"'\ud800': kunci tidak dikenal"),
        ('{"\u202etxt.\u0000": 1}'.encode().replace(b"\0", b"\\u0000"), r"'\u202etxt.\x00': kunci"),
        (b"\0" * 100, "bukan JSON yang benar"),
        (b'{"nip": "' + b"1" * 10_000_000 + b'"}', "nip: harus 18 angka"),
    ],
    ids=range(22),
)
def test_a_hostile_line_is_told_and_the_next_one_computed(text: bytes, message: str) -> None:
    result = run(text + b"\n" + line().encode(), *OLD)

    assert (result.exit_code, len(answers(result))) == (1, 1)
    assert message in result.stderr
    assert len(result.stderr) < 1000


@pytest.mark.parametrize("number", ["1e-2", "1E+2", "99.999999999999999999999999999999"])
def test_a_strange_but_true_number_is_read(number: str) -> None:
    text = line(kinerja=[{"tahun": 2021, "nilai": "@"}]).replace('"@"', number)

    assert run(text, *OLD).exit_code == 0


@pytest.mark.parametrize("number", ["1e-999999999", "0." + "1" * 100_000])
def test_a_number_that_takes_for_ever_to_write_is_refused(number: str) -> None:
    text = line(kinerja=[{"tahun": 2021, "nilai": "@"}]).replace('"@"', number)

    assert run(text, *OLD).stderr.startswith("baris 1: kinerja[0].nilai: harus angka antara")


def test_a_huge_person_is_computed() -> None:
    items = [{"jenis": 9, "jp": 2000, "tanggal_selesai": "2019-05-04"}] * 20_000

    (found,) = answers(run(line(pengembangan=items), *OLD))

    assert len(json.dumps(found)) < 5000


def test_a_line_with_very_many_faults_tells_the_first_of_them() -> None:
    result = run(line(pengembangan=[{}, []] * 1000), *OLD)

    assert len(result.stderr.splitlines()) == 21
    assert result.stderr.endswith("baris 1: masih ada kesalahan lain\n")


def test_the_one_key_that_is_there_twice_is_found_among_very_many() -> None:
    keys = ",".join(f'"k{number}": 1' for number in [*range(200_000), 199_999])

    assert run("{" + keys + "}", *OLD).stderr == "baris 1: k199999: kunci tertulis dua kali\n"


def test_a_line_beyond_the_limit_is_never_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_blocks, "LONGEST_LINE", 1000)
    text = b" " * 5500 + b"x" * 5500 + b"\n" + line().encode()

    result = run(text, *OLD)

    assert (result.exit_code, len(answers(result))) == (1, 1)
    assert result.stderr == "baris 1: baris lebih dari 1000 bita\n"


def test_an_endless_last_line_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_blocks, "LONGEST_LINE", 1000)

    result = run(line().encode() + b"x" * 5000, *OLD)

    assert (result.exit_code, len(answers(result))) == (1, 1)


def test_whatever_has_been_read_is_answered_before_more_is_asked_for() -> None:
    output = io.BytesIO()
    answered: list[int] = []

    class Slow(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            answered.append(output.getvalue().count(b"\n"))
            return super().readline()

    Batch(load("bkn-2023"), 2024).run(Slow(line().encode() * 3), output, io.StringIO())

    assert answered == [0, 1, 2, 3]


def test_a_reader_that_leaves_early_ends_the_run_without_a_word(tmp_path: Path) -> None:
    source = tmp_path / "data.jsonl"
    source.write_text(line() * 2000, encoding="utf-8")

    with start(str(source), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_ends_with_2_and_one_sentence() -> None:
    with start("--keluaran", "/dev/full", stdin=subprocess.PIPE) as process:
        _, said = process.communicate(line().encode() * 2000, timeout=60)

    assert (process.returncode, said.decode()) == (2, "hitung: ruang penyimpanan penuh\n")


def test_standard_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "data.jsonl"
    source.write_text(line(), encoding="utf-8")

    with source.open("rb") as stdin, start("--keluaran", str(source), stdin=stdin) as process:
        process.communicate(timeout=60)

    assert process.returncode == 2
    assert source.read_text(encoding="utf-8") == line()


def test_it_starts_without_the_web_and_the_database() -> None:
    code = "import portal.scoring.hitung.command, sys; print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    heavy = {"flask", "sqlalchemy", "boto3", "huey", "PIL"}
    assert heavy.isdisjoint(done.stdout.split())


def test_it_never_reads_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file that `hitung` runs is free of the names that ask for the time."""
    folder = ROOT / "portal" / "scoring"
    files = [*(folder / "engine").glob("*.py"), *(folder / "hitung").rglob("*.py")]

    asking = ("today(", "now(", "import time", "localtime")

    assert files
    assert not [file for file in files if any(name in file.read_text("utf-8") for name in asking)]


def test_the_same_input_gives_the_same_bytes() -> None:
    text = (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8")
    people = "\n".join(json.dumps(json.loads(each)["input"]) for each in text.splitlines())

    assert run(people, *NEW).stdout_bytes == run(people, *NEW).stdout_bytes


def test_a_repeated_run_in_another_place_does_not_depend_on_the_locale() -> None:
    environment = {**os.environ, "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}

    done = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=environment,
        input=line(kinerja=[{"tahun": 2021, "predikat": "Baik"}]).encode() + b"\xff\n",
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (
        1,
        b"baris 2: bukan UTF-8 yang benar pada bita ke-1\n",
    )
    assert "2020–2021" in done.stdout.decode()
