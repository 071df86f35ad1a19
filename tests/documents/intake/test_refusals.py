"""What is not taken, and the sentence that says why and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.documents.intake import Limits
from portal.errors import Rejected
from tests.documents.intake.conftest import Convert
from tests.support import hostile_files as hostile
from tests.support import sample_files as sample


def refusal(act: Callable[[], object]) -> str:
    """The sentence of the refusal."""
    with pytest.raises(Rejected) as failure:
        act()
    return failure.value.message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (hostile.HTML, "Berkas ini halaman web (HTML)"),
        (b"\xef\xbb\xbf  " + hostile.HTML, "Berkas ini halaman web (HTML)"),
        (hostile.SVG, "Berkas ini gambar SVG"),
        (hostile.gif(), "Berkas ini gambar GIF"),
        (hostile.WORD, "Berkas ini dokumen Word, Excel, atau ZIP"),
        (hostile.VIDEO, "Berkas ini video"),
        (b"BM" + bytes(100), "Berkas ini gambar BMP"),
        (b"II*\0" + bytes(100), "Berkas ini gambar TIFF"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1avif" + bytes(99), "Berkas ini gambar AVIF"),
        (b"hanya teks", "Jenis berkas ini tidak dikenali"),
        (b"%PD", "Jenis berkas ini tidak dikenali"),
        (b"RIFF\x00\x00\x00\x00WAVE" + bytes(50), "Jenis berkas ini tidak dikenali"),
        (b"", "Berkas kosong (0 byte)"),
        (hostile.JPEG_MAGIC_AND_SCRIPT, "Foto tidak dapat dibuka"),
        (b"\x89PNG\r\n\x1a\n", "Foto tidak dapat dibuka"),
        (b"RIFF\x00\x00\x00\x00WEBP" + bytes(50), "Foto tidak dapat dibuka"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "Foto tidak dapat dibuka"),
        (hostile.truncated(sample.jpeg()), "Foto tidak dapat dibuka"),
        (hostile.truncated(sample.png()), "Foto tidak dapat dibuka"),
        (hostile.truncated(sample.webp()), "Foto tidak dapat dibuka"),
        (hostile.truncated(sample.heic()), "Foto tidak dapat dibuka"),
        (hostile.animated_webp(), "Gambar ini bergerak"),
        (hostile.truncated(sample.pdf(3)), "Berkas PDF rusak atau terpotong"),
        (b"%PDF-1.7\n%%EOF\n", "Berkas PDF rusak atau terpotong"),
        (sample.encrypted_pdf(), "PDF ini dikunci kata sandi"),
        (hostile.pdf_without_pages(), "PDF ini tidak berisi halaman"),
        (hostile.html_then_pdf(), "Berkas ini halaman web (HTML)"),
        (hostile.page_tree_bomb(), "Berkas PDF rusak atau terpotong"),
        (hostile.webp_bomb(), "Foto 16383 × 16383 piksel (269 megapiksel)"),
        (hostile.heic_bomb(), "Foto 50000 × 50000 piksel (2500 megapiksel)"),
        (hostile.png_text_bomb(b"zTXt"), "Foto tidak dapat dibuka"),
        (hostile.png_text_bomb(b"iCCP"), "Foto tidak dapat dibuka"),
        (hostile.gif() + hostile.JAR, "Berkas ini gambar GIF"),
    ],
)
def test_refuses_with_a_sentence_of_its_own(take: Convert, content: bytes, sentence: str) -> None:
    assert refusal(lambda: take(content)).startswith(sentence)


@pytest.mark.parametrize("tenth", range(1, 10))
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (sample.jpeg(), "Foto tidak dapat dibuka"),
        (sample.png(), "Foto tidak dapat dibuka"),
        (sample.webp(), "Foto tidak dapat dibuka"),
        (sample.heic(), "Foto tidak dapat dibuka"),
        (sample.pdf(3), "Berkas PDF rusak atau terpotong"),
        (sample.signed_pdf(), "Berkas PDF rusak atau terpotong"),
    ],
    ids=["jpeg", "png", "webp", "heic", "pdf", "signed"],
)
def test_half_a_file_is_never_taken_for_the_whole(
    take: Convert, content: bytes, sentence: str, tenth: int
) -> None:
    assert refusal(lambda: take(content[: len(content) * tenth // 10])).startswith(sentence)


def test_names_size_limit_and_remedy(take: Convert) -> None:
    limits = Limits(max_bytes=10 * 1024 * 1024)

    sentence = refusal(lambda: take(b"\xff\xd8\xff" + bytes(14 * 1024 * 1024 - 3), limits=limits))

    assert sentence == (
        "Berkas 14 MB. Paling besar 10 MB. Foto ulang dengan resolusi lebih kecil atau pilih PDF."
    )


def test_takes_a_file_of_exactly_the_limit(take: Convert) -> None:
    content = sample.jpeg()

    assert take(content, limits=Limits(max_bytes=len(content))).pages == 1


def test_names_the_pixels_of_a_bomb(take: Convert) -> None:
    assert refusal(lambda: take(hostile.png_bomb())) == (
        "Foto 50000 × 50000 piksel (2500 megapiksel). Paling besar 60 megapiksel. "
        "Foto ulang dengan resolusi lebih kecil."
    )


def test_names_the_pages_of_a_thick_pdf(take: Convert) -> None:
    assert refusal(lambda: take(sample.pdf(21))) == (
        "PDF ini 21 halaman. Paling banyak 20 halaman. Unggah hanya halaman yang diperlukan."
    )


def test_a_hundred_thousand_pages_are_counted_soon(take: Convert) -> None:
    assert refusal(lambda: take(hostile.thick_pdf(100_000))).startswith("PDF ini 100000 halaman.")


def test_names_the_number_of_too_many_pictures(take: Convert) -> None:
    assert refusal(lambda: take(b"x", b"x", b"x", limits=Limits(max_pages=2))) == (
        "Ada 3 foto. Paling banyak 2. Pilih hanya halaman yang diperlukan."
    )


def test_refuses_a_signed_pdf_among_other_pages(take: Convert) -> None:
    sentence = refusal(lambda: take(sample.jpeg(), sample.signed_pdf()))

    assert sentence.startswith("Berkas ke-2: PDF bertanda tangan digital tidak dapat digabung")


@pytest.mark.parametrize(
    "contents", [(sample.jpeg(), sample.pdf(2)), (sample.pdf(2), sample.jpeg())]
)
def test_counts_the_pages_of_all_files_together(take: Convert, contents: tuple[bytes, ...]) -> None:
    sentence = refusal(lambda: take(*contents, limits=Limits(max_pages=2)))

    assert "Seluruhnya 3 halaman. Paling banyak 2 halaman." in sentence


def test_refuses_nothing_at_all(take: Convert) -> None:
    assert refusal(take).startswith("Belum ada berkas")


def test_says_which_of_several_files_is_meant(take: Convert) -> None:
    sentence = refusal(lambda: take(sample.jpeg(), hostile.truncated(sample.jpeg())))

    assert sentence.startswith("Berkas ke-2: Foto tidak dapat dibuka")


@pytest.mark.parametrize(
    ("build", "word"),
    [
        (hostile.scripted_pdf, "skrip"),
        (hostile.launching_pdf, "perintah menjalankan program"),
        (hostile.attaching_pdf, "lampiran"),
        (hostile.form_pdf, "formulir berskrip"),
        (hostile.hiding_pdf, "skrip"),
        (hostile.calling_pdf, "tindakan otomatis"),
        (hostile.chained_pdf, "tindakan otomatis"),
        (hostile.turning_pdf, "tindakan otomatis"),
        (hostile.luring_pdf, "rujukan ke berkas di luar"),
        (hostile.borrowing_pdf, "rujukan ke berkas di luar"),
    ],
)
def test_refuses_a_signed_pdf_with_active_content(
    take: Convert, build: Callable[[], sample.pikepdf.Pdf], word: str
) -> None:
    sentence = refusal(lambda: take(sample.signed_pdf(build())))

    assert f"PDF bertanda tangan digital ini memuat {word}" in sentence


def test_refuses_a_pdf_of_countless_parts(take: Convert, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.documents.intake.pdf.MAX_OBJECTS", 3)

    assert refusal(lambda: take(sample.pdf(5))).startswith("PDF ini terlalu rumit")
