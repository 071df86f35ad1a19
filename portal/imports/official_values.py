"""The PIP ASN file of BKN: one official value per person and year.

Columns as rumahASN and the dashboards of several agencies read it: header on row 7 of the XLSX,
a CSV with `;` and decimal comma.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Hashable, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.imports import cells
from portal.imports.columns import Columns, Line
from portal.imports.kinds import Fate, Message, Order, Taken
from portal.people.importer.cells import tidy
from portal.people.importer.faults import shown
from portal.people.queries import ids_by_nip
from portal.scoring import official
from portal.scoring.official import MAXIMA, OfficialValue
from portal.vocabulary import Dimensi
from portal.wording import plain, points

FIRST_YEAR = 2018
"""The index is measured since then (PermenPANRB 38/2018)."""
TOLERANCE = Decimal("0.02")
_LONGEST_REMARK = 500
_COLUMNS = Columns(
    required=("nip", *(dimensi.value for dimensi in Dimensi), "total"),
    optional=(
        *("tahun", "updated", "tanggal_penarikan"),
        *(f"keterangan_{dimensi.value}" for dimensi in Dimensi),
    ),
    silent=(
        *("no", "nomor", "nama", "nama_pegawai", "jabatan", "nama_jabatan", "satuan_kerja"),
        *("unit_kerja", "unor", "instansi", "kategori", "golongan", "jenis_pegawai"),
    ),
    aliases={
        **{f"{word} {dimensi}": dimensi for dimensi in Dimensi for word in ("nilai", "skor")},
        "nip baru": "nip",
        "nip asn": "nip",
        "nip pegawai": "nip",
        "no nip": "nip",
        "nilai total": "total",
        "skor total": "total",
        "total nilai": "total",
        "total skor": "total",
        "nilai ip asn": "total",
        "ip asn": "total",
        "total ip asn": "total",
        "tahun penilaian": "tahun",
        "tahun pengukuran": "tahun",
        "tahun ukur": "tahun",
        "updated at": "updated",
        "diperbarui": "updated",
        "tanggal hitung": "updated",
        "tanggal dihitung": "updated",
        "tgl penarikan": "tanggal_penarikan",
        "tanggal tarik": "tanggal_penarikan",
        "ditarik": "tanggal_penarikan",
    },
)


class OfficialValues:
    """See portal.imports.kinds.Kind."""

    name = "nilai-bkn"
    columns = _COLUMNS

    def key(self, order: Order, line: Line) -> Hashable | None:
        """The person and the year."""
        try:
            return cells.nip(line.raw("nip")).digits, _year_text(line) or str(order.tahun)
        except ValueError:
            return None

    def take(
        self, session: Session, order: Order, lines: Sequence[Line], *, write: bool
    ) -> list[Taken]:
        """Judge and (when `write`) keep the values of people of this agency."""
        rows = [_Row(order, line) for line in lines]
        people = ids_by_nip(session, order.instansi_id, [row.nip for row in rows if row.nip])
        kept = official.known(session, list(people.values()))
        return [_take(session, order, row, people, kept, write=write) for row in rows]


def _year_text(line: Line) -> str:
    """The year as written; programs that know only broken numbers write 2025.0."""
    return line.raw("tahun").removesuffix(".0").removesuffix(",0")


def _take(
    session: Session,
    order: Order,
    row: _Row,
    people: dict[str, uuid.UUID],
    kept: official.Known,
    *,
    write: bool,
) -> Taken:
    person = people.get(row.nip)
    if row.nip and person is None:
        row.fault(
            "nip",
            "Pegawai ini belum ada di portal. Impor dahulu data pegawainya, lalu unggah berkas "
            "ini lagi.",
            shown_as=f"…{row.nip[-4:]}",
        )
    value = row.value
    if value is None or person is None or row.faulty:
        return Taken(Fate.GALAT, tuple(row.messages))
    before = kept.get((person, value.tahun), [])
    if write:
        change = official.keep(session, person, value, before, impor_id=order.impor_id)
    else:
        change = official.compare(value, before)
    return Taken(Fate(change.value), tuple(row.messages))


class _Row:
    """A line read as a value; what is wrong with it is noted."""

    def __init__(self, order: Order, line: Line) -> None:
        self._order, self._line = order, line
        self.messages: list[Message] = []
        self.nip = self._nip()
        self.value = self._value()

    @property
    def faulty(self) -> bool:
        return any(message.galat for message in self.messages)

    def fault(
        self, column: str, text: str, *, shown_as: str | None = None, stops: bool = True
    ) -> None:
        """Note that a cell is wrong, or (with `stops=False`) odd."""
        isi = shown(self._line.raw(column)) if shown_as is None else shown_as
        self.messages.append(Message(self._line.baris, column, isi, text, stops))

    def _nip(self) -> str:
        text = self._line.raw("nip")
        if not text:
            self.fault("nip", "NIP kosong. Isi 18 angka NIP, atau hapus baris ini.")
            return ""
        try:
            return cells.nip(text).digits
        except ValueError as error:
            secret = sum(map(str.isdigit, text)) > 8
            self.fault("nip", str(error), shown_as=f"…{text[-4:]}" if secret else None)
            return ""

    def _value(self) -> OfficialValue | None:
        measured = (*Dimensi, "total")
        if not any(self._line.raw(column) for column in measured):
            self.fault("total", "Tanpa nilai: BKN tidak memberi angka untuk orang ini.")
            return None
        found = {column: self._points(column) for column in measured}
        poin = {dimensi: found[dimensi] for dimensi in Dimensi}
        total, tahun = found["total"], self._year()
        dihitung, ditarik = self._moment("updated"), self._moment("tanggal_penarikan")
        present = {dimensi: value for dimensi, value in poin.items() if value is not None}
        if total is None or len(present) < len(poin) or self.faulty:
            return None
        self._doubt(sum(present.values(), Decimal(0)), total)
        return OfficialValue(
            tahun=tahun,
            poin=present,
            total=total,
            dihitung=dihitung.astimezone(self._order.zone).date() if dihitung else None,
            ditarik=ditarik or self._order.received,
            keterangan=self._remarks(),
        )

    def _points(self, column: str) -> Decimal | None:
        text = self._line.raw(column)
        most = MAXIMA[Dimensi(column)] if column in list(Dimensi) else sum(MAXIMA.values())
        if not text:
            self.fault(column, "Kosong. Isi nilainya, atau hapus baris ini.")
            return None
        try:
            value = cells.number(text)
        except ValueError as error:
            self.fault(column, str(error))
            return None
        if not 0 <= value <= most:
            self.fault(column, f"Di luar 0 sampai {plain(most)}. Periksa kolom dan tanda koma.")
            return None
        return value

    def _doubt(self, total_of_parts: Decimal, total: Decimal) -> None:
        if abs(total_of_parts - total) > TOLERANCE:
            self.fault(
                "total",
                f"Tidak sama dengan jumlah keempat dimensi ({points(total_of_parts)}). Disimpan "
                "seperti tertulis.",
                stops=False,
            )

    def _year(self) -> int | None:
        """The year of the row, or that of the whole file; None when neither names one."""
        text = _year_text(self._line)
        if not text:
            return self._order.tahun
        last = self._order.today.year
        if not (text.isascii() and text.isdigit()) or not FIRST_YEAR <= int(text[:6]) <= last:
            self.fault("tahun", f"Bukan tahun pengukuran. Tulis {FIRST_YEAR} sampai {last}.")
            return None
        if self._order.tahun not in {None, int(text)}:
            self.fault(
                "tahun", f"Bukan tahun yang Anda pilih untuk berkas ini ({self._order.tahun})."
            )
        return int(text)

    def _moment(self, column: str) -> dt.datetime | None:
        text = self._line.raw(column)
        if not text:
            return None
        try:
            found = cells.moment(text, self._order.zone)
        except ValueError as error:
            self.fault(column, str(error))
            return None
        if found.year < FIRST_YEAR or found > self._order.now + dt.timedelta(days=1):
            self.fault(column, f"Di luar {FIRST_YEAR} sampai hari ini. Periksa tanggalnya.")
            return None
        return found

    def _remarks(self) -> dict[str, str]:
        found = {
            dimensi.value: tidy(self._line.raw(f"keterangan_{dimensi}"))[:_LONGEST_REMARK]
            for dimensi in Dimensi
        }
        return {dimensi: remark for dimensi, remark in found.items() if remark}
