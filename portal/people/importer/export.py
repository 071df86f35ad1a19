"""The "Export Data ASN" of SIASN: one checked row per person.

Only what the portal needs is read; NIK, address, telephone and the rest stay in the file
(UU 27/2022: no more data than the purpose asks for).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.nip import Nip
from portal.people.importer import codes
from portal.people.importer.cells import Row, keyword
from portal.people.importer.faults import Faults
from portal.people.importer.table import Layout, rows
from portal.vocabulary import TINGKAT_SIASN, JenisKelamin, JenisPegawai, Tingkat

_LAYOUT = Layout(
    keys=("nip_baru",),
    required=(
        "nama",
        "gelar_depan",
        "gelar_belakang",
        "tanggal_lahir",
        "jenis_kelamin",
        "jenis_pegawai_nama",
        "kedudukan_hukum_id",
        "status_cpns_pns",
        "gol_akhir_nama",
        "jenis_jabatan_id",
        "jabatan_id",
        "jabatan_nama",
        "tingkat_pendidikan_id",
        "pendidikan_nama",
        "tahun_lulus",
        "unor_id",
        "unor_nama",
        "instansi_kerja_id",
        "instansi_kerja_nama",
    ),
    aliases={"nip": "nip_baru"},
)
_JENIS_JABATAN = codes.STRUKTURAL | {codes.FUNGSIONAL, codes.PELAKSANA}


@dataclass(frozen=True, slots=True)
class Study:
    """The last degree, as SIASN has it."""

    tingkat: Tingkat
    program_studi: str
    perguruan_tinggi: str
    tahun_lulus: int | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the export. `row` keeps the place for faults that only the tables show."""

    row: Row
    nip: Nip
    siasn_id: str
    nama: str
    gelar_depan: str
    gelar_belakang: str
    jenis_kelamin: JenisKelamin | None
    tanggal_lahir: dt.date | None
    jenis_pegawai: JenisPegawai
    kedudukan_hukum: str
    jenis_jabatan: str
    jabatan_id: str
    jabatan: str
    golongan: str
    email: str
    unor_id: str
    unor_nama: str
    instansi_id: str
    instansi_nama: str
    instansi_induk_id: str
    study: Study | None


def read(path: Path, options: codes.Options, faults: Faults) -> Iterator[PersonRow]:
    """The people of the export, one by one; a row with a fault is left out and told."""
    seen: dict[str, int] = {}
    ids: dict[str, int] = {}
    for row in rows(path, _LAYOUT, faults):
        before = faults.count
        nip = row.nip("nip_baru")
        if nip and (first := seen.setdefault(nip.digits, row.baris)) != row.baris:
            row.fault("nip_baru", f"NIP ini sudah ada di baris {first}.", nip.masked)
        person = _person(row, nip, options)
        own_id = row.raw("pns_id")
        if own_id and (first := ids.setdefault(own_id, row.baris)) != row.baris:
            row.fault("pns_id", f"pns_id ini sudah ada di baris {first}.")
        if person and faults.count == before:
            yield person
    if not seen and not faults.count:
        faults.add(path.name, None, "", "", "Tidak ada satu pun pegawai di berkas ini.")


def _person(row: Row, nip: Nip | None, options: codes.Options) -> PersonRow | None:
    kedudukan = _kedudukan(row)
    retired = kedudukan in options.pensiun
    jenis_pegawai = _jenis_pegawai(row)
    jenis_jabatan = _jenis_jabatan(row, retired=retired)
    sex = row.choice(
        "jenis_kelamin", codes.JENIS_KELAMIN, "Jenis kelamin tidak dikenal. Tulis M atau F."
    )
    born = row.date("tanggal_lahir")
    values = PersonRow(
        row=row,
        nip=nip or Nip(""),
        siasn_id=row.text("pns_id", 40),
        nama=row.text("nama", 150, required=True),
        gelar_depan=row.text("gelar_depan", 60),
        gelar_belakang=row.text("gelar_belakang", 60),
        jenis_kelamin=sex,
        tanggal_lahir=born,
        jenis_pegawai=jenis_pegawai or JenisPegawai.PNS,
        kedudukan_hukum=kedudukan,
        jenis_jabatan=jenis_jabatan,
        jabatan_id=row.text("jabatan_id", 40),
        jabatan=row.text("jabatan_nama", 200, required=not retired),
        golongan=row.text("gol_akhir_nama", 10),
        email=row.email("email_gov") or row.email("email"),
        unor_id=row.text("unor_id", 40, required=True),
        unor_nama=row.text("unor_nama", 200),
        instansi_id=row.text("instansi_kerja_id", 40, required=True),
        instansi_nama=row.text("instansi_kerja_nama", 200, required=True),
        instansi_induk_id=row.text("instansi_induk_id", 40),
        study=_study(row),
    )
    if nip is None or jenis_pegawai is None:
        return None
    _compare(row, nip, sex, born)
    return values


def _compare(row: Row, nip: Nip, sex: JenisKelamin | None, born: dt.date | None) -> None:
    """Real data have numbers that disagree with the person: told, never refused (rules.md §7)."""
    if born and nip.birth_date != born:
        row.warn("tanggal_lahir", "Berbeda dari tanggal lahir di dalam NIP.", nip.masked)
    if sex and nip.sex is not sex:
        row.warn("jenis_kelamin", "Berbeda dari jenis kelamin di dalam NIP.", nip.masked)


def _kedudukan(row: Row) -> str:
    found = row.raw("kedudukan_hukum_id")
    if not (found.isascii() and found.isdigit()) or len(found) > 4:
        row.fault("kedudukan_hukum_id", "Isi kode kedudukan hukum SIASN, misalnya 01 untuk aktif.")
        return ""
    return found.zfill(2)  # Excel drops the leading zero


def _jenis_pegawai(row: Row) -> JenisPegawai | None:
    """PPPK by what the row says of itself; PNS or CPNS by status. The NIP never decides it."""
    status = keyword(row.raw("status_cpns_pns"))
    names = f"{row.raw('jenis_pegawai_nama')} {row.raw('kedudukan_hukum_nama')}".upper()
    if "PPPK" in names or status == "pppk":
        return JenisPegawai.PPPK
    kind = row.choice(
        "status_cpns_pns",
        codes.JENIS_PEGAWAI,
        "Status tidak dikenal. Tulis PNS, CPNS, atau PPPK (SIASN: P atau C).",
    )
    if kind is None and not status:
        row.fault("status_cpns_pns", "Kosong. Tulis PNS, CPNS, atau PPPK.")
    return kind


def _jenis_jabatan(row: Row, *, retired: bool) -> str:
    found = row.raw("jenis_jabatan_id").lstrip("0")
    if found in _JENIS_JABATAN or (retired and not found):
        return found
    row.fault(
        "jenis_jabatan_id",
        "Isi 1 (struktural), 2 (fungsional), 3 (rangkap), atau 4 (pelaksana).",
    )
    return ""


def _study(row: Row) -> Study | None:
    tingkat = row.choice(
        "tingkat_pendidikan_id",
        TINGKAT_SIASN,
        "Kode tingkat pendidikan tidak dikenal. Kode SIASN: 05 SD sampai 50 S-3.",
    )
    year = row.year("tahun_lulus")
    names = row.text("pendidikan_nama", 200), row.text("nama_sekolah", 200)
    return Study(tingkat, *names, year) if tingkat else None
