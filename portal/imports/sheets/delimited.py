"""CSV as offices make it: `;`, `,`, tab or `|`, with or without BOM, UTF-8, UTF-16 or Windows."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import BinaryIO

from portal.imports.sheets.refusal import Unreadable

DELIMITERS = ";,\t|"
_CHUNK = 1024 * 1024
_AS_CSV = "Simpan ulang sebagai “CSV UTF-8” atau .xlsx."


def tables(stream: BinaryIO) -> list[Callable[[], Iterator[tuple[int, list[str]]]]]:
    """The same bytes split by every delimiter; which one fits, the header decides."""
    encoding = _encoding(stream)
    return [partial(_lines, stream, encoding, delimiter) for delimiter in DELIMITERS]


def _encoding(stream: BinaryIO) -> str:
    """UTF-16 where its mark says so, UTF-8 where every byte agrees, else that of Windows."""
    stream.seek(0)
    if stream.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            if b"\0" in chunk:
                raise Unreadable(f"Berkas rusak atau bukan teks (ada byte NUL). {_AS_CSV}")
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _lines(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    stream.seek(0)
    # Windows leaves five bytes without a letter; a name with one of them is still a name.
    errors = "replace" if encoding == "cp1252" else "strict"
    text = io.TextIOWrapper(stream, encoding, errors, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    last = 0
    try:
        for cells in reader:
            line, last = last + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield line, cells
    except csv.Error as error:
        raise Unreadable(
            f"Baris {last + 1}: tanda kutip tidak ditutup, atau isinya terlalu panjang. "
            "Perbaiki baris ini, lalu unggah lagi."
        ) from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"Huruf tidak terbaca. {_AS_CSV}") from error
    finally:
        with suppress(ValueError):  # closed by its owner in the meantime
            text.detach()  # the stream goes on after the text around it is gone
