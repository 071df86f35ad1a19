"""The agency's list of institutions of higher education, from a table with a column of names."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal import audit
from portal.agency.institutions import LONGEST, key_of
from portal.agency.models import Instansi, PerguruanTinggi
from portal.errors import Forbidden, Rejected
from portal.imports.columns import HEADER_WITHIN
from portal.imports.sheets import Limits, Table, Unreadable, open_tables
from portal.people.importer.cells import clean, keyword, tidy
from portal.people.importer.faults import shown
from portal.permissions import Actor, Permission

LIMITS = Limits(5 * 1024 * 1024)
MOST = 20_000
"""Names of one agency; the country has less than five thousand institutions."""
TOLD = 5
"""Rows whose fault is told in full."""
WHOLE = "Daftar perguruan tinggi berlaku untuk seluruh instansi; hanya adminnya yang mengubahnya."
_NAME = {"nama", "namaperguruantinggi", "perguruantinggi", "namapt", "namainstitusi", "universitas"}
_SHORT = {"singkatan", "akronim"}
_FORMULA = ("=", "@", "+")
_LETTERS = 3
_AT_ONCE = 500


@dataclass
class Names:
    """What a file told: key → name as it is shown, and what was left out."""

    found: dict[str, str] = field(default_factory=dict)
    twice: int = 0
    """Rows that repeat another."""
    bad: int = 0
    told: list[str] = field(default_factory=list)
    """The first faults, each a sentence with its row."""

    def fault(self, row: int, cell: str, sentence: str) -> None:
        self.bad += 1
        if len(self.told) < TOLD:
            said = f" ({shown(cell)})" if cell else ""
            self.told.append(f"Baris {row}{said}: {sentence}")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the list."""

    added: int
    removed: int
    total: int


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    name: int
    short: int | None


def require(actor: Actor) -> None:
    """A grant for a part of the agency does not reach its list."""
    if not any(grant.opd_id is None for grant in actor.grants_for(Permission.QUEUES_MANAGE)):
        raise Forbidden(WHOLE)


def read(stream: BinaryIO) -> Names:
    """The names in a CSV or XLSX. Raises Unreadable for what is no table with a column of names,
    Rejected for too many rows."""
    table, header = _table(stream)
    names = Names()
    for row, cells in itertools.islice(table(), header.row + 10 * MOST):
        if row > header.row:
            _take(names, row, cells, header)
        if len(names.found) > MOST:
            raise Rejected(
                f"Berkas memuat lebih dari {MOST} nama. Unggah daftar perguruan tinggi saja.",
                "berkas",
            )
    if not names.found:
        raise Rejected("Tidak ada satu pun nama yang dapat dipakai di berkas ini.", "berkas")
    return names


def _table(stream: BinaryIO) -> tuple[Table, _Header]:
    failure: Unreadable | None = None
    for table in open_tables(stream, LIMITS):
        try:
            header = _header(table())
        except Unreadable as error:
            failure = failure or error
            continue
        if header is not None:
            return table, header
    raise failure or Unreadable(
        f"Kolom “Nama” tidak ditemukan di {HEADER_WITHIN} baris pertama. Tulis “Nama” di atas "
        "kolom nama perguruan tinggi, lalu unggah lagi."
    )


def _header(lines: Iterator[tuple[int, list[str]]]) -> _Header | None:
    for row, cells in itertools.takewhile(lambda line: line[0] <= HEADER_WITHIN, lines):
        words = [keyword(tidy(cell[:LONGEST])) for cell in cells]
        names = [place for place, word in enumerate(words) if word in _NAME]
        if names:
            short = next((place for place, word in enumerate(words) if word in _SHORT), None)
            return _Header(row, names[0], short)
    return None


def _take(names: Names, row: int, cells: Sequence[str], header: _Header) -> None:
    nama = _cell(cells, header.name)
    if not nama:
        names.fault(row, "", "nama kosong.")
    elif nama.startswith(_FORMULA):
        names.fault(row, nama, "tampak seperti rumus. Hapus tanda =, @, atau + di depannya.")
    elif len(nama) > LONGEST:
        names.fault(row, nama, f"{len(nama)} huruf. Paling panjang {LONGEST} huruf.")
    elif len(key_of(nama)) < _LETTERS:
        names.fault(row, nama, "bukan nama perguruan tinggi.")
    else:
        _keep(names, nama, _cell(cells, header.short))


def _cell(cells: Sequence[str], place: int | None) -> str:
    return tidy(clean(cells[place])) if place is not None and place < len(cells) else ""


def _keep(names: Names, nama: str, short: str) -> None:
    key = key_of(nama)
    if key in names.found:
        names.twice += 1
        return
    names.found[key] = nama
    abbreviation = key_of(short)
    if len(abbreviation) >= _LETTERS and len(short) <= LONGEST and short[0] not in _FORMULA:
        names.found.setdefault(abbreviation, nama)


def write(session: Session, actor: Actor, names: Names, *, instead: bool, sha256: str) -> Change:
    """Bring the list to what the file says: added to what is there, or `instead` of it.

    Raises Rejected when the list would become too long.
    """
    require(actor)
    instansi_id = actor.instansi_id
    # One after the other: two uploads at once would both add the same names.
    session.get_one(Instansi, instansi_id, with_for_update=True)
    mine = PerguruanTinggi.instansi_id == instansi_id
    known = set(session.scalars(select(PerguruanTinggi.kunci).where(mine)))
    gone = known - names.found.keys() if instead else set()
    new = [key for key in names.found if key not in known]
    total = len(known) - len(gone) + len(new)
    if total > MOST:
        raise Rejected(f"Daftar akan berisi {total} nama, lebih dari {MOST}.", "berkas")
    for keys in _portions(sorted(gone)):
        session.execute(delete(PerguruanTinggi).where(mine, PerguruanTinggi.kunci.in_(keys)))
    for keys in _portions(new):
        rows = [
            {"instansi_id": instansi_id, "kunci": key, "nama": names.found[key]} for key in keys
        ]
        session.execute(insert(PerguruanTinggi), rows)
    audit.record(
        session, actor, "institutions:listed", instansi_id,
        bertambah=len(new), berkurang=len(gone), jumlah=total, sha256=sha256,
    )  # fmt: skip
    return Change(len(new), len(gone), total)


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def search(session: Session, instansi_id: uuid.UUID, words: str, most: int) -> Sequence[str]:
    """Names of the list that hold these words, in order; the first ones without words."""
    statement = select(PerguruanTinggi.nama).where(PerguruanTinggi.instansi_id == instansi_id)
    if key := key_of(words):
        statement = statement.where(PerguruanTinggi.kunci.contains(key, autoescape=True))
    return session.scalars(statement.distinct().order_by(PerguruanTinggi.nama).limit(most)).all()
