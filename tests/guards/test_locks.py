"""What is installed is what was locked, from whichever index the machine uses."""

from __future__ import annotations

import re

import pytest

from portal.settings import ROOT

PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
LOCKS = ["requirements.lock", "requirements-dev.lock", "package-lock.json", ".npmrc"]


def pins(name: str) -> set[tuple[str, str]]:
    return set(PIN.findall((ROOT / name).read_text()))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()


def test_the_development_lock_holds_every_pin_of_the_other() -> None:
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_pin_has_a_hash() -> None:
    text = (ROOT / "requirements-dev.lock").read_text()

    requirements = re.split(r"\n(?=[a-z])", text)

    unhashed = [
        part.split()[0] for part in requirements if PIN.match(part) and "sha256:" not in part
    ]
    assert unhashed == []
