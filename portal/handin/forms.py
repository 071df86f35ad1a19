"""Forms of /dokumen. They read what was typed and show what is wrong; what counts as wrong is
said once, in portal.handin.fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, MultipleFileField, TextAreaField

from portal.documents.columns import in_words, written
from portal.documents.models import Document
from portal.handin import fields, jp_hints
from portal.handin.controls import Choice, Day, Line, Whole
from portal.handin.guards import opened_fields
from portal.handin.kinds import FILES, REQUIRED_FILES, choices
from portal.handin.versions import Changed
from portal.vocabulary import (
    DocumentKind,
    FileRole,
    JenisDiklat,
    LatihanStruktural,
    Tingkat,
)
from portal.web.typed import clean, clean_lines


class DataForm(FlaskForm):
    """The data of an item. After a return only the wrong fields are there."""

    kind: DocumentKind
    as_read: frozenset[str] = frozenset()
    """Fields that a machine has filled; the person has not looked at them yet."""
    newer: frozenset[str] = frozenset()
    """Fields that show what was written elsewhere since the page was opened."""

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

    def show_newer(self, changed: Changed) -> None:
        """Tell beside each field what somebody else wrote; what this person left alone takes it
        over."""
        sentences = changed.sentences()
        for field in self.data_fields():
            field.errors = [*field.process_errors]
            if field.name in changed.untouched:
                field.data, field.raw_data = changed.newer[field.name], None
                self.newer |= {field.name}
            elif field.name in sentences:
                field.errors = [sentences[field.name]]

    def data_fields(self) -> Iterator[Field]:
        """The fields that are columns of the item, as far as they are open."""
        return (field for field in self if field.name in fields.COLUMNS)


def typed_into_closed(document: Document) -> list[tuple[str, str]]:
    """Label and value, in words, of what the request holds for fields that are closed, where it
    says something else than the item."""
    whole = DataForm.of(document, set(fields.COLUMNS))
    opened = opened_fields(document)
    return [
        (fields.LABELS[field.name], in_words(field.data) or clean(str(field.raw_data[0]))[:300])
        for field in whole.data_fields()
        if field.name not in opened
        and field.raw_data
        and written(field.data) != written(getattr(document, field.name))
    ]


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
