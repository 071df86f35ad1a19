"""The child process: what bursts, bursts there, within bounds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portal.documents.intake import Limits, convert_isolated, isolated
from portal.errors import Rejected, Unavailable
from tests.documents.intake.conftest import Convert
from tests.support import hostile_files as hostile
from tests.support import sample_files as sample

QUARTER = isolated.MEMORY // 4
"""Enough for a paper; a bomb fills it in a quarter of the time."""


def test_gives_the_same_outcome_as_without_a_child(take: Convert, take_isolated: Convert) -> None:
    content = sample.jpeg()

    assert take_isolated(content) == take(content)


def test_a_twelve_megapixel_photo_passes(take_isolated: Convert) -> None:
    assert take_isolated(sample.twelve_megapixel_jpeg()).pages == 1


def test_a_sixty_megapixel_photo_fits_the_memory(take_isolated: Convert) -> None:
    photo = sample.encoded(
        sample.Image.new("RGBA", (9000, 6600), (9, 9, 9, 9)), "PNG", compress_level=1
    )

    assert take_isolated(photo).pages == 1


def test_a_heic_photo_fits_the_memory(take_isolated: Convert) -> None:
    assert take_isolated(sample.heic(sample.certificate(sample.TWELVE_MEGAPIXELS))).pages == 1


def test_hands_back_the_sentence_of_a_refusal(take_isolated: Convert) -> None:
    with pytest.raises(Rejected, match="PDF ini dikunci kata sandi"):
        take_isolated(sample.encrypted_pdf())


def test_a_bomb_in_an_object_stream_is_refused(take_isolated: Convert) -> None:
    assert take_isolated(sample.pdf(), memory=QUARTER).pages == 1
    with pytest.raises(Rejected):
        take_isolated(hostile.object_stream_bomb(), memory=QUARTER)


def test_a_bomb_of_drawing_orders_is_refused(take_isolated: Convert) -> None:
    with pytest.raises(Rejected, match="terlalu berat"):
        take_isolated(hostile.content_bomb(), cpu_seconds=1)


def test_too_little_memory_is_a_refusal(take_isolated: Convert) -> None:
    with pytest.raises(Rejected):
        take_isolated(sample.twelve_megapixel_jpeg(), memory=64 * 1024 * 1024)


def test_too_slow_is_a_refusal(take_isolated: Convert) -> None:
    with pytest.raises(Rejected, match="terlalu berat"):
        take_isolated(sample.jpeg(), wall_seconds=0)


def test_a_folder_that_cannot_be_written_is_not_the_fault_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(sample.jpeg())

    with pytest.raises(Unavailable, match="Isian Anda tersimpan"):
        convert_isolated([tmp_path / "in"], Limits(), tmp_path / "tiada")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b'{"pages": "dua"}',
        b'{"pages": 999, "signature": "tiada"}',
        b'{"pages": 1, "signature": "tiada"}',
        b'{"pages": 1, "signature": "sah", "dhash": "0123456789abcdef"}',
        b'{"pages": 1, "signature": "tiada", "dhash": "<script>"}',
        b'{"pages": 1, "signature": "tiada", "dhash": "0123456789abcdef"}',
    ],
)
def test_a_child_that_lies_is_not_believed(tmp_path: Path, answer: bytes) -> None:
    with pytest.raises(Rejected, match="terlalu berat"):
        isolated._outcome(answer, [], Limits(), tmp_path)


def test_the_child_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "rahasia")

    assert "SECRET_KEY" not in isolated._ENVIRONMENT


def test_importing_it_loads_no_decoder() -> None:
    program = "import sys, portal.documents.intake; print({'PIL', 'pikepdf'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout == b"set()\n"


def test_a_log_names_the_fault_of_a_child_and_quotes_nothing() -> None:
    stderr = b"Traceback (most recent call last):\nportal.X.Broken: Sari, 198704122010012015"
    assert isolated.fault_of(stderr) == "portal.X.Broken"
