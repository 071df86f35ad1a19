"""The kinds of files that can be imported."""

from __future__ import annotations

from portal.imports.kinds import Kind
from portal.imports.official_values import OfficialValues

OFFICIAL = OfficialValues()
KINDS: dict[str, Kind] = {OFFICIAL.name: OFFICIAL}
LABELS = {OFFICIAL.name: "Nilai IP ASN dari BKN (PIP ASN)"}


def kind_of(name: str) -> Kind:
    """The kind of this name; a row of the table always has one."""
    return KINDS[name]
