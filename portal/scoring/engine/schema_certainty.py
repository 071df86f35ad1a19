"""`kepastian` and `keterangan` of the parts of a rule set file: data, so that what people read
about the rules stands beside the numbers."""

from __future__ import annotations

from portal.scoring.engine.ruleset import Certainty, Kepastian
from portal.scoring.engine.tables import Table

PARTS = (
    "diukur",
    "kategori",
    "kualifikasi",
    "kualifikasi.kesesuaian",
    "kualifikasi.jenjang",
    "kompetensi",
    "kompetensi.jabatan",
    "kompetensi.latihan",
    "kompetensi.kepemimpinan",
    "kompetensi.fungsional",
    "kompetensi.teknis",
    "kompetensi.seminar",
    "kinerja",
    "kinerja.predikat",
    "disiplin",
    "disiplin.poin",
    "saklar",
    "langkah",
)
"""Tables that say how sure they are, in the order of an explanation."""
_OPTIONAL = "kualifikasi.kesesuaian"


def read_certainty(top: Table) -> dict[str, Certainty]:
    """How sure every part is; to be read before the parts themselves. Raises RuleSetError."""
    found = {}
    for part in PARTS:
        table = top
        *above, last = part.split(".")
        for key in above:
            table = table.table(key)
        if part == _OPTIONAL and not table.has(last):
            continue
        table = table.table(last)
        found[part] = Certainty(table.member("kepastian", Kepastian), table.text("keterangan"))
    return found
