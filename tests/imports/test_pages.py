"""From the upload to the report, as an admin goes through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Penugasan
from portal.agency.models import Instansi
from portal.audit import AuditEntry
from portal.db import Database, new_id
from portal.imports.models import Import
from portal.permissions import Actor
from portal.scoring.models import OfficialScore
from portal.vocabulary import Role
from tests.imports import files
from tests.imports.conftest import Send, facts
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.page import Page

Imported = Callable[..., Page]
Values = Callable[[Actor], Sequence[OfficialScore]]
Work = Callable[[], None]
PULL = "03-11-2025"


def test_a_csv_becomes_values_that_are_kept_with_their_source(
    imported: Imported, values: Values, cast: Cast, rows: Callable[[], Sequence[Import]]
) -> None:
    imported(files.csv([files.row(cast.sari.nip, updated="12-02-2025", tanggal_penarikan=PULL)]))

    (kept,) = values(cast.sari)
    (row,) = rows()
    assert (kept.kompetensi, kept.total) == (Decimal("17.5"), Decimal("67.5"))
    assert (kept.tahun, str(kept.dihitung), kept.impor_id) == (None, "2025-02-12", row.id)
    assert row.dikonfirmasi_oleh_id == cast.ani.pegawai_id


def test_the_preview_tells_what_would_happen_and_writes_nothing(
    browser: Browser, send: Send, work: Work, values: Values, cast: Cast
) -> None:
    page = send(files.csv([files.row(cast.sari.nip), files.row("198704122010012999")]))
    assert "Berkas sedang dibaca" in page.texts("h2")

    work()
    page = browser.get(path=page.path)

    assert facts(page) == {"Baru": "1", "Berubah": "0", "Sama": "0", "Galat, dilewati": "1"}
    assert "Pegawai ini belum ada di portal." in page.text
    assert "…2999" in page.text
    assert values(cast.sari) == []


def test_the_same_file_again_says_so_and_changes_nothing(
    imported: Imported, values: Values, cast: Cast
) -> None:
    data = files.csv([files.row(cast.sari.nip)])
    imported(data)
    (before,) = values(cast.sari)

    page = imported(data)

    assert "Berkas ini sudah diimpor" in page.text
    (after,) = values(cast.sari)
    assert (after.id, after.ditarik) == (before.id, before.ditarik)


def test_another_value_is_kept_beside_the_old_one(
    imported: Imported, values: Values, cast: Cast
) -> None:
    imported(files.csv([files.row(cast.sari.nip)]))

    page = imported(files.csv([files.row(cast.sari.nip, Kompetensi="20", Total="70")]), "baru.csv")

    assert facts(page)["Diperbarui"] == "1"
    assert [row.total for row in values(cast.sari)] == [Decimal(70), Decimal("67.5")]


def test_an_older_pull_goes_into_the_history(
    imported: Imported, values: Values, cast: Cast
) -> None:
    imported(files.csv([files.row(cast.sari.nip, tanggal_penarikan=PULL)]))

    old = files.row(cast.sari.nip, Kompetensi="10", Total="60", tanggal_penarikan="01-03-2025")
    page = imported(files.csv([old]))

    assert facts(page)["Lebih lama, masuk riwayat"] == "1"
    assert [row.total for row in values(cast.sari)] == [Decimal("67.5"), Decimal(60)]


def test_a_later_pull_of_the_same_value_moves_its_day_on(
    imported: Imported, values: Values, cast: Cast
) -> None:
    imported(files.csv([files.row(cast.sari.nip, tanggal_penarikan="01-03-2025")]))

    changed = files.row(cast.sari.nip, tanggal_penarikan=PULL)
    other = files.row(cast.budi.nip, tanggal_penarikan=PULL)
    imported(files.csv([changed, other]))

    (kept,) = values(cast.sari)
    assert kept.ditarik.date().isoformat() in {"2025-11-03", "2025-11-02"}


def test_a_value_without_pull_time_counts_from_the_upload(
    imported: Imported, values: Values, cast: Cast, rows: Callable[[], Sequence[Import]]
) -> None:
    imported(files.csv([files.row(cast.sari.nip)]))

    (kept,), (row,) = values(cast.sari), rows()
    assert kept.ditarik == row.dibuat


def test_the_year_named_for_the_file_is_that_of_its_values(
    imported: Imported, values: Values, cast: Cast
) -> None:
    imported(files.csv([files.row(cast.sari.nip)]), tahun="2024")

    assert [row.tahun for row in values(cast.sari)] == [2024]


def test_cancelling_leaves_nothing_but_the_record(
    browser: Browser, send: Send, work: Work, values: Values, cast: Cast,
    rows: Callable[[], Sequence[Import]],
) -> None:  # fmt: skip
    page = send(files.csv([files.row(cast.sari.nip)]))
    work()
    browser.get(path=page.path)

    browser.submit("Batalkan impor")
    work()

    assert values(cast.sari) == []
    assert rows()[0].dibatalkan is not None


def test_a_double_tap_makes_one_import(
    browser: Browser, send: Send, cast: Cast, rows: Callable[[], Sequence[Import]]
) -> None:
    same_id = str(new_id())
    data = files.csv([files.row(cast.sari.nip)])

    first, second = send(data, id=same_id), send(data, id=same_id)

    assert (first.path, len(rows())) == (second.path, 1)


def test_another_file_from_the_same_page_is_another_import(
    send: Send, cast: Cast, rows: Callable[[], Sequence[Import]]
) -> None:
    same_id = str(new_id())

    send(files.csv([files.row(cast.sari.nip)]), id=same_id)
    send(files.csv([files.row(cast.budi.nip)]), id=same_id)

    assert len({row.kunci_objek for row in rows()}) == 2


def test_confirming_twice_is_a_conflict(
    browser: Browser, send: Send, work: Work, cast: Cast
) -> None:
    page = send(files.csv([files.row(cast.sari.nip)]))
    work()
    address = f"{page.path}/konfirmasi"
    browser.post(path=address)

    assert "sudah diproses" in browser.post(path=address, expect=409).text


def test_what_was_not_previewed_cannot_be_confirmed(
    browser: Browser, send: Send, cast: Cast
) -> None:
    page = send(files.csv([files.row(cast.sari.nip)]))

    browser.post(path=f"{page.path}/konfirmasi", expect=409)


def test_after_the_confirmation_nothing_is_cancelled(
    browser: Browser, imported: Imported, cast: Cast
) -> None:
    page = imported(files.csv([files.row(cast.sari.nip)]))

    browser.post(path=f"{page.path}/batal", expect=409)


def test_every_act_is_in_the_audit(imported: Imported, cast: Cast, database: Database) -> None:
    imported(files.csv([files.row(cast.sari.nip)]))

    with database.reading() as session:
        lines = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action.startswith("import:"))
            .order_by(AuditEntry.id)
        ).all()
    assert [(line.action, line.actor_name) for line in lines] == [
        ("import:uploaded", cast.ani.nama),
        ("import:confirmed", cast.ani.nama),
        ("import:finished", "Sistem"),
    ]
    assert len(lines[0].facts["sha256"]) == 64


def test_all_messages_can_be_taken_away_as_csv(
    browser: Browser, send: Send, work: Work, cast: Cast
) -> None:
    page = send(files.csv([files.row(f"19870412201001{n:04}") for n in range(1, 131)]))
    work()
    page = browser.get(path=page.path)
    assert len(page.all(".rows > li")) == 100
    assert "100 pesan pertama dari 130." in page.text

    with browser.client.get(page.link("Unduh semua pesan (CSV)")) as answer:
        lines = answer.get_data().decode("utf-8-sig").splitlines()
        disposition = answer.headers["Content-Disposition"]

    assert lines[0] == "baris;kolom;isi;jenis;pesan"
    assert len(lines) == 131
    assert disposition.startswith("attachment")


def test_a_cell_that_looks_like_a_formula_is_harmless_in_that_csv(
    browser: Browser, send: Send, work: Work, cast: Cast
) -> None:
    page = send(files.csv([files.row(cast.sari.nip, Kinerja='=HYPERLINK("x")')]))
    work()

    with browser.client.get(f"{page.path}/pesan/unduh") as answer:
        assert "'=HYPERLINK" in answer.get_data(as_text=True)


def test_the_original_file_comes_back_byte_for_byte(
    browser: Browser, send: Send, cast: Cast
) -> None:
    data = files.csv([files.row(cast.sari.nip)])
    page = send(data)

    with browser.client.get(page.link("Unduh berkas asli")) as answer:
        assert answer.get_data() == data
        assert answer.headers["Content-Disposition"].startswith("attachment")


@on_sqlite_alone
@pytest.mark.parametrize("part", ["", "/berkas", "/pesan/unduh"])
def test_the_admin_of_another_agency_finds_nothing(
    browser: Browser, send: Send, work: Work, cast: Cast, database: Database, part: str
) -> None:
    page = send(files.csv([files.row(cast.sari.nip)]))
    work()
    with database.transaction() as session:
        elsewhere = Instansi(nama="Pemerintah Kota Lain")
        session.add(elsewhere)
        session.flush()
        session.execute(
            update(Penugasan)
            .where(Penugasan.akun_id == cast.ani.akun_id)
            .values(instansi_id=elsewhere.id)
        )

    browser.get(path=page.path + part, expect=404)
    browser.post(path=f"{page.path}/konfirmasi", expect=404)
    assert "Belum ada berkas yang diimpor." in browser.get("imports.index").text


@on_sqlite_alone
def test_the_admin_of_a_part_of_the_agency_reads_who_imports(
    browser: Browser, cast: Cast, database: Database
) -> None:
    whole, part = cast.units.instansi_id, cast.units.pendidikan.id
    with database.transaction() as session:
        session.add(
            Penugasan(akun_id=cast.budi.akun_id, peran=Role.ADMIN, instansi_id=whole, opd_id=part)
        )
    browser.enter(cast.budi)

    page = browser.get("imports.index", expect=403)

    assert "Impor berlaku untuk seluruh instansi" in page.text
    assert "Impor" not in browser.get("home.index").texts("nav a")


@on_sqlite_alone
def test_the_people_of_another_agency_are_unknown(
    browser: Browser, send: Send, work: Work, cast: Cast, database: Database
) -> None:
    from portal.people.models import Pegawai

    with database.transaction() as session:
        elsewhere = Instansi(nama="Pemerintah Kota Lain")
        session.add(elsewhere)
        session.flush()
        session.execute(
            update(Pegawai)
            .where(Pegawai.id == cast.sari.pegawai_id)
            .values(instansi_id=elsewhere.id)
        )
    page = send(files.csv([files.row(cast.sari.nip)]))
    work()

    assert facts(browser.get(path=page.path))["Galat, dilewati"] == "1"


@on_sqlite_alone
def test_without_a_file_the_form_says_what_is_missing(browser: Browser, cast: Cast) -> None:
    browser.enter(cast.ani)
    browser.get("imports.index")

    page = browser.submit("Unggah dan periksa", expect=422)

    assert "Pilih berkasnya lebih dahulu." in page.text


@on_sqlite_alone
@pytest.mark.parametrize("year", ["1899", "abc", "2999", "'"])
def test_a_tampered_year_is_refused(send: Send, cast: Cast, year: str) -> None:
    page = send(files.csv([files.row(cast.sari.nip)]), expect=422, tahun=year)

    assert "Pilih tahun dari daftar." in page.text


@on_sqlite_alone
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a" * 300 + ".csv", "\u202eflow.csv", "🌸.csv", "<b>.csv", "..."]
)
def test_a_strange_file_name_is_only_shown(
    browser: Browser, send: Send, work: Work, cast: Cast, name: str
) -> None:
    page = send(files.csv([files.row(cast.sari.nip)]), name)
    work()

    assert facts(browser.get(path=page.path))["Baru"] == "1"


@on_sqlite_alone
def test_many_imports_come_in_pages(database: Database, browser: Browser, cast: Cast) -> None:
    with database.transaction() as session:
        for number in range(45):
            session.add(
                Import(
                    instansi_id=cast.units.instansi_id, jenis="nilai-bkn",
                    nama_berkas=f"pip-{number}.csv", sha256="0" * 64, ukuran=1, kunci_objek="x",
                    oleh_id=cast.ani.pegawai_id,
                )
            )  # fmt: skip
    browser.enter(cast.ani)

    first = browser.get("imports.index")
    second = browser.get(path=first.link("Lebih lama"))

    assert (len(first.all(".item")), len(second.all(".item"))) == (20, 20)
    assert not {*first.texts(".item b")} & {*second.texts(".item b")}
