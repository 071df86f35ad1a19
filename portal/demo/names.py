"""Indonesian names as the regions give them."""

from __future__ import annotations

import random

from portal.demo.data import table

_FRONT = {
    "dr.": ("dr.", ""),
    "drh.": ("drh.", ""),
    "Dr.": ("Dr.", ""),
    "apt., S.Farm.": ("apt.", "S.Farm."),
}
"""Titles of which a part stands before the name."""


def draw(rng: random.Random, *, woman: bool) -> str:
    """A name of one region; one in nine people has a single one."""
    regions = table("names")["daerah"]
    region = rng.choices(regions, weights=[entry["bobot"] for entry in regions])[0]
    given: str = rng.choice(region["wanita" if woman else "pria"])
    if rng.random() < 1 / 9 and " " not in given:
        return given
    return f"{given} {rng.choice(region['kedua'])}"


def titles(title: str) -> tuple[str, str]:
    """What stands before and behind the name; a specialist is a doctor first."""
    if title.startswith("Sp."):
        return "dr.", title
    return _FRONT.get(title, ("", title))
