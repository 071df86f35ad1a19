"""PDFs are stripped to what is seen; signed ones stay byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, String
from PIL import Image

from portal.documents.intake import Converted
from portal.documents.intake.active import dictionaries
from portal.documents.intake.signature import MOST
from portal.vocabulary import SignatureState
from tests.documents.intake.conftest import Convert
from tests.support import hostile_files as hostile
from tests.support import sample_files as sample

TWICE = sample.twice_signed_pdf()
ACTIVE = {"/AA", "/EF", "/EmbeddedFiles", "/JS", "/JavaScript", "/OpenAction", "/XFA", "/AcroForm"}


def active_parts(path: Path) -> set[str]:
    """Keys and actions in a PDF that do something."""
    with pikepdf.open(path) as pdf:
        found = set()
        for dictionary in dictionaries(pdf):
            found |= ACTIVE & set(dictionary.keys())
            found |= {"/Launch"} & {str(dictionary.get("/S"))}
        return found


def is_dark(path: Path, x: float, y: float) -> bool:
    with Image.open(path) as picture:
        spot = (int(picture.width * x), int(picture.height * y))
        return min(picture.convert("RGB").getpixel(spot)) < 60


def is_paper(path: Path, x: float, y: float) -> bool:
    with Image.open(path) as picture:
        spot = (int(picture.width * x), int(picture.height * y))
        return min(picture.convert("RGB").getpixel(spot)) > 200


def note() -> pikepdf.Pdf:
    """A stamp drawn over the middle of the page."""
    pdf = sample.new_pdf()
    look = pikepdf.Stream(pdf, b"0 0 0 rg 0 0 200 100 re f")
    look.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 100])
    )
    stamp = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Stamp,
        F=4,
        Rect=Array([200, 600, 400, 700]),
        AP=Dictionary(N=pdf.make_indirect(look)),
    )
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(stamp)])
    return pdf


def pages_in(converted: Converted) -> int:
    with pikepdf.open(converted.pdf) as pdf:
        return len(pdf.pages)


def test_takes_an_ordinary_pdf(take: Convert) -> None:
    assert pages_in(take(sample.pdf(3))) == 3


def test_draws_every_page(take: Convert) -> None:
    converted = take(sample.pdf(3))

    assert [is_dark(path, 0.5, 0.935) for path in converted.previews] == [True] * 3


def test_draws_the_thumbnail_from_the_first_page(take: Convert) -> None:
    assert is_dark(take(sample.pdf(2)).thumbnail, 0.5, 0.935)


@pytest.mark.parametrize(
    "build",
    [
        hostile.scripted_pdf,
        hostile.launching_pdf,
        hostile.attaching_pdf,
        hostile.hiding_pdf,
        hostile.form_pdf,
    ],
)
def test_nothing_active_survives(take: Convert, build: Callable[[], pikepdf.Pdf]) -> None:
    assert active_parts(take(sample.saved(build())).pdf) == set()


@pytest.mark.parametrize(
    "build",
    [hostile.calling_pdf, hostile.turning_pdf, hostile.luring_pdf, hostile.borrowing_pdf],
)
def test_no_way_to_a_stranger_survives(take: Convert, build: Callable[[], pikepdf.Pdf]) -> None:
    assert b"jahat.example" not in take(sample.saved(build())).pdf.read_bytes()


def test_an_attached_program_is_gone(take: Convert) -> None:
    content = sample.saved(
        hostile.attaching_pdf(),
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.all,
    )

    assert b"MZ\x90\x00 program" not in take(content).pdf.read_bytes()


def test_what_stands_on_the_page_stays(take: Convert) -> None:
    assert is_dark(take(sample.saved(hostile.scripted_pdf())).previews[0], 0.5, 0.935)


def test_a_stamp_becomes_part_of_the_page(take: Convert) -> None:
    assert is_dark(take(sample.saved(note())).previews[0], 0.5, 0.23)


def test_a_stamp_is_no_note_any_more(take: Convert) -> None:
    converted = take(sample.saved(note()))

    with pikepdf.open(converted.pdf) as pdf:
        assert Name.Annots not in pdf.pages[0].obj


def test_forgets_who_wrote_it(take: Convert) -> None:
    pdf = sample.new_pdf()
    pdf.docinfo[Name.Author] = "Komputer Sari"

    with pikepdf.open(take(sample.saved(pdf)).pdf) as stored:
        assert Name.Info not in stored.trailer


def test_a_page_after_the_end_mark_is_gone(take: Convert) -> None:
    assert b"<html" not in take(hostile.pdf_then_html()).pdf.read_bytes()


def test_a_pdf_that_only_forbids_printing_is_opened(take: Convert) -> None:
    converted = take(sample.restricted_pdf())

    with pikepdf.open(converted.pdf) as pdf:
        assert not pdf.is_encrypted


def test_repairs_a_wrong_table_of_contents(take: Convert) -> None:
    content = sample.saved(sample.new_pdf(2), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    broken = content[: content.rindex(b"startxref")] + b"startxref\n3\n%%EOF\n"

    assert pages_in(take(broken)) == 2


def test_a_giant_page_gets_a_picture_of_normal_size(take: Convert) -> None:
    with Image.open(take(hostile.giant_page_pdf()).previews[0]) as preview:
        assert max(preview.size) <= 1400


@pytest.mark.parametrize("box", ["[0 0 0 0]", "[1 1 -5 -5]", "[0 0 1 100000]", "[/A /B /C /D]"])
def test_an_absurd_page_size_does_no_harm(take: Convert, box: str) -> None:
    content = hostile.raw_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox %s >>" % box.encode(),
        }
    )

    with Image.open(take(content).previews[0]) as preview:
        assert max(preview.size) <= 1400


def test_turns_the_pages_as_the_person_wished(take: Convert) -> None:
    converted = take(sample.pdf(2), turns=[90])

    assert [width > height for width, height in converted.sizes] == [True, True]


def test_a_signed_pdf_is_not_turned(take: Convert) -> None:
    content = sample.signed_pdf()

    assert take(content, turns=[90]).pdf.read_bytes() == content


def test_a_signed_pdf_stays_byte_for_byte(take: Convert) -> None:
    content = sample.signed_pdf()

    assert take(content).pdf.read_bytes() == content


def test_knows_a_signed_pdf(take: Convert) -> None:
    assert take(sample.signed_pdf()).signed


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (sample.pdf(), SignatureState.TIADA),
        (sample.truly_signed_pdf(), SignatureState.UTUH),
        (sample.truly_signed_pdf() + b"\n", SignatureState.UTUH),
        (sample.truly_signed_pdf() + b"% tambahan\n%%EOF\n", SignatureState.DITAMBAH),
        (sample.truly_signed_pdf().replace(b"TandaTangan", b"TandaTangam"), SignatureState.BERUBAH),
        (sample.signed_pdf(), SignatureState.TAK_TERBACA),
        (hostile.falsely_signed_pdf(), SignatureState.TIDAK_SAH),
        (sample.truly_signed_pdf() + hostile.HTML, SignatureState.TIDAK_SAH),
        (hostile.pdf_of_signatures(MOST + 1), SignatureState.TAK_TERBACA),
        (TWICE, SignatureState.UTUH),
        (TWICE.replace(b"TandaTangan", b"TandaTangam"), SignatureState.BERUBAH),
        (TWICE + b"% tambahan\n%%EOF\n", SignatureState.DITAMBAH),
    ],
    ids=[
        "none",
        "whole",
        "blank",
        "added",
        "changed",
        "zeros",
        "invented",
        "behind",
        "many",
        "twice",
        "twice-changed",
        "twice-added",
    ],
)
def test_tells_what_a_signature_says_about_the_bytes(
    take: Convert, content: bytes, expected: SignatureState
) -> None:
    assert take(content).signature is expected


def test_an_ordinary_pdf_is_not_signed(take: Convert) -> None:
    assert not take(sample.pdf()).signed


def test_a_signed_pdf_has_the_same_hash_before_and_after(take: Convert) -> None:
    content = sample.signed_pdf()

    converted = take(content)

    assert [converted.sha256_stored] == converted.sha256_original


def test_hashes_what_came_in(take: Convert) -> None:
    content = sample.pdf()

    assert take(content).fingerprint == hashlib.sha256(content).hexdigest()


def test_shows_the_visible_mark_of_a_signature(take: Convert) -> None:
    assert not is_paper(take(sample.signed_pdf()).previews[0], 0.5, 0.23)


def test_an_invented_signature_protects_no_script(take: Convert) -> None:
    converted = take(hostile.falsely_signed_pdf())

    assert (converted.signed, active_parts(converted.pdf)) == (False, set())


@pytest.mark.parametrize("ranges", [[0, 10], [0, 10, 20, 10**9], [5, 10, 20, 10], [0, 20, 10, 5]])
def test_impossible_byte_ranges_are_no_signature(take: Convert, ranges: list[int]) -> None:
    pdf = sample.new_pdf()
    claim = Dictionary(Type=Name.Sig, ByteRange=Array(ranges), Contents=String("x"))
    pdf.Root.Klaim = pdf.make_indirect(claim)

    assert not take(sample.saved(pdf)).signed


def test_a_web_page_behind_a_signed_pdf_is_not_kept(take: Convert) -> None:
    converted = take(sample.signed_pdf() + hostile.HTML)

    assert b"<html" not in converted.pdf.read_bytes()


@pytest.mark.parametrize(
    "view",
    [
        Dictionary(S=Name.GoTo, D=String("awal")),
        Dictionary(S=Name.Named, N=Name.FirstPage),
        Array([0, Name.Fit]),
        Name.Kosong,
    ],
)
def test_a_signed_pdf_with_a_plain_opening_view_is_kept(take: Convert, view: Object) -> None:
    pdf = sample.new_pdf()
    pdf.Root.OpenAction = view

    assert take(sample.signed_pdf(pdf)).signed


def test_a_signed_pdf_with_a_link_to_its_verification_is_kept(take: Convert) -> None:
    pdf = sample.new_pdf()
    visit = Dictionary(S=Name.URI, URI=String("https://tte.example/periksa"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 99, 99]), A=visit)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])

    assert take(sample.signed_pdf(pdf)).signed
