"""From the first bytes of a file to the tables in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from portal.imports.sheets import delimited, xlsx
from portal.imports.sheets.refusal import Unreadable

Lines = Iterator[tuple[int, list[str]]]
"""Number of the line as the office program shows it, and its cells as text. Empty lines are
left out."""
Table = Callable[[], Lines]
"""Reads one table from its beginning; may be called again."""
_CHUNK = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_AS_XLSX = "Buka di Excel, pilih Simpan Sebagai, lalu jenis “Buku Kerja Excel (.xlsx)”."


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken in."""

    size: int
    """Bytes of the file itself."""

    @property
    def unpacked(self) -> int:
        """Bytes of one part of an XLSX after unpacking. Sheets are XML that shrinks about
        fifteenfold; whatever shrinks more holds nothing that somebody typed."""
        return 20 * self.size


def open_tables(stream: BinaryIO, limits: Limits) -> list[Table]:
    """The tables that may hold the data: the sheets of an XLSX, or a CSV split by each
    delimiter that offices use.

    The stream must be seekable and stay open. Raises Unreadable; so may the reading later.
    """
    stream.seek(0)
    start = stream.read(512)
    if start.startswith(b"PK\x03\x04"):
        return xlsx.tables(stream, limits.unpacked)
    _refuse_other_formats(stream, start)
    return delimited.tables(stream)


def _refuse_other_formats(stream: BinaryIO, start: bytes) -> None:
    if not start:
        raise Unreadable("Berkas kosong (0 byte). Unduh ulang, lalu coba lagi.")
    if start.startswith(_OLE):
        if _holds(stream, _ENCRYPTED):
            raise Unreadable(
                "Berkas dikunci dengan kata sandi. Hapus kata sandinya di Excel "
                "(Berkas, Info, Proteksi), simpan, lalu unggah lagi."
            )
        raise Unreadable(f"Ini berkas Excel lama (.xls). {_AS_XLSX}")
    if start.startswith(b"%PDF"):
        raise Unreadable("Ini berkas PDF, bukan tabel. Unduh ulang datanya sebagai Excel atau CSV.")
    if start.startswith(b"PK"):
        raise Unreadable(f"Berkas Excel rusak atau tidak lengkap. {_AS_XLSX}")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unreadable(
            f"Ini halaman web (HTML atau XML) dengan nama lain, bukan Excel atau CSV. {_AS_XLSX}"
        )


def _holds(stream: BinaryIO, needle: bytes) -> bool:
    stream.seek(0)
    tail = b""
    while chunk := stream.read(_CHUNK):
        if needle in tail + chunk:
            return True
        tail = chunk[-len(needle) :]
    return False
