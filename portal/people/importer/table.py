"""CSV files as offices make them: `;` or `,`, with or without BOM, the header on any early line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portal.people.importer.cells import Row
from portal.people.importer.faults import Faults
from portal.wording import plain_reason

_DELIMITERS = ";,\t|"
_LONGEST_LINE = 256 * 1024
"""Bytes; a true row of the export has about one kilobyte."""
_HEADER_WITHIN = 20
"""Lines among which the header is looked for."""
_BOM = b"\xef\xbb\xbf"
_AS_CSV = "Buka di Excel, pilih Simpan Sebagai, lalu jenis “CSV UTF-8 (dipisahkan koma)”."
_SIGNATURES = (
    (b"PK", f"Ini berkas Excel (XLSX), bukan CSV. {_AS_CSV}"),
    (b"\xd0\xcf\x11\xe0", f"Ini berkas Excel lama (XLS), bukan CSV. {_AS_CSV}"),
    (b"%PDF", "Ini berkas PDF, bukan CSV. Unduh ulang data sebagai CSV."),
    (b"\xff\xfe", f"Berkas berkode UTF-16. {_AS_CSV}"),
    (b"\xfe\xff", f"Berkas berkode UTF-16. {_AS_CSV}"),
)


@dataclass(frozen=True)
class Layout:
    """Which columns a file has: any of `keys` tells the header, `required` must all be there."""

    keys: tuple[str, ...]
    required: tuple[str, ...]
    aliases: dict[str, str]
    """Other names of a column → its name."""

    def name(self, heading: str) -> str:
        word = re.sub(r"[^a-z0-9]+", "_", heading.strip().lower()).strip("_")
        return self.aliases.get(word, word)


class Unreadable(Exception):
    """The file cannot be read further; the sentence says why and what to do."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(message)


def rows(path: Path, layout: Layout, faults: Faults) -> Iterator[Row]:
    """The rows of a file, one by one; what cannot be read is noted in `faults`."""
    try:
        with path.open("rb") as stream:
            _refuse_other_formats(stream)
            yield from _rows(path.name, _lines(stream), layout, faults)
    except Unreadable as error:
        faults.add(path.name, error.line, "", "", str(error))
    except OSError as error:
        faults.add(path.name, None, "", "", f"Berkas tidak dapat dibaca: {plain_reason(error)}.")


def _refuse_other_formats(stream: BinaryIO) -> None:
    start = stream.read(4)
    if not start:
        raise Unreadable("Berkas kosong (0 byte). Ekspor ulang dari SIASN.")
    for signature, message in _SIGNATURES:
        if start.startswith(signature):
            raise Unreadable(message)
    stream.seek(len(_BOM) if start.startswith(_BOM) else 0)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := stream.readline(_LONGEST_LINE + 1):
        number += 1
        if len(raw) > _LONGEST_LINE:
            raise Unreadable(
                f"Baris lebih panjang dari {_LONGEST_LINE // 1024} KB. "
                "Ini bukan ekspor SIASN, atau ada tanda kutip yang tidak ditutup.",
                number,
            )
        if b"\0" in raw:
            raise Unreadable(f"Berkas rusak atau bukan teks (ada byte NUL). {_AS_CSV}", number)
        try:
            yield number, raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Unreadable(
                f"Huruf tidak terbaca: berkas bukan UTF-8. {_AS_CSV}", number
            ) from None


def _rows(
    berkas: str, lines: Iterator[tuple[int, str]], layout: Layout, faults: Faults
) -> Iterator[Row]:
    first, header, delimiter = _header(lines, layout)
    last = first
    # `line_num` counts the lines that a record took; a quoted cell may hold line breaks.
    reader = csv.reader((line for _, line in lines), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                "Tanda kutip tidak ditutup, atau isi terlalu panjang. "
                "Perbaiki baris ini, lalu ulangi.",
                last + 1,
            ) from error
        line, last = last + 1, first + reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            faults.add(
                berkas,
                line,
                "",
                "",
                f"Baris ini punya {len(cells)} kolom, judulnya {len(header)}. "
                "Periksa pemisah kolom dan tanda kutip.",
            )
            continue
        yield Row(berkas, line, dict(zip(header, cells, strict=False)), faults)


def _header(lines: Iterator[tuple[int, str]], layout: Layout) -> tuple[int, Sequence[str], str]:
    """The line number of the header, its column names, and the delimiter that makes most of it."""
    for number, line in lines:
        delimiter = max(_DELIMITERS, key=line.count)
        names = [layout.name(cell) for cell in _cells(line, delimiter)]
        if not set(names).isdisjoint(layout.keys):
            _verify_header(names, layout, number)
            return number, names, delimiter
        if number >= _HEADER_WITHIN:
            break
    raise Unreadable(
        f"Baris judul tidak ditemukan: tidak ada kolom {' atau '.join(layout.keys)} di "
        f"{_HEADER_WITHIN} baris pertama. Pastikan berkas ini ekspor yang benar."
    )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a lone carriage return: no header that a spreadsheet writes
        return []


def _verify_header(names: Sequence[str], layout: Layout, line: int) -> None:
    if missing := [name for name in layout.required if name not in names]:
        raise Unreadable(
            f"Kolom tidak ada: {', '.join(missing)}. "
            "Ekspor ulang dengan semua kolom, atau tambahkan kolomnya.",
            line,
        )
    named = [name for name in names if name]
    if twice := sorted({name for name in named if named.count(name) > 1} & _known(layout)):
        raise Unreadable(f"Kolom berjudul sama: {', '.join(twice)}. Hapus salah satunya.", line)


def _known(layout: Layout) -> set[str]:
    return {*layout.keys, *layout.required, *layout.aliases.values()}
