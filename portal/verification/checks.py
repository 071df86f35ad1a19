"""What can be checked from the data alone, before a person looks at the paper (rules.md §8).

Small pure functions: each looks at the item and what is known around it, and answers with a
light, a sentence, and a link where there is something to compare with. None of them decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from portal.documents.arrivals import Reading
from portal.documents.duplicates import Likeness
from portal.documents.models import OPEN_STATES, Document
from portal.scoring.compute import Measuring
from portal.scoring.engine.inputs import Person
from portal.scoring.engine.ruleset import IndicatorRule
from portal.scoring.engine.wording import jendela
from portal.verification import paper_checks
from portal.verification.light import Check, Light
from portal.verification.twins import SHOWN, Twin
from portal.vocabulary import (
    KKNI,
    DocumentKind,
    DocumentState,
    FileRole,
    Indikator,
    LatihanStruktural,
    Tingkat,
)
from portal.wording import tanggal

USUAL_HOURS = 10
"""JP of one day from which a verifikator should look twice."""
HOURS_OF_A_DAY = 24
YOUNGEST_GRADUATE = 19
"""Age in years below which a degree is odd."""
STANDING = (*OPEN_STATES, DocumentState.PERLU_PERBAIKAN, DocumentState.DISETUJUI)
"""States of an item that counts or may still count."""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands around an item: the owner's facts, the rules of the year, its twins."""

    facts: Person
    measuring: Measuring
    today: dt.date
    twins: tuple[Twin, ...] = ()
    reading: Reading | None = None
    """What a machine read in the main paper."""


def all_checks(document: Document, known: Known) -> list[Check]:
    """Every check that this kind of item has, in the order of the paper."""
    own = _of_a_degree if document.kind is DocumentKind.IJAZAH else _of_a_course
    read = paper_checks.checks(document, known.reading)
    return [*read, *number(document), *own(document, known), *twins(document, known)]


def _of_a_degree(document: Document, known: Known) -> Iterator[Check]:
    yield from graduation(document, known)
    yield from level(document, known)
    yield from papers(document)


def _of_a_course(document: Document, known: Known) -> Iterator[Check]:
    yield from dates(document, known)
    yield from hours(document)
    yield from leadership(document, known)
    yield from recorded(document, known)


def number(document: Document) -> Iterator[Check]:
    """A paper without a number can hardly be compared with another."""
    if not document.nomor.strip():
        yield Check(Light.YELLOW, "Nomor tidak diisi", "Pastikan dokumennya memang tidak bernomor.")


def dates(document: Document, known: Known) -> Iterator[Check]:
    """The end lies in the past, after the start, and in the years that count."""
    start, end, issued = (
        document.tanggal_mulai,
        document.tanggal_selesai,
        document.tanggal_sertifikat,
    )
    if end is None:
        yield Check(Light.RED, "Tanggal selesai tidak diisi", "Tanpa tanggal, tidak dapat dinilai.")
        return
    if end > known.today:
        yield Check(Light.RED, "Kegiatan belum selesai", f"Selesai {tanggal(end)}.")
    if start and start > end:
        yield Check(
            Light.RED,
            "Tanggal mulai sesudah tanggal selesai",
            f"{tanggal(start)} – {tanggal(end)}.",
        )
    if issued and issued < (start or end):
        yield Check(
            Light.YELLOW, "Sertifikat terbit sebelum kegiatan", f"Terbit {tanggal(issued)}."
        )
    yield from _window(document, end, known)


def _window(document: Document, end: dt.date, known: Known) -> Iterator[Check]:
    rule = _rule_of(document, known)
    if rule is None or end > known.today:
        return
    year = known.measuring.tahun
    if not rule.jendela_tahun:
        yield Check(Light.GREEN, "Berlaku tanpa batas tahun", f"Selesai {tanggal(end)}.")
        return
    years = jendela(year, rule.jendela_tahun)
    if year - rule.jendela_tahun < end.year <= year:
        yield Check(Light.GREEN, f"Tanggal dalam jendela {years}", f"Selesai {tanggal(end)}.")
    else:
        yield Check(
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
            yield Check(Light.YELLOW, "JP kosong", "Diklat teknis dinilai dari jumlah JP-nya.")
        return
    end = document.tanggal_selesai
    start = document.tanggal_mulai or end
    if start is None or end is None or start > end:
        return
    days = (end - start).days + 1
    words = f"{document.jp} JP dalam {days} hari"
    if document.jp > days * HOURS_OF_A_DAY:
        yield Check(Light.RED, f"{words}: tidak mungkin", "Cocokkan JP dan tanggal.")
    elif document.jp > days * USUAL_HOURS:
        yield Check(
            Light.YELLOW, words, f"Lebih dari {USUAL_HOURS} JP sehari. Cocokkan dengan sertifikat."
        )
    else:
        yield Check(Light.GREEN, words)


def leadership(document: Document, known: Known) -> Iterator[Check]:
    """The level of a leadership course against the post (rules.md §1.2)."""
    if document.kind is not DocumentKind.KEPEMIMPINAN:
        return
    post, held = known.facts.kelompok_jabatan, document.latihan_struktural
    required: LatihanStruktural | None = known.measuring.rules.kompetensi.latihan.get(post)
    if held is None:
        yield Check(Light.RED, "Jenjang diklat tidak diisi")
    elif required is None:
        yield Check(
            Light.YELLOW,
            f"Jabatan {post.label} tidak menilai diklat kepemimpinan",
            "Tercatat sebagai riwayat, tidak menambah poin.",
        )
    elif held is required:
        yield Check(Light.GREEN, "Jenjang sesuai dengan jabatan", f"{held.label}, {post.label}.")
    else:
        yield Check(
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
                Light.YELLOW,
                "Mungkin sudah tercatat",
                f"Ada {fact.sebutan} dengan jenis, tanggal selesai, dan JP yang sama.",
            )
            return


def graduation(document: Document, known: Known) -> Iterator[Check]:
    """The day of graduation lies in the past, at an age that fits."""
    day, born = document.tanggal_lulus, document.owner.tanggal_lahir
    if day is None:
        yield Check(Light.YELLOW, "Tanggal lulus tidak diisi", "Tanpa tanggal, dianggap berlaku.")
    elif day > known.today:
        yield Check(Light.RED, "Tanggal lulus di masa depan", f"{tanggal(day)}.")
    elif born and day <= born:
        yield Check(Light.RED, "Lulus sebelum lahir", f"Lahir {tanggal(born)}.")
    elif born and _is_young(document.tingkat, day.year - born.year):
        yield Check(Light.YELLOW, f"Lulus pada usia {day.year - born.year} tahun", "Cocokkan.")
    else:
        yield Check(Light.GREEN, "Tanggal lulus wajar", f"{tanggal(day)}.")


def _is_young(tingkat: Tingkat | None, age: int) -> bool:
    return tingkat is not None and KKNI[tingkat] >= KKNI[Tingkat.D1] and age < YOUNGEST_GRADUATE


def level(document: Document, known: Known) -> Iterator[Check]:
    """A degree above what is recorded."""
    if document.tingkat is None:
        yield Check(Light.RED, "Tingkat pendidikan tidak diisi")
        return
    own = f"dokumen:{document.id}"
    held = [fact.tingkat for fact in known.facts.pendidikan if fact.id != own]
    highest = max(held, key=KKNI.__getitem__, default=None)
    if highest is None:
        yield Check(Light.GREEN, "Pendidikan pertama yang tercatat")
    elif KKNI[document.tingkat] > KKNI[highest]:
        yield Check(Light.GREEN, f"Di atas pendidikan tercatat ({highest.label})")
    else:
        yield Check(
            Light.YELLOW,
            f"Tidak di atas pendidikan tercatat ({highest.label})",
            "Tercatat sebagai riwayat, tidak menambah poin.",
        )


def papers(document: Document) -> Iterator[Check]:
    """The papers that belong to an ijazah."""
    present = {file.role for file in document.current_files}
    asked = [
        (FileRole.TRANSKRIP, Light.RED),
        (FileRole.IZIN_BELAJAR, Light.YELLOW),
    ]
    if document.luar_negeri:
        asked.append((FileRole.PENYETARAAN, Light.RED))
    for role, light in asked:
        if role in present:
            yield Check(Light.GREEN, f"{role.label} ada")
        else:
            yield Check(light, f"{role.label} tidak ada")


def twins(document: Document, known: Known) -> Iterator[Check]:
    """What of this paper is found in another item: hints, which a person judges."""
    if not known.twins:
        yield Check(Light.GREEN, "Belum pernah diajukan", "Nomor, berkas, kode, dan rupanya.")
    for twin in known.twins[:SHOWN]:
        other = twin.document
        own = other.owner_id == document.owner_id
        whose = "pegawai ini" if own else "pegawai lain"
        title = other.title if twin.reachable else "Di luar wewenang Anda"
        yield Check(
            _light_of(twin, own=own),
            f"{twin.likeness.label} dipakai {whose}",
            f"{title}, {other.state_label.lower()}.",
            other.id if twin.reachable else None,
        )
    if len(known.twins) > SHOWN:
        yield Check(Light.YELLOW, "Dan lainnya", "Masih ada dokumen lain yang serupa.")


def _light_of(twin: Twin, *, own: bool) -> Light:
    # Certificates of one event look alike, and many organisers print the same code on all.
    sure = twin.likeness in (Likeness.BERKAS, Likeness.NOMOR)
    stands = twin.document.state in STANDING
    return Light.RED if sure and (stands or not own) else Light.YELLOW
