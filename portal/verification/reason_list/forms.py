"""The form of a reason."""

from __future__ import annotations

from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField

# newer than its stubs
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget

from portal.documents.transitions import Act
from portal.people.importer.cells import tidy
from portal.verification.reason_list.changes import (
    ACTS,
    FIELDS,
    LONGEST_LABEL,
    LONGEST_REMEDY,
    Wording,
)
from portal.vocabulary import DocumentKind


def _line(text: str | None) -> str:
    return tidy(text or "")


class Boxes(SelectMultipleField):
    """Words of a closed list, each with a box; nonsense counts as not ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReasonForm(FlaskForm):
    """A reason, the way to repair, and what it is about."""

    tindakan = SelectField("Tindakan", validate_choice=False)
    label = StringField(
        "Alasan",
        description="Singkat, seperti dibaca pemilik dokumen.",
        filters=[_line],
        render_kw={"maxlength": LONGEST_LABEL},
    )
    cara_memperbaiki = TextAreaField(
        "Cara memperbaiki",
        description="Satu atau dua kalimat: apa yang harus dilakukan pemiliknya.",
        filters=[_line],
        render_kw={"maxlength": LONGEST_REMEDY, "rows": 3},
    )
    jenis = Boxes(
        "Untuk jenis dokumen",
        description="Tanpa centang: untuk semua jenis.",
        validate_choice=False,
    )
    bidang = Boxes(
        "Bagian yang dibuka untuk diperbaiki",
        description="Hanya untuk Kembalikan. Tanpa centang: semua bagian dibuka.",
        validate_choice=False,
    )

    @classmethod
    def of(cls, wording: Wording | None = None, **kwargs: Any) -> ReasonForm:
        """Filled from a reason, or from the request."""
        data = {} if wording is None else _data(wording)
        form = cls(data=data, **kwargs)
        acts = ACTS if wording is None else (wording.act,)
        form.tindakan.choices = _choices({act.value: act.label for act in acts})
        form.jenis.choices = _choices({kind.value: kind.label for kind in DocumentKind})
        form.bidang.choices = _choices(FIELDS)
        for name in ("tindakan", "label", "cara_memperbaiki"):
            form[name].flags.required = True
        return form

    def wording(self) -> Wording | None:
        """What was filled in; None, with a sentence at its field, when the act is none."""
        if self.tindakan.data not in {act.value for act in ACTS}:
            cast("list[str]", self.tindakan.errors).append("Pilih tindakannya.")
            return None
        act = Act(self.tindakan.data)
        opens = [name for name in FIELDS if name in (self.bidang.data or [])]
        return Wording(
            act=act,
            label=self.label.data or "",
            cara_memperbaiki=self.cara_memperbaiki.data or "",
            kinds=tuple(kind for kind in DocumentKind if kind in (self.jenis.data or [])),
            fields=tuple(opens) if act is Act.KEMBALIKAN else (),
        )


class SwitchForm(FlaskForm):
    """Pakai lagi, Nonaktifkan."""


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in words.items()]


def _data(wording: Wording) -> dict[str, Any]:
    return {
        "tindakan": wording.act.value,
        "label": wording.label,
        "cara_memperbaiki": wording.cara_memperbaiki,
        "jenis": list(wording.kinds),
        "bidang": list(wording.fields),
    }
