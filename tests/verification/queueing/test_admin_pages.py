"""/admin/antrean: queues, members, terms, days off, absences."""

from __future__ import annotations

import datetime as dt
import io
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Absence, Penugasan
from portal.agency.models import Antrean, HariLibur, Instansi
from portal.audit import AuditEntry
from portal.db import Database
from portal.notifications.kinds import TUGAS
from portal.notifications.models import Notification
from portal.vocabulary import DocumentKind, DocumentState, Role
from portal.wording import tanggal_pendek
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
Row = TypeVar("Row")


@pytest.fixture
def admin(browser: Browser, cast: Cast) -> Browser:
    browser.enter(cast.ani)
    return browser


def one(database: Database, table: type[Row]) -> Row:
    with database.reading() as session:
        return session.scalars(select(table)).one()


def actions(session: Session) -> set[str]:
    return set(session.scalars(select(AuditEntry.action)))


class TestQueues:
    def test_an_admin_makes_a_queue_and_puts_people_in(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        admin.get("queues.index")
        admin.submit("Simpan antrean", nama="Kelompok Ijazah", jenis="ijazah")
        page = admin.submit("Tambah anggota", **{"anggota-nip": cast.vera.nip})

        queue = one(database, Antrean)
        with database.reading() as session:
            held = session.scalars(select(Penugasan).where(Penugasan.antrean_id == queue.id)).one()
            assert actions(session) >= {"queue:set", "account:role-granted"}
        assert (queue.nama, queue.jenis_dokumen) == ("Kelompok Ijazah", ["ijazah"])
        assert (held.akun_id, held.peran) == (cast.vera.akun_id, Role.VERIFIKATOR)
        assert "Vera Anggraini" in page.text

    def test_a_stand_in_is_there_in_the_place_of_a_member(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            builders.queue(session, cast.ani, cast.vera)
            builders.absence(session, cast.vera, cast.bima, recorder=cast.ani, days=(0, 3))

        page = admin.get("queues.index")

        assert "1 hadir" in page.text

    def test_the_list_says_who_is_there_and_what_waits(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            queue = builders.queue(session, cast.ani, cast.vera)
            builders.queue(session, cast.ani)
            builders.document(session, cast.sari, DocumentState.DIAJUKAN, antrean_id=queue.id)

        text = admin.get("queues.index").text

        assert "1 hadir" in text
        assert "1 menunggu" in text
        assert "Tidak ada yang hadir" in text

    def test_a_queue_is_changed_and_taken_out_of_use(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            queue = builders.queue(session, cast.ani, opd=cast.units.pendidikan)
        admin.get("queues.show", antrean_id=queue.id)

        admin.post(
            "queues.change", {"nama": "Baru", "unit": "Dinas Kesehatan"}, antrean_id=queue.id
        )

        changed = one(database, Antrean)
        assert (changed.nama, changed.aktif) == ("Baru", False)
        assert changed.opd_id == cast.units.kesehatan.id

    def test_a_member_leaves(self, admin: Browser, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            queue = builders.queue(session, cast.ani, cast.vera)
        admin.get("queues.show", antrean_id=queue.id)

        page = admin.submit("Keluarkan Vera Anggraini")

        assert "Belum ada anggota" in page.text

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"nama": ""}, "Isi nama antrean"),
            ({"nama": "x" * 101}, "paling panjang 100 huruf"),
            ({"nama": "Ada", "jenis": "x"}, "Pilih jenis dokumen dari daftar"),
            ({"nama": "Ada", "unit": "Tiada"}, "Tidak ada unit aktif"),
            ({"nama": "KELOMPOK SATU"}, "Sudah ada antrean dengan nama ini"),
        ],
    )
    def test_bad_input_is_told_and_kept(
        self,
        admin: Browser,
        database: Database,
        cast: Cast,
        fields: dict[str, str],
        words: str,
    ) -> None:
        with database.transaction() as session:
            builders.queue(session, cast.ani).nama = "Kelompok Satu"

        page = admin.post("queues.add", fields, expect=422)

        assert words in page.text
        assert page.one("#nama").get("value") == fields["nama"]

    @pytest.mark.parametrize(
        ("nip", "words"),
        [
            ("", "Isi NIP anggota"),
            ("123", "NIP terdiri atas 18 angka"),
            ("199912312020121001", "Tidak ada pegawai dengan NIP ini"),
            ("own", "diberikan oleh admin lain"),
        ],
    )
    def test_a_member_that_cannot_be_is_refused(
        self, admin: Browser, database: Database, cast: Cast, nip: str, words: str
    ) -> None:
        with database.transaction() as session:
            queue = builders.queue(session, cast.ani)
        fields = {
            "anggota-nip": cast.ani.nip if nip == "own" else nip,
            "anggota-peran": "verifikator",
        }

        page = admin.post("queues.add_member", fields, expect=422, antrean_id=queue.id)

        assert words in page.text

    def test_the_role_of_a_member_is_not_said_to_be_optional(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            queue = builders.queue(session, cast.ani)

        page = admin.get("queues.show", antrean_id=queue.id)

        assert page.one('label[for="anggota-peran"]').text == "Sebagai"

    def test_a_queue_of_another_agency_is_not_there(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            other = Instansi(nama="Kabupaten Lain")
            session.add(other)
            session.flush()
            queue = Antrean(instansi_id=other.id, nama="Milik lain")
            session.add(queue)
            session.flush()

        admin.get("queues.show", antrean_id=queue.id, expect=404)

    @pytest.mark.parametrize("who", ["vera", "aud", "oki", "sari"])
    def test_nobody_else_gets_in(self, browser: Browser, cast: Cast, who: str) -> None:
        browser.enter(cast.everybody[who])

        for page in ("index", "terms", "days_off", "away"):
            browser.get(f"queues.{page}", expect=403)


class TestTerms:
    def test_days_and_first_level_are_kept(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        admin.get("queues.terms")

        page = admin.submit("Simpan", hari_ijazah="10", lapis="seminar")

        agency = one(database, Instansi)
        assert (agency.tenggat_hari, agency.lapis_opd) == ({"ijazah": 10}, ["seminar"])
        assert "5 hari kerja (Ijazah 10)" in page.text

    @pytest.mark.parametrize("days", ["0", "61", "", "lima", "-1"])
    def test_a_term_that_is_none_is_refused(
        self, admin: Browser, database: Database, days: str
    ) -> None:
        admin.get("queues.terms")

        admin.submit("Simpan", hari_ijazah=days, expect=422)

        assert one(database, Instansi).tenggat_hari == {}

    def test_the_queue_and_the_owner_read_the_rule(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            item = builders.document(session, cast.sari, DocumentState.DIAJUKAN)
            session.get_one(Instansi, cast.units.instansi_id).tenggat_hari = {"seminar": 7}

        browser.enter(cast.vera)
        queue = browser.get("verification.queue").text
        browser.logout()
        browser.enter(cast.sari)
        own = browser.get("documents.show", document_id=item.id).text

        assert "5 hari kerja (Seminar dan sejenisnya 7)" in queue
        assert "Diputuskan paling lambat" in own
        assert "7 hari kerja sesudah hari pengajuan" in own


class TestDaysOff:
    def send(self, admin: Browser, content: bytes, expect: int = 303) -> str:
        admin.get("queues.days_off")
        berkas = (io.BytesIO(content), "libur.csv")
        return admin.post("queues.add_days_off", {"berkas": berkas}, expect=expect).text

    def test_a_file_is_taken_in_and_a_day_taken_out(
        self, admin: Browser, database: Database
    ) -> None:
        day = dt.date(TODAY.year, 12, 24)

        told = self.send(admin, f"tanggal;nama\n{day};Cuti bersama Natal\n".encode())
        kept = one(database, HariLibur)
        admin.get("queues.days_off")
        after = admin.submit("Hapus").text

        assert "1 hari dibaca, 1 di antaranya baru" in told
        assert (kept.tanggal, kept.nama) == (day, "Cuti bersama Natal")
        assert "Belum ada." in after

    def test_the_same_file_twice_changes_nothing(self, admin: Browser, database: Database) -> None:
        for _ in range(2):
            told = self.send(admin, b"2026-12-24,Cuti bersama\n")

        assert "0 di antaranya baru" in told
        assert one(database, HariLibur).nama == "Cuti bersama"

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "Pilih berkas CSV dahulu"),
            (b"2026-12-24,Cuti\n2026-13-01,Salah\n", "Baris 2"),
            (b"2026-12-24," + b"x" * 300_000, "terlalu besar"),
        ],
    )
    def test_nothing_is_taken_in_half(
        self, admin: Browser, database: Database, content: bytes, words: str
    ) -> None:
        told = self.send(admin, content, expect=422)

        assert words in told
        with database.reading() as session:
            assert session.scalars(select(HariLibur)).all() == []

    @pytest.mark.parametrize("day", ["", "kemarin", "2026-99-99"])
    def test_a_day_that_is_none_is_told(self, admin: Browser, day: str) -> None:
        admin.get("queues.days_off")

        assert "tidak terbaca" in admin.post("queues.remove_day_off", {"tanggal": day}).text


class TestAbsence:
    def test_an_absence_is_noted_and_taken_back(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        admin.get("queues.away")
        page = admin.submit(
            "Catat",
            nip=cast.vera.nip,
            pengganti=cast.bima.nip,
            mulai=cast.vera.today.isoformat(),
            sampai=cast.vera.today.isoformat(),
        )
        noted = one(database, Absence)
        after = admin.submit("Hapus catatan Vera Anggraini")

        assert (noted.pegawai_id, noted.pengganti_id) == (
            cast.vera.pegawai_id,
            cast.bima.pegawai_id,
        )
        assert "Tidak hadir" in page.text
        assert "Semua pemeriksa hadir" in after.text

    def test_who_stands_in_is_told_for_whom_and_when(
        self, admin: Browser, database: Database, cast: Cast
    ) -> None:
        admin.get("queues.away")
        admin.submit(
            "Catat",
            nip=cast.vera.nip,
            pengganti=cast.bima.nip,
            mulai=cast.vera.today.isoformat(),
            sampai=(cast.vera.today + dt.timedelta(days=2)).isoformat(),
        )

        told = one(database, Notification)
        assert (told.pegawai_id, told.judul, told.jenis) == (
            cast.bima.pegawai_id,
            "Anda menggantikan Vera Anggraini",
            TUGAS.code,
        )
        assert f"{tanggal_pendek(cast.vera.today)} sampai" in told.isi

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"nip": "1"}, "NIP terdiri atas 18 angka"),
            ({"mulai": "besok"}, "Tanggal tidak terbaca"),
            ({"sampai": ""}, "Isi hari terakhir"),
            ({"sampai": "2020-01-01"}, "mendahului hari pertama"),
            ({"pengganti": "sama"}, "Pengganti harus orang lain"),
            ({"pengganti": "admin"}, "ditetapkan oleh admin lain"),
        ],
    )
    def test_bad_input_is_told(
        self, admin: Browser, cast: Cast, fields: dict[str, str], words: str
    ) -> None:
        names = {"sama": cast.vera.nip, "admin": cast.ani.nip}
        filled = {
            "nip": cast.vera.nip,
            "mulai": cast.vera.today.isoformat(),
            "sampai": cast.vera.today.isoformat(),
        } | {name: names.get(value, value) for name, value in fields.items()}
        admin.get("queues.away")

        page = admin.post("queues.note_absence", filled, expect=422)

        assert words in page.text


class TestQueuePage:
    def test_filters_stay_in_the_address_and_in_the_form(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            queue = builders.queue(session, cast.ani, cast.bima, kinds=[DocumentKind.IJAZAH])
            builders.document(session, cast.sari, DocumentState.DIAJUKAN, kembar=True, lampu="bad")
        browser.enter(cast.vera)

        page = browser.get("verification.queue", tanda="kembar", lampu="bad", umur="x")

        assert page.one("#tanda option[selected]").get("value") == "kembar"
        assert "tanda=kembar" in str(page.one("td a").get("href"))
        assert "Ada kembarannya" in page.text
        assert queue.nama in page.text

    def test_overdue_items_and_free_searches_are_told_honestly(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            builders.document(
                session,
                cast.sari,
                DocumentState.DIAJUKAN,
                tenggat=cast.vera.today - dt.timedelta(days=1),
            )
        browser.enter(cast.vera)

        page = browser.get("verification.queue", tenggat="lewat")

        assert "Lewat tenggat" in page.text
        assert "1 dokumen cocok, dari 1 yang menunggu" in page.text

    def test_a_stand_in_sees_the_queue(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            builders.document(session, cast.sari, DocumentState.DIAJUKAN)
            builders.absence(session, cast.vera, cast.tono, recorder=cast.ani, days=(0, 0))
        browser.enter(cast.tono)

        assert "1 dokumen, terlama lebih dulu" in browser.get("verification.queue").text

    def test_numbers_beside_the_choices_follow_each_filter(
        self, browser: Browser, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            builders.document(session, cast.sari, DocumentState.DIAJUKAN)
            builders.document(session, cast.tono, DocumentState.DIAJUKAN)
        browser.enter(cast.vera)
        units = {"opd": str(cast.units.kesehatan.id)}

        whole = browser.get("verification.queue")
        part = browser.get("verification.queue", htmx=True, **units)

        assert "Seminar dan sejenisnya (2)" in whole.text
        assert part.one("#pilihan").get("hx-swap-oob") == "true"
        assert "Seminar dan sejenisnya (1)" in part.text
