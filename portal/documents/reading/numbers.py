"""The number of a certificate or an ijazah."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import partial

from portal.documents.reading.lines import alike, trimmed

MAX_LENGTH = 100
_SAME = 0.85
"""Likeness of two writings of one number."""
_LABEL = re.compile(
    r"\b(?:nom[oe]r|no)\b[.\s]{0,3}(?:(?:seri\s+)?(?:sertifikat|ijazah|piagam|sttpp?l?|registrasi)\b)?"
    r"[\s.:;=]{0,6}",
    re.IGNORECASE,
)
_OTHER_NUMBERS = re.compile(
    r"\b(?:jalan|jl|telepon|telp|fax|rekening|peraturan|undang|keputusan|akreditasi|induk"
    r"|mahasiswa|nip|nik|nuptk|kode pos)\b",
    re.IGNORECASE,
)
"""Words of a line whose number is another one."""
_YEAR = re.compile(r"[/-](?:19|20)\d\d\b")
_ROMAN_MONTH = re.compile(r"(?<=/)([IVX1l|i!]{1,5})(?=/\d{4}\b)")
_BEFORE_YEAR = re.compile(r"(?<=/)[\w.-]{1,30}(?=/\d{4}\b)")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LOST_SLASH = re.compile(r"(?<=[A-Za-z])[!|]([IVXl1!|]{1,4})(?=/\d{4}\b)")
_GAP = re.compile(r"(?<=\d) (?=\d)|\s{0,2}(?<!\d)(?<=/)\s{1,2}|\s{1,2}(?=/)")


def number(lines: Sequence[str], codes: Sequence[str] = (), months: Collection[int] = ()) -> str:
    """As it is printed, "" when there is none. Where a code of the paper holds the same number
    but for a sign or two, the code was read without fault; `months` of the paper tell I from 1.
    """
    for candidate in _candidates(lines):
        repaired = _BEFORE_YEAR.sub(partial(_as_month, months), _repaired(candidate))
        if 4 <= len(repaired) <= MAX_LENGTH and sum(s.isdigit() for s in repaired) >= 3:
            return _as_coded(repaired, codes)
    return ""


def _as_coded(read: str, codes: Sequence[str]) -> str:
    words = (word for code in codes for word in re.split(r"[\s|;,]{1,3}", code)[:20])
    return next((word for word in words if len(word) > 5 and alike(word, read) > _SAME), read)


def _candidates(lines: Sequence[str]) -> Iterator[str]:
    """Behind the label first; then whatever looks like a number with its year."""
    for line in lines:
        found = _LABEL.search(line)
        if found and not _OTHER_NUMBERS.search(line[: found.end()]):
            yield line[found.end() :]
    for line in lines[: len(lines) // 2 + 1]:
        if not _OTHER_NUMBERS.search(line):
            yield from (word for word in line.split() if _YEAR.search(word) and "://" not in word)


def _repaired(text: str) -> str:
    """Without gaps that are none, and with the month in Roman digits as such."""
    value = _LOST_SLASH.sub(r"/\1", _GAP.sub("", trimmed(text)))
    return _ROMAN_MONTH.sub(_as_roman, value).replace("!/", "/")


def _as_month(months: Collection[int], found: re.Match[str]) -> str:
    """What stands before the year, mended towards the paper's own months: strokes may be ones or
    Roman ones, XIII is no month, and a slash may have been taken for a stroke."""
    read = found.group()
    for roman in (ROMAN[month - 1] for month in months):
        if read == "1" * len(roman) and set(roman) == {"I"}:
            return roman
        if read not in ROMAN and set(read) <= set("IVX") and read[:-1] == roman:
            return roman
        if len(read) > len(roman) + 2 and read.endswith(roman) and read[-len(roman) - 1] in "IV":
            return f"{read[: -len(roman) - 1]}/{roman}"
    return read


def _as_roman(found: re.Match[str]) -> str:
    read = found.group()
    if read.isdigit():
        return read
    return re.sub(r"[1l|i!]", "I", read)
