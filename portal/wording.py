"""Numbers, dates and refusals of the system as people in Indonesia write them; pure."""

from __future__ import annotations

import datetime as dt
import errno
from decimal import ROUND_HALF_UP, Decimal

from portal.vocabulary import MONTHS

_HUNDREDTH = Decimal("0.01")
_REFUSALS = {
    errno.EACCES: "tidak ada izin",
    errno.EIO: "perangkat penyimpanan rusak atau terputus",
    errno.EISDIR: "ini sebuah folder, bukan berkas",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
    errno.EDQUOT: "jatah penyimpanan habis",
    errno.ENOENT: "berkas atau foldernya tidak ada",
    errno.ENOMEM: "memori tidak cukup",
    errno.ENOSPC: "ruang penyimpanan penuh",
    errno.ENOTDIR: "bagian jalurnya bukan folder",
    errno.EROFS: "hanya dapat dibaca",
}


def rounded(value: Decimal) -> Decimal:
    """Two decimals, half up: how points leave the portal, whatever their form (rules.md §1)."""
    return value.quantize(_HUNDREDTH, ROUND_HALF_UP)


def points(value: Decimal | str | int) -> str:
    """Points on screens: 71,00."""
    return str(rounded(Decimal(value))).replace(".", ",")


def plain(value: Decimal | str | int) -> str:
    """Points without needless zeros: 20, 7,88."""
    return exact(rounded(Decimal(value)))


def whole(value: int) -> str:
    """A whole number: 12.345."""
    return f"{value:,}".replace(",", ".")


def exact(value: Decimal) -> str:
    """A number with all its decimals: 90,995."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def tanggal(value: dt.date) -> str:
    """12 Oktober 2026."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def tanggal_pendek(value: dt.date) -> str:
    """12 Okt 2026."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def plain_reason(error: OSError) -> str:
    """Why the world refused, without a full stop."""
    return _REFUSALS.get(error.errno or 0, str(error.strerror))
