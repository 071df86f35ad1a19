"""How much of a certificate is read right: invented papers, clean and as photos."""

from __future__ import annotations

import os
import random
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from portal.documents.intake.assemble import Jpeg, assemble
from portal.documents.reading import read_isolated
from portal.documents.reading.text import engine, version
from portal.vocabulary import FileRole
from tests.bench.figures import Figure, Report
from tests.support.certificate_sheet import fonts_missing
from tests.support.certificates import certificate
from tests.support.photographs import as_jpeg, photograph
from tests.support.reading import Outcome, invented, outcome, shares

PAPERS = 200
SEED = "ukur"
"""Of the measured set; the parsers were written against others."""
SECTION = "Reading the paper"
LEAST = {"nomor", "nip", "tanggal_mulai", "tanggal_selesai", "tanggal_sertifikat", "jp"}
"""Fields with a target: 95 % on clean papers, 80 % on photos."""
ROUNDS = 5
METHOD = f"""\
**Reading**: {PAPERS} invented certificates of ten layouts (tests/support/certificates.py), from a
seed that nothing was tuned on, each as a clean scan and as a photo: up to 8° askew, perspective,
shade, blur, noise, poor contrast, three of seven lying on a side or on the head, JPEG of 2000
pixels. Each goes through the PDF that the portal keeps. Right means: numbers to the sign, dates,
JP and NIP to the digit, names to the letter, titles and organisers at nine letters of ten; a field
that is missing is wrong. *Invented* are values read where the paper states none."""


def tell(report: Report, folder: Path) -> None:
    """Measure and report; without tesseract or the typefaces there is nothing to measure."""
    if engine() is None or fonts_missing():
        print("\nNo tesseract, or no typefaces: the reading is not measured.")
        return
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(partial(outcome, SEED), range(PAPERS), chunksize=5))
    report.add(SECTION, *_figures(found, "clean", 95), *_figures(found, "photo", 80))
    report.add(
        SECTION, *_codes(found), Figure("one page, p50", _seconds(folder), "s", note=version())
    )


def _figures(found: list[Outcome], kind: str, least: int) -> list[Figure]:
    pairs = [(one.truth, getattr(one, kind)) for one in found]
    figures = [
        Figure(
            f"{name}, {kind}",
            100 * right / printed,
            "%",
            least=least if name in LEAST else None,
            note=f"{right} of {printed}",
        )
        for name, (right, printed) in shares(pairs).items()
    ]
    return [*figures, Figure(f"invented, {kind}", len(invented(pairs)), "values")]


def _codes(found: list[Outcome]) -> list[Figure]:
    carrying = [one for one in found if one.codes]
    return [
        Figure(
            f"QR codes, {kind}",
            100
            * sum(one.codes == getattr(one, f"codes_{kind}") for one in carrying)
            / len(carrying),
            "%",
            note=f"of {len(carrying)}",
        )
        for kind in ("clean", "photo")
    ]


def _seconds(folder: Path) -> float:
    """Median time of a photo of one page, start of the child process included."""
    pdf = _photo(folder)
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert read_isolated(pdf, 1, FileRole.SERTIFIKAT)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _photo(folder: Path) -> Path:
    rng = random.Random(SEED)
    picture = photograph(certificate(rng, 0).pages[0], rng)
    path, pdf = folder / "baca.jpg", folder / "baca.pdf"
    path.write_bytes(as_jpeg(picture, rng))
    assemble([Jpeg(path, *picture.size, gray=False)], pdf)
    return pdf
