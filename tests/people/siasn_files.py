"""Files as SIASN and a BKD write them, with one thing changed at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

COLUMNS = (
    Path(__file__).parents[2].joinpath("portal/demo/export_columns.txt").read_text("utf-8").split()
)
INSTANSI = {"instansi_kerja_id": "INS-1", "instansi_kerja_nama": "Pemerintah Kabupaten Cendana"}
GURU = {
    "pns_id": "PNS-1",
    "nip_baru": "'198704122010012015",
    "nama": "Sari Wulandari",
    "gelar_belakang": "S.Pd.",
    "tanggal_lahir": "12-04-1987",
    "jenis_kelamin": "F",
    "jenis_pegawai_nama": "PNS Daerah Kab./Kota yang bekerja pada Kab./Kota",
    "kedudukan_hukum_id": "01",
    "kedudukan_hukum_nama": "Aktif",
    "status_cpns_pns": "P",
    "gol_akhir_nama": "III/c",
    "jenis_jabatan_id": "2",
    "jabatan_id": "GURU",
    "jabatan_nama": "Guru Ahli Muda",
    "tingkat_pendidikan_id": "40",
    "pendidikan_nama": "Pendidikan Matematika",
    "tahun_lulus": "2009",
    "unor_id": "SMPN2",
    "unor_nama": "SMP Negeri 2",
    "instansi_induk_id": "INS-1",
    **INSTANSI,
}
"""One good row; the columns that are not named are `null`."""
KADIS = GURU | {
    "pns_id": "PNS-2",
    "nip_baru": "197203081998031005",
    "nama": "Kepala Suryana",
    "tanggal_lahir": "08/03/1972",
    "jenis_kelamin": "M",
    "jenis_jabatan_id": "1",
    "jabatan_id": "KADIS",
    "jabatan_nama": "Kepala Dinas Pendidikan",
    "unor_id": "DINAS",
    "unor_nama": "Dinas Pendidikan",
}


def other(number: int, **changes: str) -> dict[str, str]:
    """A guru with a number of her own."""
    return (
        GURU
        | {"pns_id": f"PNS-{number + 100}", "nip_baru": f"198704122010012{number:03}"}
        | changes
    )


def text(
    rows: Iterable[Mapping[str, str]], delimiter: str = ";", columns: list[str] = COLUMNS
) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(
        target, columns, delimiter=delimiter, restval="null", extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def export(folder: Path, *rows: Mapping[str, str], name: str = "pegawai.csv") -> Path:
    path = folder / name
    path.write_text(text(rows), "utf-8")
    return path


def lines(folder: Path, *rows: str, name: str) -> Path:
    path = folder / name
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def history(folder: Path, *people: Mapping[str, object]) -> Path:
    path = folder / "riwayat.jsonl"
    path.write_text("".join(json.dumps(person) + "\n" for person in people), "utf-8")
    return path
