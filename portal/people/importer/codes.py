"""SIASN codes as data (codes/siasn.toml), read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from portal.vocabulary import JenisKelamin, JenisPegawai, KelompokJabatan

_DATA = tomllib.loads((Path(__file__).parent.parent / "codes" / "siasn.toml").read_text("utf-8"))

ESELON = {word: KelompokJabatan(group) for word, group in _DATA["eselon"].items()}
ESELON_V = frozenset(_DATA["eselon_v"]["kode"])
JENIS_PEGAWAI = {word: JenisPegawai(kind) for word, kind in _DATA["jenis_pegawai"].items()}
JENIS_KELAMIN = {word: JenisKelamin(sex) for word, sex in _DATA["jenis_kelamin"].items()}
STRUKTURAL = frozenset(_DATA["jenis_jabatan"]["struktural"])
FUNGSIONAL = str(_DATA["jenis_jabatan"]["fungsional"])
PELAKSANA = str(_DATA["jenis_jabatan"]["pelaksana"])
_GROUP_OF_ESELON_V = KelompokJabatan(_DATA["eselon_v"]["kelompok"])
_PENSIUN = frozenset(_DATA["kedudukan_hukum"]["pensiun"])


@dataclass(frozen=True)
class Options:
    """What an agency may read differently; the defaults stand in codes/siasn.toml."""

    eselon_v: KelompokJabatan = _GROUP_OF_ESELON_V
    """Group of posts of eselon V."""
    pensiun: frozenset[str] = _PENSIUN
    """Codes of kedudukan hukum that end the employment: the account then only reads."""
