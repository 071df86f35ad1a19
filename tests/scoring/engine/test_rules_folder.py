"""An agency's own files of rules: what they may change, what is refused, which year is whose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.scoring.engine import rules
from portal.scoring.engine.rules import Catalogue, RuleSet, RuleSetError
from portal.vocabulary import Indikator, KelompokJabatan

Write = Callable[..., Catalogue]
HEAD = 'dasar = "bkn-2023"\nid = "{id}"\nnama = "Pengukuran Cendana"\ntahun_mulai = {mulai}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    """Put a file into the folder; returns what is then on offer."""

    def act(more: str = "", *, name: str = "cendana-2027", mulai: int = 2027) -> Catalogue:
        text = HEAD.format(id=name, mulai=mulai) + more
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        return Catalogue(rules._FOLDER, folder)

    return act


def own(catalogue: Catalogue, name: str = "cendana-2027") -> RuleSet:
    return catalogue.load(name, {})


def test_an_own_file_stands_beside_those_that_ship(write: Write) -> None:
    assert write().available() == ["bkn-2023", "cendana-2027", "pbkn8-2019"]


def test_what_it_does_not_say_is_as_in_the_rule_set_below(write: Write) -> None:
    base = rules.load("bkn-2023")

    found = own(write())

    assert (found.kompetensi, found.saklar, found.catatan) == (
        base.kompetensi,
        base.saklar,
        base.catatan,
    )


def test_it_sets_switches_and_values_otherwise(write: Write) -> None:
    found = own(
        write(
            "[saklar]\nprorata = false\n"
            "[kompetensi]\njp_wajib = 25\n"
            "[kompetensi.jabatan.pelaksana]\nteknis = 20\nseminar = 20\n"
        )
    )

    assert not found.saklar.prorata
    assert found.kompetensi.jp_wajib == 25
    assert found.kompetensi.jabatan[KelompokJabatan.PELAKSANA][Indikator.TEKNIS] == 20
    assert found.kompetensi.jabatan[KelompokJabatan.FUNGSIONAL][Indikator.TEKNIS] == 15


def test_the_end_of_the_years_below_is_not_taken_over(write: Write) -> None:
    catalogue = write()
    path = catalogue.own / "cendana-2027.toml"
    path.write_text(path.read_text().replace("bkn-2023", "pbkn8-2019"))

    assert own(catalogue).tahun_sampai is None


def test_its_years_are_its_own(write: Write) -> None:
    catalogue = write("tahun_sampai = 2028\n")

    chosen = [catalogue.default_for_year(year) for year in (2022, 2026, 2027, 2028, 2029)]

    assert chosen == ["pbkn8-2019", "bkn-2023", "cendana-2027", "cendana-2027", "bkn-2023"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", "sejak 2027"),
        ("tahun_sampai = 2027\n", "2027"),
        ("tahun_sampai = 2028\n", "2027–2028"),
    ],
)
def test_its_years_in_words(write: Write, more: str, words: str) -> None:
    assert rules.years(own(write(more))) == words


def test_another_word_in_it_is_another_version(write: Write) -> None:
    before = own(write()).version

    assert own(write("# catatan\n")).version != before


def test_it_is_read_once(write: Write) -> None:
    catalogue = write()
    before = own(catalogue)
    write("[saklar]\nprorata = false\n")

    assert own(catalogue) is before


def test_a_switch_beside_it_changes_its_version(write: Write) -> None:
    catalogue = write()

    switched = catalogue.load("cendana-2027", {"prorata": False})

    assert switched.version.startswith(own(catalogue).version + "+")


def test_a_whole_file_needs_no_rule_set_below(folder: Path) -> None:
    text = (rules._FOLDER / "pbkn8-2019.toml").read_text(encoding="utf-8")
    text = text.replace('id = "pbkn8-2019"', 'id = "lengkap"')
    (folder / "lengkap.toml").write_text("\ufeff" + text, encoding="utf-8")
    catalogue = Catalogue(rules._FOLDER, folder)

    catalogue.check()

    assert own(catalogue, "lengkap").kinerja == rules.load("pbkn8-2019").kinerja


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("x = 1\n", "cendana-2027.toml, baris 5: x: kunci tidak dikenal"),
        ("[saklar]\nprorata = 1\n", "cendana-2027.toml, baris 6: saklar.prorata: harus true"),
        ("[saklar]\n\nproratta = true\n", "baris 7: saklar.proratta: kunci tidak dikenal"),
        ("[kualifikasi]\nmaks = 20\n", "baris 5: kualifikasi.jenjang.S-3: 25 di luar"),
        ("[kinerja]\nmaks = 40\n", "baris 1: kualifikasi.maks: jumlah maksimum"),
        ("saklar = 3\n", "baris 5: saklar: harus berupa tabel"),
        ("tahun_sampai = 2026\n", "baris 5: tahun_sampai: harus antara 2027"),
        ('[kategori]\n"Tinggi" = 95\n', "baris 6: kategori.Tinggi: batas harus turun"),
        ("[a\n", "baris 5: bukan TOML yang benar"),
        ("id = 3\n", "baris 5: bukan TOML yang benar"),
    ],
)
def test_a_fault_is_refused_with_file_and_line(write: Write, more: str, message: str) -> None:
    with pytest.raises(RuleSetError) as caught:
        write(more).check()

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.toml, baris 1: diukur: tidak ada"),
        ('dasar = "x"', "x.toml, baris 1: dasar: harus id aturan bawaan: bkn-2023, pbkn8-2019"),
        ("dasar = 8", "x.toml, baris 1: dasar: harus id aturan bawaan"),
        (HEAD.format(id="y", mulai=2030), "x.toml, baris 2: id: id di dalam berkas harus sama"),
        ("dasar = 'bkn-2023'\n\nid = 5", "x.toml, baris 3: id: harus teks"),
        ("dasar = 'bkn-2023'\nid = 'x'\n", "x.toml, baris 1: nama: tidak ada"),
    ],
)
def test_a_strange_file_is_refused(folder: Path, text: str, message: str) -> None:
    (folder / "x.toml").write_text(text, encoding="utf-8")

    with pytest.raises(RuleSetError) as caught:
        Catalogue(rules._FOLDER, folder).check()

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id = 'x'\n# \xff\n", "x.toml, baris 2: bukan teks UTF-8"),
        (b"#" * (1024 * 1024 + 1), "x.toml: lebih dari 1 MB"),
    ],
    ids=["letters", "size"],
)
def test_what_is_no_text_is_refused(folder: Path, content: bytes, message: str) -> None:
    (folder / "x.toml").write_bytes(content)

    with pytest.raises(RuleSetError, match=message):
        Catalogue(rules._FOLDER, folder).check()


def test_a_folder_named_like_a_file_is_refused(folder: Path) -> None:
    (folder / "x.toml").mkdir()

    with pytest.raises(RuleSetError, match=r"x\.toml: tidak dapat dibaca"):
        Catalogue(rules._FOLDER, folder).check()


def test_a_missing_folder_is_refused(folder: Path) -> None:
    with pytest.raises(RuleSetError, match="tidak ada atau tidak dapat dibaca"):
        Catalogue(rules._FOLDER, folder / "x").check()


def test_other_files_in_the_folder_do_not_matter(folder: Path) -> None:
    (folder / "BACA.txt").write_text("[", encoding="utf-8")

    Catalogue(rules._FOLDER, folder).check()


def test_two_own_files_for_one_year_are_refused_with_the_line(write: Write) -> None:
    write("tahun_sampai = 2030\n")

    with pytest.raises(RuleSetError) as caught:
        write(name="lain", mulai=2029).check()

    assert str(caught.value) == (
        "lain.toml, baris 4: tahun_mulai: tahunnya bertumpuk dengan aturan cendana-2027 (2027–2030)"
    )


def test_own_files_may_follow_each_other(write: Write) -> None:
    write("tahun_sampai = 2028\n")

    write(name="lain", mulai=2029).check()


def test_a_shipped_rule_set_is_not_replaced(write: Write) -> None:
    with pytest.raises(RuleSetError, match=r"bkn-2023\.toml, baris 2: id: sudah dipakai"):
        write(name="bkn-2023").check()


def test_those_that_ship_add_up() -> None:
    Catalogue(rules._FOLDER).check()


def test_the_process_offers_a_folder_until_another_is_named(write: Write, folder: Path) -> None:
    write()
    rules.look_in(folder)
    try:
        offered = (rules.own_folder(), rules.available(), rules.is_own("cendana-2027"))
    finally:
        rules.look_in(None)

    assert offered == (folder, ["bkn-2023", "cendana-2027", "pbkn8-2019"], True)
    assert not rules.is_own("cendana-2027")
