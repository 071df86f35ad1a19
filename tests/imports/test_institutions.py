"""The list of institutions: from files as offices write them, and as nobody should."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.institutions import nearest, number_of
from portal.agency.models import PerguruanTinggi
from portal.audit import AuditEntry
from portal.errors import Forbidden, Rejected
from portal.imports import institutions
from portal.imports.institutions import MOST, Change, Names
from portal.permissions import Grant
from portal.vocabulary import Role
from tests.imports import files
from tests.support.app import Browser
from tests.support.cast import Cast

ULM, UM = "Universitas Lambung Mangkurat", "Universitas Negeri Malang"


def read(content: bytes) -> Names:
    return institutions.read(io.BytesIO(content))


def rows(*names: str, header: str = "Nama") -> bytes:
    return "\n".join([header, *names]).encode()


@pytest.mark.parametrize(
    "content",
    [
        rows(ULM, UM),
        rows(ULM, UM).replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + rows(ULM, UM),
        rows(ULM, UM).decode().encode("utf-16"),
        rows("1;" + ULM, "2;" + UM, header="No;Nama Perguruan Tinggi"),
        rows(f'1,"{ULM}"', f'2,"{UM}"', header="No,Nama PT"),
        b"Daftar PT\n\n"
        + rows(f"{ULM}\tJakarta", f"{UM}\tMalang", header="Perguruan Tinggi\tKota"),
        files.xlsx([["Nama"], [ULM], [UM]]),
    ],
    ids=["plain", "windows", "mark", "utf-16", "semicolon", "comma", "titled", "xlsx"],
)
def test_reads_what_offices_write(content: bytes) -> None:
    assert list(read(content).found.values()) == [ULM, UM]


def test_an_abbreviation_leads_to_the_same_name() -> None:
    found = read(rows(f"{ULM};ULM", header="Nama;Singkatan")).found

    assert found == {"universitaslambungmangkurat": ULM, "ulm": ULM}


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("=HYPERLINK(1)", "rumus"),
        ("@SUM(A1)", "rumus"),
        ("+62", "rumus"),
        ("x" * 5000, "Paling panjang 200 huruf"),
        ("🙂", "bukan nama"),
        ("--", "bukan nama"),
        ("PT", "bukan nama"),
    ],
)
def test_a_row_that_is_no_name_is_left_out_and_told(cell: str, sentence: str) -> None:
    names = read(rows(cell, ULM))

    assert list(names.found.values()) == [ULM]
    assert names.bad == 1
    assert names.told[0].startswith("Baris 2 (")
    assert sentence in names.told[0]
    assert len(names.told[0]) < 200


def test_control_signs_and_turned_words_are_taken_out() -> None:
    assert list(read(rows("Universitas\u202e Lambung\x07 Mangkurat")).found.values()) == [ULM]


def test_the_same_name_twice_is_one() -> None:
    names = read(rows(ULM, ULM.upper(), "Univ. Lambung Mangkurat"))

    assert (len(names.found), names.twice) == (1, 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (rows(ULM, header="Alamat"), "Kolom “Nama” tidak ditemukan"),
        (rows("Universitas\0"), "NUL"),
        (b"%PDF-1.7", "PDF"),
        (b"<html>", "halaman web"),
        (rows("=1+1", "=2+2"), "Tidak ada satu pun nama"),
        (rows(*(f"Akademi Nomor {n}" for n in range(100_000))), f"lebih dari {MOST} nama"),
        (rows('"tanpa akhir'), "tanda kutip"),
        (rows(*["-"] * 300_000), "Tidak ada satu pun nama"),
    ],
    ids=["empty", "header", "nul", "pdf", "html", "formulas", "long", "quote", "nothing"],
)
def test_what_is_no_list_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        read(content)


def test_windows_letters_are_read_as_such() -> None:
    assert list(read(rows("Universit\xe9 Kota").decode().encode("cp1252")).found.values()) == [
        "Université Kota"
    ]


def write(session: Session, cast: Cast, *names: str, instead: bool = False) -> Change:
    return institutions.write(
        session, cast.ani, read(rows(*names)), instead=instead, sha256="0" * 64
    )


def test_names_are_added_to_those_that_are_there(session: Session, cast: Cast) -> None:
    write(session, cast, ULM)

    assert write(session, cast, ULM, UM) == Change(1, 0, 2)
    assert nearest(session, cast.ani.instansi_id, UM) == UM


def test_a_file_can_take_the_place_of_the_list(session: Session, cast: Cast) -> None:
    write(session, cast, ULM)

    assert write(session, cast, UM, instead=True) == Change(1, 1, 1)
    assert nearest(session, cast.ani.instansi_id, ULM) is None


def test_the_same_file_again_changes_nothing(session: Session, cast: Cast) -> None:
    write(session, cast, ULM, UM)

    assert write(session, cast, ULM, UM, instead=True) == Change(0, 0, 2)


def test_who_changed_the_list_is_recorded(session: Session, cast: Cast) -> None:
    write(session, cast, ULM)

    line = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "institutions:listed")
    ).one()
    assert (line.actor_id, line.facts["bertambah"]) == (cast.ani.pegawai_id, 1)


def test_a_list_that_grows_too_long_stays_as_it_is(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(session, cast, ULM)
    monkeypatch.setattr(institutions, "MOST", 1)

    with pytest.raises(Rejected, match="lebih dari 1"):
        write(session, cast, UM)

    assert number_of(session, cast.ani.instansi_id) == 1


def test_a_part_of_the_agency_has_no_list_of_its_own(session: Session, cast: Cast) -> None:
    grant = Grant(Role.ADMIN, cast.ani.instansi_id, cast.units.pendidikan.id)

    with pytest.raises(Forbidden):
        institutions.write(
            session,
            replace(cast.ani, grants=(grant,)),
            read(rows(ULM)),
            instead=True,
            sha256="0" * 64,
        )


@pytest.mark.parametrize("words", ["", "lambung", "%", "_", "\0", "🙂", "x" * 5000])
def test_any_words_may_be_looked_for(session: Session, cast: Cast, words: str) -> None:
    session.add(PerguruanTinggi(instansi_id=cast.ani.instansi_id, kunci="abc", nama=ULM))
    session.flush()

    assert len(institutions.search(session, cast.ani.instansi_id, words, 5)) <= 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestPage:
    def send(self, browser: Browser, content: bytes, expect: int = 303) -> str:
        browser.get("institutions.index")
        file = (io.BytesIO(content), "daftar.csv")
        page = browser.post(
            "institutions.upload", {"berkas": file, "cara": "tambah"}, expect=expect
        )
        return page.text

    def test_an_upload_says_what_came_of_it(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)

        text = self.send(browser, rows(ULM, UM, ULM, "=1"))

        assert "2 nama ditambahkan, 1 baris berulang dilewati." in text
        assert "1 baris dilewati. Baris 5 (=1): tampak seperti rumus." in text
        assert ULM in text

    def test_a_file_that_cannot_be_read_changes_nothing(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)

        text = self.send(browser, b"\0\0\0", 422)

        assert "Ada yang perlu diperbaiki" in text
        assert "Daftar masih kosong." in text

    def test_without_a_file(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)
        browser.get("institutions.index")

        page = browser.post("institutions.upload", {"cara": "tambah"}, expect=422)

        assert "Pilih berkasnya dahulu." in page.text

    def test_a_search_says_what_would_be_meant(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)
        self.send(browser, rows(ULM))

        page = browser.get("institutions.index", cari="univ lambung mangkurad")
        assert "Dicocokkan dengan" in page.text
        assert "Tidak ada yang cocok" in browser.get("institutions.index", cari="Entah").text
