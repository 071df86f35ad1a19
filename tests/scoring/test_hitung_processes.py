"""`hitung` with several processes: the same bytes, and an end without orphans."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from portal.scoring.engine.rules import load
from portal.scoring.hitung import batch, input_blocks
from portal.scoring.hitung.sample import Sample

ROOT = Path(__file__).parents[2]
YEAR = 2026
COMMAND = [sys.executable, "-m", "portal", "hitung", "--aturan", "bkn-2023", "--tahun", str(YEAR)]
PEOPLE = 12_000
"""Three times what one process reads alone."""
LIMIT = 60


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hitung") / "orang.jsonl"
    path.write_bytes(b"".join(Sample(YEAR, 1).blocks(PEOPLE)))
    assert path.stat().st_size > 2 * batch.ALONE_UP_TO
    return path


def run(*arguments: str | Path | int) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LIMIT, check=False)


class Endless:
    """A run whose input never ends; once all people are answered, its workers wait for more."""

    def __init__(self, people: Path, *arguments: str | Path) -> None:
        source, self._sink = os.pipe()
        self.process = subprocess.Popen(
            [*COMMAND, "--ringkas", "--proses", "2", *map(str, arguments)],
            cwd=ROOT,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        os.close(source)
        self._sender = threading.Thread(target=self._send, args=(people.read_bytes(),))
        self._sender.start()

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        with suppress(BrokenPipeError):
            while view:
                view = view[os.write(self._sink, view) :]

    @property
    def stdout(self) -> io.BufferedReader:
        found: Any = self.process.stdout
        return found

    @property
    def workers(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def end(self) -> tuple[int, str]:
        """Exit status and what was said; both pipes end only when no process holds them."""
        _, said = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, said.decode()

    def close(self) -> None:
        self.process.kill()
        self.process.wait(LIMIT)
        self._sender.join(LIMIT)
        os.close(self._sink)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def beginning(people: Path) -> Iterator[Endless]:
    running = Endless(people)
    yield running
    running.close()


@pytest.fixture
def endless(beginning: Endless) -> Endless:
    for _ in range(PEOPLE):
        beginning.stdout.readline()
    return beginning


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def spoiled(people: Path, folder: Path) -> Path:
    """The same people with lines of every bad kind among them, and no line end at the end."""
    lines = people.read_bytes().splitlines()
    bad = [b"x", b"", b'{"nip": "1"}', b"\xff", lines[0].replace(b"{", b'{"hukdis": [], ', 1)]
    for turn, at in enumerate(range(17, len(lines), 97)):
        lines.insert(at, bad[turn % len(bad)])
    path = folder / "rusak.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    return path


@pytest.mark.parametrize("options", [["--rekap"], ["--ringkas", "--rekap", "--sementara"]])
def test_one_process_and_several_give_the_same_bytes(
    people: Path, tmp_path: Path, options: list[str]
) -> None:
    source = spoiled(people, tmp_path)

    alone, two, three = (run(source, *options, "--proses", count) for count in (1, 2, 3))

    assert (alone.returncode, alone.stdout.count(b"\n")) == (1, PEOPLE)
    assert (alone.stdout, alone.stderr) == (two.stdout, two.stderr)
    assert (alone.stdout, alone.stderr) == (three.stdout, three.stderr)


def test_one_bad_line_among_very_many_changes_nothing_else(tmp_path: Path) -> None:
    lines = b"".join(Sample(YEAR, 2).blocks(24_000)).splitlines(keepends=True)
    good, bad = tmp_path / "baik.jsonl", tmp_path / "satu.jsonl"
    good.write_bytes(b"".join(lines))
    bad.write_bytes(b"".join([*lines[:21_210], b'{"nip": 1}\n', *lines[21_210:]]))

    first, second = (run(path, "--ringkas") for path in (good, bad))

    assert first.stdout == second.stdout
    assert (first.returncode, first.stderr) == (0, b"")
    assert second.returncode == 1
    assert second.stderr.decode().splitlines() == [
        "baris 21211: nip: harus teks 18 angka di dalam tanda kutip",
        "baris 21211: kelompok_jabatan: wajib diisi",
    ]


def test_small_inputs_start_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = tmp_path / "orang.jsonl"
    source.write_bytes(b"".join(Sample(YEAR, 1).blocks(1000)))
    monkeypatch.setattr(batch, "Pool", None)
    work = batch.Batch(load("bkn-2023"), YEAR, processes=2)

    with source.open("rb") as stream:
        work.run(stream, io.BytesIO(), io.StringIO())

    assert work.lines == 1000


def test_a_line_of_ten_megabytes_goes_the_same_way(people: Path, tmp_path: Path) -> None:
    item = b'{"jenis": 9, "jp": 4, "tanggal_selesai": "2019-05-04"}'
    head = b'{"nip": "198501152010011001", "kelompok_jabatan": "fungsional", "pengembangan": ['
    long = head + b", ".join([item] * 180_000) + b"]}\n"
    beyond = b" " * (input_blocks.LONGEST_LINE + 1) + b"\n"
    source = tmp_path / "panjang.jsonl"
    source.write_bytes(people.read_bytes() + long + beyond + people.read_bytes())

    done = run(source, "--proses", "2")

    assert (done.returncode, done.stdout.count(b"\n")) == (1, 2 * PEOPLE + 1)
    assert done.stderr.decode() == (
        f"baris {PEOPLE + 2}: baris lebih dari {input_blocks.LONGEST_LINE} bita\n"
    )


def test_whoever_writes_slowly_gets_the_answers_to_what_was_written(endless: Endless) -> None:
    """The fixture has read an answer to each line, while the input is still open."""
    assert len(endless.workers) == 2


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("everybody", [True, False])
def test_a_signal_ends_all_with_one_sentence(
    endless: Endless, number: signal.Signals, status: int, everybody: bool
) -> None:
    workers = endless.workers

    if everybody:  # as a terminal does
        os.killpg(endless.process.pid, number)
    else:
        endless.process.send_signal(number)

    assert endless.end() == (
        status,
        "hitung: dihentikan sebelum selesai; hasilnya belum lengkap\n",
    )
    assert not any(map(alive, workers))


def test_a_signal_in_the_midst_of_the_work_ends_all_too(beginning: Endless) -> None:
    beginning.stdout.readline()

    os.killpg(beginning.process.pid, signal.SIGINT)

    status, said = beginning.end()
    assert (status, said.count("\n")) == (130, 1)


def test_a_lost_worker_is_told(endless: Endless) -> None:
    workers = endless.workers

    os.kill(workers[0], signal.SIGKILL)

    status, said = endless.end()
    assert (status, said.count("\n")) == (2, 1)
    assert said.startswith("hitung: satu proses penghitung mati mendadak")
    assert not any(map(alive, workers))


def test_no_worker_outlives_its_parent(endless: Endless) -> None:
    endless.process.kill()

    assert endless.end() == (-signal.SIGKILL, "")


def test_a_reader_that_leaves_early_ends_everybody(beginning: Endless) -> None:
    beginning.stdout.readline()

    beginning.stdout.close()

    assert beginning.process.wait(LIMIT) == 0
