"""Forms of the verifikator; every message is a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, Self

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

# newer than its stubs
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import DateInput

from portal.documents.columns import CHOICES, DAYS, LABELS, LIMITS, parsed
from portal.documents.rulings import Reason
from portal.documents.transitions import Act
from portal.verification.corrections import PREFIX, names_of
from portal.verification.decisions import LONGEST_NOTE
from portal.vocabulary import DocumentKind

UNCHOSEN = ("", "Pilih alasan")


def _note(label: str, hint: str) -> TextAreaField:
    longest = Length(max=LONGEST_NOTE, message=f"Catatan paling panjang {LONGEST_NOTE} huruf.")
    return TextAreaField(
        label, [Optional(), longest], description=hint, filters=[_tidy], render_kw={"rows": 3}
    )


def _tidy(text: str | None) -> str:
    """Without NUL, which PostgreSQL does not keep, and without the browser's line ends."""
    return (text or "").replace("\0", "").replace("\r\n", "\n").strip()


class _OneOfTheList:
    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data:
            raise ValidationError(
                "Pilih alasannya. Pemilik dokumen membacanya beserta cara memperbaikinya."
            )
        if field.data not in {value for value, _ in field.choices if value}:
            raise ValidationError("Alasan yang Anda pilih baru saja diubah admin. Pilih lagi.")


class RevisionForm(FlaskForm):
    """The revision that was on the screen: a decision is about that one alone.

    Several of these stand on one page, so each gets ids of its own.
    """

    revisi = HiddenField(validators=[InputRequired("Muat ulang halaman ini.")])

    def for_act(self, act: str) -> Self:
        for field in self:
            field.id = field.label.field_id = f"{field.short_name}-{act}"
        return self

    @property
    def revision(self) -> int:
        """The number, or one that fits no item when the field was tampered with."""
        text = str(self.revisi.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


class ApproveForm(RevisionForm):
    """Setujui."""

    catatan = _note("Catatan", "Hanya untuk arsip pemeriksaan.")


class ReasonForm(RevisionForm):
    """Kembalikan, Tolak, Cabut: a reason from the list, and words of one's own."""

    alasan = SelectField("Alasan", [_OneOfTheList()], validate_choice=False)
    catatan = _note("Catatan untuk pemilik", "Misalnya bagian mana yang perlu dilihat lagi.")

    def offer(self, reasons: Iterable[Reason]) -> None:
        self.alasan.choices = [UNCHOSEN, *((str(r.id), r.label) for r in reasons)]


class _FitsItsColumn:
    """What is proposed can be written into the column that it is for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, _form: Any, field: Any) -> None:
        try:
            parsed(self.name, field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ReturnForm(ReasonForm):
    """Kembalikan: besides the reason the values that the paper shows, as proposals."""

    @property
    def proposed(self) -> dict[str, str]:
        """Column → what was typed there."""
        return {field.name.removeprefix(PREFIX): field.data or "" for field in self.proposals()}

    def proposals(self) -> list[Any]:
        """The fields for values, in the order of the owner's form."""
        return [field for field in self if field.name.startswith(PREFIX)]


@cache
def return_form(kind: DocumentKind) -> type[ReturnForm]:
    """The form of a kind of item."""
    members: dict[str, Any] = {f"{PREFIX}{name}": _proposal(name) for name in names_of(kind)}
    return type("ReturnForm", (ReturnForm,), members)


def _proposal(name: str) -> StringField | SelectField:
    checks = [_FitsItsColumn(name)]
    if name in CHOICES:
        words = (SelectChoice(word.value, word.label) for word in CHOICES[name])
        offered = [SelectChoice("", "Tidak diusulkan"), *words]
        return SelectField(LABELS[name], checks, choices=offered, validate_choice=False)
    most = LIMITS.get(name, 20)
    return StringField(
        LABELS[name],
        checks,
        filters=[_tidy],
        widget=DateInput() if name in DAYS else None,
        render_kw={"maxlength": most, "autocomplete": "off"},
    )


def reason_form(act: Act, kind: DocumentKind) -> type[ReasonForm]:
    """The form for an act that needs a reason."""
    return return_form(kind) if act is Act.KEMBALIKAN else ReasonForm


class TakeOverForm(FlaskForm):
    """Ambil alih, by the head of the queue."""

    alasan = StringField(
        "Alasan mengambil alih",
        [
            InputRequired("Tulis alasan mengambil alih, supaya rekan Anda tahu."),
            Length(max=200, message="Alasan paling panjang 200 huruf."),
        ],
        filters=[_tidy],
    )


class BulkForm(FlaskForm):
    """Setujui bersama; what was chosen are repeated hidden fields."""
