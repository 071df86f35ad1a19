"""How a check speaks: its code, a light, a sentence, and a link where there is something to
compare with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from portal.vocabulary import LabelledEnum


class Light(LabelledEnum):
    """Values are the classes of the style sheet, labels are read aloud beside the colour."""

    GREEN = "ok", "Sesuai"
    YELLOW = "warn", "Perlu dilihat"
    RED = "bad", "Tidak sesuai"
    UNREAD = "info", "Tidak terbaca"

    @property
    def speaks_against(self) -> bool:
        """Whether it is a reason not to approve."""
        return self in {Light.RED, Light.YELLOW}


class Code(LabelledEnum):
    """What a check looks at. Kept in statistics and reports: a code never changes its meaning."""

    BACAAN = "bacaan", "Berkas terbaca"
    NAMA = "nama", "Nama pemegang"
    NIP = "nip", "NIP pemegang"
    NOMOR = "nomor", "Nomor"
    BEDA = "beda", "Isian dan berkas"
    TANGGAL = "tanggal", "Tanggal kegiatan"
    JENDELA = "jendela", "Jendela tahun"
    JP = "jp", "Jumlah JP"
    JENIS = "jenis", "Jenis dan judul"
    JENJANG = "jenjang", "Jenjang dan jabatan"
    TERCATAT = "tercatat", "Sudah tercatat"
    LULUS = "lulus", "Tanggal lulus"
    TINGKAT = "tingkat", "Tingkat pendidikan"
    PERGURUAN_TINGGI = "perguruan-tinggi", "Perguruan tinggi"
    TRANSKRIP = "transkrip", "Transkrip nilai"
    IZIN_BELAJAR = "izin-belajar", "Izin atau tugas belajar"
    PENYETARAAN = "penyetaraan", "Penyetaraan ijazah"
    TANDA_TANGAN = "tanda-tangan", "Tanda tangan digital"
    KEMBAR = "kembar", "Dokumen kembar"


@dataclass(frozen=True, slots=True)
class Check:
    code: Code
    light: Light
    title: str
    detail: str = ""
    twin_id: uuid.UUID | None = None
    """The item to compare with."""


_WORST_FIRST = (Light.RED, Light.YELLOW, Light.UNREAD, Light.GREEN)


def worst(checks: Iterable[Check]) -> Light:
    """The light of an item as a whole; green only when every check is green."""
    lit = {check.light for check in checks}
    return next((light for light in _WORST_FIRST if light in lit), Light.GREEN)


def worst_first(checks: Iterable[Check]) -> list[Check]:
    """What has to be looked at before what fits; those of one light in their order."""
    return sorted(checks, key=lambda check: _WORST_FIRST.index(check.light))


def first_not_green(checks: Iterable[Check]) -> Check | None:
    """The worst check of an item, to be named; None when all are green."""
    found = [check for check in checks if check.light is not Light.GREEN]
    return min(found, key=lambda check: _WORST_FIRST.index(check.light), default=None)
