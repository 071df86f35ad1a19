"""Whoever prints a paper may print anything: parsers stay linear and their values bounded."""

from __future__ import annotations

import random
import time

import pytest

from portal.documents.reading import codes, fields
from portal.documents.reading.result import LONGEST, Paper
from portal.documents.reading.words import as_words

MEGABYTE = 1_000_000
PIECES = {
    "digits": "1",
    "spaces": " ",
    "days": "3 s.d. ",
    "dates": "12 Maret 2026 - ",
    "labels": "sebagai peserta dalam ",
    "numbers": "Nomor: 1/",
    "given": "diberikan kepada ",
    "hours": "jumlah jam 1 ",
    "brackets": "20 (dua puluh ",
    "nip": "1 9 8 7 . ",
    "organisers": "diselenggarakan oleh Dinas ",
    "quotes": "“",
    "lines": "Nama : a\n",
    "ligatures": "ﷺ",
    "capitals": "I",
    "stroke": "!|l1",
}


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("read", [fields.of_certificate, fields.of_degree])
def test_a_megabyte_of_anything_is_read_at_once(read: object, piece: str) -> None:
    text = PIECES[piece] * (MEGABYTE // len(PIECES[piece]))
    page = (
        text.split("\n") if "\n" in text else [text[n : n + 2000] for n in range(0, MEGABYTE, 2000)]
    )
    begun = time.process_time()

    found = read([page])  # type: ignore[operator]

    assert time.process_time() - begun < 5  # seconds; a pattern that explodes takes hours
    assert all(len(value) <= LONGEST[name] for name, value in found.items())


def test_random_lines_never_break_a_parser() -> None:
    rng = random.Random(4)
    words = [
        *PIECES.values(),
        "Nomor",
        "NIP",
        "JP",
        "2026",
        "Maret",
        "/",
        "32",
        "Waktu :",
        "31",
        "🙂",
        "\0",
    ]
    for _ in range(300):
        page = [
            " ".join(rng.choices(words, k=rng.randint(0, 12))) for _ in range(rng.randint(0, 15))
        ]

        found = fields.of_certificate([page]) | fields.of_degree([page])

        assert all(0 < len(value) <= LONGEST[name] for name, value in found.items()), page


class TestAnswer:
    """What a child process says is cut to size, whatever it is."""

    ANSWER = {"fields": {}, "codes": [], "text": "", "engine": ""}

    def test_keeps_known_fields_of_possible_length(self) -> None:
        said = {"jp": "32", "nomor": "1" * 101, "nip": "", "password": "x", "gelar": 7}

        assert Paper.of(self.ANSWER | {"fields": said}).fields == {"jp": "32", "gelar": "7"}

    def test_cuts_text_and_codes(self) -> None:
        paper = Paper.of(self.ANSWER | {"codes": ["x" * 9000] * 99, "text": "a\0b" * 90_000})

        assert (len(paper.codes), len(paper.codes[0])) == (20, 500)
        assert len(paper.text) == 20_000
        assert "\0" not in paper.text

    def test_lone_surrogates_can_be_stored(self) -> None:
        assert Paper.of(self.ANSWER | {"text": "\ud800"}).text == "?"

    @pytest.mark.parametrize("answer", [{}, {"fields": []}, {"fields": {}, "codes": 3}])
    def test_nonsense_is_refused(self, answer: dict[str, object]) -> None:
        with pytest.raises((ValueError, TypeError, KeyError)):
            Paper.of(answer)


@pytest.mark.parametrize(
    ("value", "words"),
    [("2026-10-12", "12 Oktober 2026"), ("2026-13-41", "2026-13-41"), ("0412/X", "0412/X")],
)
def test_dates_are_told_in_words(value: str, words: str) -> None:
    assert as_words(value) == words


def test_an_empty_picture_has_no_code() -> None:
    from PIL import Image

    assert codes.read(Image.new("RGB", (50, 50), "white")) == []
