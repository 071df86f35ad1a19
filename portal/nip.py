"""The number of a civil servant: what people and spreadsheets write, what its digits say."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from portal.vocabulary import JenisKelamin

_NIP = re.compile(r"\d{18}", re.ASCII)
_EXCEL = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE | re.ASCII)
_SEX = {"1": JenisKelamin.LAKI_LAKI, "2": JenisKelamin.PEREMPUAN}


class BrokenNipError(ValueError):
    """A spreadsheet has rounded the number: its last digits are lost."""


@dataclass(frozen=True, order=True)
class Nip:
    """The 18-digit number of a civil servant.

    PNS: birth YYYYMMDD, TMT CPNS YYYYMM, sex 1/2, sequence 3. PPPK: birth 8, year of appointment
    4, contract code 2 (21 or more), sex, sequence 3. Digits never decide the kind of employee.
    """

    digits: str

    @classmethod
    def parse(cls, text: str) -> Nip:
        """Read what a person or a spreadsheet wrote; ValueError carries the sentence to show."""
        if _EXCEL.fullmatch(text.strip()):
            raise BrokenNipError(
                "NIP rusak oleh Excel (1,98E+17). Ubah kolom NIP menjadi Teks, lalu simpan ulang."
            )
        cleaned = re.sub(r"[\s'.\-]", "", text)
        if not _NIP.fullmatch(cleaned):
            raise ValueError("NIP terdiri atas 18 angka. Periksa kembali.")
        return cls(cleaned)

    @property
    def masked(self) -> str:
        """Last four digits only, for logs."""
        return f"…{self.digits[-4:]}"

    @property
    def spaced(self) -> str:
        """Grouped as people read it: 19870412 201001 2 015."""
        d = self.digits
        return f"{d[:8]} {d[8:14]} {d[14]} {d[15:]}"

    @property
    def birth_date(self) -> dt.date | None:
        """Birth date written in the number, None when the digits are no date."""
        try:
            return dt.date(int(self.digits[:4]), int(self.digits[4:6]), int(self.digits[6:8]))
        except ValueError:
            return None

    @property
    def sex(self) -> JenisKelamin | None:
        """Sex written in the number, None when the digit is neither 1 nor 2."""
        return _SEX.get(self.digits[14])
