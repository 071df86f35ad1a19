"""Checks of a course: its dates, its hours, its level, whether it is recorded already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from portal.documents.models import Document
from portal.scoring.engine.ruleset import IndicatorRule
from portal.scoring.engine.wording import jendela
from portal.verification.checking.known import Known
from portal.verification.checking.light import Check, Code, Light
from portal.vocabulary import DocumentKind, Indikator, LatihanStruktural
from portal.wording import tanggal

USUAL_HOURS = 10
"""JP of one day from which a verifikator should look twice."""
HOURS_OF_A_DAY = 24
LONG_DAYS = 366
"""A course that took longer is asked about: it may be a wrong year."""


def checks(document: Document, known: Known) -> Iterator[Check]:
    """Everything about a course but its paper."""
    yield from dates(document, known)
    yield from hours(document)
    yield from leadership(document, known)
    yield from recorded(document, known)


def dates(document: Document, known: Known) -> Iterator[Check]:
    """The end lies in the past, after the start, and in the years that count."""
    start, end, issued = (
        document.tanggal_mulai,
        document.tanggal_selesai,
        document.tanggal_sertifikat,
    )
    if end is None:
        yield Check(
            Code.TANGGAL,
            Light.RED,
            "Tanggal selesai tidak diisi",
            "Tanpa tanggal, tidak dapat dinilai.",
        )
        return
    if end > known.today:
        yield Check(Code.TANGGAL, Light.RED, "Kegiatan belum selesai", f"Selesai {tanggal(end)}.")
    if start and start > end:
        yield Check(
            Code.TANGGAL,
            Light.RED,
            "Tanggal mulai sesudah tanggal selesai",
            f"{tanggal(start)} – {tanggal(end)}.",
        )
    if start and (end - start).days >= LONG_DAYS:
        yield Check(
            Code.TANGGAL,
            Light.YELLOW,
            "Kegiatan lebih dari setahun",
            f"{tanggal(start)} – {tanggal(end)}. Cocokkan tahunnya.",
        )
    if issued and issued < (start or end):
        yield Check(
            Code.TANGGAL,
            Light.YELLOW,
            "Sertifikat terbit sebelum kegiatan",
            f"Terbit {tanggal(issued)}.",
        )
    yield from _window(document, end, known)


def _window(document: Document, end: dt.date, known: Known) -> Iterator[Check]:
    rule = _rule_of(document, known)
    if rule is None or end > known.today:
        return
    year = known.measuring.tahun
    if not rule.jendela_tahun:
        yield Check(
            Code.JENDELA, Light.GREEN, "Berlaku tanpa batas tahun", f"Selesai {tanggal(end)}."
        )
        return
    years = jendela(year, rule.jendela_tahun)
    if year - rule.jendela_tahun < end.year <= year:
        yield Check(
            Code.JENDELA, Light.GREEN, f"Tanggal dalam jendela {years}", f"Selesai {tanggal(end)}."
        )
    else:
        yield Check(
            Code.JENDELA,
            Light.YELLOW,
            f"Tanggal di luar jendela {years}",
            f"Selesai {tanggal(end)}: tercatat sebagai riwayat, tidak menambah poin.",
        )


def _rule_of(document: Document, known: Known) -> IndicatorRule | None:
    rules = known.measuring.rules.kompetensi.indikator
    if document.kind is DocumentKind.KEPEMIMPINAN:
        return rules.get(Indikator.KEPEMIMPINAN)
    return next((rule for rule in rules.values() if document.jenis in rule.jenis), None)


def hours(document: Document) -> Iterator[Check]:
    """JP against the days that it took."""
    if not document.jp:
        if document.kind is DocumentKind.TEKNIS:
            yield Check(
                Code.JP, Light.YELLOW, "JP kosong", "Diklat teknis dinilai dari jumlah JP-nya."
            )
        return
    end = document.tanggal_selesai
    start = document.tanggal_mulai or end
    if start is None or end is None or start > end:
        return
    days = (end - start).days + 1
    words = f"{document.jp} JP dalam {days} hari"
    if document.jp > days * HOURS_OF_A_DAY:
        yield Check(Code.JP, Light.RED, f"{words}: tidak mungkin", "Cocokkan JP dan tanggal.")
    elif document.jp > days * USUAL_HOURS:
        yield Check(
            Code.JP,
            Light.YELLOW,
            words,
            f"Lebih dari {USUAL_HOURS} JP sehari. Cocokkan dengan sertifikat.",
        )
    else:
        yield Check(Code.JP, Light.GREEN, words)


def leadership(document: Document, known: Known) -> Iterator[Check]:
    """The level of a leadership course against the post (rules.md §1.2)."""
    if document.kind is not DocumentKind.KEPEMIMPINAN:
        return
    post, held = known.facts.kelompok_jabatan, document.latihan_struktural
    required: LatihanStruktural | None = known.measuring.rules.kompetensi.latihan.get(post)
    if held is None:
        yield Check(Code.JENJANG, Light.RED, "Jenjang diklat tidak diisi")
    elif required is None:
        yield Check(
            Code.JENJANG,
            Light.YELLOW,
            f"Jabatan {post.label} tidak menilai diklat kepemimpinan",
            "Tercatat sebagai riwayat, tidak menambah poin.",
        )
    elif held is required:
        yield Check(
            Code.JENJANG,
            Light.GREEN,
            "Jenjang sesuai dengan jabatan",
            f"{held.label}, {post.label}.",
        )
    else:
        yield Check(
            Code.JENJANG,
            Light.YELLOW,
            "Jenjang berbeda dari yang diminta jabatan",
            f"Diajukan {held.label}; jabatan {post.label} meminta {required.label}.",
        )


def recorded(document: Document, known: Known) -> Iterator[Check]:
    """The same course in the imported history would be counted twice."""
    own = f"dokumen:{document.id}"
    for fact in known.facts.pengembangan:
        same = (fact.jenis, fact.tanggal_selesai, fact.jp) == (
            document.jenis,
            document.tanggal_selesai,
            document.jp or 0,
        )
        if same and fact.tanggal_selesai and fact.id != own:
            yield Check(
                Code.TERCATAT,
                Light.YELLOW,
                "Mungkin sudah tercatat",
                f"Ada {fact.sebutan} dengan jenis, tanggal selesai, dan JP yang sama.",
            )
            return
