"""Tables as offices make them are read; what is no table is refused with what to do."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile
from contextlib import suppress

import pytest

from portal.imports import columns
from portal.imports.columns import Columns, Sheet
from portal.imports.sheets import Limits, Unreadable, open_tables, package, xlsx
from tests.imports import files
from tests.support.hostile_files import HTML, SVG, WORD, truncated, zeros_deflated

WANTED = Columns(required=("nip", "total"), optional=("tahun",), silent=("nama",),
                 aliases={"nip baru": "nip", "nilai total": "total"})  # fmt: skip
LIMITS = Limits(1024 * 1024)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NIP = "198704122010012015"


def found(data: bytes, limits: Limits = LIMITS) -> Sheet:
    return columns.find(io.BytesIO(data), WANTED, limits)


def totals(data: bytes) -> list[tuple[int, str, str]]:
    return [(line.baris, line.raw("nip"), line.raw("total")) for line in found(data).lines()]


def refusal(data: bytes, limits: Limits = LIMITS) -> str:
    """Why the file is refused, in the opening or in the reading."""
    with pytest.raises(Unreadable) as caught:
        list(found(data, limits).lines())
    return caught.value.message


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_csv_of_an_office_is_read(delimiter: str, encoding: str, end: str) -> None:
    lines = (["NIP", "Nama", "Total"], [f"'{NIP}", "Désirée – “Sari”", "67.5"])
    text = end.join(delimiter.join(line) for line in lines)

    assert totals(text.encode(encoding)) == [(2, NIP, "67.5")]


@pytest.mark.parametrize("line", [1, 7, 30])
def test_the_header_is_found_wherever_it_stands(line: int) -> None:
    above = "Data PIP ASN;;\n" * (line - 1)

    assert totals(f"{above}NIP;Total\n{NIP};5\n".encode()) == [(line + 1, NIP, "5")]


def test_a_header_that_comes_too_late_is_not_looked_for() -> None:
    assert "30 baris pertama" in refusal(b"x;y;z\n" * 30 + b"NIP;Total\n")


@pytest.mark.parametrize(
    "header",
    ["nip;TOTAL", "N I P;Nilai Total", "nip_baru;Total (100)", " Nip ; to_tal ", "Total;NIP"],
)
def test_headings_are_compared_by_their_letters(header: str) -> None:
    sheet = found(f"{header}\n{NIP};{NIP}\n".encode())

    assert set(sheet.header.position) == {"nip", "total"}


def test_columns_without_a_meaning_are_named_and_left_alone() -> None:
    sheet = found(b"NIP;Nama;Zodiak;Total;Hobi\n")

    assert sheet.header.unknown == ("Zodiak", "Hobi")


def test_a_missing_column_is_named() -> None:
    data = b"NIP;Nama;Jumlah\n"

    with pytest.raises(Unreadable, match="Kolom tidak ada: Total") as caught:
        columns.find(io.BytesIO(data.replace(b"Jumlah", b"NIP2")), _three(), LIMITS)
    assert "Baris judul ada di baris 1" in caught.value.message


def _three() -> Columns:
    return Columns(required=("nip", "nama", "total"))


def test_a_column_that_stands_twice_is_refused() -> None:
    assert "kolom Total ada dua kali" in refusal(b"NIP;Total;Total\n")


def test_an_unclosed_quote_is_told_with_its_line() -> None:
    rows = f"{NIP};1\n" * 3
    message = refusal(f'NIP;Total\n{rows}{NIP};"1\n{rows}'.encode())

    assert message.startswith("Baris 5: tanda kutip")


def test_a_line_break_inside_quotes_keeps_the_numbers_of_the_lines_right() -> None:
    assert totals(f'NIP;Total\n{NIP};"1\n2"\n{NIP};3\n'.encode())[1] == (4, NIP, "3")


def test_empty_lines_and_short_lines_stop_nothing() -> None:
    assert totals(f"NIP;Total\n\n;;;\n{NIP}\n".encode()) == [(4, NIP, "")]


def test_an_xlsx_is_read_with_texts_numbers_and_gaps() -> None:
    data = files.xlsx([["Judul"], [], ["NIP", "", "Total"], [NIP, "", 67.5], [], [NIP, "x", 5]])

    assert totals(data) == [(4, NIP, "67.5"), (6, NIP, "5")]


def sheet_xml(body: str, prefix: str = "") -> str:
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return (f'<{prefix}worksheet {name}="{files.SPREADSHEET}"><{prefix}sheetData>{body}'
            f"</{prefix}sheetData></{prefix}worksheet>")  # fmt: skip


def with_sheet(body: str, prefix: str = "", **parts: str | bytes) -> bytes:
    return files.xlsx([], xl__worksheets__sheet1_xml=sheet_xml(body, prefix), **parts)


INLINE = '<c t="inlineStr"><is><t>{}</t></is></c>'


def line_of(*texts: str) -> str:
    return "<row>" + "".join(INLINE.format(text) for text in texts) + "</row>"


def test_rows_and_cells_without_numbers_follow_one_another() -> None:
    assert totals(with_sheet(line_of("NIP", "Total") + line_of(NIP, "5"))) == [(2, NIP, "5")]


def test_a_formula_counts_by_the_value_saved_with_it() -> None:
    body = line_of("NIP", "Total") + (
        f'<row>{INLINE.format(NIP)}<c><f>SUM(A1:A9)+WEBSERVICE("x")</f><v>71.5</v></c></row>'
    )

    assert totals(with_sheet(body)) == [(2, NIP, "71.5")]


def test_a_formula_without_a_value_is_an_empty_cell() -> None:
    body = line_of("NIP", "Total") + f"<row>{INLINE.format(NIP)}<c><f>1+1</f></c></row>"

    assert totals(with_sheet(body)) == [(2, NIP, "")]


def test_prefixes_rich_texts_and_readings_aloud_are_understood() -> None:
    pieces = "<x:r><x:t>NI</x:t></x:r><x:r><x:t>P</x:t></x:r>"
    aside = "<x:rPh sb='0' eb='1'><x:t>aside</x:t></x:rPh>"
    rich = f"<x:c t='inlineStr'><x:is>{pieces}{aside}</x:is></x:c>"
    total = "<x:c t='inlineStr'><x:is><x:t>Total</x:t></x:is></x:c>"

    sheet = found(with_sheet(f"<x:row>{rich}{total}</x:row>", "x:"))

    assert sheet.header.headings == {"nip": "NIP", "total": "Total"}


def parts_of(data: bytes) -> dict[str, bytes | str]:
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_the_sheet_with_the_header_is_taken_wherever_it_is() -> None:
    parts = parts_of(files.xlsx([["Petunjuk"]])) | {
        "xl/workbook.xml": files.workbook("Petunjuk", "Data"),
        "xl/_rels/workbook.xml.rels": files.relations(
            "worksheets/sheet1.xml", "/xl/worksheets/sheet2.xml"
        ),
        "xl/worksheets/sheet2.xml": sheet_xml(line_of("NIP", "Total") + line_of(NIP, "1")),
    }

    assert totals(files.packed(parts)) == [(2, NIP, "1")]


def test_a_cell_far_to_the_right_takes_no_memory() -> None:
    far = (
        f'<row><c r="XFD1"><v>1</v></c><c r="ZZZZZZZZ1"><v>1</v></c></row>{line_of("NIP", "Total")}'
    )

    assert totals(with_sheet(far)) == []


def test_empty_rows_are_passed_over_in_little_memory() -> None:
    data = with_sheet(line_of("NIP", "Total") + "<row/>" * 50_000 + line_of(NIP, "1"))
    tracemalloc.start()
    try:
        assert [(nip, total) for _, nip, total in totals(data)] == [(NIP, "1")]
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_more_rows_than_a_sheet_can_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 1000)

    data = with_sheet(line_of("NIP", "Total") + "<row/>" * 1000)

    assert "terlalu banyak baris" in refusal(data)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_bomb_is_refused_before_it_is_unpacked(part: str) -> None:
    limit = Limits(16 * 1024)
    parts = parts_of(files.xlsx([["NIP", "Total"], [NIP, 1]]))
    parts[part] = b" " * (limit.unpacked + 1)

    assert "setelah dibuka" in refusal(files.packed(parts), limit)


def test_a_part_that_is_larger_than_it_says_is_cut_there() -> None:
    data = bytearray(files.xlsx([["NIP", "Total"], [NIP, 1]] * 2000))
    place = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 24 : place + 28] = struct.pack("<I", 500)

    assert refusal(bytes(data)) == package.BROKEN


@pytest.mark.parametrize("bit", [1 << 5, 1 << 6])
def test_a_part_packed_in_a_way_that_nobody_reads_is_refused(bit: int) -> None:
    data = bytearray(files.xlsx([["NIP", "Total"], [NIP, 1]]))
    data[data.rindex(b"xl/workbook.xml") - 46 + 8] |= bit

    assert refusal(bytes(data)) == package.BROKEN


def test_very_many_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_TEXT", 100_000)
    data = files.xlsx([["NIP", "Total"], *([f"teks {n}"] for n in range(5000))])

    assert "terlalu banyak teks" in refusal(data)


def test_a_very_long_cell_is_cut() -> None:
    data = with_sheet(line_of("NIP", "Total") + line_of(NIP, "5" * 100_000))

    assert len(totals(data)[0][2]) == xlsx.LONGEST_CELL


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    ],
)
def test_entities_are_refused(declaration: str) -> None:
    data = files.xlsx([], xl__worksheets__sheet1_xml=declaration + sheet_xml("<row/>"))

    assert refusal(data) == package.BROKEN


def test_macros_are_refused() -> None:
    assert "makro" in refusal(files.xlsx([["NIP", "Total"]], xl__vbaProject_bin=b"\0"))


def test_links_to_other_files_are_never_followed() -> None:
    external = files.relations("file:///etc/passwd").replace(
        "Target=", 'TargetMode="External" Target='
    )
    parts = {"xl/workbook.xml": files.workbook(), "xl/_rels/workbook.xml.rels": external}

    assert refusal(files.packed(parts)) == package.BROKEN


@pytest.mark.parametrize("target", ["../../../etc/passwd", "worksheets/../../../x", "sheet9.xml"])
def test_a_sheet_that_is_not_in_the_file_is_not_looked_for(target: str) -> None:
    parts = {"xl/workbook.xml": files.workbook(),
             "xl/_rels/workbook.xml.rels": files.relations(target)}  # fmt: skip

    assert refusal(files.packed(parts)) == package.BROKEN


def test_dates_from_1904_are_refused_because_they_would_be_four_years_off() -> None:
    data = files.xlsx(
        [["NIP", "Total"]], xl__workbook_xml=files.workbook(properties='<workbookPr date1904="1"/>')
    )

    assert "1904" in refusal(data)


def encrypted_entry() -> bytes:
    """A ZIP whose parts say that they need a password."""
    data = bytearray(files.xlsx([["NIP", "Total"]]))
    place = -1
    while (place := data.find(b"PK\x01\x02", place + 1)) >= 0:
        data[place + 8] |= 1
    return bytes(data)


def huge_directory() -> bytes:
    data = bytearray(files.xlsx([["NIP", "Total"]]))
    end = data.rindex(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 64 * 1024 * 1024)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 byte"),
        (HTML, "halaman web"),
        (b"\xef\xbb\xbf \n<table><tr><td>NIP</td></tr></table>", "halaman web"),
        (SVG, "halaman web"),
        (WORD, "rusak"),
        (b"%PDF-1.7\n", "PDF"),
        (OLE + bytes(2000), ".xls"),
        (OLE + bytes(3000) + "EncryptedPackage".encode("utf-16-le"), "kata sandi"),
        (encrypted_entry(), "kata sandi"),
        (b"PK\x03\x04", "rusak"),
        (b"PK\x05\x06" + bytes(18), "rusak"),
        (huge_directory(), "rusak"),
        (truncated(files.xlsx([["NIP", "Total"], [NIP, 1]])), "rusak"),
        (files.packed({"word/document.xml": "<x/>"}), "bukan lembar kerja"),
        (files.packed({"xl/workbook.bin": b"x"}), "bukan lembar kerja"),
        (files.xlsx([], xl__worksheets__sheet1_xml="<worksheet><sheetData><row>"), "rusak"),
        (files.xlsx([], xl__worksheets__sheet1_xml=b"\xff\xfe\x00"), "rusak"),
        (with_sheet('<row><c t="s"><v>99</v></c></row>'), "rusak"),
        (b"a\0b;c\n", "NUL"),
        (b"\xff\xfeN\x00I", "Huruf tidak terbaca"),
        (zeros_deflated(1), "NUL"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "NUL"),
        (b"apa saja", "30 baris pertama"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_xlsx_is_read_or_refused_and_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(files.xlsx([["NIP", "Total"], *([NIP, n] for n in range(50))]))
    for _ in range(rng.randint(1, 30)):
        data[rng.randrange(len(data))] = rng.randrange(256)

    with suppress(Unreadable):
        list(found(bytes(data)).lines())


def test_a_table_can_be_read_again() -> None:
    (table, *_rest) = open_tables(io.BytesIO(files.xlsx([["NIP"], ["1"]])), LIMITS)

    assert list(table()) == list(table())
