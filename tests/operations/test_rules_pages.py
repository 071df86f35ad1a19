"""/admin/aturan in the hands of an admin: look, try, apply, compare, take away."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.agency.models import Instansi, MeasuringYear
from portal.audit import AuditEntry
from portal.db import Database
from portal.people.models import Pegawai
from portal.scoring.models import RuleComparison, StoredScore
from portal.vocabulary import JenisPegawai
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page
from tests.support.queries import statements

pytestmark = on_sqlite_alone
YEAR = TODAY.year
Work = Callable[[], None]


@pytest.fixture
def work(app: Flask) -> Work:
    """Let the worker do what waits."""

    def act() -> None:
        app.extensions["queue"].run_due()

    return act


@pytest.fixture
def ani(browser: Browser, cast: Cast) -> Browser:
    browser.enter(cast.ani)
    return browser


def propose(browser: Browser, *, expect: int = 303, tahun: int = YEAR, **fields: str) -> Page:
    """Try a way for a year; returns the page of the dry run."""
    browser.get("rules.year", tahun=tahun)
    return browser.submit("Lihat dampaknya", expect=expect, **({"prorata": "tidak"} | fields))


def tried(browser: Browser, work: Work, **fields: str) -> Page:
    """The page of a dry run that is done."""
    path = propose(browser, **fields).path
    work()
    return browser.get(path=path)


def facts(page: Page) -> dict[str, str]:
    return dict(zip(page.texts(".facts dt"), page.texts(".facts dd"), strict=True))


def year_of(database: Database, cast: Cast) -> MeasuringYear:
    with database.reading() as session:
        return session.get_one(MeasuringYear, (cast.units.instansi_id, YEAR))


def test_the_first_page_tells_how_each_year_is_measured(ani: Browser) -> None:
    page = ani.get("rules.index")

    rows = page.texts("table tbody tr")
    assert rows[1] == f"{YEAR} tahun ini Pengukuran BKN sejak 2023 –"
    assert rows[-1].startswith("2018 Peraturan BKN 8/2019")


def test_a_change_is_tried_before_anything_changes(
    ani: Browser, work: Work, database: Database, cast: Cast
) -> None:
    page = tried(ani, work)

    assert facts(page)["Nilai turun"] == "1 orang"
    assert facts(page)["Nilai tetap"] == "9 orang"
    assert year_of(database, cast).saklar == {}


def test_the_way_from_a_dry_run_to_the_new_scores(
    ani: Browser, work: Work, database: Database, cast: Cast
) -> None:
    tried(ani, work)
    ani.submit(f"Ya, terapkan untuk {YEAR}")
    work()
    page = ani.get(path=str(ani.last.path) if ani.last else "")

    assert page.h1 == "Penghitungan ulang"
    assert facts(page)["Skor yang berubah"] == "10"
    with database.reading() as session:
        score = session.get_one(StoredScore, (cast.sari.pegawai_id, YEAR))
    assert score.total == Decimal(65)


def test_the_page_draws_differences_and_says_them(ani: Browser, work: Work) -> None:
    page = tried(ani, work)

    assert page.one("svg.histogram")["aria-label"] == (
        "Selisih nilai: turun lebih dari 5 sampai 6 poin 1 orang; tetap 9 orang"
    )
    assert "Turun lebih dari 5 sampai 6 poin 1" in page.texts("details tr")


def test_the_page_compares_means_and_categories(ani: Browser, work: Work) -> None:
    rows = tried(ani, work).texts("table tr")

    assert any(row.startswith("Kompetensi ") and row.endswith("−0,60") for row in rows)
    assert any(row.startswith("Sedang 1 0") for row in rows)


def test_the_largest_difference_has_a_name(ani: Browser, work: Work, cast: Cast) -> None:
    page = tried(ani, work)

    (row,) = page.texts("table.people tbody tr")
    assert row.startswith(f"Sari Wulandari, S.Pd. {cast.sari.nip}")
    assert row.endswith("71,00 65,00 −6,00 Kompetensi −6,00")


def test_a_person_is_looked_up(ani: Browser, work: Work, cast: Cast) -> None:
    path = tried(ani, work).path

    page = ani.get(path=f"{path}?q=budi+santoso")

    assert any("Budi Santoso" in row for row in page.texts("table.people tbody tr"))


def test_a_search_asks_the_database_little(app: Flask, ani: Browser, work: Work) -> None:
    path = tried(ani, work).path

    with statements(app) as seen:
        ani.get(path=f"{path}?q=santoso")

    assert len(seen) <= 12


@pytest.mark.parametrize(
    "words", ["x", "%%%", "'; --", "\u202e\u202e\u202e", "a" * 300, "\x00\x00\x00"]
)
def test_strange_words_find_nobody(ani: Browser, work: Work, words: str) -> None:
    path = tried(ani, work).path

    answer = ani.client.get(path, query_string={"q": words})

    assert answer.status_code == 200
    assert ani.faults_of(answer) == []


def test_while_it_is_counted_the_page_says_so_and_asks_again(ani: Browser) -> None:
    page = propose(ani)

    assert "Sedang dihitung" in page.text
    assert "0 dari 10 orang" in page.text
    assert page.one("#banding")["hx-trigger"] == "every 2s"


def test_a_finished_one_asks_no_more(ani: Browser, work: Work) -> None:
    assert not tried(ani, work).one("#banding").has_attr("hx-get")


def test_the_same_way_as_now_is_refused_in_the_form(ani: Browser) -> None:
    page = propose(ani, expect=422, prorata="")

    assert "Kedua cara sama" in page.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("aturan", "hilang", "Pilih aturan dari daftar."),
        ("aturan", "../bkn-2023", "Pilih aturan dari daftar."),
        ("aturan", "", "Pilih aturan dari daftar."),
        ("prorata", "1", "Pilih dari daftar."),
        ("prorata", "<b>", "Pilih dari daftar."),
        ("kedudukan_hukum", "01, 9999", "Kode “9999” tidak dikenal."),
        ("kedudukan_hukum", "aktif", "Kode “aktif” tidak dikenal."),
        ("jf_tanpa_diklat", "g" * 101, "paling panjang 100 huruf"),
        ("jf_tanpa_diklat", "gu\u202eru", "satu nama jabatan per baris"),
        ("jf_tanpa_diklat", "\n".join(map(str, range(101))), "Paling banyak 100 jabatan."),
    ],
)
def test_a_tampered_form_is_refused_with_a_sentence(
    ani: Browser, field: str, value: str, message: str
) -> None:
    ani.get("rules.year", tahun=YEAR)

    page = ani.post("rules.propose", {"aturan": "bkn-2023", field: value}, tahun=YEAR, expect=422)

    assert message in page.text


def test_what_was_typed_is_kept(ani: Browser) -> None:
    page = propose(ani, expect=422, jf_tanpa_diklat="guru\ndokter", kedudukan_hukum="01, x")

    assert page.one("#jf_tanpa_diklat").text.split() == ["guru", "dokter"]


def test_lists_are_taken_as_people_write_them(ani: Browser, database: Database) -> None:
    propose(ani, jf_tanpa_diklat=" guru ;dokter,guru\n", kedudukan_hukum="03 01")

    with database.reading() as session:
        row = session.scalars(select(RuleComparison)).one()
    assert row.saklar_b == {
        "prorata": False,
        "jf_tanpa_diklat": ["guru", "dokter"],
        "kedudukan_hukum": ["01", "03"],
    }


@pytest.mark.parametrize("tahun", ["1899", "2017", f"{YEAR + 2}", "abc", "-1", "9" * 40, "2026.5"])
def test_a_tampered_year_is_not_found(ani: Browser, tahun: str) -> None:
    ani.get(path=f"/admin/aturan/{tahun}", expect=404)
    ani.post(path=f"/admin/aturan/{tahun}", data={"aturan": "bkn-2023"}, expect=404)


@pytest.mark.parametrize("tahun", ["1899", "abc", "", f"{YEAR + 1}"])
def test_a_tampered_year_of_a_comparison_is_refused(ani: Browser, tahun: str) -> None:
    ani.get("comparisons.compare")

    page = ani.post(
        "comparisons.begin_comparison",
        {"tahun": tahun, "a-aturan": "bkn-2023", "b-aturan": "pbkn8-2019"},
        expect=422,
    )

    assert "Pilih tahun dari daftar." in page.text


def test_two_rule_sets_are_compared_over_the_same_people(ani: Browser, work: Work) -> None:
    ani.get("comparisons.compare")
    path = ani.submit("Bandingkan", tahun="2021").path
    work()

    page = ani.get(path=path)

    assert page.h1.endswith("2021")
    assert "Peraturan BKN 8/2019" in page.text
    assert "Rata-rata" in page.text


def test_the_same_way_twice_is_refused_in_the_form(ani: Browser) -> None:
    ani.get("comparisons.compare")

    page = ani.submit("Bandingkan", expect=422, **{"b-aturan": "pbkn8-2019"})

    assert "Kedua cara sama" in page.text


def test_the_first_page_tells_where_each_comparison_stands(
    ani: Browser, work: Work, database: Database
) -> None:
    path = tried(ani, work).path
    ani.post(path=f"{path}/terapkan")
    tried(ani, work, prorata="", aturan="pbkn8-2019")
    propose(ani, prorata="", kepemimpinan_lebih_tinggi="ya")
    propose(ani, prorata="", jf_tanpa_diklat="guru")
    with database.transaction() as session:
        last = select(RuleComparison).order_by(RuleComparison.dibuat.desc()).limit(1)
        session.scalars(last).one().galat = "Aturannya hilang."

    pills = ani.get("rules.index").texts(".items .pill")

    assert pills == ["Tidak selesai", "Sedang dihitung", "Selesai", "Diterapkan"]


def test_who_is_measured_one_way_only_is_told(
    ani: Browser, work: Work, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.budi.pegawai_id).jenis_pegawai = JenisPegawai.PPPK
    path = tried(ani, work, aturan="pbkn8-2019").path

    page = ani.get(path=f"{path}?q=budi+santoso")

    assert facts(page)["Hanya diukur menurut “Sekarang”"] == "1 orang"
    assert "tidak diukur" in page.texts("table.people tbody tr")[0]


def test_a_comparison_is_not_offered_for_applying(ani: Browser, work: Work) -> None:
    ani.get("comparisons.compare")
    path = ani.submit("Bandingkan").path
    work()

    assert "Terapkan usulan" not in ani.get(path=path).text


def test_a_second_tap_on_apply_shows_that_it_was_done(ani: Browser, work: Work) -> None:
    path = tried(ani, work).path
    ani.post(path=f"{path}/terapkan")

    page = ani.post(path=f"{path}/terapkan")

    assert "Sudah diterapkan" in page.text


def test_of_two_admins_the_second_reads_why_not(
    ani: Browser, second_browser: Browser, work: Work, cast: Cast
) -> None:
    first = tried(ani, work).path
    second_browser.enter(cast.ani)
    second = tried(second_browser, work, aturan="pbkn8-2019").path
    ani.post(path=f"{first}/terapkan")

    page = second_browser.post(path=f"{second}/terapkan", expect=409)

    assert "cara mengukur tahun itu sudah berubah" in page.text


def test_a_dry_run_that_holds_no_more_says_so_beforehand(
    ani: Browser, work: Work, database: Database
) -> None:
    path = tried(ani, work).path
    with database.transaction() as session:
        row = session.scalars(select(RuleComparison)).one()
        row.hasil = {**row.hasil, "versi": ["x", "y"]}

    assert "tidak dapat diterapkan lagi" in ani.get(path=path).text


def test_somebody_elses_dry_run_is_not_found(ani: Browser, work: Work, database: Database) -> None:
    path = tried(ani, work).path
    with database.transaction() as session:
        other = Instansi(nama="Pemerintah Kota Lain")
        session.add(other)
        session.flush()
        session.scalars(select(RuleComparison)).one().instansi_id = other.id

    ani.get(path=path, expect=404)
    ani.post(path=f"{path}/terapkan", expect=404)
    ani.post(path=f"{path}/unduh", expect=404)


def test_the_target_is_set_with_a_comma_and_taken_away(
    ani: Browser, database: Database, cast: Cast
) -> None:
    ani.get("rules.year", tahun=YEAR)
    ani.submit("Simpan target", target="80,5")
    first = year_of(database, cast).target
    ani.get("rules.year", tahun=YEAR)
    ani.submit("Simpan target", target="")

    assert (first, year_of(database, cast).target) == (Decimal("80.5"), None)


@pytest.mark.parametrize("target", ["101", "-1", "abc", "1e1", "80,555", "NaN", "١٢", "8" * 50])
def test_a_target_beyond_the_index_is_refused(ani: Browser, target: str) -> None:
    ani.get("rules.year", tahun=YEAR)

    page = ani.submit("Simpan target", expect=422, target=target)

    assert "Isi angka 0 sampai 100" in page.text
    assert page.one("#target")["value"] == target


def test_taking_all_differences_away_is_recorded(
    ani: Browser, work: Work, database: Database, cast: Cast
) -> None:
    path = tried(ani, work).path

    page = ani.post(path=f"{path}/unduh", expect=200)

    assert "attachment" in page.headers["Content-Disposition"]
    assert cast.sari.nip in page.html
    with database.reading() as session:
        lines = select(AuditEntry).where(AuditEntry.action == "rules:comparison-taken")
        assert session.scalars(lines).one().actor_id == cast.ani.pegawai_id


def test_an_auditor_reads_and_changes_nothing(
    ani: Browser, second_browser: Browser, work: Work, cast: Cast
) -> None:
    path = tried(ani, work).path
    second_browser.enter(cast.aud)
    second_browser.get("rules.index")

    page = second_browser.get(path=path)

    assert "Terapkan usulan" not in page.text
    second_browser.post(path=f"{path}/terapkan", expect=403)


def test_a_long_name_in_any_script_stands_in_the_list(
    ani: Browser, work: Work, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).nama = "مريم 🌺 " + "Raden " * 9

    page = tried(ani, work)

    assert "🌺" in page.texts("table.people td b")[0]


def test_a_rule_set_whose_file_was_taken_away_is_named(
    ani: Browser, database: Database, cast: Cast, work: Work
) -> None:
    path = tried(ani, work).path
    with database.transaction() as session:
        session.scalars(select(RuleComparison)).one().aturan_b = "cendana-2020"

    page = ani.get(path=path)

    assert "cendana-2020" in page.text
    assert "Unduh semua" not in page.text


def test_a_year_whose_rule_set_was_taken_away_can_still_be_looked_at(
    ani: Browser, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        key = (cast.units.instansi_id, YEAR)
        session.get_one(MeasuringYear, key).aturan = "cendana-2020"
    ani.get("rules.index")

    page = propose(ani, expect=422)

    assert "Cara yang sekarang tidak dapat dihitung: aturan 'cendana-2020'" in page.text


def test_a_proposal_whose_rule_set_was_taken_away_is_not_applied(
    ani: Browser, work: Work, database: Database
) -> None:
    path = tried(ani, work).path
    with database.transaction() as session:
        session.scalars(select(RuleComparison)).one().aturan_b = "cendana-2020"

    page = ani.post(path=f"{path}/terapkan", expect=409)

    assert "tidak tersedia lagi" in page.text
