"""Numbers and moments as spreadsheets write them. ValueError carries the sentence to show."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from portal.nip import Nip

_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,20})?(?:[eE](?:\+?\d|-\d{1,2}))?", re.ASCII)
_DAY_FIRST = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ ,T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?", re.ASCII
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d{1,15})?", re.ASCII)
_FIRST_DAY = dt.datetime(1899, 12, 30)  # noqa: DTZ001 -- day 0 of Excel, in whatever zone
_STEP = Decimal("0.0001")
_NOT_A_DATE = "Bukan tanggal. Tulis seperti 12-02-2026."
_BROKEN_NIP = "NIP rusak oleh Excel (angka terakhir menjadi 0). Ubah kolom NIP menjadi Teks, lalu simpan ulang."  # noqa: E501 -- one sentence


def number(text: str) -> Decimal:
    """A decimal number with comma or point, at most four places (the rest is noise of binary
    fractions)."""
    if not _NUMBER.fullmatch(text):
        raise ValueError("Bukan angka. Tulis seperti 67,50.")
    return Decimal(text.replace(",", ".")).quantize(_STEP, ROUND_HALF_UP)


def moment(text: str, zone: ZoneInfo) -> dt.datetime:
    """A date, or a date with a time, by the agency's clock: dd-mm-yyyy, ISO, or Excel's number
    of days."""
    try:
        found = _read_moment(text)
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise ValueError(_NOT_A_DATE) from None


def _read_moment(text: str) -> dt.datetime:
    if _SERIAL.fullmatch(text):
        days = float(text.replace(",", "."))
        return _FIRST_DAY + dt.timedelta(seconds=round(days * 86_400))
    if parts := _DAY_FIRST.fullmatch(text):
        day, month, year, hour, minute, second = (int(part or 0) for part in parts.groups())
        return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 -- the caller adds the zone
    if not re.match(r"\d{4}-\d", text, re.ASCII):
        raise ValueError
    return dt.datetime.fromisoformat(text)


def nip(text: str) -> Nip:
    """A NIP. Excel keeps fifteen digits of a number: the last three, which never are 000, turn
    into zeros."""
    found = Nip.parse(text)
    if found.digits.endswith("000"):
        raise ValueError(_BROKEN_NIP)
    return found
