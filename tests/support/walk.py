"""Walking over all addresses of the application."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from portal.access import PUBLIC, declared_access

Examples = Sequence[Mapping[str, Any]]
"""Each: parameter of an address → an object to put there; the objects of one belong together."""
SOMETHING = uuid.UUID("00000000-0000-4000-8000-000000000000")
"""An id that no object has."""


def routes(app: Flask) -> list[Rule]:
    """Every address but the static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def is_public(app: Flask, rule: Rule) -> bool:
    return declared_access(app, rule.endpoint) == PUBLIC


def parameters(rule: Rule) -> set[str]:
    """Names of the parameters written in the address (not those that a rule fixes)."""
    return set(rule._converters)


def address_of(rule: Rule, **values: Any) -> str:
    """The address with these values; parameters without one name an object that does not exist."""
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    for name, kind in kinds.items():
        fallback = (
            "x" if kind == "UnicodeConverter" else 1 if kind == "IntegerConverter" else SOMETHING
        )
        values.setdefault(name, fallback)
    built = rule.build(values)
    assert built is not None, f"no address for {rule.rule} with {values}"
    return built[1]


def addresses(rule: Rule, examples: Examples) -> list[str]:
    """The addresses of a rule, one per example that makes a difference to it."""
    names = parameters(rule)
    found: dict[str, None] = {}
    for example in examples:
        missing = sorted(names - set(example))
        assert not missing, f"{rule.rule}: tests/support/examples.py knows no example of {missing}"
        found[address_of(rule, **{name: example[name] for name in names})] = None
    return list(found)
