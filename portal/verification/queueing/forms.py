"""Forms of an admin about queues, terms, days off and absences."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, ClassVar, cast

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.forms import NipField, UnitForm, printable
from portal.agency.models import Instansi
from portal.vocabulary import DocumentKind, Role

MEMBERS = (Role.VERIFIKATOR, Role.KEPALA_ANTREAN)
"""Roles that are held for one queue."""
_KINDS = {kind.value for kind in DocumentKind}


def _kinds(label: str, hint: str) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=[SelectChoice(kind.value, kind.label) for kind in DocumentKind],
        description=hint,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def _day(label: str, hint: str = "") -> DateField:
    return DateField(  # type: ignore[call-arg]  # newer than its stubs
        label,
        [InputRequired(f"Isi {label.lower()}.")],
        description=hint,
        format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        invalid_value_message="Tanggal tidak terbaca. Tulis misalnya 01-12-2026.",
    )


class _Days(IntegerField):
    """A number of days; what is none is told in our words, and kept to be repaired."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Isi dengan angka, misalnya 5.") from error


class _ChoosesKinds:
    def chosen(self, field: SelectMultipleField) -> list[DocumentKind]:
        return [DocumentKind(value) for value in field.data or [] if value in _KINDS]


class QueueForm(UnitForm, _ChoosesKinds):
    """A queue: its name and what it takes."""

    nama = StringField(
        "Nama antrean",
        [
            DataRequired("Isi nama antrean."),
            Length(max=100, message="Nama antrean paling panjang 100 huruf."),
        ],
        description="Misalnya Kelompok Ijazah",
        filters=[lambda text: " ".join(printable(text).split())],
    )
    jenis = _kinds("Jenis dokumen", "Kosong berarti semua jenis")
    aktif = BooleanField("Dipakai", default=True)

    def validate_jenis(self, field: SelectMultipleField) -> None:
        if set(field.data or ()) - _KINDS:
            raise ValidationError("Pilih jenis dokumen dari daftar.")

    @property
    def kinds(self) -> list[DocumentKind]:
        return self.chosen(self.jenis)


class MemberForm(FlaskForm):
    """Somebody who checks the items of one queue."""

    nip = NipField("NIP", [DataRequired("Isi NIP anggota.")], description="18 angka")
    peran = SelectField(
        "Sebagai",
        choices=[SelectChoice(role.value, role.label) for role in MEMBERS],
        validators=[AnyOf([role.value for role in MEMBERS], "Pilih satu peran dari daftar.")],
        validate_choice=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.peran.flags.quiet = True  # the first is chosen, and none cannot be

    @property
    def role(self) -> Role:
        return Role(self.peran.data)


class AbsenceForm(FlaskForm):
    """Somebody is away."""

    nip = NipField("NIP yang tidak hadir", [DataRequired("Isi NIP-nya.")], description="18 angka")
    pengganti = NipField(
        "NIP pengganti", [Optional()], description="Memegang peran pemeriksanya selama itu"
    )
    mulai = _day("Hari pertama")
    sampai = _day("Hari terakhir", "Hari itu masih tidak hadir")

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """First and last, once the form is valid."""
        return cast("dt.date", self.mulai.data), cast("dt.date", self.sampai.data)


class _Asked:
    """The page calls the field needed; the view says so when it is missing."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        return


class DaysOffForm(FlaskForm):
    """A CSV of days off."""

    berkas = FileField("Berkas CSV", [_Asked()], description="Satu hari per baris: tanggal, nama")


class TermsForm(FlaskForm, _ChoosesKinds):
    """Working days per kind, and the kinds that the OPD looks at first."""

    lapis = _kinds("Diperiksa verifikator OPD dahulu", "Kosong berarti langsung ke verifikator BKD")

    @classmethod
    def of(cls, instansi: Instansi | None = None, **options: Any) -> TermsForm:
        """With a field for the days of each kind, filled from the agency."""
        present: dict[str, Any] = {}
        if instansi:
            present = {f"hari_{kind.value}": instansi.due_days(kind) for kind in DocumentKind}
            present["lapis"] = list(instansi.lapis_opd)
        return _with_days()(data=present, **options)

    @property
    def days(self) -> dict[DocumentKind, int]:
        return {kind: self[f"hari_{kind.value}"].data for kind in DocumentKind}

    @property
    def first_level(self) -> list[DocumentKind]:
        return self.chosen(self.lapis)


@cache
def _with_days() -> type[TermsForm]:
    needed = InputRequired("Isi jumlah hari kerja.")
    days = {f"hari_{kind.value}": _Days(kind.label, [needed]) for kind in DocumentKind}
    return type("Terms", (TermsForm,), days)
