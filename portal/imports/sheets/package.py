"""The ZIP around an XLSX: opened only after its directory was found to be of a sane size."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from portal.imports.sheets.refusal import Unreadable

BROKEN = "Berkas Excel rusak atau tidak lengkap. Buka di Excel, simpan ulang, lalu unggah lagi."
_DIRECTORY = 1024 * 1024
"""Bytes of the list of parts: some thousand parts, where an export has a dozen."""
_CHUNK = 64 * 1024
_END = 22
_END64 = 56
_LOCATOR = 20
_LONGEST_COMMENT = 65_535
# RuntimeError: a part that calls itself patched, or locked in a way of its own.
_FAILURES = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


class Package:
    """The parts of an XLSX by name; letters of either case, as Excel takes them."""

    def __init__(self, stream: BinaryIO, unpacked: int) -> None:
        """`unpacked`: most bytes that one part may have."""
        _verify_directory(stream)
        stream.seek(0)
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Unreadable(BROKEN) from error
        self._unpacked = unpacked
        self._parts = {info.filename.lower().lstrip("/"): info for info in self._zip.infolist()}
        if any(info.flag_bits & 1 for info in self._parts.values()):
            raise Unreadable("Berkas dikunci dengan kata sandi. Hapus kata sandinya, lalu ulangi.")

    def __contains__(self, name: str) -> bool:
        return name.lower().lstrip("/") in self._parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part. Raises Unreadable when it is missing, broken, or larger than it
        may be – before anything of it is unpacked."""
        info = self._parts.get(name.lower().lstrip("/"))
        if info is None or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Unreadable(BROKEN)
        # A part that is larger than it says is cut there, and fails its checksum.
        if info.file_size > self._unpacked:
            raise Unreadable(
                f"Isi berkas ini {info.file_size // 1024**2} MB setelah dibuka, paling besar "
                f"{self._unpacked // 1024**2} MB. Sisakan lembar datanya saja, atau bagi menjadi "
                "beberapa berkas."
            )
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    yield chunk
        except _FAILURES as error:
            raise Unreadable(BROKEN) from error


def _verify_directory(stream: BinaryIO) -> None:
    """Refuse a directory that would fill the memory while it is read."""
    length = stream.seek(0, 2)
    tail_at = max(length - _END - _LONGEST_COMMENT - _LOCATOR - _END64, 0)
    stream.seek(tail_at)
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + _END:
        raise Unreadable(BROKEN)
    (size,) = struct.unpack_from("<I", tail, end + 12)
    longer = end - _LOCATOR - _END64
    if tail[max(end - _LOCATOR, 0) : end].startswith(b"PK\x06\x07"):
        if longer < 0 or not tail.startswith(b"PK\x06\x06", longer):
            raise Unreadable(BROKEN)
        (size,) = struct.unpack_from("<Q", tail, longer + 40)
    if size > _DIRECTORY:
        raise Unreadable(BROKEN)
