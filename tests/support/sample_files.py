"""Files as honest people send them: certificates as photos and PDFs."""

from __future__ import annotations

import functools
import hashlib
import io
import re

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

A4_POINTS = (595, 842)
GPS_IFD = 0x8825
ORIENTATION = 0x0112
TWELVE_MEGAPIXELS = (4032, 3024)
SIGNATURE_ROOM = 2048
"""Bytes reserved for the signature itself."""
_ROOM = b"00" * SIGNATURE_ROOM
_PLACEHOLDER = b"[ 0 1000000000 1000000000 1000000000 ]"


def certificate(
    size: tuple[int, int] = (1600, 1131),
    *,
    nama: str = "Sari Wulandari, S.Pd.",
    judul: str = "Pelatihan Asesmen Kompetensi",
    nomor: str = "421.3/0187/BKD/2026",
) -> Image.Image:
    """A certificate: frame, title, name, number; a red mark stands top left."""
    picture = Image.new("RGB", size, "#fdfbf4")
    draw = ImageDraw.Draw(picture)
    width, height = size
    unit = width / 40
    frame = [unit, unit, width - unit, height - unit]
    draw.rectangle(frame, outline="#1c5d4a", width=int(unit / 3))
    draw.rectangle([0, 0, width // 8, height // 8], fill="#d00000")
    for text, top, scale in (
        ("SERTIFIKAT", 0.24, 2.6),
        (f"Nomor {nomor}", 0.36, 1.0),
        (nama, 0.48, 1.8),
        (judul, 0.60, 1.3),
        ("24 Jam Pelajaran (JP)", 0.70, 1.1),
    ):
        centre = (width / 2, height * top)
        draw.text(centre, text, fill="#1f2933", anchor="mm", font_size=unit * scale)
    return picture


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file of the given kind (Pillow's name)."""
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def jpeg(picture: Image.Image | None = None, *, orientation: int = 1, gps: bool = False) -> bytes:
    """A photo as a phone writes it: turned by a note, with the place where it was taken."""
    picture = picture or certificate()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "Merek Ponsel"
    if gps:
        exif.get_ifd(GPS_IFD).update({1: "S", 2: (6.0, 12.0, 30.0), 3: "E", 4: (106.0, 49.0, 5.0)})
    return encoded(picture, "JPEG", quality=92, exif=exif, comment=b"rahasia di komentar")


@functools.cache
def twelve_megapixel_jpeg() -> bytes:
    """4032 × 3024 with grain as a sensor makes it, a few megabytes, with EXIF and GPS."""
    width, height = TWELVE_MEGAPIXELS
    grain = Image.effect_noise((width // 4, height // 4), 24).resize(TWELVE_MEGAPIXELS)
    photo = Image.blend(certificate(TWELVE_MEGAPIXELS), grain.convert("RGB"), 0.3)
    return jpeg(photo, gps=True)


def png(picture: Image.Image | None = None) -> bytes:
    return encoded(picture or certificate(), "PNG")


def webp(picture: Image.Image | None = None) -> bytes:
    return encoded(picture or certificate(), "WEBP", quality=85)


def heic(picture: Image.Image | None = None) -> bytes:
    """As an iPhone writes it."""
    pillow_heif.register_heif_opener(thumbnails=False)
    quick = {"preset": "ultrafast"}
    return encoded(picture or certificate((800, 566)), "HEIF", quality=70, enc_params=quick)


def new_pdf(pages: int = 1, size: tuple[float, float] = A4_POINTS) -> pikepdf.Pdf:
    """A PDF still open, to be made worse; each page has a black bar at its foot."""
    pdf = pikepdf.new()
    for _ in range(pages):
        width, height = size
        bar = f"0 0 0 rg {width * 0.1:.2f} {height * 0.05:.2f} {width * 0.8:.2f} 30 re f"
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, width, height]),
            Resources=Dictionary(),
            Contents=pikepdf.Stream(pdf, bar.encode()),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    target = io.BytesIO()
    pdf.save(target, **options)  # type: ignore[arg-type]
    return target.getvalue()


def pdf(pages: int = 1) -> bytes:
    """An ordinary PDF."""
    return saved(new_pdf(pages))


def encrypted_pdf(password: str = "rahasia") -> bytes:
    """Cannot be opened without the password."""
    return saved(new_pdf(), encryption=pikepdf.Encryption(owner=password, user=password))


def restricted_pdf() -> bytes:
    """Opens without a password, but forbids printing and changes."""
    return saved(new_pdf(), encryption=pikepdf.Encryption(owner="pemilik", user=""))


def truly_signed_pdf(pdf: pikepdf.Pdf | None = None) -> bytes:
    """As `signed_pdf`, with the hash of what it covers where a signature keeps it."""
    return _with_hash(signed_pdf(pdf))


def twice_signed_pdf() -> bytes:
    """Signed by one, then by another who signed the signature of the first with it, as an
    incremental update (ISO 32000-1, 7.5.6)."""
    first = truly_signed_pdf()
    number = int(re.findall(rb"/Size (\d+)", first)[-1])
    root = re.findall(rb"/Root \d+ 0 R", first)[-1]
    previous = re.findall(rb"startxref\s+(\d+)", first)[-1]
    signature = b"<< /Type /Sig /ByteRange %s /Contents <%s> >>" % (_PLACEHOLDER, _ROOM)
    added = b"\n%d 0 obj\n%s\nendobj\n" % (number, signature)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(first) + 1)
    trailer = b"trailer << /Size %d %s /Prev %s >>\n" % (number + 1, root, previous)
    end = b"startxref\n%d\n%%%%EOF\n" % len(first + added)
    return _with_hash(_with_byte_range(first + added + table + trailer + end))


def _with_hash(data: bytes) -> bytes:
    """Put the hash of what is covered where a signature of zeros stands."""
    start = data.index(b"<" + _ROOM + b">")
    covered = data[:start] + data[start + len(_ROOM) + 2 :]
    attribute = bytes.fromhex("06092a864886f70d010904") + b"1\x22\x04\x20"
    value = (attribute + hashlib.sha256(covered).digest()).hex().encode()
    return data[: start + 1] + value.ljust(len(_ROOM), b"0") + data[start + 1 + len(_ROOM) :]


def signed_pdf(pdf: pikepdf.Pdf | None = None) -> bytes:
    """The form of a digital signature (field, byte range, visible mark); its value is zeros."""
    pdf = pdf or new_pdf()
    mark = pikepdf.Stream(pdf, b"0 0 1 rg 0 0 200 100 re f")
    mark.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 100])
    )
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=pikepdf.String("TandaTangan"),
            F=4,
            Rect=Array([200, 600, 400, 700]),
            AP=Dictionary(N=pdf.make_indirect(mark)),
            V=pdf.make_indirect(
                Dictionary(
                    Type=Name.Sig,
                    Filter=Name("/Adobe.PPKLite"),
                    SubFilter=Name("/adbe.pkcs7.detached"),
                    ByteRange=Array([0, 1_000_000_000, 1_000_000_000, 1_000_000_000]),
                    Contents=pikepdf.String(bytes(SIGNATURE_ROOM)),
                )
            ),
        )
    )
    page = pdf.pages[0].obj
    page.Annots = Array([*page.get("/Annots", ()), field])
    if Name.AcroForm not in pdf.Root:
        pdf.Root.AcroForm = Dictionary()
    pdf.Root.AcroForm.Fields = Array([field])
    pdf.Root.AcroForm.SigFlags = 3
    return _with_byte_range(
        saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    )


def _with_byte_range(data: bytes) -> bytes:
    """Write down which bytes the signature covers, without moving any."""
    start = data.index(b"<" + _ROOM + b">")
    end = start + len(_ROOM) + 2
    ranges = b"[ 0 %d %d %d ]" % (start, end, len(data) - end)
    return data.replace(_PLACEHOLDER, ranges.ljust(len(_PLACEHOLDER)))
