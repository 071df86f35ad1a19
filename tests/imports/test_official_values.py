"""What a row of the PIP ASN file says, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import now
from portal.imports.kinds import Fate, Message, Order
from portal.imports.reading import File, Tally
from portal.imports.registry import OFFICIAL
from portal.imports.sheets import Limits
from portal.scoring.models import OfficialScore
from tests.imports import files
from tests.support.cast import TODAY, Cast
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone
LIMITS = Limits(1024 * 1024)
ZONE = ZoneInfo("Asia/Makassar")


@pytest.fixture
def order(cast: Cast) -> Order:
    moment = now()
    return Order(cast.units.instansi_id, ZONE, now=moment, received=moment)


def opened(data: bytes, order: Order) -> File:
    return File(io.BytesIO(data), OFFICIAL, order, LIMITS)


def judged(
    session: Session, order: Order, *rows: dict[str, str], write: bool = False
) -> tuple[list[Fate], list[Message]]:
    """Fate of each row and all messages."""
    file = opened(files.csv(rows), order)
    taken = [one for lines in file.batches() for one in file.take(session, lines, write=write)]
    return [one.fate for one in taken], [message for one in taken for message in one.messages]


def kept(session: Session, order: Order, row: dict[str, str]) -> OfficialScore:
    """The value that a good row becomes."""
    assert judged(session, order, row, write=True)[0] == [Fate.BARU]
    session.flush()
    return session.scalars(select(OfficialScore)).one()


def fault(session: Session, order: Order, row: dict[str, str]) -> Message:
    """The one thing that is wrong with a row."""
    fates, (message,) = judged(session, order, row)
    assert fates == [Fate.GALAT]
    return message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17,5", "17.5"), ("17.50", "17.5"), ("'17,5", "17.5"), (" 17,5 ", "17.5"), ("0", "0"),
        ("40", "40"), ("17.499999999999996", "17.5"), ("1.75E1", "17.5"), ("+17,5", "17.5"),
    ],
)  # fmt: skip
def test_points_may_have_a_comma_or_a_point(
    session: Session, cast: Cast, order: Order, text: str, value: str
) -> None:
    row = files.row(cast.sari.nip, Kompetensi=text)

    assert kept(session, order, row).kompetensi == Decimal(value)


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("Kualifikasi", "25,01", "0 sampai 25"), ("Kompetensi", "41", "0 sampai 40"),
        ("Kinerja", "30.5", "0 sampai 30"), ("Disiplin", "6", "0 sampai 5"),
        ("Total", "100,5", "0 sampai 100"), ("Kinerja", "-1", "0 sampai 30"),
        ("Kinerja", "", "Kosong"), ("Kinerja", "null", "Kosong"), ("Kinerja", "-", "Kosong"),
        ("Kinerja", "Baik", "Bukan angka"), ("Kinerja", "NaN", "Bukan angka"),
        ("Kinerja", "1e99", "Bukan angka"), ("Kinerja", "1e9", "0 sampai 30"),
        ("Kinerja", "#N/A", "Bukan angka"), ("Kinerja", "25 ,5", "Bukan angka"),
        ("Kinerja", "١٥", "Bukan angka"), ("Kinerja", "9" * 400, "Bukan angka"),
        ("Kinerja", "Infinity", "Bukan angka"), ("Kinerja", "1.234,5", "Bukan angka"),
    ],
)  # fmt: skip
def test_points_that_cannot_be_are_told_with_their_column(
    session: Session, cast: Cast, order: Order, column: str, text: str, words: str
) -> None:
    message = fault(session, order, files.row(cast.sari.nip, **{column: text}))

    assert message.kolom == column.lower()
    assert words in message.pesan


def test_a_total_unlike_the_sum_is_told_and_kept_as_bkn_says(
    session: Session, cast: Cast, order: Order
) -> None:
    row = files.row(cast.sari.nip, Total="72")
    fates, (message,) = judged(session, order, row)

    assert (fates, message.galat) == ([Fate.BARU], False)
    assert "67,50" in message.pesan
    assert kept(session, order, row).total == Decimal(72)


@pytest.mark.parametrize("total", ["67,52", "67,48"])
def test_rounding_alone_is_no_cause_for_doubt(
    session: Session, cast: Cast, order: Order, total: str
) -> None:
    assert judged(session, order, files.row(cast.sari.nip, Total=total)) == ([Fate.BARU], [])


@pytest.mark.parametrize(
    ("nip", "words"),
    [
        ("1.98704122010012E+17", "rusak oleh Excel"), ("1,98704E+17", "rusak oleh Excel"),
        ("198704122010012000", "rusak oleh Excel"), ("", "NIP kosong"),
        ("19870412201001201", "18 angka"), ("abc", "18 angka"), ("Jumlah", "18 angka"),
        ("١٩٨٧٠٤١٢٢٠١٠٠١٢٠١٥", "18 angka"), ("198704122010012999", "belum ada di portal"),
    ],
)  # fmt: skip
def test_a_wrong_nip_is_told(
    session: Session, order: Order, cast: Cast, nip: str, words: str
) -> None:
    message = fault(session, order, files.row(nip))

    assert (message.baris, message.kolom) == (2, "nip")
    assert words in message.pesan


def test_a_nip_is_masked_in_what_is_said(session: Session, order: Order, cast: Cast) -> None:
    assert fault(session, order, files.row("198704122010012999")).isi == "…2999"


@pytest.mark.parametrize("text", ["'{}", "{} ", "{:.8} {:.0}", "\u00a0{}"])
def test_a_nip_may_carry_what_keeps_it_as_text(
    session: Session, cast: Cast, order: Order, text: str
) -> None:
    nip = cast.sari.nip
    written = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if ":.8" in text else text.format(nip)

    assert judged(session, order, files.row(written))[0] == [Fate.BARU]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12-02-2025", "2025-02-12"), ("12/02/2025", "2025-02-12"), ("2025-02-12", "2025-02-12"),
        ("12-02-2025 23:30", "2025-02-12"), ("12/2/2025 07.05.09", "2025-02-12"),
        ("2025-02-12T23:30:00", "2025-02-12"), ("2025-02-11T20:30:00.000Z", "2025-02-12"),
        ("45700", "2025-02-12"), ("45700.979", "2025-02-12"), ("45700,5", "2025-02-12"),
    ],
)  # fmt: skip
def test_dates_are_read_by_the_agencys_clock(
    session: Session, cast: Cast, order: Order, text: str, day: str
) -> None:
    row = files.row(cast.sari.nip, updated=text)

    assert kept(session, order, row).dihitung == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    ["31-02-2025", "02/13/2025", "kemarin", "20250212", "0000-00-00", "2025-02-30T00:00:00",
     "99999", "1900-01-00", "12-02-2999", "12-02-1899", "9" * 50],
)  # fmt: skip
@pytest.mark.parametrize("column", ["updated", "tanggal_penarikan"])
def test_dates_that_cannot_be_are_told(
    session: Session, cast: Cast, order: Order, column: str, text: str
) -> None:
    assert fault(session, order, files.row(cast.sari.nip, **{column: text})).kolom == column


def test_the_pull_time_is_kept_to_the_minute(session: Session, cast: Cast, order: Order) -> None:
    value = kept(session, order, files.row(cast.sari.nip, tanggal_penarikan="03-11-2025 10:15"))

    assert value.ditarik.astimezone(ZONE) == dt.datetime(2025, 11, 3, 10, 15, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "year"), [("2025", 2025), ("2025.0", 2025), ("", None), ("-", None)]
)
def test_the_year_is_that_of_the_source_and_never_guessed(
    session: Session, cast: Cast, order: Order, text: str, year: int | None
) -> None:
    row = files.row(cast.sari.nip, tahun=text, updated="12-02-2025")

    assert kept(session, order, row).tahun == year


@pytest.mark.parametrize("text", ["2017", str(TODAY.year + 1), "abc", "20250", "2025.5", "-2025"])
def test_a_year_that_cannot_be_is_told(
    session: Session, cast: Cast, order: Order, text: str
) -> None:
    assert fault(session, order, files.row(cast.sari.nip, tahun=text)).kolom == "tahun"


def test_a_row_of_another_year_than_the_file_was_said_to_be_is_told(
    session: Session, cast: Cast
) -> None:
    moment = now()
    order = Order(cast.units.instansi_id, ZONE, moment, moment, tahun=2024)

    message = fault(session, order, files.row(cast.sari.nip, tahun="2025"))

    assert "(2024)" in message.pesan


def test_of_one_person_twice_none_is_taken(session: Session, cast: Cast, order: Order) -> None:
    first, second = files.row(cast.sari.nip), files.row(f"'{cast.sari.nip}", Total="70")
    fates, messages = judged(session, order, first, files.row(cast.budi.nip), second)

    assert fates == [Fate.GALAT, Fate.BARU, Fate.GALAT]
    assert "baris 2, 4" in messages[0].pesan


def test_one_person_in_two_years_is_taken_twice(session: Session, cast: Cast, order: Order) -> None:
    rows = [files.row(cast.sari.nip, tahun=year) for year in ("2024", "2025")]

    assert judged(session, order, *rows)[0] == [Fate.BARU, Fate.BARU]


def test_remarks_are_kept_as_bkn_wrote_them(session: Session, cast: Cast, order: Order) -> None:
    row = files.row(cast.sari.nip, keterangan_kinerja="SKP <b>2024</b> 🌸", keterangan_disiplin="-")

    assert kept(session, order, row).keterangan == {"kinerja": "SKP <b>2024</b> 🌸"}


def test_a_row_without_any_value_says_so_once(session: Session, cast: Cast, order: Order) -> None:
    empty = dict.fromkeys(files.POINTS, "")

    assert "Tanpa nilai" in fault(session, order, files.row(cast.sari.nip, **empty)).pesan


def test_a_faulty_row_writes_nothing_and_stops_no_other(
    session: Session, cast: Cast, order: Order
) -> None:
    rows = [files.row(cast.sari.nip, Kinerja="31"), files.row(cast.budi.nip)]
    judged(session, order, *rows, write=True)

    session.flush()
    people = session.scalars(select(OfficialScore.pegawai_id)).all()
    assert people == [cast.budi.pegawai_id]


def test_an_xlsx_of_excel_gives_the_same_as_a_csv(
    session: Session, cast: Cast, order: Order
) -> None:
    names = [*files.POINTS, "NIP", "updated"]
    lines = [[], [], names, [20, 17.5, 25, 5, 67.5, cast.sari.nip, 45700]]
    file = opened(files.xlsx(lines), order)

    (batch,) = file.batches()
    file.take(session, batch, write=True)

    session.flush()
    value = session.scalars(select(OfficialScore)).one()
    assert (value.kompetensi, value.dihitung) == (Decimal("17.5"), dt.date(2025, 2, 12))


def test_counts_tell_rows_and_warnings_apart(session: Session, cast: Cast, order: Order) -> None:
    file = opened(
        files.csv([files.row(cast.sari.nip, Total="70"), files.row(cast.budi.nip, Kinerja="x")]),
        order,
    )
    tally = Tally()
    for lines in file.batches():
        tally.add(file.take(session, lines, write=False))

    assert tally.as_data() == {
        "baru": 1, "berubah": 0, "sama": 0, "lama": 0, "galat": 1, "peringatan": 1
    }  # fmt: skip
    assert session.scalar(select(func.count()).select_from(OfficialScore)) == 0
