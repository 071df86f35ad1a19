"""The kind of a file, by its first bytes. Only a first guess: the decoders have the last word."""

from __future__ import annotations

from enum import StrEnum

from portal.errors import Rejected

HEAD = 1024
"""Bytes that `recognise` wants to see."""
ACCEPTED = "Unggah foto (JPG, PNG, WebP, HEIC) atau PDF."


class Kind(StrEnum):
    """What is accepted; the values are Pillow's names of the formats."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIF"
    PDF = "PDF"


_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_PICTURE_REMEDY = "Foto dokumennya, atau simpan sebagai JPG, PNG, atau PDF."
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", f"Berkas ini gambar GIF, yang belum diterima. {_PICTURE_REMEDY}"),
    (b"BM", f"Berkas ini gambar BMP, yang belum diterima. {_PICTURE_REMEDY}"),
    (b"II*\0", f"Berkas ini gambar TIFF, yang belum diterima. {_PICTURE_REMEDY}"),
    (b"MM\0*", f"Berkas ini gambar TIFF, yang belum diterima. {_PICTURE_REMEDY}"),
    (
        b"PK\x03\x04",
        "Berkas ini dokumen Word, Excel, atau ZIP. Simpan sebagai PDF, lalu unggah PDF-nya.",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "Berkas ini dokumen Word atau Excel lama. Simpan sebagai PDF, lalu unggah PDF-nya.",
    ),
    (b"{\\rtf", "Berkas ini dokumen RTF. Simpan sebagai PDF, lalu unggah PDF-nya."),
)
_SVG = f"Berkas ini gambar SVG, yang belum diterima. {_PICTURE_REMEDY}"
_HTML = (
    "Berkas ini halaman web (HTML), bukan sertifikat, walau namanya mungkin lain. "
    "Buka halamannya, cetak ke PDF, lalu unggah PDF itu."
)
_AVIF = f"Berkas ini gambar AVIF, yang belum diterima. {_PICTURE_REMEDY}"
_VIDEO = f"Berkas ini video, bukan dokumen. {_PICTURE_REMEDY}"
_UNKNOWN = f"Jenis berkas ini tidak dikenali. {ACCEPTED}"


def recognise(head: bytes) -> Kind:
    """The kind that the first bytes announce; raises Rejected with what it is instead."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        return Kind.PDF
    raise Rejected(_refusal(head))


def _by_brand(head: bytes) -> Kind:
    """HEIC, AVIF and videos share a container; the list of brands tells them apart."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[start : start + 4] for start in (8, *range(16, length, 4))}
    if brands & {b"avif", b"avis"}:
        raise Rejected(_AVIF)
    if brands & _HEIC_BRANDS:
        return Kind.HEIC
    raise Rejected(_VIDEO)


def _refusal(head: bytes) -> str:
    for magic, sentence in _REFUSED:
        if head.startswith(magic):
            return sentence
    text = head.lower()
    if b"<svg" in text:
        return _SVG
    if any(tag in text for tag in (b"<!doctype html", b"<html", b"<script", b"<body", b"<head")):
        return _HTML
    return _UNKNOWN
