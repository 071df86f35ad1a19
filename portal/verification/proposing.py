"""The fields beside Kembalikan for values that the paper shows, with what is declared there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from flask import get_template_attribute
from markupsafe import Markup

from portal.documents.transitions import Act
from portal.verification.checking.paper import Line
from portal.verification.corrections import PREFIX
from portal.verification.forms import ReturnForm, return_form
from portal.vocabulary import DocumentKind

_HINT = "yang-diisi-pemilik"
"""The place where the hint is put."""
_EMPTY = "Diisi kosong"


@dataclass(frozen=True, slots=True)
class Proposing:
    """The fields as HTML; open when something was typed there."""

    fields: list[Markup]
    open: bool = False


def proposing(kind: DocumentKind, lines: Iterable[Line], sent: ReturnForm | None) -> Proposing:
    """With what was sent and refused, else as nobody has filled them in."""
    hints = {line.name: _hint(line) for line in lines}
    if sent is None:
        around = _blank(kind)
        return Proposing(
            [before + hints.get(name, _EMPTY) + after for name, before, after in around]
        )
    typed = sent.proposals()
    drawn = [_draw(field, hints.get(_column(field), _EMPTY)) for field in typed]
    return Proposing(drawn, open=any(field.errors or field.data for field in typed))


def _hint(line: Line) -> str:
    said = f"Diisi {line.declared}" if line.declared else _EMPTY
    return f"{said}, terbaca {line.read}" if line.differs else said


@cache
def _blank(kind: DocumentKind) -> list[tuple[str, Markup, Markup]]:
    """Each column with what stands before and after its hint: all that is alike for every item of
    a kind is drawn once."""
    form = return_form(kind)(None).for_act(Act.KEMBALIKAN.value)
    return [(_column(field), *_around(field)) for field in form.proposals()]


def _around(field: Any) -> tuple[Markup, Markup]:
    before, _, after = _draw(field, _HINT).partition(_HINT)
    return before, after


def _column(field: Any) -> str:
    return str(field.name.removeprefix(PREFIX))


def _draw(field: Any, hint: str) -> Markup:
    draw = get_template_attribute("components/field.html", "field")
    return cast("Markup", draw(field, hint=hint))
