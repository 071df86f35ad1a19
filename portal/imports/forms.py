"""The form of /impor."""

from __future__ import annotations

import re
import uuid
from typing import Any, ClassVar, cast

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField, RadioField, SelectField

# newer than its stubs
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from portal.db import new_id
from portal.imports.actions import Upload
from portal.imports.institutions import LIMITS
from portal.imports.official_values import FIRST_YEAR
from portal.permissions import Actor

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class UploadForm(FlaskForm):
    """A file, and the year it is about when the file itself tells none."""

    id = HiddenField()
    berkas = FileField("Berkas Excel atau CSV")
    tahun = SelectField("Tahun pengukuran", validate_choice=False)

    _years: dict[str, str] = {}

    @classmethod
    def of(cls, actor: Actor, **kwargs: Any) -> UploadForm:
        """With the years that can have been measured; a fresh one gets an id for its import."""
        form = cls(**kwargs)
        years = range(actor.today.year, FIRST_YEAR - 1, -1)
        form._years = {"": "Sesuai berkas", **{str(year): str(year) for year in years}}
        form.tahun.choices = list(form._years.items())
        form.berkas.flags.required = form.tahun.flags.quiet = True
        if not _UUID.fullmatch(form.id.data or ""):
            form.id.data = str(new_id())
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Says what is missing; what a file holds is judged elsewhere."""
        good = bool(super().validate(extra_validators))
        if not self._chosen():
            cast("list[str]", self.berkas.errors).append("Pilih berkasnya lebih dahulu.")
            return False
        if self.tahun.data not in self._years:
            cast("list[str]", self.tahun.errors).append("Pilih tahun dari daftar.")
            return False
        return good

    @property
    def import_id(self) -> uuid.UUID:
        return uuid.UUID(self.id.data)

    @property
    def year(self) -> int | None:
        return int(self.tahun.data) if self.tahun.data else None

    @property
    def upload(self) -> Upload:
        chosen = cast("FileStorage", self.berkas.data)
        return Upload(chosen.filename or "", cast("Any", chosen.stream))

    def _chosen(self) -> bool:
        return isinstance(self.berkas.data, FileStorage) and bool(self.berkas.data.filename)


ADD, INSTEAD = "tambah", "ganti"


class _Chosen:
    """A file has to be chosen."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError("Pilih berkasnya dahulu.")


class InstitutionsForm(FlaskForm):
    """A table, and what becomes of the names that are there already."""

    most_mb = LIMITS.size // 1024**2
    berkas = FileField("Berkas CSV atau Excel", [_Chosen()])
    cara = RadioField(
        "Yang sudah ada di daftar",
        choices=[
            SelectChoice(ADD, "Tetap; nama dari berkas ditambahkan"),
            SelectChoice(INSTEAD, "Diganti seluruhnya dengan isi berkas"),
        ],
        default=ADD,
        validate_choice=False,
    )

    @property
    def instead(self) -> bool:
        return bool(self.cara.data == INSTEAD)
