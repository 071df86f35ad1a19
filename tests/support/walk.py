"""Walking over all addresses of the application."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from portal.access import PUBLIC, declared_access

Examples = Mapping[str, Sequence[Any]]
"""Parameter of an address → objects to put there."""
SOMETHING = uuid.UUID("00000000-0000-4000-8000-000000000000")
"""An id that no object has."""


def routes(app: Flask) -> list[Rule]:
    """Every address but the static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def is_public(app: Flask, rule: Rule) -> bool:
    return declared_access(app, rule.endpoint) == PUBLIC


def parameters(rule: Rule) -> set[str]:
    """Names of the parameters in the address."""
    return set(rule.arguments)


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


def addresses(rule: Rule, examples: Examples) -> Iterator[str]:
    """The addresses of a rule, one per combination of the examples."""
    names = sorted(parameters(rule))
    missing = [name for name in names if name not in examples]
    assert not missing, f"{rule.rule}: tests/support/examples.py knows no example of {missing}"
    for values in itertools.product(*(examples[name] for name in names)):
        yield address_of(rule, **dict(zip(names, values, strict=True)))
