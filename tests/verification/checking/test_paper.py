"""The paper as read against what was declared and against whose it should be."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from portal.db import Database, now
from portal.documents.arrivals import Reading
from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.verification.checking import Light
from portal.verification.checking import paper as paper_checks
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
    JenisDiklat,
    LatihanStruktural,
    ReadingState,
    Tingkat,
)
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast

NIP = "198704122010012015"
GREEN, YELLOW, UNREAD = Light.GREEN, Light.YELLOW, Light.UNREAD


def course(**fields: object) -> Document:
    values: dict[str, object] = {
        "kind": DocumentKind.SEMINAR,
        "jenis": JenisDiklat.SEMINAR,
        "nama": "Seminar Literasi Numerasi",
        "penyelenggara": "BPMP Kalimantan Selatan",
        "nomor": "0412/BPMP-KS/X/2026",
        "tanggal_mulai": dt.date(2026, 10, 11),
        "tanggal_selesai": dt.date(2026, 10, 12),
        "jp": 8,
        "owner": Pegawai(nama="Sari Rahmawati", nip=NIP),
    }
    return Document(**values | fields)


def read(text: str = "", state: ReadingState = ReadingState.SELESAI, **fields: str) -> Reading:
    return Reading(state=state, fields=fields, text=text, codes=[], created_at=now())


def lights(document: Document, reading: Reading | None) -> dict[str, Light]:
    return {check.title: check.light for check in paper_checks.checks(document, reading)}


@pytest.mark.parametrize(
    ("reading", "light", "title"),
    [
        (read(nama_orang="Hj. Sari Rahmawati, S.Pd., M.Pd."), GREEN, "Nama di berkas cocok"),
        (read(nama_orang="SARI RAHMAWATl"), GREEN, "Nama di berkas cocok"),
        (read("kepada\nSari Rahmawati, S.Pd."), GREEN, "Nama di berkas cocok"),
        (read(nama_orang="Budi Santoso"), YELLOW, "Nama di berkas berbeda"),
        (read("nothing of it"), UNREAD, "Nama di berkas tak terbaca"),
        (read(nip=NIP), GREEN, "NIP cocok"),
        (read("NIP. 19870412 201001 2 015"), GREEN, "NIP cocok"),
        (read(nip="199003132015021001"), YELLOW, "NIP di berkas berbeda"),
        (read(), UNREAD, "NIP tak terbaca"),
        (read("19870412\n2010012015"), UNREAD, "NIP tak terbaca"),
        (read(nomor="0412 / bpmp-ks / X / 2026"), GREEN, "Nomor cocok"),
        (read("Nomor: 0412/BPMP-KS/X/2026 lembar 1"), GREEN, "Nomor cocok"),
        (read(nomor="0413/BPMP-KS/X/2026"), YELLOW, "Nomor di berkas berbeda"),
        (read(), UNREAD, "Nomor tak terbaca"),
        (read(jp="4"), YELLOW, "JP di berkas berbeda"),
        (read(tanggal_selesai="2025-10-12"), YELLOW, "Tanggal selesai di berkas berbeda"),
        (read(tanggal_selesai="2026-10-12"), GREEN, "Tanggal selesai sama dengan berkas"),
        (read(), UNREAD, "Tanggal selesai tak terbaca"),
        (read(nama="Rapat Kerja Tahunan"), YELLOW, "Isian lain berbeda dari berkas"),
        (read(state=ReadingState.MENUNGGU), UNREAD, "Berkas sedang dibaca"),
        (read(state=ReadingState.GAGAL), UNREAD, "Berkas tidak terbaca otomatis"),
    ],
)
def test_says_how_the_paper_agrees(reading: Reading, light: Light, title: str) -> None:
    reading.created_at = now()  # it was made when the tests were collected, minutes ago

    assert lights(course(), reading)[title] is light


def test_a_paper_that_no_machine_has_read_is_left_to_the_eyes() -> None:
    assert lights(course(), None) == {"Berkas belum dibaca mesin": UNREAD}


def test_equal_values_are_no_finding() -> None:
    found = lights(course(), read(jp="8", tanggal_selesai="2026-10-12"))

    assert not [title for title in found if "berbeda" in title]


@pytest.mark.parametrize(
    ("kind", "expected"), [(DocumentKind.TEKNIS, UNREAD), (DocumentKind.SEMINAR, None)]
)
def test_hours_have_to_be_read_where_they_earn_points(
    kind: DocumentKind, expected: Light | None
) -> None:
    assert lights(course(kind=kind), read()).get("JP tak terbaca") is expected


def test_sets_read_beside_declared() -> None:
    document = course()
    reading = read(jp="4", nomor=document.nomor, nama="SEMINAR LITERASI NUMERASl")

    found = {line.label: line for line in paper_checks.lines(document, reading)}

    assert (found["JP"].declared, found["JP"].read, found["JP"].differs) == ("8", "4", True)
    assert found["Nomor"].same
    assert found["Nama"].same
    assert not found["Penyelenggara"].read


def test_a_leadership_course_has_its_level_in_place_of_a_name() -> None:
    document = course(
        kind=DocumentKind.KEPEMIMPINAN, latihan_struktural=LatihanStruktural.PIM3, nama=""
    )

    labels = [line.label for line in paper_checks.lines(document, read(nama="Pelatihan"))]

    assert "Jenjang" in labels
    assert "Nama" not in labels


def test_a_degree_is_compared_by_its_own_fields() -> None:
    document = course(
        kind=DocumentKind.IJAZAH,
        tingkat=Tingkat.S2,
        luar_negeri=True,
        tanggal_lulus=dt.date(2024, 8, 1),
        perguruan_tinggi="Universitas Lambung Mangkurat",
        program_studi="",
        gelar="",
    )

    found = {line.label: line for line in paper_checks.lines(document, read(tanggal_lulus="x"))}

    assert found["Tanggal lulus"].differs
    assert found["Lulusan"].declared == "Luar negeri"


@pytest.fixture
def item(database: Database, cast: Cast) -> uuid.UUID:
    """An item in the queue whose paper says 40 JP and something hostile."""
    with database.transaction() as session:
        made = builders.document(session, cast.sari, DocumentState.DIAJUKAN, jp=4)
        session.add(
            Reading(
                file_id=made.current_files[0].id,
                state=ReadingState.SELESAI,
                fields={"jp": "40", "nama_orang": "<b>Budi</b> 🙂", "nomor": made.nomor},
            )
        )
        return made.id


def test_the_desk_marks_differences_with_a_word(
    browser: Browser, cast: Cast, item: uuid.UUID
) -> None:
    browser.enter(cast.vera)

    page = browser.get("verification.item", document_id=item)

    assert page.texts(".compare thead th") == ["Diisi", "Terbaca"]
    assert "berbeda 40" in page.one(".compare").get_text(" ", strip=True)
    assert "Terbaca <b>Budi</b> 🙂." in page.text


def test_the_desk_without_a_reading_has_one_column(
    browser: Browser, cast: Cast, database: Database
) -> None:
    with database.transaction() as session:
        plain = builders.document(session, cast.sari, DocumentState.DIAJUKAN).id
    browser.enter(cast.vera)

    page = browser.get("verification.item", document_id=plain)

    assert not page.all(".compare thead")
