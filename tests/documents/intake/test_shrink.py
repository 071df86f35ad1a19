"""The copy for SIASN: as good as fits, never larger."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from portal.documents.intake import Limits, shrink_isolated
from portal.documents.intake.conversion import convert
from portal.documents.intake.shrink import LADDER, shrink
from portal.errors import Rejected
from tests.support import sample_files as sample

TEXT = b"BT /F1 24 Tf 80 700 Td (SERTIFIKAT 421.3) Tj ET "


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paper of two photographed pages, about 400 KB each."""
    folder = tmp_path_factory.mktemp("foto")
    grain = Image.effect_noise((1200, 848), 60).convert("RGB")
    photo = folder / "foto.jpg"
    photo.write_bytes(sample.jpeg(Image.blend(sample.certificate((1200, 848)), grain, 0.4)))
    return convert([photo, photo], Limits(), folder).pdf


def mixed(photo: bytes, size: tuple[int, int]) -> bytes:
    """A page of text above a picture, as word processors write it."""
    pdf = sample.new_pdf()
    image = pikepdf.Stream(pdf, photo)
    image.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB,
        Filter=Name.DCTDecode,
    )
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page = pdf.pages[0].obj
    page.Resources = Dictionary(
        XObject=Dictionary(Foto=pdf.make_indirect(image)), Font=Dictionary(F1=font)
    )
    page.Contents = pikepdf.Stream(pdf, TEXT + b"q 500 0 0 350 40 200 cm /Foto Do Q")
    return sample.saved(pdf)


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    page = document[0].get_textpage()
    text = page.get_text_bounded()
    page.close()
    document.close()
    return str(text)


@pytest.mark.parametrize("max_bytes", [600_000, 300_000, 100_000])
def test_is_never_larger_than_asked_for(noisy: Path, tmp_path: Path, max_bytes: int) -> None:
    shrink(noisy, tmp_path / "kecil.pdf", max_bytes)

    assert (tmp_path / "kecil.pdf").stat().st_size <= max_bytes


def test_is_as_good_as_fits(noisy: Path, tmp_path: Path) -> None:
    sizes = []
    for max_bytes in (100_000, 600_000):
        shrink(noisy, tmp_path / "kecil.pdf", max_bytes)
        with pikepdf.open(tmp_path / "kecil.pdf") as pdf:
            (image,) = pdf.pages[0].get_images().values()
            sizes.append(int(image.Width))

    assert sizes[0] < sizes[1]


def test_keeps_every_page(noisy: Path, tmp_path: Path) -> None:
    shrink(noisy, tmp_path / "kecil.pdf", 300_000)

    with pikepdf.open(tmp_path / "kecil.pdf") as pdf:
        assert len(pdf.pages) == 2


def test_the_same_paper_gives_the_same_copy(noisy: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        shrink(noisy, tmp_path / name, 300_000)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_text_stays_text(tmp_path: Path) -> None:
    photo = sample.encoded(Image.effect_noise((1500, 1050), 80).convert("RGB"), "JPEG", quality=95)
    source = tmp_path / "surat.pdf"
    source.write_bytes(mixed(photo, (1500, 1050)))

    shrink(source, tmp_path / "kecil.pdf", len(photo) // 3)

    assert "SERTIFIKAT 421.3" in text_of(tmp_path / "kecil.pdf")


def drawing(lines: int = 20_000) -> bytes:
    """A page whose weight is in the drawing itself."""
    pdf = sample.new_pdf()
    strokes = b"".join(
        b"%d %d m %d %d l S\n" % (n * 7919 % 97, n * n * 13 % 101, n * n % 103, n * 613 % 99)
        for n in range(lines)
    )
    pdf.pages[0].obj.Contents = pikepdf.Stream(pdf, strokes)
    return sample.saved(pdf)


def test_a_page_that_is_all_drawing_becomes_a_picture(tmp_path: Path) -> None:
    source = tmp_path / "gambar.pdf"
    source.write_bytes(drawing())

    shrink(source, tmp_path / "kecil.pdf", source.stat().st_size * 9 // 10)

    with pikepdf.open(tmp_path / "kecil.pdf") as pdf:
        assert len(pdf.pages[0].get_images()) == 1


def test_says_when_nothing_helps(noisy: Path, tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="tidak dapat diperkecil sampai 0,1 MB"):
        shrink(noisy, tmp_path / "kecil.pdf", 5_000)


def masked(**marks: object) -> bytes:
    """A picture whose colours mean something else than brightness."""
    data = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(data, "JPEG", quality=95)
    pdf = sample.new_pdf()
    image = pikepdf.Stream(pdf, data.getvalue())
    image.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=300,
        Height=300,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB,
        Filter=Name.DCTDecode,
        **marks,
    )
    page = pdf.pages[0].obj
    page.Resources = Dictionary(XObject=Dictionary(Foto=pdf.make_indirect(image)))
    page.Contents = pikepdf.Stream(pdf, b"q 300 0 0 300 100 300 cm /Foto Do Q")
    return sample.saved(pdf)


@pytest.mark.parametrize(
    "marks", [{"Mask": Array([0, 9, 0, 9, 0, 9])}, {"Decode": Array([1, 0, 1, 0, 1, 0])}]
)
def test_a_picture_that_is_a_mask_stays_as_it_is(tmp_path: Path, marks: dict[str, object]) -> None:
    source = tmp_path / "topeng.pdf"
    source.write_bytes(masked(**marks))

    shrink(source, tmp_path / "kecil.pdf", source.stat().st_size + 1000)

    with pikepdf.open(source) as before, pikepdf.open(tmp_path / "kecil.pdf") as after:
        (old,), (new,) = (pdf.pages[0].get_images().values() for pdf in (before, after))
        assert old.read_raw_bytes() == new.read_raw_bytes()


def test_the_ladder_falls() -> None:
    assert list(LADDER) == sorted(LADDER, key=lambda rung: (-rung.side, -rung.quality))


def test_works_in_a_process_of_its_own(noisy: Path, tmp_path: Path) -> None:
    shrink_isolated(noisy, tmp_path / "kecil.pdf", 300_000)

    assert (tmp_path / "kecil.pdf").stat().st_size <= 300_000


def test_a_refusal_comes_back_from_the_process(noisy: Path, tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="tidak dapat diperkecil"):
        shrink_isolated(noisy, tmp_path / "kecil.pdf", 5_000)
