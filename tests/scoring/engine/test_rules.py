"""Rule sets: what ships, what is refused, how switches change the version."""

from __future__ import annotations

import re

import pytest

from portal.scoring.engine import rules as offer
from portal.scoring.engine.rules import RuleSetError, available, default_for_year, load, load_text

TEXT = (offer._FOLDER / "pbkn8-2019.toml").read_text(encoding="utf-8")


def refusal(old: str, new: str) -> str:
    """What loading says when one piece of a good file is replaced."""
    assert old in TEXT
    with pytest.raises(RuleSetError) as caught:
        load_text(TEXT.replace(old, new, 1))
    return str(caught.value)


def test_two_rule_sets_ship() -> None:
    assert available() == ["bkn-2023", "pbkn8-2019"]


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2010, "pbkn8-2019"),
        (2018, "pbkn8-2019"),
        (2022, "pbkn8-2019"),
        (2023, "bkn-2023"),
        (2090, "bkn-2023"),
    ],
)
def test_each_year_has_its_rule_set(year: int, expected: str) -> None:
    assert default_for_year(year) == expected


def test_no_year_has_two_rule_sets() -> None:
    sets = [load(name) for name in available()]

    assert all(sum(rules.covers(year) for rules in sets) == 1 for year in range(2018, 2101))


def test_the_unverified_rule_set_says_so() -> None:
    assert "belum terverifikasi" in load("bkn-2023").catatan


def test_the_same_file_has_the_same_version() -> None:
    assert load_text(TEXT).version == load_text(TEXT).version == load("pbkn8-2019").version


def test_another_file_has_another_version() -> None:
    assert load_text(TEXT + "# x\n").version != load_text(TEXT).version


def test_a_switch_changes_the_version() -> None:
    plain, switched = load("pbkn8-2019"), load("pbkn8-2019", prorata=True)

    assert switched.version.startswith(plain.version + "+")


def test_a_switch_that_stands_in_the_file_changes_nothing() -> None:
    plain = load("pbkn8-2019")

    same = load("pbkn8-2019", prorata=False, jf_tanpa_diklat=[], kedudukan_hukum=None)

    assert same == plain


def test_different_switches_have_different_versions() -> None:
    lists = [["guru"], ["guru", "dokter"], ["dokter"]]

    versions = {load("pbkn8-2019", jf_tanpa_diklat=names).version for names in lists}

    assert len(versions) == 3


def test_a_version_fits_its_column() -> None:
    assert len(load("pbkn8-2019", prorata=True).version) <= 80


@pytest.mark.parametrize("name", ["", "x", "../pbkn8-2019", "PBKN8-2019"])
def test_an_unknown_rule_set_is_refused_with_those_that_exist(name: str) -> None:
    with pytest.raises(RuleSetError, match=r"yang ada: bkn-2023, pbkn8-2019"):
        load(name)


@pytest.mark.parametrize(
    ("switches", "message"),
    [
        ({"proratta": True}, "saklar.proratta: kunci tidak dikenal"),
        ({"prorata": "ya"}, "saklar.prorata: harus true atau false"),
        ({"prorata": 2}, "saklar.prorata: harus true atau false"),
        ({"jf_tanpa_diklat": "guru"}, "saklar.jf_tanpa_diklat: harus daftar"),
        ({"jf_tanpa_diklat": [""]}, "saklar.jf_tanpa_diklat[0]: harus daftar teks"),
        ({"jf_tanpa_diklat": ("guru", "guru")}, "saklar.jf_tanpa_diklat[1]: ada yang tertulis dua"),
    ],
)
def test_a_wrong_switch_is_refused(switches: dict[str, object], message: str) -> None:
    with pytest.raises(RuleSetError, match=re.escape(message)):
        load("pbkn8-2019", **switches)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "pbkn8-2019"', 'id = "x', "bukan TOML yang benar"),
        ('id = "pbkn8-2019"', "id = 8", "id: harus teks"),
        ('id = "pbkn8-2019"', "", "id: tidak ada"),
        ('catatan = ""', 'catatan = ""\nlabel = ""', "label: kunci tidak dikenal"),
        ("[kualifikasi]", "[kualifikasi]\nbonus = 1", "kualifikasi.bonus: kunci tidak dikenal"),
        ('"S-1" = 15', '"S-1" = 15\n"S1" = 15', "kualifikasi.jenjang.S1: kunci tidak dikenal"),
        ('"S-1" = 15\n', "", "kualifikasi.jenjang.S-1: tidak ada"),
        ('"S-2" = 20', '"S-2" = 26', "kualifikasi.jenjang.S-2: 26 di luar 0 sampai maksimum 25"),
        ('"S-2" = 20', '"S-2" = nan', "kualifikasi.jenjang.S-2: NaN di luar"),
        ('"S-2" = 20', '"S-2" = -1', "kualifikasi.jenjang.S-2: -1 di luar"),
        ('"S-2" = 20', '"S-2" = true', "kualifikasi.jenjang.S-2: harus angka"),
        ('"S-2" = 20', '"S-2" = 2', "tingkat lebih tinggi bernilai lebih rendah"),
        ('"Tinggi" = 81', '"Tinggi" = 91', "kategori.Tinggi: batas harus turun"),
        ('"Tinggi" = 81', '"Tinggi" = 65', "kategori.Sedang: batas harus turun"),
        ('"Sangat Rendah" = 0', '"Sangat Rendah" = 1', "kategori.Sangat Rendah: ada celah"),
        ('"Tinggi" = 81', '"Lumayan" = 81', "kategori.Tinggi: tidak ada"),
        ("dari = 51,", "dari = 61,", "kinerja.nilai[3].dari: batas harus turun"),
        ("{ dari = 0, poin = 1 },", "", "kinerja.nilai[3].dari: ada celah"),
        ("dari = 51, poin = 5", "dari = 51, poin = 31", "kinerja.nilai[3].poin: 31 di luar"),
        ("dari = 51, poin = 5", "dari = 51, poin = 5, x = 1", "kinerja.nilai[3].x: kunci"),
        ("{ dari = 51, poin = 5 },", "51,", "kinerja.nilai[3]: harus berupa tabel"),
        ('"Kurang" = 5\n', "", "kinerja.predikat.Kurang: tidak ada"),
        ("tahun_sampai = 2022", "tahun_sampai = 2017", "tahun_sampai: harus antara 2018"),
        ("tahun_mulai = 2018", "tahun_mulai = 18", "tahun_mulai: harus antara 1900"),
        ("tahun_mulai = 2018", 'tahun_mulai = "2018"', "tahun_mulai: harus bilangan bulat"),
        ('["PNS"]', '["HONORER"]', "diukur.jenis_pegawai[0]: 'HONORER' tidak dikenal"),
        ('["PNS"]', '["PNS", "PNS"]', "diukur.jenis_pegawai[1]: ada yang tertulis dua kali"),
        ("teknis = 22.5", "teknis = 40.5", "jabatan.pelaksana.teknis: 40.5 di luar"),
        ("teknis = 22.5", "teknis = 30", "jabatan.pelaksana: jumlah poin melebihi"),
        ("teknis = 22.5", "kinerja = 1", "jabatan.pelaksana.kinerja: bukan indikator"),
        ("teknis = 22.5", "lari = 1", "jabatan.pelaksana.lari: 'lari' tidak dikenal"),
        ("jenis = [1]", "jenis = [1, 3]", "kompetensi.teknis.jenis[0]: jenis 3 harus mengisi"),
        ("jenis = [2]", "jenis = []", "kompetensi: jenis 2 harus mengisi tepat satu"),
        ("jenis = [2]", "jenis = [26]", "kompetensi.fungsional.jenis[0]: 26 tidak dikenal"),
        ("pengawas = 2\n", "", "kompetensi.latihan.pengawas: harus salah satu dari urutan"),
        ("pengawas = 2\n", "pengawas = 7\n", "kompetensi.latihan.pengawas: harus salah satu"),
        ("jendela_tahun = 1", "jendela_tahun = 0", "teknis.jendela_tahun: harus antara 1"),
        ('jendela = "tmt"', 'jendela = "x"', "disiplin.jendela: harus"),
        ("jendela_tahun = 5 ", "jendela_tahun = 0 ", "disiplin.jendela_tahun: harus antara 1"),
        ("berat = 1", "berat = 6", "disiplin.poin.berat: 6 di luar"),
        ("maks = 30", "maks = 31", "kualifikasi.maks: jumlah maksimum keempat dimensi harus 100"),
        ('["pendidikan"]', "[]", "langkah.upaya: pendidikan tidak ada"),
        ('["pendidikan"]', '["x"]', "langkah.upaya[4][0]: 'x' tidak dikenal"),
        ('["pendidikan"]', '"pendidikan"', "langkah.upaya[4]: harus daftar"),
        ('["pendidikan"]', '["pendidikan", "teknis"]', "langkah.upaya[4]: ada yang tertulis dua"),
        (
            "jf_tanpa_diklat = []",
            f"jf_tanpa_diklat = {list(map(str, range(201)))}",
            "paling banyak",
        ),
        ("jf_tanpa_diklat = []", f'jf_tanpa_diklat = ["{"g" * 201}"]', "diklat[0]: harus daftar"),
        ("[langkah]", "[langkah]\nx = 1", "langkah.x: kunci tidak dikenal"),
        ("[saklar]", "[saklar]\nx = 1", "saklar.x: kunci tidak dikenal"),
        ('"S-2" = 20', '"S-2" = 20.125', "kualifikasi.jenjang.S-2: paling banyak 2 angka"),
        ('"S-2" = 20', '"S-2" = 1e-99999', "kualifikasi.jenjang.S-2: paling banyak 2 angka"),
        ('"S-2" = 20', '"S-2" = 1e999999', "kualifikasi.jenjang.S-2: 1E+999999 di luar"),
        ('id = "pbkn8-2019"', 'id = "Pbkn8"', "id: harus huruf kecil"),
        ('id = "pbkn8-2019"', f'id = "{"x" * 41}"', "id: harus huruf kecil"),
        ('catatan = ""', f'catatan = "{"x" * 301}"', "catatan: harus satu baris"),
        ('catatan = ""', 'catatan = "\\u202e"', "catatan: harus satu baris"),
        ("jp_wajib = 20", "jp_wajib = 35", "kompetensi.jp_wajib: 15 poin teknis"),
        ('kepastian = "H"', 'kepastian = "X"', "diukur.kepastian: 'X' tidak dikenal"),
        ('kepastian = "H"\n', "", "diukur.kepastian: tidak ada"),
        ('id = "pbkn8-2019"', 'id = "x"\ndasar = "bkn-2023"', "dasar: harus id aturan bawaan"),
        ("prorata = false", "prorata = 1", "saklar.prorata: harus true atau false"),
    ],
)
def test_a_file_that_does_not_add_up_is_refused(old: str, new: str, message: str) -> None:
    assert message in refusal(old, new)


@pytest.mark.parametrize(
    "excess", ["9" * 5000, "9e99999999999999999999", "[" * 9000], ids=["long", "high", "deep"]
)
def test_a_number_or_a_list_beyond_all_measure_is_refused(excess: str) -> None:
    assert "baris 61: bukan TOML yang benar" in refusal('"S-2" = 20', f'"S-2" = {excess}')


def test_conformity_points_rise_with_the_level() -> None:
    sure = 'kepastian = "L"\nketerangan = "x"\n'
    table = f"[kualifikasi.kesesuaian]\n{sure}di_atas = 10\nsetara = 20\ndi_bawah = 10\n\n"

    assert "poin harus naik" in refusal("[kualifikasi.jenjang]", f"{table}[kualifikasi.jenjang]")


def test_a_missing_table_is_named() -> None:
    with pytest.raises(RuleSetError, match="diukur: tidak ada"):
        load_text(TEXT.replace("[diukur]", "[lain]"))
