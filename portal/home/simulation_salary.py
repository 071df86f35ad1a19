"""What single salary could mean: an illustration, no rule (PermenPANRB 38/2018 names no share)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.wording import rounded, whole

Shares = Sequence[tuple[Decimal, Decimal]]
"""(lowest index, percent), highest first."""


@dataclass(frozen=True)
class Earning:
    """The share of a salary that an index earns; rupiah and percent."""

    persen: Decimal
    rupiah: int


@dataclass(frozen=True)
class Illustration:
    """The same salary with the index of today and with that of the simulation."""

    gaji: int
    kini: Earning
    nanti: Earning


def illustrate(now: Decimal, then: Decimal, gaji: int, shares: Shares) -> Illustration | None:
    """None where the agency leaves the illustration out (a salary of 0)."""
    if not gaji:
        return None
    return Illustration(gaji, _earning(now, gaji, shares), _earning(then, gaji, shares))


def rupiah(amount: int) -> str:
    """Rp7.100.000."""
    return f"Rp{whole(amount)}"


def _earning(index: Decimal, gaji: int, shares: Shares) -> Earning:
    by_table = (percent for low, percent in shares if index >= low)
    percent = next(by_table, rounded(index))
    return Earning(percent, int((gaji * percent / 100).to_integral_value(ROUND_HALF_UP)))
