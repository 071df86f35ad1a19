"""The tables from which the demo is made, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

SEED = "Banua Lestari"
"""Everything random in the demo starts here."""
BASE_YEAR = 2026
"""Ages and careers are told as of this year, so that names and NIP never change."""


@cache
def table(name: str) -> dict[str, Any]:
    """One of the TOML files beside this module."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))
