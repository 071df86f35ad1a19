"""Forms of /dokumen. They read what was typed and show what is wrong; what counts as wrong is
said once, in portal.handin.fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, MultipleFileField, SelectField, StringField, TextAreaField

# newer than its stubs
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import DateInput, NumberInput, TextInput

from portal.documents.columns import read_day
from portal.documents.models import Document
from portal.handin import fields, jp_hints
from portal.handin.kinds import FILES, REQUIRED_FILES, choices
from portal.vocabulary import (
    DocumentKind,
    FileRole,
    JenisDiklat,
    LabelledEnum,
    LatihanStruktural,
    Tingkat,
)
from portal.web.typed import clean, clean_lines

_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
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
    """A whole number that fits its column; how large it may be is another question."""

    widget = NumberInput(step=1, min=0, max=fields.MAX_JP)

    def _value(self) -> str:
        if self.raw_data:
            return clean(self.raw_data[0])[:20]
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = clean(valuelist[0]) if valuelist else ""
        self.data = None
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


class DataForm(FlaskForm):
    """The data of an item. After a return only the wrong fields are there."""

    kind: DocumentKind
    as_read: frozenset[str] = frozenset()
    """Fields that a machine has filled; the person has not looked at them yet."""

    @classmethod
    def of(
        cls,
        document: Document,
        opened: set[str],
        *,
        asked: JenisDiklat | None = None,
        typed: MultiDict[str, str] | None = None,
    ) -> DataForm:
        """The form of the item's kind, filled from the request or else from the item.

        `asked` is a jenis chosen but not saved yet, for the hint at JP; `typed` is what was typed
        where that is not a form of the request.
        """
        source = {} if typed is None else {"formdata": typed}
        form = _FORMS.get(document.kind, CourseForm)(obj=document, **source)
        form.kind = document.kind
        for name in fields.OF_KIND[document.kind]:
            if name not in opened:
                del form[name]
            elif fields.required(document.kind, name) and name != "luar_negeri":
                form[name].flags.required = True
        if "jp" in form:
            form["jp"].description = jp_hints.sentence(asked or document.jenis)
        return form

    @classmethod
    def blank(cls, kind: DocumentKind, jenis: JenisDiklat | None) -> DataForm:
        """The empty form of a kind as everybody sees it: no token, ids that no other kind has."""
        form = _FORMS.get(kind, CourseForm)(None, data={"jenis": jenis}, meta={"csrf": False})
        form.kind = kind
        for field in form:
            field.id = field.label.field_id = f"{kind.value}-{field.name.replace('_', '-')}"
            field.flags.required = fields.required(kind, field.name)
        if "jp" in form:
            form["jp"].description = jp_hints.sentence(jenis)
        return form

    def values(self) -> dict[str, Any]:
        """What was typed, as far as it can be read and kept."""
        return {field.name: field.data for field in self.data_fields() if not field.process_errors}

    def check(self, document: Document, today: dt.date) -> bool:
        """Show at each field what is wrong; True when nothing is."""
        known = {**fields.values_of(document), **self.values()}
        found = fields.faults(document.kind, known, today=today, born=document.owner.tanggal_lahir)
        for field in self.data_fields():
            sentence = found.get(field.name)
            field.errors = [*field.process_errors] or ([sentence] if sentence else [])
        return not any(field.errors for field in self.data_fields())

    def show_unreadable(self) -> bool:
        """Show only what could not be kept at all; True when there is such a thing."""
        for field in self.data_fields():
            field.errors = [*field.process_errors]
        return any(field.errors for field in self.data_fields())

    def data_fields(self) -> Iterator[Field]:
        """The fields that are columns of the item, as far as they are open."""
        return (field for field in self if field.name in fields.COLUMNS)


class CourseForm(DataForm):
    jenis = Choice(
        fields.LABELS["jenis"], JenisDiklat, prompt="Pilih jenis kegiatan", groups=choices()
    )
    nama = Line(fields.LABELS["nama"])
    penyelenggara = Line(fields.LABELS["penyelenggara"])
    tanggal_mulai = Day(fields.LABELS["tanggal_mulai"])
    tanggal_selesai = Day(fields.LABELS["tanggal_selesai"])
    jp = Whole(fields.LABELS["jp"])
    tanggal_sertifikat = Day(fields.LABELS["tanggal_sertifikat"])
    nomor = Line("Nomor sertifikat")


class LeadershipForm(DataForm):
    latihan_struktural = Choice(
        fields.LABELS["latihan_struktural"],
        LatihanStruktural,
        prompt="Pilih jenjang",
    )
    penyelenggara = Line(fields.LABELS["penyelenggara"])
    tanggal_mulai = Day(fields.LABELS["tanggal_mulai"])
    tanggal_selesai = Day(fields.LABELS["tanggal_selesai"])
    jp = Whole(fields.LABELS["jp"])
    tanggal_sertifikat = Day(fields.LABELS["tanggal_sertifikat"])
    nomor = Line("Nomor sertifikat")


class DegreeForm(DataForm):
    tingkat = Choice(fields.LABELS["tingkat"], Tingkat, prompt="Pilih tingkat")
    program_studi = Line(fields.LABELS["program_studi"])
    perguruan_tinggi = Line(fields.LABELS["perguruan_tinggi"])
    luar_negeri = BooleanField("Lulusan perguruan tinggi luar negeri")
    nomor = Line("Nomor ijazah")
    tanggal_lulus = Day(fields.LABELS["tanggal_lulus"])
    gelar = Line(
        fields.LABELS["gelar"], description="Seperti tertulis di ijazah, misalnya S.Pd. atau M.Si."
    )


_FORMS: dict[DocumentKind, type[DataForm]] = {
    DocumentKind.KEPEMIMPINAN: LeadershipForm,
    DocumentKind.IJAZAH: DegreeForm,
}

ROLE_HINTS = {
    FileRole.SERTIFIKAT: "Foto semua halaman yang memuat tulisan, depan dan belakang.",
    FileRole.IZIN_BELAJAR: (
        "Surat izin atau SK tugas belajar sebelum kuliah. Kosongkan bila Anda lulus sebelum "
        "diangkat menjadi pegawai."
    ),
    FileRole.PENYETARAAN: "Hanya untuk ijazah dari luar negeri.",
}


def field_of(role: FileRole) -> str:
    """Name of the form field of a paper; the one that adds pages has `tambah_` before it."""
    return role.value.replace("-", "_")


class FilesForm(FlaskForm):
    """The papers of an item: per role a field that replaces and one that adds pages."""

    kind: DocumentKind

    def roles(self) -> list[FileRole]:
        return [role for role in FileRole if field_of(role) in self]

    @classmethod
    def of(cls, kind: DocumentKind, present: Collection[FileRole] = ()) -> FilesForm:
        """A form with the papers of this kind; `present` are there already."""
        members: dict[str, Any] = {}
        for role in FILES[kind]:
            name = field_of(role)
            members[name] = MultipleFileField(role.label, description=ROLE_HINTS.get(role, ""))
            members[f"tambah_{name}"] = MultipleFileField(f"Tambah halaman {role.label.lower()}")
        form: FilesForm = type("FilesForm", (cls,), members)()
        form.kind = kind
        for role in FILES[kind]:
            form[f"tambah_{field_of(role)}"].flags.quiet = True
            if role in present or role in REQUIRED_FILES[kind]:
                form[field_of(role)].flags.quiet = True
        return form


class DeclarationForm(FlaskForm):
    """The last step before the hand-in."""

    UNTICKED = "Centang pernyataan ini sebelum mengajukan."
    benar = BooleanField("Data ini benar dan berkasnya milik saya.")

    def declared(self) -> bool:
        """True when the box is ticked; shows the sentence when it is not."""
        if not self.benar.data:
            self.benar.errors = [self.UNTICKED]
        return bool(self.benar.data)


class ObjectionForm(FlaskForm):
    """Why a refusal is thought to be wrong."""

    catatan = TextAreaField("Mengapa menurut Anda penolakan ini keliru?", filters=[clean_lines])
