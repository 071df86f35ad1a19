"""Each check looks at one thing and says it in a sentence."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from portal.documents.arrivals import Reading
from portal.documents.duplicates import Likeness
from portal.documents.models import Document, DocumentFile
from portal.people.models import Pegawai
from portal.scoring.compute import Measuring
from portal.scoring.engine import rules
from portal.scoring.engine.inputs import Pendidikan, Pengembangan, Person
from portal.verification.checking import (
    Check,
    Code,
    Known,
    Light,
    Listed,
    all_checks,
    common,
    first_not_green,
    worst,
)
from portal.verification.checking import course as courses
from portal.verification.checking import degree as degrees
from portal.verification.checking.twins import Twin
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
    FileRole,
    JenisDiklat,
    JenisPegawai,
    KelompokJabatan,
    LatihanStruktural,
    ReadingState,
    SignatureState,
    Tingkat,
)

TODAY = dt.date(2026, 11, 23)
OWNER = uuid.uuid4()
NIP = "198704122010012015"
"""Appointed in January 2010."""


def course(**fields: object) -> Document:
    values: dict[str, object] = {
        "id": uuid.uuid4(),
        "owner_id": OWNER,
        "kind": DocumentKind.SEMINAR,
        "jenis": JenisDiklat.SEMINAR,
        "nama": "Seminar Literasi",
        "nomor": "12/A",
        "state": DocumentState.DIAJUKAN,
        "revision": 1,
        "tanggal_mulai": dt.date(2026, 10, 11),
        "tanggal_selesai": dt.date(2026, 10, 12),
        "tanggal_sertifikat": dt.date(2026, 10, 12),
        "jp": 8,
    }
    return Document(**values | fields)


def degree(*roles: FileRole, **fields: object) -> Document:
    values: dict[str, object] = {
        "kind": DocumentKind.IJAZAH,
        "tingkat": Tingkat.S2,
        "tanggal_lulus": dt.date(2024, 8, 1),
        "luar_negeri": False,
        "perguruan_tinggi": "Universitas Lambung Mangkurat",
        "owner": Pegawai(id=OWNER, nip=NIP, tanggal_lahir=dt.date(1987, 4, 12)),
        "files": [DocumentFile(role=role) for role in roles],
    }
    return course(**values | fields)


def known(
    kelompok: KelompokJabatan = KelompokJabatan.FUNGSIONAL,
    *,
    pendidikan: tuple[Pendidikan, ...] = (),
    pengembangan: tuple[Pengembangan, ...] = (),
    twins: tuple[Twin, ...] = (),
    institution: Listed | None = None,
) -> Known:
    facts = Person(
        nip=NIP,
        jenis_pegawai=JenisPegawai.PNS,
        kelompok_jabatan=kelompok,
        pendidikan=pendidikan,
        pengembangan=pengembangan,
    )
    rules_of_year = Measuring(2026, rules.load("bkn-2023"), None)
    return Known(facts, rules_of_year, TODAY, twins, institution=institution)


def said(found: object) -> list[tuple[Light, str]]:
    return [(check.light, check.title) for check in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("nomor", ["", "   "])
def test_a_paper_without_a_number_is_looked_at_twice(nomor: str) -> None:
    assert said(common.number(course(nomor=nomor))) == [(Light.YELLOW, "Nomor tidak diisi")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (Light.GREEN, "Tanggal dalam jendela 2025–2026")),
        ({"tanggal_selesai": None}, (Light.RED, "Tanggal selesai tidak diisi")),
        ({"tanggal_selesai": dt.date(2026, 11, 24)}, (Light.RED, "Kegiatan belum selesai")),
        (
            {"tanggal_mulai": dt.date(2026, 10, 13)},
            (Light.RED, "Tanggal mulai sesudah tanggal selesai"),
        ),
        (
            {"tanggal_sertifikat": dt.date(2026, 10, 1)},
            (Light.YELLOW, "Sertifikat terbit sebelum kegiatan"),
        ),
        (
            {"tanggal_mulai": None, "tanggal_selesai": dt.date(2024, 12, 31)},
            (Light.YELLOW, "Tanggal di luar jendela 2025–2026"),
        ),
        (
            {"tanggal_mulai": None, "tanggal_selesai": dt.date(2025, 1, 1)},
            (Light.GREEN, "Tanggal dalam jendela 2025–2026"),
        ),
        (
            {"tanggal_mulai": dt.date(2025, 10, 11)},
            (Light.YELLOW, "Kegiatan lebih dari setahun"),
        ),
        (
            {"jenis": JenisDiklat.TEKNIS, "tanggal_selesai": dt.date(2025, 12, 31)},
            (Light.YELLOW, "Tanggal di luar jendela 2026"),
        ),
        ({"jenis": JenisDiklat.FUNGSIONAL}, (Light.GREEN, "Berlaku tanpa batas tahun")),
        (
            {"kind": DocumentKind.KEPEMIMPINAN, "jenis": None},
            (Light.GREEN, "Berlaku tanpa batas tahun"),
        ),
    ],
)
def test_dates_are_held_against_today_and_the_window(
    fields: dict[str, object], expected: tuple[Light, str]
) -> None:
    assert expected in said(courses.dates(course(**fields), known()))


@pytest.mark.parametrize(
    ("jp", "light"),
    [(8, Light.GREEN), (20, Light.GREEN), (21, Light.YELLOW), (48, Light.YELLOW), (49, Light.RED)],
)
def test_hours_are_held_against_the_days(jp: int, light: Light) -> None:
    assert [check.light for check in courses.hours(course(jp=jp))] == [light]


def test_a_course_of_one_day_may_leave_its_start_open() -> None:
    assert said(courses.hours(course(tanggal_mulai=None))) == [(Light.GREEN, "8 JP dalam 1 hari")]


@pytest.mark.parametrize(
    "fields", [{"tanggal_selesai": None}, {"tanggal_mulai": dt.date(2026, 10, 20)}]
)
def test_hours_say_nothing_where_the_dates_are_wrong(fields: dict[str, object]) -> None:
    assert said(courses.hours(course(**fields))) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(DocumentKind.TEKNIS, [(Light.YELLOW, "JP kosong")]), (DocumentKind.SEMINAR, [])],
)
def test_missing_hours_matter_where_they_earn_points(
    kind: DocumentKind, expected: list[tuple[Light, str]]
) -> None:
    assert said(courses.hours(course(kind=kind, jp=0))) == expected


@pytest.mark.parametrize(
    ("post", "held", "expected"),
    [
        (KelompokJabatan.PENGAWAS, LatihanStruktural.PIM4, Light.GREEN),
        (KelompokJabatan.PENGAWAS, LatihanStruktural.PIM3, Light.YELLOW),
        (KelompokJabatan.ADMINISTRATOR, LatihanStruktural.PIM4, Light.YELLOW),
        (KelompokJabatan.FUNGSIONAL, LatihanStruktural.PIM4, Light.YELLOW),
        (KelompokJabatan.PENGAWAS, None, Light.RED),
    ],
)
def test_a_leadership_course_is_held_against_the_post(
    post: KelompokJabatan, held: LatihanStruktural | None, expected: Light
) -> None:
    document = course(kind=DocumentKind.KEPEMIMPINAN, latihan_struktural=held)

    assert [check.light for check in courses.leadership(document, known(post))] == [expected]


def test_the_same_course_in_the_history_is_pointed_out() -> None:
    document = course()
    same = Pengembangan(JenisDiklat.SEMINAR, 8, document.tanggal_selesai, id="riwayat:1")

    found = courses.recorded(document, known(pengembangan=(same,)))

    assert said(found) == [(Light.YELLOW, "Mungkin sudah tercatat")]


def test_a_graduation_is_held_against_no_birth_that_is_unknown() -> None:
    document = degree(owner=Pegawai(id=OWNER, nip=NIP, tanggal_lahir=None))

    assert [check.light for check in degrees.graduation(document, known())] == [Light.GREEN]


def test_a_course_that_is_recorded_twice_is_pointed_out_once() -> None:
    document = course()
    same = Pengembangan(JenisDiklat.SEMINAR, 8, document.tanggal_selesai, id="riwayat:1")

    found = courses.recorded(document, known(pengembangan=(same, same)))

    assert len(list(found)) == 1


def test_the_record_that_the_item_wrote_itself_is_no_other_course() -> None:
    document = course()
    own = Pengembangan(
        JenisDiklat.SEMINAR, 8, document.tanggal_selesai, id=f"dokumen:{document.id}"
    )

    assert said(courses.recorded(document, known(pengembangan=(own,)))) == []


@pytest.mark.parametrize(
    ("fields", "light"),
    [
        ({}, Light.GREEN),
        ({"tanggal_lulus": None}, Light.YELLOW),
        ({"tanggal_lulus": dt.date(2026, 11, 24)}, Light.RED),
        ({"tanggal_lulus": dt.date(1987, 4, 12)}, Light.RED),
        ({"tanggal_lulus": dt.date(2004, 8, 1)}, Light.YELLOW),
        ({"tanggal_lulus": dt.date(2004, 8, 1), "tingkat": Tingkat.SLTA}, Light.GREEN),
    ],
)
def test_graduation_is_held_against_today_and_birth(
    fields: dict[str, object], light: Light
) -> None:
    assert [check.light for check in degrees.graduation(degree(**fields), known())] == [light]


@pytest.mark.parametrize(
    ("held", "light"),
    [((), Light.GREEN), ((Tingkat.S1,), Light.GREEN), ((Tingkat.S2, Tingkat.S1), Light.YELLOW)],
)
def test_a_degree_is_held_against_what_is_recorded(held: tuple[Tingkat, ...], light: Light) -> None:
    facts = known(pendidikan=tuple(Pendidikan(tingkat) for tingkat in held))

    assert [check.light for check in degrees.level(degree(), facts)] == [light]


def test_a_degree_without_a_level_says_so() -> None:
    assert [check.light for check in degrees.level(degree(tingkat=None), known())] == [Light.RED]


def test_the_papers_of_an_ijazah_are_counted() -> None:
    found = degrees.papers(degree(FileRole.IJAZAH, FileRole.TRANSKRIP))

    assert said(found) == [
        (Light.GREEN, "Transkrip nilai ada"),
        (Light.YELLOW, "Izin atau tugas belajar tidak ada"),
    ]


def test_a_foreign_degree_asks_for_its_equivalence() -> None:
    found = degrees.papers(degree(FileRole.TRANSKRIP, FileRole.IZIN_BELAJAR, luar_negeri=True))

    assert said(found)[-1] == (Light.RED, "Penyetaraan ijazah luar negeri tidak ada")


def test_permission_to_study_is_not_asked_of_who_graduated_before_the_service() -> None:
    found = degrees.papers(degree(FileRole.TRANSKRIP, tanggal_lulus=dt.date(2009, 12, 31)))

    assert said(found)[-1] == (Light.GREEN, "Izin belajar tidak diperlukan")


@pytest.mark.parametrize("nip", ["", "1987", "198704120000112015", "x" * 18])
def test_a_broken_number_excuses_nobody_from_the_permission(nip: str) -> None:
    owner = Pegawai(id=OWNER, nip=nip)

    found = degrees.papers(degree(owner=owner, tanggal_lulus=dt.date(1969, 1, 1)))

    assert said(found)[-1] == (Light.YELLOW, "Izin atau tugas belajar tidak ada")


@pytest.mark.parametrize(
    ("fields", "listed", "expected"),
    [
        (
            {},
            Listed("Universitas Lambung Mangkurat"),
            (Light.GREEN, "Perguruan tinggi ada di daftar"),
        ),
        ({}, Listed(None), (Light.YELLOW, "Perguruan tinggi tidak ada di daftar")),
        ({}, None, (Light.UNREAD, "Perguruan tinggi belum dapat dicocokkan")),
        (
            {"luar_negeri": True},
            Listed(None),
            (Light.UNREAD, "Perguruan tinggi luar negeri"),
        ),
        ({"perguruan_tinggi": " "}, None, (Light.YELLOW, "Perguruan tinggi tidak diisi")),
    ],
)
def test_the_institution_is_looked_for_on_the_list(
    fields: dict[str, object], listed: Listed | None, expected: tuple[Light, str]
) -> None:
    found = degrees.institution(degree(**fields), known(institution=listed))

    assert said(found) == [expected]


def test_a_school_stands_on_no_list_of_institutions() -> None:
    assert said(degrees.institution(degree(tingkat=Tingkat.SLTA), known())) == []


@pytest.mark.parametrize(
    ("state", "signed", "expected"),
    [
        (SignatureState.UTUH, True, Light.GREEN),
        (SignatureState.DITAMBAH, True, Light.YELLOW),
        (SignatureState.BERUBAH, True, Light.RED),
        (SignatureState.TIDAK_SAH, False, Light.YELLOW),
        (SignatureState.TAK_TERBACA, True, Light.UNREAD),
        (None, True, Light.UNREAD),
    ],
)
def test_a_signature_is_told_by_what_became_of_the_bytes(
    state: SignatureState | None, signed: bool, expected: Light
) -> None:
    file = DocumentFile(role=FileRole.SERTIFIKAT, signed=signed, tanda_tangan=state)

    assert [check.light for check in common.signatures(course(files=[file]))] == [expected]


@pytest.mark.parametrize("state", [None, SignatureState.TIADA])
def test_of_a_photo_nobody_expects_a_signature(state: SignatureState | None) -> None:
    file = DocumentFile(role=FileRole.SERTIFIKAT, signed=False, tanda_tangan=state)

    assert said(common.signatures(course(files=[file]))) == []


def test_an_item_without_a_twin_is_the_first_of_its_kind() -> None:
    assert said(common.twins(course(), known())) == [(Light.GREEN, "Belum pernah diajukan")]


@pytest.mark.parametrize(
    ("owner", "state", "light"),
    [
        (OWNER, DocumentState.DISETUJUI, Light.RED),
        (OWNER, DocumentState.DIAJUKAN, Light.RED),
        (OWNER, DocumentState.DITOLAK, Light.YELLOW),
        (uuid.uuid4(), DocumentState.DITOLAK, Light.RED),
    ],
)
def test_a_twin_is_worse_when_it_stands_or_belongs_to_another(
    owner: uuid.UUID, state: DocumentState, light: Light
) -> None:
    twin = Twin(course(owner_id=owner, state=state), likeness=Likeness.NOMOR, reachable=True)

    assert [check.light for check in common.twins(course(), known(twins=(twin,)))] == [light]


def test_a_twin_is_linked_only_where_the_actor_may_look() -> None:
    twin = Twin(course(), likeness=Likeness.BERKAS, reachable=True)
    hidden = replace(twin, reachable=False)

    found = common.twins(course(), known(twins=(twin, hidden)))

    assert [check.twin_id for check in found] == [twin.document.id, None]


def test_of_a_twin_out_of_reach_only_its_state_is_told() -> None:
    twin = Twin(course(nama="Konseling pascatrauma"), likeness=Likeness.BERKAS, reachable=False)

    (found,) = common.twins(course(), known(twins=(twin,)))

    assert found.detail == "Di luar wewenang Anda, diajukan."


@pytest.mark.parametrize("likeness", [Likeness.KODE, Likeness.RUPA])
def test_papers_of_one_event_are_a_hint_and_no_fault(likeness: Likeness) -> None:
    twin = Twin(course(owner_id=uuid.uuid4()), likeness=likeness, reachable=True)

    assert [check.light for check in common.twins(course(), known(twins=(twin,)))] == [Light.YELLOW]


@pytest.mark.parametrize(
    ("likeness", "otherwise", "expected"),
    [
        (Likeness.RUPA, {}, Light.GREEN),
        (Likeness.KODE, {}, Light.GREEN),
        (Likeness.NOMOR, {}, Light.RED),
        (Likeness.BERKAS, {}, Light.RED),
        (Likeness.RUPA, {"nomor": "12/A"}, Light.YELLOW),
        (Likeness.RUPA, {"nomor": ""}, Light.YELLOW),
        (Likeness.RUPA, {"nama": "Rapat Kerja Daerah"}, Light.YELLOW),
        (Likeness.RUPA, {"tanggal_selesai": dt.date(2026, 10, 13)}, Light.YELLOW),
        (Likeness.RUPA, {"owner_id": OWNER}, Light.YELLOW),
    ],
)
def test_two_who_were_at_one_event_are_no_twins_where_each_paper_names_its_owner(
    likeness: Likeness, otherwise: dict[str, object], expected: Light
) -> None:
    document = course(owner=Pegawai(nama="Sari Rahmawati", nip=NIP))
    read = Reading(
        state=ReadingState.SELESAI,
        fields={"nama_orang": "Sari Rahmawati", "nip": NIP, "nomor": document.nomor},
        text="",
    )
    other = course(**({"owner_id": uuid.uuid4(), "nomor": "13/A"} | otherwise))
    facts = replace(known(twins=(Twin(other, likeness, reachable=True),)), reading=read)

    assert [check.light for check in common.twins(document, facts)] == [expected]


def test_of_many_twins_five_are_named() -> None:
    twins = tuple(Twin(course(), likeness=Likeness.BERKAS, reachable=True) for _ in range(6))

    found = list(common.twins(course(), known(twins=twins)))

    assert [check.title for check in found][4:] == [
        "Berkas yang sama dipakai pegawai ini",
        "Dan lainnya",
    ]


@pytest.mark.parametrize("document", [course(), degree(FileRole.TRANSKRIP)])
def test_every_kind_has_its_list(document: Document) -> None:
    found = all_checks(document, known())

    assert found[-1].title == "Belum pernah diajukan"


def test_every_check_has_a_code_of_its_own() -> None:
    assert len({code.value for code in Code}) == len(Code)


@pytest.mark.parametrize(
    ("lights", "expected"),
    [
        ((), Light.GREEN),
        ((Light.GREEN, Light.GREEN), Light.GREEN),
        ((Light.GREEN, Light.UNREAD), Light.UNREAD),
        ((Light.UNREAD, Light.YELLOW), Light.YELLOW),
        ((Light.YELLOW, Light.RED, Light.UNREAD), Light.RED),
    ],
)
def test_the_worst_light_speaks_for_the_item(lights: tuple[Light, ...], expected: Light) -> None:
    checks = [Check(Code.JP, light, light.label) for light in lights]

    assert worst(checks) is expected


def test_the_worst_check_is_named_first() -> None:
    checks = [Check(Code.JP, Light.UNREAD, "a"), Check(Code.NIP, Light.RED, "b")]

    found = first_not_green(checks)

    assert found is not None
    assert found.title == "b"
