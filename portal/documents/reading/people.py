"""Whose paper it is: NIP and name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from portal.documents.reading.lines import as_digits, folded, without_crumbs
from portal.nip import Nip

MAX_NAME = 120
_DIGITISH = r"[\dOoIl|SBZ]"
_NIP = re.compile(rf"(?<![\dA-Za-z/])(?:{_DIGITISH}[ .']{{0,2}}){{17}}{_DIGITISH}(?![\dA-Za-z/])")
_GIVEN_TO = re.compile(
    r"\b(?:diberikan|penghargaan|dianugerahkan|disampaikan|awarded)\s{1,3}(?:kepada|to)\b"
    r"|\bkepada\s{0,3}(?=[:;]|$)"
    r"|\b(?:menyatakan|menerangkan|menyatakan\s{1,3}dengan\s{1,3}ini)\s{1,3}bahwa\b"
    r"|^\W{0,3}nama(?:\s{1,3}(?:peserta|lengkap))?(?=\s{0,3}[:;])",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"\b(?:sertifikat|nomor|nip|diberikan|kepada|sebagai|peserta|telah|mengikuti|tempat|tanggal"
    r"|lahir|jabatan|instansi|pangkat|kegiatan|yang|dengan|menyatakan|unit|kerja)\b|\d{3}",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\W{0,3}nama(?:\s{1,3}(?:peserta|lengkap))?\s{0,3}[:;]", re.IGNORECASE)
_TITLES = re.compile(
    r"\b(?:drs?|dra|ir|hj?|kh|prof|apt|ns|ners|skm|amd|se|sh|st|mm|msi|spd|mpd)\b\.?"
    r"|\b[A-Z]{1,2}\.\s?[A-Z][a-z]{0,3}(?:\.\s?[A-Z][a-z]{1,4})?\.?",
    re.IGNORECASE,
)


def nip(lines: Sequence[str]) -> str:
    """The first number of the holder among these lines; "" when no plausible one is there."""
    for line in lines:
        for match in _NIP.finditer(line):
            digits = "".join(sign for sign in as_digits(match.group()) if sign.isdigit())
            if _plausible(digits):
                return digits
    return ""


def _plausible(digits: str) -> bool:
    """A birth date, a month or a contract, a sex: misread digits seldom keep all of them."""
    if len(digits) != 18:
        return False
    number = Nip(digits)
    appointed = 1 <= int(digits[12:14]) <= 12 or int(digits[12:14]) >= 21
    return (
        number.birth_date is not None
        and digits[:2] in ("19", "20")
        and digits[8:10] in ("19", "20")
        and appointed
        and number.sex is not None
    )


def name(lines: Sequence[str]) -> str:
    """The holder with titles, as printed: behind the words that give the paper to somebody, or
    on the line after them."""
    for candidate in _candidates(lines):
        found = without_crumbs(candidate)[:MAX_NAME]
        found += "." if f"{found}." in candidate else ""  # S.Kom. ends with its dot
        if _name_like(found):
            return found
    return ""


def _candidates(lines: Sequence[str]) -> Iterator[str]:
    labelled = [line[found.end() :] for line in lines if (found := _LABEL.search(line))]
    yield from labelled[:1]
    for index, line in enumerate(lines):
        found = _GIVEN_TO.search(line)
        if found:
            yield line[found.end() :]
            for place in range(index + 1, min(index + 3, len(lines))):
                if lines[place].endswith(","):  # titles that run over into the next line
                    yield " ".join(lines[place : place + 2])
                yield lines[place]


def _name_like(text: str) -> bool:
    letters = sum(sign.isalpha() for sign in text)
    return letters >= 3 and letters > 0.5 * len(text) and not _NOT_A_NAME.search(text)


def same_name(one: str, other: str) -> bool:
    """Whether two writings mean one person: titles, dots and order of titles aside."""
    first, second = bare(one), bare(other)
    return bool(first) and (first == second or _within(first, second) or _within(second, first))


def bare(full: str) -> str:
    """Letters of the name alone, without titles."""
    return folded(_TITLES.sub(" ", full.split(",")[0]))


def _within(short: str, long: str) -> bool:
    return len(short) >= 8 and short in long


def gives(line: str) -> bool:
    """Whether the line gives the paper to somebody."""
    return _GIVEN_TO.search(line) is not None
