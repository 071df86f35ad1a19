"""Lines of `hitung` input in every form that people and programs give them; the seed decides."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tests.scoring.engine import crowd

NUMBERS = ["50.99999999999999999999", "90.99999999999999999999999", "1e1", "9.1E+1", "0.0", "-0"]
NUMBERS += ["91", "101", "100.5", "-1", "1e400", "1" * 30, '"88"', "true", "[1]", '{"a": 1}', "01"]
NUMBERS += ["0." + "3" * 50, "1" * 5000, "null", "NaN", "1.", ".5", "8 8", '"\\ud800"', "5e-324"]
WORDS = ["", "S-1 ", "s-1", "S\\u002d1", "Baik", "40", "\\ud83d\\ude00", "é", "\\u0000", '\\"', ":"]
DAYS = ["2021-02-29", "2020-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "2021-1-1", ""]
DAYS += ["20210504", "2021-05-04T00:00:00", "2021-05-04 ", "٢٠٢١-٠٥-٠٤", "2021-13-01", "2021-05-00"]
NIPS = ["19850115201001100", "1985011520100110012", "19850115201001100a", "١٩٨٥٠١١٥٢٠١٠٠١١٠٠١"]
NIPS += ["1.98501E+17", "98501152010011001²", "198501152010011001\\u0000", " 98501152010011001"]
WHOLE = [b"", b" ", b"\t\r", b"\x0b", b"\x00", b"{}", b"null", b"[]", b"17", b'"nip"', b"x", b"{"]
WHOLE += [b"[" * 5000, b'{"nip":' * 3000, b"\xff\xfe", b"\xef\xbb\xbf{}", b"\xc2\xa0"]


def line(seeded: random.Random, year: int) -> bytes:
    """One line without its end, nearly always a person whom the careful reader takes."""
    person = crowd.person(seeded, year)
    text = _json(seeded, person)
    if seeded.random() < 0.06:
        change = seeded.choice(CHANGES)
        text = change(seeded, text)
    return text


def text(seeded: random.Random, year: int, count: int) -> bytes:
    """Many lines with their ends, some of Windows; the last one may lack its own."""
    parts: list[bytes] = []
    for _ in range(count):
        parts += (line(seeded, year), seeded.choice([b"\n"] * 9 + [b"\r\n"]))
    if seeded.random() < 0.5:
        parts.pop()
    return b"".join(parts)


def _json(seeded: random.Random, person: dict[str, Any]) -> bytes:
    """The person with its keys in some order, nulls or not, close or wide."""
    without = seeded.random() < 0.7
    shuffled = seeded.random() < 0.3
    found = _arranged(seeded, person, without=without, shuffled=shuffled)
    separators = seeded.choice([(", ", ": "), (", ", ": "), (",", ":"), (" , ", "\t: ")])
    return json.dumps(
        found, default=_Number, separators=separators, ensure_ascii=seeded.random() < 0.5
    ).encode()


def _arranged(seeded: random.Random, value: Any, *, without: bool, shuffled: bool) -> Any:
    if isinstance(value, list):
        return [_arranged(seeded, each, without=without, shuffled=shuffled) for each in value]
    if not isinstance(value, dict):
        return value
    pairs = [
        (key, _arranged(seeded, each, without=without, shuffled=shuffled))
        for key, each in value.items()
        if each is not None or not without
    ]
    if shuffled:
        seeded.shuffle(pairs)
    return dict(pairs)


class _Number(float):
    """A Decimal that json writes with all its digits."""

    def __new__(cls, value: object) -> _Number:
        number = super().__new__(cls, str(value))
        number._text = str(value)
        return number

    def __repr__(self) -> str:
        return self._text


def _replaced(choices: list[str], *keys: str) -> Callable[[random.Random, bytes], bytes]:
    """Puts something strange behind one of the keys, if the line has it."""

    def change(seeded: random.Random, text: bytes) -> bytes:
        key = f'"{seeded.choice(keys)}"'.encode()
        head, found, rest = text.partition(key)
        if not found:
            return text
        colon, _, rest = rest.partition(b":")
        cut = min((at for at in map(rest.find, (b",", b"}", b"]")) if at >= 0), default=0)
        return head + key + colon + b": " + seeded.choice(choices).encode() + rest[cut:]

    return change


def _quoted(choices: list[str]) -> list[str]:
    return [f'"{each}"' for each in choices] + ["null", "1", "[]", "{}", "true"]


def _twice(seeded: random.Random, text: bytes) -> bytes:
    """A key that stands in one object two times, alike or not."""
    keys = [b'"nip"', b'"jp"', b'"tahun"', b'"tingkat"', b'"hukdis"', b'"tmt"', b'"n\\u0069p"']
    key = seeded.choice(keys)
    value = seeded.choice([b"1", b"null", b'"198501152010011001"', b"[]", b'"S-1"', b"2021"])
    at = seeded.choice([at for at, letter in enumerate(text) if letter == ord("{")])
    return text[: at + 1] + key + b": " + value + b", " + text[at + 1 :]


def _bent(seeded: random.Random, text: bytes) -> bytes:
    """One byte lost, doubled or replaced."""
    at = seeded.randrange(len(text))
    new = seeded.choice([b"", text[at : at + 1] * 2, bytes([seeded.randrange(256)])])
    return (text[:at] + new + text[at + 1 :]).replace(b"\n", b" ")


def _unknown(seeded: random.Random, text: bytes) -> bytes:
    return text.replace(b"{", b'{"nama": "Sari", ', seeded.choice([1, 2]))


def _whole(seeded: random.Random, text: bytes) -> bytes:
    return seeded.choice(WHOLE)


def _tail(seeded: random.Random, text: bytes) -> bytes:
    return text + seeded.choice([b" ", b"\t", b"{}", b",", b"\x0b", b"\x00", b"\xc2\xa0", b"#"])


CHANGES: list[Callable[[random.Random, bytes], bytes]] = [
    _replaced(NUMBERS, "nilai", "nilai", "jp", "tahun", "jenis", "latihan_struktural"),
    _replaced(_quoted(WORDS), "tingkat", "predikat", "kelompok_jabatan", "jenis_pegawai"),
    _replaced(_quoted(DAYS), "tanggal_lulus", "tanggal_selesai", "dinilai", "tmt", "akhir"),
    _replaced(_quoted(NIPS), "nip"),
    _twice,
    _bent,
    _unknown,
    _whole,
    _tail,
]
