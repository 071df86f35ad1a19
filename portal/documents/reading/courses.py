"""What a certificate is about: the course, who held it, how many JP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from portal.documents.reading.lines import as_digits, folded, trimmed, without_crumbs
from portal.vocabulary import MONTHS

MAX_TITLE, MAX_ORGANISER, MAX_JP = 300, 200, 1200
_WINDOW = 420
"""Letters behind a label in which its value ends."""

_TITLE_LABELS = (
    re.compile(
        r"^\W{0,3}(?:nama\s{1,3}(?:kegiatan|pelatihan|diklat)|judul)\s{0,3}[:;]",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(
        r"\bsebagai\s{1,3}peserta\b\W{0,3}(?:(?:dalam|pada|di)\b\s{0,3})?"
        r"(?:(?:kegiatan|acara)\b\s{0,3})?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\btelah\s{1,3}(?:selesai\s{1,3})?(?:mengikuti|menyelesaikan)\b\s{0,3}"
        r"(?:(?:kegiatan|acara)\b\s{0,3}|pelatihan\s{0,2}\n)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"^\W{0,3}(?:dinyatakan\s{1,3})?lulus\W{0,3}\n(?:pada\s{1,3})?",
        re.IGNORECASE | re.MULTILINE,
    ),
)
_QUOTED = re.compile(r"[“\"„]([^“”\"„]{8,300})[”\"]")
_MONTHS = "|".join(month.lower() for month in MONTHS)
_DATE = rf"\d{{1,2}}\s{{0,3}}(?:[-–—&]|s\.?\s?/?d|sampai|dan|hingga|(?:{_MONTHS})|/\d)"
_HOURS = r"\(?\b\d{1,4}\s{0,3}(?:\([^)\n]{0,60}\)\s{0,3})?(?:JPL?|jam)\b"
_END = re.compile(
    r"\byang\s{1,3}(?:di|telah)|\bdi(?:selenggarakan|laksanakan|adakan)\b|\bpenyelenggara\b"
    r"|\b(?:pada|dari)\s{1,3}(?:hari|tanggal|\d)|\btanggal\b|\bperiode\b|\bbertempat\b|\boleh\b"
    r"|\b(?:setara|sebanyak|pola|berbobot|selama)\s{1,3}(?:dengan\s{1,3})?\d"
    r"|\bdengan\s{1,3}(?:total|hasil|predikat|jumlah)\b|^\W{0,3}(?:waktu|tempat|jumlah)\b"
    rf"|\b(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu),|\b{_DATE}|{_HOURS}",
    re.IGNORECASE | re.MULTILINE,
)
_HELD_BY = (
    re.compile(r"^\W{0,3}penyelenggara\s{0,3}[:;]", re.IGNORECASE | re.MULTILINE),
    re.compile(r"\bdi(?:selenggarakan|laksanakan|adakan)\s{1,3}oleh\b[\s:;]{0,3}", re.IGNORECASE),
)
_HELD_END = re.compile(
    r"\b(?:pada|dari|mulai|selama|bertempat|tanggal|waktu|tempat|setara|sebanyak|dengan|yang)\b"
    rf"|\bdi\s{{1,3}}[A-Z]|\.\s|\n\W{{0,3}}\w{{3,12}}\s{{0,3}}:|\b{_DATE}|{_HOURS}",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:badan|dinas|balai|pusat|bpsdm|bkpsdm|bkd|universitas|kementerian|lembaga|inspektorat"
    r"|persatuan|ikatan|sekretariat|kantor|pusdiklat|yayasan|politeknik|bpmp|lpmp|komisi|asosiasi"
    r"|himpunan|rumah sakit|puskesmas|direktorat|institut|sekolah|akademi|forum|pt|perkumpulan)\b",
    re.IGNORECASE,
)
_NO_BODY = re.compile(
    r"\b(?:sertifikat|piagam|surat|nomor|no|jalan|jl|telepon|telp|diberikan|kepada|menyatakan"
    r"|memberikan|tanda tamat)\b|@|www",
    re.IGNORECASE,
)
_SMALL = frozenset({"dan", "di", "bagi", "untuk", "pada", "dalam", "dari", "ke"})
_TALL = re.compile(r"[IVX]{1,4}|[^AEIOUaeiou]{2,}|BPSDM|BKPSDM|BKD|BKN|LAN|ASN|PPNI|BPMP|LPMP|PGRI")
_UNIT = r"(?:JP[LI1]?|J\.P\.?|jam\s{0,3}(?:pelajaran|pelatihan|pembelajaran)|jampel)\b"
_JP = re.compile(
    rf"(?<![\w/.-])(?P<n>[\dOIl]{{1,4}})\s{{0,3}}(?:\((?P<w>[^)\n]{{3,60}})\)\s{{0,3}})?{_UNIT}",
    re.IGNORECASE,
)
_JP_LABEL = re.compile(
    r"\b(?:jumlah|total)\s{1,3}(?:jam|JP)(?:\s{1,3}pelajaran)?\b[\s:;=]{0,4}(?P<n>\d{1,4}?)(?:\s?[JS5]P)?\b",
    re.IGNORECASE,
)
_JP_SUM = re.compile(
    r"^\W{0,6}(?:jumlah|total)\b[^\d\n]{0,60}(?P<n>\d{1,4})(?:\W{1,3}\w)?\W{0,4}$",
    re.IGNORECASE | re.MULTILINE,
)
_ONES = (
    *("nol", "satu", "dua", "tiga", "empat", "lima"),
    *("enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"),
)


def title(text: str) -> str:
    """The name of the course; "" when nothing introduces it."""
    for label in _TITLE_LABELS:
        found = label.search(text)
        if found:
            value = _until(_END, text[found.end() :])
            if len(folded(value)) >= 5:
                return value[:MAX_TITLE]
    quoted = _QUOTED.search(text)
    return trimmed(quoted[1])[:MAX_TITLE] if quoted else ""


def _until(end: re.Pattern[str], text: str) -> str:
    window = text[:_WINDOW].lstrip("\n")
    stop = end.search(window)
    return without_crumbs(window[: stop.start()] if stop else window.split("\n")[0])


def organiser(text: str, head: Sequence[str]) -> str:
    """Who held it, where the text says so; else the body in the head of the paper."""
    for label in _HELD_BY:
        found = label.search(text)
        if found:
            value = _until(_HELD_END, text[found.end() :])
            if len(folded(value)) >= 3:
                return _calm(value)[:MAX_ORGANISER]
    return _calm(" ".join(_letterhead(head)))[:MAX_ORGANISER]


def _letterhead(head: Sequence[str]) -> Iterator[str]:
    """The lines that name the body, with the ones into which a long name runs over."""
    begun = False
    for line in head:
        if _NO_BODY.search(line):
            if begun:
                return
        elif begun or _BODY.search(line):
            begun = True
            yield without_crumbs(line)


def _calm(name: str) -> str:
    """A name in capitals as one would type it."""
    if not name.isupper():
        return name
    words = name.split()
    return " ".join(
        word if _TALL.fullmatch(word) else word.lower() if word.lower() in _SMALL else word.title()
        for word in words
    )


def hours(text: str) -> str:
    """JP as digits: beside their unit, behind their label, or at the foot of a table."""
    for match in _JP.finditer(text):
        value = _spelled(match["w"] or "") or _whole(match["n"])
        if value:
            return value
    for pattern in (_JP_LABEL, _JP_SUM):
        for match in pattern.finditer(text):
            value = _whole(match["n"])
            if value:
                return value
    return ""


def _whole(text: str) -> str:
    digits = as_digits(text)
    return str(int(digits)) if digits.isdigit() and 1 <= int(digits) <= MAX_JP else ""


def _spelled(words: str) -> str:
    """A number in words, which machines misread less than digits; "" when it is none."""
    total, current = 0, 0
    for word in words.casefold().split():
        if word in _ONES:
            current += _ONES.index(word)
        elif word == "belas":
            current += 10
        elif word == "puluh":
            current *= 10
        elif word in ("seratus", "ratus"):
            total, current = total + 100 * max(current, 1), 0
        else:
            return ""
        if word in ("puluh", "belas"):
            total, current = total + current, 0
    return str(total + current) if 1 <= total + current <= MAX_JP else ""
