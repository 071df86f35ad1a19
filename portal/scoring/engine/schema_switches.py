"""`[saklar]`: what an agency may set otherwise, in the file and beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace

from portal.scoring.engine.ruleset import RuleSet, Switches
from portal.scoring.engine.tables import RuleSetError, Table

HASH = 12
"""Digits of a version."""


def read_switches(table: Table) -> Switches:
    """The switches of a file; raises RuleSetError."""
    switches = Switches(
        prorata=table.flag("prorata"),
        kepemimpinan_lebih_tinggi=table.flag("kepemimpinan_lebih_tinggi"),
        jf_tanpa_diklat=table.texts("jf_tanpa_diklat"),
        kedudukan_hukum=table.texts("kedudukan_hukum"),
    )
    table.close()
    return switches


def with_switches(rules: RuleSet, given: Mapping[str, object]) -> RuleSet:
    """The rule set with other switches (None = as they are) and a version that tells so.

    Raises RuleSetError for a switch that does not exist or a value of another type.
    """
    own = {name: _plain(value) for name, value in asdict(rules.saklar).items()}
    for name in given:
        if name not in own:
            raise RuleSetError("kunci tidak dikenal", ("saklar", name))
    asked = own | {name: _plain(value) for name, value in given.items() if value is not None}
    switches = read_switches(Table(asked, ("saklar",)))
    changed = {name: value for name, value in asked.items() if value != own[name]}
    if not changed:
        return rules
    digest = hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()[:HASH]
    return replace(rules, saklar=switches, version=f"{rules.version}+{digest}")


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
