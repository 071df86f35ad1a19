"""Single salary: an illustration by a table of shares, or by the index itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.home.simulation_salary import illustrate, rupiah

SHARES = ((Decimal(91), Decimal(100)), (Decimal(71), Decimal(80)), (Decimal(0), Decimal(60)))


def test_without_a_table_the_index_is_the_share() -> None:
    found = illustrate(Decimal(70), Decimal("81.005"), 10_000_000, ())

    assert found is not None
    assert (found.kini.persen, found.kini.rupiah) == (70, 7_000_000)
    assert (found.nanti.persen, found.nanti.rupiah) == (Decimal("81.01"), 8_101_000)


@pytest.mark.parametrize(
    ("index", "percent"), [("100", 100), ("91", 100), ("90.99", 80), ("71", 80), ("0", 60)]
)
def test_with_a_table_the_band_of_the_index_decides(index: str, percent: int) -> None:
    found = illustrate(Decimal(index), Decimal(index), 1_000_000, SHARES)

    assert found is not None
    assert (found.kini.persen, found.kini.rupiah) == (percent, percent * 10_000)


def test_a_salary_of_nothing_is_no_illustration() -> None:
    assert illustrate(Decimal(70), Decimal(80), 0, ()) is None


def test_rupiah_have_dots() -> None:
    assert rupiah(10_000_000) == "Rp10.000.000"
