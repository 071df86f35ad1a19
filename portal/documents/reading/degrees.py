"""What an ijazah says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.documents.reading.dates import Span
from portal.documents.reading.lines import trimmed, without_crumbs

MAX_NAME, MAX_GELAR = 200, 60
_SCHOOL = re.compile(
    r"\b(?:universitas|institut|sekolah tinggi|politeknik|akademi|sma|smk|madrasah)\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"\b(?:program\s{1,3}studi|jurusan|prodi)\b[\s:;]{0,4}(?P<v>[^\n]{3,200})", re.IGNORECASE
)
_STUDY_END = re.compile(
    r"\b(?:jenjang|fakultas|pada|dengan|program|telah|terakreditasi)\b|[;:]", re.IGNORECASE
)
_GELAR = re.compile(
    r"\bgelar\b[\s:;]{0,4}(?:akademik\b[\s:;]{0,4})?(?P<v>[^\n]{2,60})", re.IGNORECASE
)
_SHORT_GELAR = re.compile(r"\(([A-Z][A-Za-z.]{1,14}(?:\s[A-Z][A-Za-z.]{1,8})?)\)")
_GRADUATED = re.compile(r"\b(?:lulus|yudisium|kelulusan)\b", re.IGNORECASE)


def school(lines: Sequence[str]) -> str:
    """The first line that names a university or school."""
    for line in lines:
        if _SCHOOL.search(line):
            found = without_crumbs(line)
            return (found.title() if found.isupper() else found)[:MAX_NAME]
    return ""


def study(text: str) -> str:
    """Behind "Program Studi" or "Jurusan"."""
    found = _STUDY.search(text)
    if not found:
        return ""
    value = trimmed(_STUDY_END.split(found["v"])[0])
    return (value.title() if value.isupper() else value)[:MAX_NAME]


def gelar(text: str) -> str:
    """Behind "gelar"; the short form in brackets where there is one."""
    found = _GELAR.search(text)
    if not found:
        return ""
    short = _SHORT_GELAR.search(found["v"])
    return (short[1] if short else " ".join(found["v"].split()).strip(" :;,"))[:MAX_GELAR]


def graduated(text: str, found: Sequence[Span]) -> str:
    """The day that "lulus" or "yudisium" stands before, ISO; "" when none does."""
    for span in found:
        if span.kind != "lahir" and _GRADUATED.search(text[max(0, span.place - 80) : span.place]):
            return span.start.isoformat()
    return ""
