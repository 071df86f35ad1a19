"""Taking people out of words that everybody may read: NIP and names. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Eighteen digits, in one piece or grouped as people write a NIP.
_DIGITS = re.compile(r"(?=((?<!\d)(?:\d[\s.\-/'’]{0,2}){17}\d(?!\d)))")
_NIP = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{10}")
_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SIGNS = r"[\u00ad\u061c\u200b-\u200f\u2060-\u2064\ufeff]+"
_INVISIBLE = re.compile(rf"{_SIGNS}(?=\w)|(?<=\w){_SIGNS}")
SHORTEST = 3
"""Letters of a part of a name that is looked for; shorter ones are found in every sentence."""
SOMEBODY = "pegawai"
A_NUMBER = "(NIP)"


def without_people(text: str, names: Iterable[str]) -> str:
    """A first draft: numbers and names replaced. Whoever keeps the text reads it again."""
    told = plain(text)
    for number in _numbers(told):
        told = told.replace(number, A_NUMBER)
    for name in sorted(names, key=len, reverse=True):
        parts = _parts(name)
        if parts:
            whole = r"[\s.,]+".join(map(re.escape, parts))
            told = re.sub(rf"(?i)\b{whole}\b", SOMEBODY, told)
        told = _hide(told, _telling(parts))
    return told


def person_in(text: str, names: Iterable[str]) -> str | None:
    """The NIP, NIK or name that still stands in a text; None when there is nobody in it.

    A whole name is found however it is written, a single part of it only with a capital letter,
    so that Bulan may not be named while a month (bulan) may.
    """
    told = plain(text)
    number = next(_numbers(told), None)
    if number is not None:
        return number
    words: list[str] = _WORD.findall(told)
    lowered = [word.casefold() for word in words]
    for name in names:
        parts = [part.casefold() for part in _parts(name)]
        if _in_a_row(parts, lowered):
            return name
        telling = _telling(_parts(name))
        for word in words:
            if _hidden(word, telling) != word:
                return word
    return None


def plain(text: str) -> str:
    """Look-alike signs as the usual ones, and nothing invisible beside letters and digits; what
    holds an emoji together stays."""
    folded = unicodedata.normalize("NFKC", text)
    return _INVISIBLE.sub("", folded)


def _numbers(text: str) -> Iterator[str]:
    for match in _DIGITS.finditer(text):
        written: str = match.group(1)
        if written.isdecimal() or _NIP.fullmatch(re.sub(r"\D", "", written)):
            yield written
    yield from _NIK.findall(text)


def _parts(name: str) -> list[str]:
    parts: list[str] = _WORD.findall(plain(name))
    return parts


def _telling(parts: list[str]) -> frozenset[str]:
    """The parts of a name that tell who it is."""
    return frozenset(part.casefold() for part in parts if len(part) >= SHORTEST)


def _hide(text: str, telling: frozenset[str]) -> str:
    return _WORD.sub(lambda found: _hidden(found.group(), telling), text)


def _hidden(word: str, telling: frozenset[str]) -> str:
    return SOMEBODY if word[0].isupper() and word.casefold() in telling else word


def _in_a_row(parts: list[str], words: list[str]) -> bool:
    if not parts or (len(parts) == 1 and len(parts[0]) < SHORTEST):
        return False
    size = len(parts)
    return any(words[at : at + size] == parts for at in range(len(words) - size + 1))
