"""docs/aturan.md says what the files of rules say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.scoring.engine import rules
from portal.scoring.engine.rules import Catalogue
from portal.scoring.rule_docs.command import aturan, document
from portal.settings import ROOT

PAGE = ROOT / "docs" / "aturan.md"


def test_the_page_equals_the_files() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(rules.available()), "run: make aturan"


@pytest.mark.parametrize("name", rules.available())
def test_every_part_of_a_rule_set_is_explained_with_its_certainty(name: str) -> None:
    found = rules.load(name)

    text = document([name])

    marks = re.findall(r"^#{3,4} .* \[([HML])\]$", text, re.MULTILINE)
    assert marks == [part.kepastian.value for part in found.kepastian.values()]


def test_the_caution_of_a_rule_set_stands_at_its_head() -> None:
    assert "**Belum terverifikasi: menunggu" in document(["bkn-2023"])


def test_the_example_of_an_own_file_is_one(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (tmp_path / "cendana-2027.toml").write_text(example[1], encoding="utf-8")

    Catalogue(rules._FOLDER, tmp_path).check()


def test_the_command_explains_one_rule_set() -> None:
    result = CliRunner().invoke(aturan, ["pbkn8-2019"])

    assert result.exit_code == 0
    assert "(`pbkn8-2019`)" in result.output
    assert "(`bkn-2023`)" not in result.output


def test_the_command_explains_an_agencys_own_rule_set(tmp_path: Path) -> None:
    (tmp_path / "sendiri.toml").write_text(
        'dasar = "bkn-2023"\nid = "sendiri"\nnama = "Cara kami"\ntahun_mulai = 2030\n'
        "[saklar]\nprorata = false\n"
    )
    rules.look_in(tmp_path)
    try:
        result = CliRunner().invoke(aturan, ["sendiri"])
    finally:
        rules.look_in(None)

    assert "## Cara kami (`sendiri`)\nBerlaku sejak 2030." in result.output
    assert "dihitung sebanding | `prorata` | tidak |" in result.output
