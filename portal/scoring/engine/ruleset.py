"""What a rule set says, as typed values. The numbers come from portal/scoring/rules/*.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.vocabulary import (
    Indikator,
    JenisDiklat,
    JenisPegawai,
    Kategori,
    KelompokJabatan,
    LabelledEnum,
    LatihanStruktural,
    Predikat,
    Tingkat,
    TingkatHukuman,
)


@dataclass(frozen=True, slots=True)
class Switches:
    """What an agency may set otherwise than the file."""

    prorata: bool
    """Teknis below the yearly duty earns its share of the points."""
    kepemimpinan_lebih_tinggi: bool
    """A leadership course above the level of the post counts as well."""
    jf_tanpa_diklat: tuple[str, ...]
    """First words of functional posts that have the fungsional points without a course."""
    kedudukan_hukum: tuple[str, ...]
    """SIASN codes of kedudukan hukum that are measured."""


@dataclass(frozen=True, slots=True)
class Kesesuaian:
    """Points for the highest degree held against the level that the post requires."""

    di_atas: Decimal
    setara: Decimal
    di_bawah: Decimal


@dataclass(frozen=True, slots=True)
class KualifikasiRule:
    """Points for education; with `kesesuaian` the ladder serves unknown requirements only."""

    maks: Decimal
    kosong: Decimal
    jenjang: Mapping[Tingkat, Decimal]
    kesesuaian: Kesesuaian | None
    pasal: str


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """Which kinds feed an indicator of kompetensi, and in which calendar years."""

    indikator: Indikator
    jenis: tuple[JenisDiklat, ...]
    jendela_tahun: int
    """Calendar years that count, the measured one last; 0 = ever."""
    pasal: str


@dataclass(frozen=True, slots=True)
class KompetensiRule:
    """Points per post and indicator; `latihan` is the leadership level that fits the post."""

    maks: Decimal
    jp_wajib: int
    jabatan: Mapping[KelompokJabatan, Mapping[Indikator, Decimal]]
    indikator: Mapping[Indikator, IndicatorRule]
    latihan: Mapping[KelompokJabatan, LatihanStruktural]
    urutan: tuple[LatihanStruktural, ...]


@dataclass(frozen=True, slots=True)
class KinerjaRule:
    """Points for the SKP of the year, by predikat or by band of the number."""

    maks: Decimal
    kosong: Decimal
    nilai: tuple[tuple[Decimal, Decimal], ...]
    """(lowest number, points), highest first; the last starts at 0, so there is no gap."""
    predikat: Mapping[Predikat, Decimal]
    pasal: str


@dataclass(frozen=True, slots=True)
class DisiplinRule:
    """Points left by the worst punishment in the window."""

    maks: Decimal
    tanpa: Decimal
    poin: Mapping[TingkatHukuman, Decimal]
    jendela_tahun: int | None
    """Calendar years of the TMT that count, the measured one last; None = while it runs."""
    pasal: str


@dataclass(frozen=True, slots=True)
class Bobot:
    """Effort of a step: once for the step, and for each unit of it. Units are JP (teknis), KKNI
    levels above the degree held (pendidikan), predicates above the present one (kinerja)."""

    sekali: Decimal
    satuan: Decimal

    def of(self, units: int) -> Decimal:
        """Effort of a step of so many units."""
        return self.sekali + self.satuan * units


class Kepastian(LabelledEnum):
    """How sure it is that a rule reads so; the regulations themselves were not at hand."""

    TINGGI = "H", "tinggi: banyak sumber sepakat"
    SEDANG = "M", "sedang: satu atau dua sumber yang baik"
    RENDAH = "L", "rendah: tafsiran portal ini"


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure the source of a part of the rules is, and the part in words for people."""

    kepastian: Kepastian
    keterangan: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One complete way of measuring. Two sets with equal `id` and `version` score alike."""

    id: str
    version: str
    """Short hash of the file, followed by one of the switches when they differ from it."""
    nama: str
    catatan: str
    """Caution that belongs beside every number of this rule set, empty for none."""
    tahun_mulai: int
    tahun_sampai: int | None
    saklar: Switches
    diukur: tuple[JenisPegawai, ...]
    kategori: tuple[tuple[Decimal, Kategori], ...]
    """(lowest total, category), highest first."""
    kualifikasi: KualifikasiRule
    kompetensi: KompetensiRule
    kinerja: KinerjaRule
    disiplin: DisiplinRule
    upaya: Mapping[Indikator, int]
    """Effort of a step that feeds the indicator; a smaller number is less effort."""
    bobot: Mapping[Indikator, Bobot]
    """Effort that adds up when steps are taken together."""
    kepastian: Mapping[str, Certainty]
    """Of every part, named by its table: "kualifikasi.jenjang"."""

    def covers(self, year: int) -> bool:
        """Whether the rule set is meant for the measurement year."""
        return self.tahun_mulai <= year and (self.tahun_sampai is None or year <= self.tahun_sampai)

    def kategori_of(self, total: Decimal) -> Kategori:
        """Category of an unrounded index (PermenPANRB 38/2018)."""
        return next(kategori for low, kategori in self.kategori if total >= low)
