"""Fields of the forms of items: each reads what was typed, and keeps what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wtforms import Field, SelectField, StringField

# newer than its stubs
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import DateInput, TextInput

from portal.documents.columns import read_day
from portal.handin import fields
from portal.vocabulary import LabelledEnum
from portal.web.typed import clean

_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
_THOUSANDS = re.compile(r"^(\d{1,3})\.(\d{3})$", re.ASCII)
_FRACTION = re.compile(r"(\d{1,7})[.,]\d{1,7}", re.ASCII)
_UNIT = re.compile(r" ?(?:jp|jam(?: pelajaran)?)$", re.IGNORECASE)
Choices = list[tuple[str, str]]


class Line(StringField):
    """One line of text, cleaned as it comes in."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(valuelist[0]) if valuelist else ""
        if len(self.data) > fields.LIMITS[self.name]:
            raise ValueError(fields.too_long(self.name, self.data))


class Day(Field):
    """A date, from the browser's calendar (ISO) or typed as people write it."""

    widget = DateInput()

    def _value(self) -> str:
        if self.raw_data:
            return clean(self.raw_data[0])[:20]
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = clean(valuelist[0]) if valuelist else ""
        self.data = None
        if text:
            self.data = read_day(text)


class Whole(Field):
    """A whole number that fits its column; how large it may be is another question.

    A line of text: in a number input of a phone that speaks English "8,5" becomes 85 unseen.
    """

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return clean(self.raw_data[0])[:20]
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = clean(valuelist[0]) if valuelist else ""
        text = _THOUSANDS.sub(r"\1\2", _UNIT.sub("", text))
        self.data = None
        if part := _FRACTION.fullmatch(text):
            raise ValueError(
                f"JP “{text}” bukan bilangan bulat. Tulis tanpa koma, misalnya {int(part[1])}."
            )
        if text and not _NUMBER.fullmatch(text):
            raise ValueError(f"JP “{text[:20]}” bukan angka. Tulis angka saja, misalnya 12.")
        if text:
            self.data = int(text)


class Choice(SelectField):
    """A word of a closed list; nonsense counts as nothing chosen."""

    def __init__(
        self,
        label: str,
        words: type[LabelledEnum],
        *,
        prompt: str,
        groups: Mapping[str | None, Choices] | None = None,
        **options: Any,
    ) -> None:
        self.words = words
        shown = groups or {None: [(word.value, word.label) for word in words]}
        choices = [
            SelectChoice("", prompt),
            *(
                SelectChoice(value, text, optgroup=group)
                for group, members in shown.items()
                for value, text in members
            ),
        ]
        super().__init__(
            label, coerce=self._word, validate_choice=False, choices=choices, **options
        )

    def _word(self, value: Any) -> StrEnum | None:
        return self.words(value) if value in list(self.words) else None
