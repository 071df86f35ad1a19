"""`aturan`: the rule sets on offer in words; with an agency's folder also hers."""

from __future__ import annotations

from pathlib import Path

import click

from portal.scoring.engine import rules
from portal.scoring.rule_docs import text as rules_text

INTRODUCTION = Path(__file__).with_name("introduction.md")


def document(names: list[str]) -> str:
    """The explanation of these rule sets, oldest years first."""
    sets = sorted(map(rules.load, names), key=lambda found: (found.tahun_mulai, found.id))
    head = INTRODUCTION.read_text(encoding="utf-8")
    head = head.replace("{certainties}", rules_text.certainties())
    return f"{head}\n{rules_text.explain(sets)}"


@click.command("aturan")
@click.argument("ids", nargs=-1, metavar="[ID]…")
def aturan(ids: tuple[str, ...]) -> None:
    """Jelaskan aturan yang tersedia, dan periksa berkas aturan instansi di RULES_DIR."""
    rules.check()
    click.echo(document(list(ids) or rules.available()), nl=False)
