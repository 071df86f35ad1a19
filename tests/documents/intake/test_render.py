"""Two parsers read each PDF; what they do not agree on is refused."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from portal.documents.intake.render import render_pages
from portal.errors import Rejected
from tests.support import sample_files as sample


def test_refuses_a_pdf_that_the_second_parser_counts_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(sample.pdf(3))

    with pytest.raises(Rejected, match="Berkas PDF rusak"):
        list(render_pages(path, 4, 100))


def test_refuses_a_pdf_that_the_second_parser_cannot_open(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"bukan PDF")

    with pytest.raises(Rejected, match="Berkas PDF rusak"):
        list(render_pages(path, 1, 100))


def test_refuses_a_page_that_cannot_be_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(sample.pdf())

    def fail(*_: object, **__: object) -> None:
        raise pypdfium2.PdfiumError("no bitmap")

    monkeypatch.setattr(pypdfium2.PdfPage, "render", fail)

    with pytest.raises(Rejected, match="Berkas PDF rusak"):
        list(render_pages(path, 1, 100))
