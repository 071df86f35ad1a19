"""PIP ASN files for tests: as BKN and Excel write them, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

COLUMNS = ("NIP", "Nama", "Nama Jabatan", "Satuan Kerja", "Kualifikasi", "Kompetensi", "Kinerja",
           "Disiplin", "Total", "tahun", "updated", "tanggal_penarikan")  # fmt: skip
POINTS = {"Kualifikasi": "20", "Kompetensi": "17,50", "Kinerja": "25", "Disiplin": "5",
          "Total": "67,50"}  # fmt: skip
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
Cells = Sequence[Any]


def row(nip: str, **cells: str) -> dict[str, str]:
    """A line of the file; `cells` replace or add columns."""
    return {"NIP": nip, "Nama": "Sari Wulandari", **POINTS, **cells}


def table(rows: Sequence[Mapping[str, str]], *, above: int = 6) -> list[list[str]]:
    """Header and rows, with `above` lines of titles before them."""
    names = [*COLUMNS, *sorted({name for line in rows for name in line} - set(COLUMNS))]
    used = [name for name in names if any(name in line for line in rows)] or list(COLUMNS)
    titles = [["Data PIP ASN"], *([[""]] * (above - 1))] if above else []
    return [*titles, used, *([line.get(name, "") for name in used] for line in rows)]


def csv(rows: Sequence[Mapping[str, str]], *, delimiter: str = ";", above: int = 0) -> bytes:
    return "\r\n".join(delimiter.join(line) for line in table(rows, above=above)).encode()


def xlsx(lines: Sequence[Cells], **parts: bytes | str) -> bytes:
    """A workbook of one sheet with shared strings. A number becomes a number, text a shared
    string; `parts` adds or replaces parts ("xl/vbaProject.bin" as xl__vbaProject_bin)."""
    texts: list[str] = []
    sheet = "".join(
        f'<row r="{number}">{_cells(number, line, texts)}</row>'
        for number, line in enumerate(lines, 1)
        if line
    )
    found = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": workbook(),
        "xl/_rels/workbook.xml.rels": relations("worksheets/sheet1.xml"),
        "xl/sharedStrings.xml": shared(texts),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{sheet}'
        "</sheetData></worksheet>",
    }
    extra = {key.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): value
             for key, value in parts.items()}  # fmt: skip
    return packed({**found, **extra})


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def workbook(*names: str, properties: str = "") -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names or ("PIP",), 1)
    )
    return (f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}">{properties}'
            f"<sheets>{sheets}</sheets></workbook>")  # fmt: skip


def relations(*targets: str) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="{target}"/>'
        for n, target in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{found}</Relationships>'


def shared(texts: Sequence[str]) -> str:
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return f'<sst xmlns="{SPREADSHEET}">{items}</sst>'


def column(number: int) -> str:
    return chr(65 + number) if number < 26 else column(number // 26 - 1) + column(number % 26)


def _cells(number: int, line: Cells, texts: list[str]) -> str:
    found = []
    for index, value in enumerate(line):
        if value == "" or value is None:
            continue
        place = f'r="{column(index)}{number}"'
        if isinstance(value, str):
            texts.append(value)
            found.append(f'<c {place} t="s"><v>{len(texts) - 1}</v></c>')
        else:
            found.append(f"<c {place}><v>{value}</v></c>")
    return "".join(found)
