"""The form of /profil/surel; every message is a sentence for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf

from portal.notifications.kinds import DOKUMEN, KINDS, PENGINGAT, TANYA, TUGAS, Cara, Kind

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

    def rows(self) -> Iterator[tuple[Kind, Any]]:
        """Each kind with its field."""
        for code, kind in KINDS.items():
            yield kind, self[code]

    @property
    def ways(self) -> dict[str, Cara]:
        return {code: Cara(self[code].data) for code in KINDS}
