"""Rule sets on offer: loading by id, with an agency's switches, and the one meant for a year."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from portal.scoring.engine.ruleset import RuleSet, Switches
from portal.scoring.engine.schema import read
from portal.scoring.engine.tables import RuleSetError

__all__ = [
    "RuleSet",
    "RuleSetError",
    "Switches",
    "available",
    "default_for_year",
    "load",
    "load_text",
]

_FOLDER = Path(__file__).parent.parent / "rules"


def available() -> list[str]:
    """Ids of the rule sets that ship with the portal."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load(rule_set: str, **switches: object) -> RuleSet:
    """The rule set of this id; switches not named, or None, stand as in its file.

    Raises RuleSetError for an unknown id, an unknown switch, or a file that does not add up.
    """
    named = sorted((name, _hashable(value)) for name, value in switches.items())
    return _load(rule_set, tuple(named))


def load_text(text: str, **switches: object) -> RuleSet:
    """A rule set from the text of a file; raises RuleSetError."""
    return read(text, switches)


def default_for_year(year: int) -> str:
    """Id of the rule set meant for the year; the nearest one where none is."""
    sets = [load(name) for name in available()]
    meant = [rules for rules in sets if rules.covers(year)]
    return (meant or sorted(sets, key=lambda rules: abs(rules.tahun_mulai - year)))[0].id


@cache
def _load(rule_set: str, switches: tuple[tuple[str, object], ...]) -> RuleSet:
    if rule_set not in available():
        raise RuleSetError(f"aturan {rule_set!r} tidak dikenal; yang ada: {', '.join(available())}")
    text = (_FOLDER / f"{rule_set}.toml").read_text(encoding="utf-8")
    rules = read(text, dict(switches))
    if rules.id != rule_set:
        raise RuleSetError(f"{rule_set}.toml: id di dalam berkas harus sama dengan namanya")
    return rules


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
