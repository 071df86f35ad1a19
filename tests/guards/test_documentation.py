"""What can be set and what can be called is written down."""

from __future__ import annotations

import re

from portal.cli import COMMANDS
from portal.settings import ROOT
from tests.bench.suite import MAIN_JOB

NAME = re.compile(r'(?:env\.get\(|\(\s*env, )"([A-Z_]+)"')


def test_every_setting_is_explained_in_the_example() -> None:
    source = (ROOT / "portal" / "settings.py").read_text()
    example = (ROOT / ".env.example").read_text()

    explained = re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)

    assert sorted(explained) == sorted(set(NAME.findall(source)))


def test_every_command_is_named_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()

    assert [name for name in COMMANDS if f"`{name}" not in readme] == []


def test_every_make_target_is_explained_by_make_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony

    explained = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)

    assert sorted(explained) == sorted(phony[1].split())


def test_the_tests_of_the_main_job_are_all_there() -> None:
    assert [name for name in MAIN_JOB.read_text().split() if not (ROOT / name).exists()] == []
