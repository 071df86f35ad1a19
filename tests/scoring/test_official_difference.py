"""What may be said of a difference between BKN's value and the own estimate, and what may not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from portal.scoring.official_difference import Approval, Official, Own, explain
from portal.vocabulary import Dimensi

OWN = {
    Dimensi.KUALIFIKASI: Decimal(20),
    Dimensi.KOMPETENSI: Decimal(21),
    Dimensi.KINERJA: Decimal(25),
    Dimensi.DISIPLIN: Decimal(5),
}
UNKNOWN = "Penyebab belum diketahui; tanyakan BKPSDM dengan menunjukkan halaman ini."
COMPUTED = dt.date(2026, 2, 12)
LATE = Approval("dok-1", "Bimtek Asesmen", dt.date(2026, 5, 3))
EARLY = Approval("dok-2", "Diklat Fungsional Guru", dt.date(2025, 4, 25))


def row(dimensi: str, indikator: str, poin: str, *bukti: Any, **fields: Any) -> dict[str, Any]:
    proofs = [{"nama": nama, "document_id": key} for key, nama in bukti]
    return {"dimensi": dimensi, "indikator": indikator, "poin": poin, "bukti": proofs,
            "tidak_dihitung": [], "jp": None, "jp_wajib": None} | fields  # fmt: skip


TEKNIS = row("kompetensi", "teknis", "6", ("dok-1", "Bimtek Asesmen"), jp=8, jp_wajib=20)
FUNGSIONAL = row("kompetensi", "fungsional", "15", ("dok-2", "Diklat Fungsional Guru"))
SKP = row("kinerja", "kinerja", "25", (None, "SKP 2025"))


def causes(
    dimensi: Dimensi,
    resmi: str,
    *,
    rows: Any = (FUNGSIONAL, TEKNIS, SKP),
    approvals: Any = (LATE, EARLY),
    tahun: int | None = None,
    own: str | None = None,
) -> list[str]:
    """What is said of one dimension of which BKN says `resmi`; the others agree."""
    mine = OWN | ({dimensi: Decimal(own)} if own else {})
    official = Official(tahun, mine | {dimensi: Decimal(resmi)}, COMPUTED, dt.date(2026, 11, 3))
    found = explain(official, Own(2026, mine, rows, approvals, "BKPSDM"))
    assert all(not each.sebab for each in found if each.dimensi is not dimensi and not tahun)
    (each,) = [each for each in found if each.dimensi is dimensi]
    return list(each.sebab)


@pytest.mark.parametrize("dimensi", list(Dimensi))
def test_where_both_agree_nothing_is_said(dimensi: Dimensi) -> None:
    assert causes(dimensi, str(OWN[dimensi])) == []


@pytest.mark.parametrize("resmi", ["20.98", "21.02", "20.99"])
def test_two_hundredths_are_rounding(resmi: str) -> None:
    (said,) = causes(Dimensi.KOMPETENSI, resmi)

    assert said.endswith("karena pembulatan.")


def test_less_than_is_printed_is_no_difference() -> None:
    assert causes(Dimensi.KOMPETENSI, "21.004") == []


def test_a_paper_that_was_approved_after_bkn_computed_is_named_with_its_day() -> None:
    assert causes(Dimensi.KOMPETENSI, "15") == [
        "BKN belum mencatat Bimtek Asesmen yang disetujui di sini 3 Mei 2026."
    ]


def test_a_paper_of_before_is_named_only_where_its_points_fit_and_with_a_doubt() -> None:
    said = causes(Dimensi.KOMPETENSI, "6", approvals=(EARLY,))

    assert said == [
        "Mungkin BKN belum mencatat Diklat Fungsional Guru yang disetujui di sini 25 April 2025."
    ]


def test_what_the_papers_do_not_explain_is_left_open() -> None:
    first, rest = causes(Dimensi.KOMPETENSI, "5")

    assert first.startswith("BKN belum mencatat Bimtek Asesmen")
    assert rest.startswith("Sisanya belum diketahui; tanyakan BKPSDM")


def test_without_a_paper_a_share_of_the_duty_may_be_the_cause() -> None:
    (said,) = causes(Dimensi.KOMPETENSI, "15", approvals=())

    assert said.startswith("Portal menghitung 8 dari 20 JP diklat teknis secara sebanding (6 poin)")


def test_papers_that_earn_nothing_are_not_blamed() -> None:
    other = Approval("dok-9", "Seminar", dt.date(2026, 6, 1))

    assert causes(Dimensi.KOMPETENSI, "10", rows=(FUNGSIONAL,), approvals=(other,)) == [UNKNOWN]


def test_many_papers_are_told_as_a_number() -> None:
    proofs = [(f"dok-{n}", f"Bimtek {n}") for n in range(6)]
    papers = [Approval(key, nama, dt.date(2026, 5, 3)) for key, nama in proofs]

    said = causes(
        Dimensi.KOMPETENSI, "6", rows=(row("kompetensi", "teknis", "15", *proofs),),
        approvals=papers,
    )  # fmt: skip

    assert (len(said), said[-1]) == (4, "Begitu juga 3 dokumen lain yang disetujui di sini.")


def test_where_bkn_has_more_what_is_left_out_here_is_named() -> None:
    out = {"nama": "Seminar 2023", "document_id": None, "alasan": "di luar jendela 2025–2026"}
    seminar = row("kompetensi", "seminar", "0", tidak_dihitung=[out])

    assert causes(Dimensi.KOMPETENSI, "31", rows=(seminar,)) == [
        "Seminar 2023 tidak dihitung di portal (di luar jendela 2025–2026); mungkin dihitung BKN."
    ]


def test_another_year_is_said_with_both_years() -> None:
    assert "BKN menghitung tahun 2024, portal 2026." in causes(Dimensi.KINERJA, "30", tahun=2024)


def test_the_skp_of_another_year_is_said_with_both_years() -> None:
    assert "BKN menghitung SKP 2024, portal SKP 2025." in causes(Dimensi.KINERJA, "30", tahun=2024)


def test_of_the_same_skp_nothing_is_guessed() -> None:
    assert causes(Dimensi.KINERJA, "30") == [UNKNOWN]


def test_punishments_are_told_from_either_side() -> None:
    assert causes(Dimensi.DISIPLIN, "3")[0].startswith("BKN mengurangi nilai disiplin")
    assert causes(Dimensi.DISIPLIN, "5", own="3")[0].startswith("Portal menghitung hukuman")


@pytest.mark.parametrize("dimensi", [Dimensi.KUALIFIKASI, Dimensi.KOMPETENSI, Dimensi.KINERJA])
@pytest.mark.parametrize("resmi", ["0", "1"])
def test_a_difference_is_never_left_without_a_word(dimensi: Dimensi, resmi: str) -> None:
    assert causes(dimensi, resmi, rows=(), approvals=()) == [UNKNOWN]
