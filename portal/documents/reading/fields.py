"""From the lines of a paper to the fields of an item. Pure; what is not found is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.documents.reading import courses, dates, degrees, numbers, people
from portal.documents.reading.lines import bounded, with_colons

_SIGNED = re.compile(
    r"^\W{0,3}(?:kepala|ketua|direktur|narasumber|penanggung|mengetahui|rektor|dekan|plt|a\.n)\b",
    re.IGNORECASE,
)


def of_certificate(pages: Sequence[Sequence[str]], codes: Sequence[str] = ()) -> dict[str, str]:
    """nomor, nama_orang, nip, nama, penyelenggara, dates in ISO form and jp, where they stand."""
    front, lines = _fronted(pages)
    text = "\n".join(lines)
    found = dates.spans(text)
    event = dates.event(found)
    issued = dates.issued(found, event.start if event else None)
    body = _body(front)
    days = [issued, event.end if event else None]
    values = {
        "nomor": numbers.number(lines, codes, [day.month for day in days if day]),
        "nama_orang": people.name(body),
        "nip": people.nip(body),
        "nama": courses.title(text),
        "penyelenggara": courses.organiser(text, _head(body)),
        "tanggal_mulai": event.start.isoformat() if event else "",
        "tanggal_selesai": event.end.isoformat() if event else "",
        "tanggal_sertifikat": issued.isoformat() if issued else "",
        "jp": courses.hours(text),
    }
    return {name: value for name, value in values.items() if value}


def of_degree(pages: Sequence[Sequence[str]], codes: Sequence[str] = ()) -> dict[str, str]:
    """nomor, nama_orang, nip, perguruan_tinggi, program_studi, tanggal_lulus, gelar."""
    front, lines = _fronted(pages)
    text = "\n".join(lines)
    values = {
        "nomor": numbers.number(lines, codes),
        "nama_orang": people.name(_body(front)),
        "nip": people.nip(_body(front)),
        "perguruan_tinggi": degrees.school(lines),
        "program_studi": degrees.study(text),
        "tanggal_lulus": degrees.graduated(text, dates.spans(text)),
        "gelar": degrees.gelar(text),
    }
    return {name: value for name, value in values.items() if value}


def _fronted(pages: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """The first page that says anything, and all of them."""
    cleaned = [with_colons(bounded(page)) for page in pages]
    front = next((page for page in cleaned if len(page) > 2), [])
    return front, bounded(line for page in cleaned for line in page)


def _body(front: Sequence[str]) -> list[str]:
    """The lines before the signatures: people named below are those who sign."""
    for index, line in enumerate(front):
        if index > 3 and (_SIGNED.search(line) or _is_place_and_day(line)):
            return list(front[:index])
    return list(front)


def _is_place_and_day(line: str) -> bool:
    return len(line) < 60 and any(
        span.kind == "terbit" and span.place < 35 for span in dates.spans(line)
    )


def _head(body: Sequence[str]) -> list[str]:
    """The lines before the paper is given to somebody."""
    for index, line in enumerate(body):
        if people.gives(line):
            return list(body[: index + 1])
    return list(body[: len(body) // 3])
