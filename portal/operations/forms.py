"""Forms about the rules: a way of measuring, a target, two ways to compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.scoring.engine import rules
from portal.scoring.engine.rules import RuleSetError
from portal.scoring.engine.wording import KEDUDUKAN_HUKUM
from portal.scoring.rule_docs.words import SWITCHES
from portal.scoring.years import Way
from portal.wording import exact

_CHOICES = [
    SelectChoice("", "seperti di aturan"),
    SelectChoice("ya", "ya"),
    SelectChoice("tidak", "tidak"),
]
_FLAGS = ("prorata", "kepemimpinan_lebih_tinggi")
_NONE = "tidak ada"
"""Typed instead of names it empties a list that the file of the rule set fills."""
_LONGEST = 100
_FULL = 100
_TARGET = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?", re.ASCII)


class WayForm(FlaskForm):
    """A rule set, and what is set otherwise than in its file; empty means as in the file."""

    aturan = SelectField("Aturan", validate_choice=False)
    prorata = SelectField(SWITCHES["prorata"], choices=_CHOICES, validate_choice=False)
    kepemimpinan_lebih_tinggi = SelectField(
        SWITCHES["kepemimpinan_lebih_tinggi"], choices=_CHOICES, validate_choice=False
    )
    jf_tanpa_diklat = TextAreaField(SWITCHES["jf_tanpa_diklat"])
    kedudukan_hukum = StringField(SWITCHES["kedudukan_hukum"])

    way: Way
    """What was chosen; there after a good `validate`."""

    @classmethod
    def of(cls, way: Way | None = None, **kwargs: Any) -> WayForm:
        """With the rule sets on offer, filled from a way."""
        form = cls(data=_data(way), **kwargs)
        known = [rules.load(name) for name in rules.available()]
        form.aturan.choices = [SelectChoice(one.id, one.nama) for one in known]
        for field in form:
            field.flags.quiet = True  # "seperti di aturan" says it already
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then whether the rule set takes them."""
        super().validate(extra_validators)
        saklar: dict[str, Any] = {}
        for name in _FLAGS:
            if flag := self._flag(name):
                saklar[name] = flag == "ya"
        if names := self._names():
            saklar["jf_tanpa_diklat"] = [] if _is_none(names) else names
        if codes := self._codes():
            saklar["kedudukan_hukum"] = codes
        if self.errors:
            return False
        try:
            self.way = Way.of(self.aturan.data or "", saklar)
        except RuleSetError:
            _note(self.aturan, "Pilih aturan dari daftar.")
        return not self.errors

    def _flag(self, name: str) -> str:
        value = str(self[name].data or "")
        if value not in {choice.value for choice in _CHOICES}:
            _note(self[name], "Pilih dari daftar.")
        return value

    def _names(self) -> list[str]:
        words = _parts(self.jf_tanpa_diklat.data, r"[,;\n]")
        if any(len(word) > _LONGEST or not word.isprintable() for word in words):
            _note(
                self.jf_tanpa_diklat, "Tulis satu nama jabatan per baris, paling panjang 100 huruf."
            )
        elif len(words) > _LONGEST:
            _note(self.jf_tanpa_diklat, "Paling banyak 100 jabatan.")
        return words

    def _codes(self) -> list[str]:
        codes = _parts(self.kedudukan_hukum.data, r"[,;\s]")
        unknown = [code for code in codes if code not in KEDUDUKAN_HUKUM]
        if unknown:
            _note(
                self.kedudukan_hukum,
                f"Kode “{unknown[0][:10]}” tidak dikenal. Tulis kode SIASN, misalnya 01, 03.",
            )
        return sorted(codes)


class TargetForm(FlaskForm):
    """The target of a year; empty takes it away."""

    target = StringField("Target indeks")

    number: Decimal | None = None
    """What was typed; there after a good `validate`."""

    @classmethod
    def of(cls, target: Decimal | None, **kwargs: Any) -> TargetForm:
        return cls(data={"target": "" if target is None else exact(target)}, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        """A number from 0 to 100 with at most two decimals, or nothing."""
        super().validate(extra_validators)
        text = (self.target.data or "").strip()
        if text:
            try:
                good = Decimal(text.replace(",", ".")) <= _FULL and bool(_TARGET.fullmatch(text))
            except InvalidOperation:
                good = False
            if not good:
                _note(self.target, "Isi angka 0 sampai 100, misalnya 80 atau 80,5.")
                return False
            self.number = Decimal(text.replace(",", "."))
        return not self.errors


class YearForm(FlaskForm):
    """Which year two ways are compared for."""

    tahun = SelectField("Tahun data", validate_choice=False)

    @classmethod
    def of(cls, offered: Sequence[int], **kwargs: Any) -> YearForm:
        form = cls(**kwargs)
        form.tahun.choices = [SelectChoice(str(year), str(year)) for year in offered]
        form.tahun.flags.quiet = True
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """A year of the list."""
        super().validate(extra_validators)
        if self.tahun.data not in {
            choice.value for choice in cast("list[SelectChoice]", self.tahun.choices)
        }:
            _note(self.tahun, "Pilih tahun dari daftar.")
        return not self.errors

    @property
    def year(self) -> int:
        return int(self.tahun.data)


def _data(way: Way | None) -> dict[str, str]:
    if way is None:
        return {}
    saklar = way.saklar
    names = saklar.get("jf_tanpa_diklat")
    flags = {name: "ya" if saklar[name] else "tidak" for name in _FLAGS if name in saklar}
    return {
        "aturan": way.aturan,
        **flags,
        "jf_tanpa_diklat": "" if names is None else "\n".join(names or [_NONE]),
        "kedudukan_hukum": ", ".join(saklar.get("kedudukan_hukum", ())),
    }


def _is_none(names: list[str]) -> bool:
    return [name.casefold() for name in names] == [_NONE]


def _parts(text: str | None, between: str) -> list[str]:
    """The pieces of a list that was typed, each once."""
    pieces = (piece.strip() for piece in re.split(between, text or ""))
    return list(dict.fromkeys(piece for piece in pieces if piece))


def _note(field: Any, message: str) -> None:
    field.errors = [*field.errors, message]
