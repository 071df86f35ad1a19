"""Forms of accounts; every message is a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, DataRequired, EqualTo, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.management import GRANTABLE
from portal.accounts.passwords import LONGEST
from portal.errors import Rejected
from portal.nip import BrokenNipError, Nip
from portal.vocabulary import DocumentKind, Role

NIP_MISSING = "Isi NIP Anda."
NIP_BROKEN = "Excel menyingkat NIP ini dan angka akhirnya hilang. Ketik lengkap 18 angkanya."
PASSWORD_MISSING = "Isi kata sandi Anda."  # noqa: S105 -- a sentence
TOO_LONG = f"Kata sandi paling panjang {LONGEST} karakter."
DIFFERENT = "Kedua kata sandi baru belum sama. Ketik ulang."


def printable(text: str | None) -> str:
    """Without control characters, which no page can show and PostgreSQL does not keep."""
    return "".join(letter for letter in text or "" if letter.isprintable())


class NipField(StringField):
    """A NIP in whatever spacing; `data` becomes its 18 digits."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([printable(str(value)[:60]) for value in valuelist])

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped:
            return
        try:
            self.data = Nip.parse(self.data or "").digits
        except BrokenNipError as error:
            raise ValidationError(NIP_BROKEN) from error
        except ValueError as error:
            raise ValidationError(str(error)) from error


def refuse(form: FlaskForm, refusal: Rejected) -> None:
    """Show a refusal at its field, or above the form when it belongs to none."""
    if refusal.field and refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, refusal.message]
    else:
        form.form_errors.append(refusal.message)


def _day(label: str, check: DataRequired | Optional) -> DateField:
    """A calendar day, also where the browser has no calendar."""
    return DateField(  # type: ignore[call-arg]  # newer than its stubs
        label,
        [check],
        format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        invalid_value_message="Tanggal tidak terbaca. Tulis misalnya 01-12-2026.",
    )


def _new_password() -> PasswordField:
    checks = [DataRequired("Isi kata sandi baru."), Length(max=LONGEST, message=TOO_LONG)]
    return PasswordField("Kata sandi baru", checks)


def _again() -> PasswordField:
    checks = [DataRequired("Ketik ulang kata sandi baru."), EqualTo("kata_sandi", DIFFERENT)]
    return PasswordField("Ulangi kata sandi baru", checks)


class OnwardForm(FlaskForm):
    """Of a step before the page that somebody wanted to open; `lanjut` is its address."""

    lanjut = HiddenField(filters=[printable])


class LoginForm(OnwardForm):
    nip = NipField("NIP", [DataRequired(NIP_MISSING)], description="18 angka, boleh dengan spasi")
    kata_sandi = PasswordField(
        "Kata sandi", [DataRequired(PASSWORD_MISSING), Length(max=LONGEST, message=TOO_LONG)]
    )


class ForgotForm(FlaskForm):
    nip = NipField("NIP", [DataRequired(NIP_MISSING)], description="18 angka, boleh dengan spasi")


class RedeemForm(FlaskForm):
    nip = NipField("NIP", [DataRequired(NIP_MISSING)], description="18 angka, boleh dengan spasi")
    kode = StringField(
        "Kode",
        [
            DataRequired("Isi kode dari petugas atau dari surel."),
            Length(max=40, message="Kode terdiri atas 8 huruf dan angka."),
        ],
        description="8 huruf dan angka, misalnya K7M4-2QXR",
        filters=[printable],
    )
    kata_sandi = _new_password()
    ulangi = _again()


class FirstPasswordForm(OnwardForm):
    kata_sandi = _new_password()
    ulangi = _again()


class ChangePasswordForm(FlaskForm):
    lama = PasswordField(
        "Kata sandi sekarang",
        [DataRequired("Isi kata sandi yang sekarang."), Length(max=LONGEST, message=TOO_LONG)],
    )
    kata_sandi = _new_password()
    ulangi = _again()


class ConsentForm(OnwardForm):
    setuju = BooleanField(
        "Saya sudah membaca dan memahami pemberitahuan ini",
        [DataRequired("Beri tanda bahwa Anda sudah membaca pemberitahuan ini.")],
    )


class ShortcutsForm(FlaskForm):
    pintasan = BooleanField(
        "Pakai pintasan satu huruf", description="Misalnya S untuk Setujui saat memeriksa dokumen"
    )


def _unit_name(label: str, check: DataRequired | Optional) -> StringField:
    return StringField(
        label,
        [check, Length(max=200, message="Nama unit paling panjang 200 huruf.")],
        description="Ketik nama atau sebagian nama unit",
        filters=[printable],
    )


class UnitForm(FlaskForm):
    """A unit named in words; when several fit, `unit_id` offers them to choose from."""

    unit = _unit_name("Unit", Optional())
    unit_id = RadioField("Pilih satu unit", choices=[], validate_choice=False)

    def offer(self, units: Iterable[tuple[str, str]]) -> None:
        """Put units, as id and name, up for choice."""
        self.unit_id.choices = [SelectChoice(value, name) for value, name in units]


class TransferForm(UnitForm):
    """The new unit of a person."""

    unit = _unit_name("Unit baru", DataRequired("Isi unit yang baru."))


class GrantForm(UnitForm):
    peran = SelectField(
        "Peran",
        choices=[
            SelectChoice("", "Pilih peran"),
            *(SelectChoice(role.value, role.label) for role in GRANTABLE),
        ],
        validators=[
            DataRequired("Pilih satu peran."),
            AnyOf([role.value for role in GRANTABLE], "Pilih satu peran dari daftar."),
        ],
        validate_choice=False,
    )
    dengan_bawahan = BooleanField("Termasuk unit di bawahnya", default=True)
    jenis = SelectMultipleField(
        "Jenis dokumen",
        choices=[SelectChoice(kind.value, kind.label) for kind in DocumentKind],
        description="Untuk pemeriksa; kosong berarti semua jenis",
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    sampai = _day("Berlaku sampai", Optional())

    def validate_jenis(self, field: SelectMultipleField) -> None:
        if set(field.data or ()) - {kind.value for kind in DocumentKind}:
            raise ValidationError("Pilih jenis dokumen dari daftar.")

    @property
    def role(self) -> Role:
        return Role(self.peran.data)

    @property
    def kinds(self) -> list[DocumentKind]:
        return [DocumentKind(value) for value in self.jenis.data or []]


class RetireForm(FlaskForm):
    tanggal = _day("Mulai pensiun", DataRequired("Isi tanggal mulai pensiun."))


class MaybeNip(NipField):
    """A NIP, or nothing."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        self.data = (self.data or "").strip()
        if self.data:
            super().post_validate(form, validation_stopped)


class TiesForm(FlaskForm):
    """Both may be empty."""

    pasangan = MaybeNip(
        "NIP suami atau istri",
        description="Bila keduanya ASN di instansi ini.",
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    atasan = MaybeNip(
        "NIP atasan langsung",
        description="Keduanya tidak saling memeriksa dokumen.",
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
