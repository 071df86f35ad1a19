"""The form of /profil/surel; every message is a sentence for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf

from portal.notifications.kinds import DOKUMEN, KINDS, PENGINGAT, TANYA, TUGAS, Cara, Kind
from portal.permissions import Actor

CHOOSE = "Pilih salah satu."


def _ways(kind: Kind) -> RadioField:
    codes = [cara.value for cara in kind.ways]
    return RadioField(
        kind.label,
        [AnyOf(codes, message=CHOOSE)],
        choices=[SelectChoice(cara.value, cara.label) for cara in kind.ways],
        validate_choice=False,
    )


class MailForm(FlaskForm):
    """How each kind of message comes by e-mail."""

    dokumen = _ways(DOKUMEN)
    tanya = _ways(TANYA)
    pengingat = _ways(PENGINGAT)
    tugas = _ways(TUGAS)

    @classmethod
    def of(cls, actor: Actor, **source: Any) -> MailForm:
        """The form with the kinds that come to the actor: without a role, no work does."""
        form = cls(**source)
        if not actor.grants:
            del form.tugas
        return form

    def rows(self) -> Iterator[tuple[Kind, Any]]:
        """Each kind on offer with its field."""
        for code, kind in KINDS.items():
            if code in self:
                yield kind, self[code]

    @property
    def ways(self) -> dict[str, Cara]:
        return {kind.code: Cara(field.data) for kind, field in self.rows()}
