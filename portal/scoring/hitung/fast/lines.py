"""Lines of the input as msgspec reads them: form is judged by the types, at the speed of C.

Accepts nothing that the careful reader would refuse, but for what `Numbers` and `Block` still look
at: numbers of an SKP (kept as text, so that not one decimal is lost), the digits of the NIP, and
keys that are written twice.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from msgspec.json import Decoder

from portal.scoring.engine.fields import LARGEST
from portal.scoring.engine.inputs import (
    HUKUMAN,
    JENIS_PEGAWAI,
    KELOMPOK_JABATAN,
    PREDIKAT,
    TINGKAT,
    YEARS,
)
from portal.vocabulary import JenisDiklat, LatihanStruktural

NIP_LENGTH = 18

if TYPE_CHECKING:
    JenisPegawaiWord: TypeAlias = str
    KelompokWord: TypeAlias = str
    TingkatWord: TypeAlias = str
    PredikatWord: TypeAlias = str
    HukumanWord: TypeAlias = str
else:
    JenisPegawaiWord = Literal[tuple(JENIS_PEGAWAI)]
    KelompokWord = Literal[tuple(KELOMPOK_JABATAN)]
    TingkatWord = Literal[tuple(TINGKAT)]
    PredikatWord = Literal[tuple(PREDIKAT)]
    HukumanWord = Literal[tuple(HUKUMAN)]

Year: TypeAlias = Annotated[int, Meta(ge=YEARS[0], le=YEARS[1])]
Jp: TypeAlias = Annotated[int, Meta(ge=0, le=LARGEST)]
Jenis: TypeAlias = Annotated[int, Meta(ge=1, le=len(JenisDiklat))]
Latihan: TypeAlias = Annotated[int, Meta(ge=1, le=len(LatihanStruktural))]


# UNSET tells an absent key from a null, so that encoding a line gives back all of its keys.
class Degree(Struct, forbid_unknown_fields=True, gc=False):
    """One of `pendidikan`."""

    tingkat: TingkatWord
    tanggal_lulus: dt.date | UnsetType | None = UNSET
    tahun_lulus: Year | UnsetType | None = UNSET


class Course(Struct, forbid_unknown_fields=True, gc=False):
    """One of `pengembangan`."""

    jenis: Jenis
    jp: Jp | UnsetType | None = UNSET
    tanggal_selesai: dt.date | UnsetType | None = UNSET
    latihan_struktural: Latihan | UnsetType | None = UNSET


class Result(Struct, forbid_unknown_fields=True, gc=False):
    """One of `kinerja`."""

    tahun: Year
    nilai: Raw | UnsetType = UNSET
    predikat: PredikatWord | UnsetType | None = UNSET
    dinilai: dt.date | UnsetType | None = UNSET


class Punishment(Struct, forbid_unknown_fields=True, gc=False):
    """One of `hukdis`."""

    tingkat: HukumanWord
    tmt: dt.date
    akhir: dt.date | UnsetType | None = UNSET


class Line(Struct, forbid_unknown_fields=True, gc=False):
    """One person."""

    nip: Annotated[str, Meta(min_length=NIP_LENGTH, max_length=NIP_LENGTH)]
    kelompok_jabatan: KelompokWord
    jenis_pegawai: JenisPegawaiWord | UnsetType | None = UNSET
    syarat_pendidikan: TingkatWord | UnsetType | None = UNSET
    pendidikan: list[Degree] | UnsetType | None = UNSET
    pengembangan: list[Course] | UnsetType | None = UNSET
    kinerja: list[Result] | UnsetType | None = UNSET
    hukdis: list[Punishment] | UnsetType | None = UNSET


DECODER = Decoder(Line)
