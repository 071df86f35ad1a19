"""Where `hitung` writes, and what is left there when the world breaks in the middle."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from portal.scoring.hitung.command import hitung
from portal.scoring.hitung.sample import Sample
from tests.scoring.test_hitung import NEW, line, run
from tests.scoring.test_hitung_processes import COMMAND, LIMIT, ROOT, YEAR, Endless

FULL = Path("/dev/full")
FULL_SENTENCE = "hitung: ruang penyimpanan penuh\n"
SIZES = [10, 12_000]
"""People that one process answers, and people that several do."""

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")


@pytest.fixture(scope="module", params=SIZES)
def people(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hitung") / "orang.jsonl"
    path.write_bytes(b"".join(Sample(YEAR, 3).blocks(request.param)))
    return path


def program(*arguments: str | Path, **streams: IO[Any] | int) -> tuple[int, str]:
    """Exit status and what was said on standard error, if that can be read."""
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE} | streams
    command = [*COMMAND, "--proses", "2", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, timeout=LIMIT, check=False, **streams)  # type: ignore[call-overload]
    return done.returncode, (done.stderr or b"").decode()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_full_disk_ends_with_one_sentence(people: Path) -> None:
    assert program(people, "--keluaran", FULL) == (2, FULL_SENTENCE)


def test_a_full_disk_behind_standard_output_too(people: Path) -> None:
    with FULL.open("wb") as full:
        assert program(people, stdout=full) == (2, FULL_SENTENCE)


def test_a_full_disk_for_the_faults_too(people: Path) -> None:
    text = people.read_bytes() + b"x\n"

    assert run(text, *NEW, "--galat", FULL).exit_code == 2


def test_faults_that_nobody_can_be_told_end_the_run(tmp_path: Path) -> None:
    source = tmp_path / "rusak.jsonl"
    source.write_text("x\n")

    with FULL.open("wb") as full:
        assert program(source, stderr=full) == (2, "")


def test_a_recap_that_nobody_can_be_told_ends_the_run(people: Path) -> None:
    with FULL.open("wb") as full:
        assert program(people, "--rekap", stderr=full) == (2, "")


@pytest.mark.parametrize(
    ("closing", "sentence"),
    [("<&-", "hitung: masukan baku tertutup\n"), (">&-", "hitung: keluaran baku tertutup\n")],
)
def test_a_closed_standard_stream_is_told(closing: str, sentence: str) -> None:
    shell = ["sh", "-c", f'exec "$@" {closing}', "sh", *COMMAND]

    done = subprocess.run(
        shell, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, check=False
    )

    assert (done.returncode, done.stderr.decode()) == (2, sentence)


def test_a_source_that_fails_in_the_midst_of_reading_is_told() -> None:
    status, said = program("/proc/self/mem")

    assert (status, said) == (2, "hitung: perangkat penyimpanan rusak atau terputus\n")


def test_a_file_takes_its_name_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "hasil.jsonl"
    target.write_text("lama\n")
    target.chmod(0o640)

    result = run(line(), *NEW, "--keluaran", target)

    assert result.exit_code == 0
    assert target.read_text().startswith('{"nip": ')
    assert (target.stat().st_mode & 0o777, names(tmp_path)) == (0o640, ["hasil.jsonl"])


def test_bad_lines_do_not_keep_the_others_from_the_file(tmp_path: Path) -> None:
    target = tmp_path / "hasil.jsonl"

    assert run(line() + "x\n", *NEW, "--keluaran", target).exit_code == 1
    assert target.read_text().count("\n") == 1


def test_a_link_still_points_at_its_file(tmp_path: Path) -> None:
    target, link = tmp_path / "hasil.jsonl", tmp_path / "tautan"
    link.symlink_to(target)

    run(line(), *NEW, "--keluaran", link)

    assert link.is_symlink()
    assert target.read_text().count("\n") == 1


def test_an_interrupted_run_leaves_the_old_file_and_nothing_else(
    people: Path, tmp_path: Path
) -> None:
    target = tmp_path / "hasil.jsonl"
    target.write_text("lama\n")
    running = Endless(people, "--keluaran", target)
    try:
        while len(names(tmp_path)) < 2:
            assert running.process.poll() is None
        running.process.send_signal(signal.SIGTERM)
        status, _ = running.end()
    finally:
        running.close()

    assert (status, target.read_text(), names(tmp_path)) == (143, "lama\n", ["hasil.jsonl"])


def test_a_failing_run_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "hasil.jsonl"
    target.write_text("lama\n")

    result = run(line() + "x\n", *NEW, "--keluaran", target, "--galat", FULL)

    assert (result.exit_code, target.read_text(), names(tmp_path)) == (
        2,
        "lama\n",
        ["hasil.jsonl"],
    )


@pytest.mark.parametrize("count", ["0", "-1", "257", "x", "٢", "1.5", ""])
def test_a_wrong_number_of_processes_is_refused(count: str) -> None:
    result = CliRunner().invoke(hitung, [*NEW, "--proses", count])

    assert (result.exit_code, result.stderr) == (
        2,
        "hitung: --proses harus antara 1 dan 256\n",
    )
