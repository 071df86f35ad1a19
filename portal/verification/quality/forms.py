"""Forms of second looks, of their share, and of the period of the figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from portal.documents.rulings import Reason
from portal.verification.decisions import LONGEST_NOTE

AGREES, DISAGREES = "ya", "tidak"
UNCHOSEN = SelectChoice("", "Pilih alasan")
NOT_A_NUMBER = "Tulis bilangan bulat dari 0 sampai 100."


def _tidy(text: str | None) -> str:
    """Without NUL, which PostgreSQL does not keep, and without the browser's line ends."""
    return (text or "").replace("\0", "").replace("\r\n", "\n").strip()


class _NeededToDisagree:
    """Left empty only by who agrees; the act says what is missing."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        return


class LookForm(FlaskForm):
    """What a second look came to."""

    sependapat = HiddenField(
        validators=[
            InputRequired("Pilih sependapat atau tidak."),
            AnyOf([AGREES, DISAGREES], "Pilih sependapat atau tidak."),
        ]
    )
    alasan = SelectField(
        "Alasan mencabut", [_NeededToDisagree()], validate_choice=False, choices=[UNCHOSEN]
    )
    catatan = TextAreaField(
        "Apa yang berbeda",
        [
            _NeededToDisagree(),
            Length(max=LONGEST_NOTE, message=f"Catatan paling panjang {LONGEST_NOTE} huruf."),
        ],
        description="Pemeriksa pertama dan yang memutuskan usulnya membacanya.",
        filters=[_tidy],
        render_kw={"rows": 3, "dir": "auto"},
    )

    def offer(self, reasons: Iterable[Reason]) -> None:
        """Reasons to withdraw that fit the item."""
        self.alasan.choices = [UNCHOSEN, *(SelectChoice(str(r.id), r.label) for r in reasons)]


class PercentField(StringField):
    """A whole number from 0 to 100; what was typed is kept when it is none."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        text = str(self.data or "").strip()
        if validation_stopped:
            return
        if not (text.isascii() and text.isdecimal() and len(text) < 4 and int(text) <= 100):
            raise ValidationError(NOT_A_NUMBER)
        self.data = text


class ShareForm(FlaskForm):
    """The share of approvals that is looked at again."""

    persen = PercentField(
        "Bagian persetujuan yang diuji petik (persen)",
        [InputRequired(NOT_A_NUMBER)],
        description="0 berarti tanpa uji petik. Berlaku untuk persetujuan sejak sekarang.",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3},
    )

    @property
    def percent(self) -> int:
        return int(str(self.persen.data))
