"""What a post means: its group and the education it asks for (the file of `--jabatan`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from portal.people.importer import codes
from portal.people.importer.cells import Row, keyword
from portal.people.importer.faults import Faults
from portal.people.importer.table import Layout, rows
from portal.vocabulary import TINGKAT_SIASN, KelompokJabatan, Tingkat

_LAYOUT = Layout(
    keys=("jabatan_id", "unor_id"),
    required=(),
    aliases={"syarat": "syarat_pendidikan", "kelompok": "kelompok_jabatan", "eselon_id": "eselon"},
)
_KELOMPOK = {member.value: member for member in KelompokJabatan} | {
    keyword(member.value): member for member in KelompokJabatan
}
_TINGKAT = {keyword(member.value): member for member in Tingkat} | TINGKAT_SIASN


@dataclass(frozen=True, slots=True)
class Post:
    """What the file says about a post; None where it says nothing."""

    kelompok: KelompokJabatan | None = None
    syarat: Tingkat | None = None


@dataclass(slots=True)
class Posts:
    """Posts by (jabatan_id, unor_id); either may be empty for "any"."""

    options: codes.Options = field(default_factory=codes.Options)
    by_place: dict[tuple[str, str], Post] = field(default_factory=dict)

    def find(self, jenis: str, jabatan_id: str, unor_id: str) -> Post:
        """The post of one person: the kind of post first, then the most exact line of the file.

        A line with only unor_id describes who leads that unit, so it holds for jenis 1 and 3.
        """
        places = [(jabatan_id, unor_id), (jabatan_id, "")] if jabatan_id else []
        if jenis in codes.STRUKTURAL:
            places.append(("", unor_id))
        found = next((self.by_place[key] for key in places if key in self.by_place), Post())
        if jenis == codes.FUNGSIONAL:
            return Post(KelompokJabatan.FUNGSIONAL, found.syarat)
        if jenis == codes.PELAKSANA:
            return Post(KelompokJabatan.PELAKSANA, found.syarat)
        return found


def read(path: Path, options: codes.Options, faults: Faults) -> Posts:
    """Read the file of posts."""
    posts = Posts(options)
    for row in rows(path, _LAYOUT, faults):
        key = (row.text("jabatan_id", 40), row.text("unor_id", 40))
        if not any(key):
            row.fault("jabatan_id", "Isi jabatan_id, unor_id, atau keduanya.")
        elif key in posts.by_place:
            row.fault("jabatan_id" if key[0] else "unor_id", "Sudah ada di baris sebelumnya.")
        posts.by_place[key] = _post(row, options)
    return posts


def _post(row: Row, options: codes.Options) -> Post:
    group = row.choice(
        "kelompok_jabatan",
        _KELOMPOK,
        f"Kelompok jabatan tidak dikenal. Pilih: {', '.join(KelompokJabatan)}.",
    )
    eselon = _eselon(row, options)
    if group and eselon and group is not eselon:
        row.fault("kelompok_jabatan", f"Tidak cocok dengan eselon, yang berarti {eselon.value}.")
    syarat = row.choice(
        "syarat_pendidikan",
        _TINGKAT,
        "Tingkat pendidikan tidak dikenal. Tulis misalnya S-1, D-III, SLTA, atau kode SIASN.",
    )
    return Post(group or eselon, syarat)


def _eselon(row: Row, options: codes.Options) -> KelompokJabatan | None:
    word = keyword(row.raw("eselon"))
    if word in {"", "00", "99", "non"}:
        return None
    group = options.eselon_v if word in codes.ESELON_V else codes.ESELON.get(word)
    if group is None:
        row.fault("eselon", "Eselon tidak dikenal. Tulis misalnya II.b atau kodenya, 22.")
    return group
