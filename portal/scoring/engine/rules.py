"""Rule sets on offer: those that ship with the portal and an agency's own, each read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from portal.scoring.engine.ruleset import RuleSet, Switches
from portal.scoring.engine.schema import read, refused
from portal.scoring.engine.schema_switches import with_switches
from portal.scoring.engine.tables import RuleSetError

__all__ = [
    "RuleSet",
    "RuleSetError",
    "Switches",
    "available",
    "check",
    "default_for_year",
    "is_own",
    "load",
    "load_text",
    "look_in",
    "own_folder",
]

_FOLDER = Path(__file__).parent.parent / "rules"
_LARGEST = 1024 * 1024
"""Bytes of a file of rules; those that ship have some five thousand."""


@dataclass(frozen=True)
class _File:
    """One file of rules, as it was when it was read."""

    id: str
    """Its name without the ending."""
    name: str
    text: str
    own: bool

    def rules(self, shipped: dict[str, str]) -> RuleSet:
        """What it says; raises RuleSetError with its name and the line."""
        found = read(self.text, self.name, shipped)
        if found.id != self.id:
            raise self.refused("id di dalam berkas harus sama dengan namanya", "id")
        return found

    def refused(self, message: str, key: str) -> RuleSetError:
        return refused(f"{key}: {message}", self.text, self.name, (key,))


class Catalogue:
    """The rule sets of one installation. Nothing is read before it is asked for."""

    def __init__(self, shipped: Path, own: Path | None = None) -> None:
        self.own = own
        self._shipped = shipped
        self._known: dict[object, RuleSet] = {}

    @cached_property
    def _files(self) -> dict[str, _File]:
        shipped = {path.stem: _opened(path, own=False) for path in _listed(self._shipped)}
        own = {path.stem: _opened(path, own=True) for path in _listed(self.own)}
        for found in own.values():
            if found.id in shipped:
                raise found.refused("sudah dipakai aturan bawaan portal", "id")
        return shipped | own

    def available(self) -> list[str]:
        """Ids, alphabetical."""
        return sorted(self._files)

    def is_own(self, rule_set: str) -> bool:
        """Whether it came from the agency's folder."""
        return rule_set in self._files and self._files[rule_set].own

    def load(self, rule_set: str, switches: dict[str, object]) -> RuleSet:
        """The rule set of this id with these switches; raises RuleSetError."""
        key = (rule_set, *sorted((name, _hashable(value)) for name, value in switches.items()))
        if key not in self._known:
            self._known[key] = self._read(rule_set, switches)
        return self._known[key]

    def _read(self, rule_set: str, switches: dict[str, object]) -> RuleSet:
        found = self._files.get(rule_set)
        if found is None:
            names = ", ".join(self.available())
            raise RuleSetError(f"aturan {rule_set!r} tidak dikenal; yang ada: {names}")
        if switches:
            return with_switches(self.load(rule_set, {}), switches)
        return found.rules({file.id: file.text for file in self._files.values() if not file.own})

    @cached_property
    def _in_order(self) -> list[RuleSet]:
        """All of them, the agency's own first: where both are meant for a year, hers decides."""
        ids = sorted(self.available(), key=lambda name: (not self.is_own(name), name))
        return [self.load(name, {}) for name in ids]

    def check(self) -> None:
        """Read every file; raises RuleSetError for the first that cannot be used, or when two of
        the agency's own (or two that ship) are meant for the same year."""
        for one, other in combinations(self._in_order, 2):
            if self.is_own(one.id) == self.is_own(other.id) and _overlap(one, other):
                later = max(one, other, key=lambda rules: (rules.tahun_mulai, rules.id))
                earlier = other if later is one else one
                raise self._files[later.id].refused(
                    f"tahunnya bertumpuk dengan aturan {earlier.id} ({years(earlier)})",
                    "tahun_mulai",
                )

    def default_for_year(self, year: int) -> str:
        """Id of the rule set meant for the year; the nearest one where none is."""
        sets = self._in_order
        meant = [rules for rules in sets if rules.covers(year)]
        return (meant or sorted(sets, key=lambda rules: abs(rules.tahun_mulai - year)))[0].id


def years(rules: RuleSet) -> str:
    """The years of a rule set in words."""
    if rules.tahun_sampai is None:
        return f"sejak {rules.tahun_mulai}"
    if rules.tahun_sampai == rules.tahun_mulai:
        return str(rules.tahun_mulai)
    return f"{rules.tahun_mulai}–{rules.tahun_sampai}"


def _overlap(one: RuleSet, other: RuleSet) -> bool:
    return one.covers(other.tahun_mulai) or other.covers(one.tahun_mulai)


def _listed(folder: Path | None) -> Iterable[Path]:
    if folder is None:
        return []
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError:
        raise RuleSetError(f"folder aturan {folder} tidak ada atau tidak dapat dibaca") from None


def _opened(path: Path, *, own: bool) -> _File:
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        text = content.decode("utf-8-sig")
    except OSError:
        raise RuleSetError(f"{path.name}: tidak dapat dibaca") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RuleSetError(f"{path.name}, baris {line}: bukan teks UTF-8") from None
    if len(content) > _LARGEST:
        raise RuleSetError(f"{path.name}: lebih dari 1 MB, tentu bukan berkas aturan")
    return _File(path.stem, path.name, text, own)


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class _InUse:
    """The catalogue of this process."""

    catalogue = Catalogue(_FOLDER)


def look_in(folder: Path | None) -> None:
    """Offer the files of an agency's folder too (None: only those that ship); what was read stays
    when the folder is the same."""
    if folder != _InUse.catalogue.own:
        _InUse.catalogue = Catalogue(_FOLDER, folder)


def own_folder() -> Path | None:
    """The folder that was named last."""
    return _InUse.catalogue.own


def check() -> None:
    """Read every rule set on offer; raises RuleSetError with one sentence."""
    _InUse.catalogue.check()


def available() -> list[str]:
    """Ids of the rule sets on offer."""
    return _InUse.catalogue.available()


def is_own(rule_set: str) -> bool:
    """Whether the rule set came from the agency's folder."""
    return _InUse.catalogue.is_own(rule_set)


def load(rule_set: str, **switches: Any) -> RuleSet:
    """The rule set of this id; switches not named, or None, stand as in its file.

    Raises RuleSetError for an unknown id, an unknown switch, or a file that does not add up.
    """
    return _InUse.catalogue.load(rule_set, switches)


def load_text(text: str, **switches: object) -> RuleSet:
    """A rule set from the text of a file; raises RuleSetError."""
    return with_switches(read(text, "aturan.toml"), switches)


def default_for_year(year: int) -> str:
    """Id of the rule set meant for the year; the nearest one where none is."""
    return _InUse.catalogue.default_for_year(year)
