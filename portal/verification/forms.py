"""Forms of the verifikator; every message is a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.documents.models import Reason
from portal.verification.decisions import LONGEST_NOTE

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
        if field.data not in {value for value, _ in field.choices if value}:
            raise ValidationError(
                "Pilih alasannya. Pemilik dokumen membacanya beserta cara memperbaikinya."
            )


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
