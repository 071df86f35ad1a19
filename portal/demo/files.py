"""The files of the demo agency, as a BKD would bring them: export, posts, units, histories."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from portal.demo.data import table
from portal.demo.history import history
from portal.demo.people import Person
from portal.nip import Nip
from portal.operations.people_import import Sources
from portal.vocabulary import TINGKAT_SIASN

_COLUMNS = Path(__file__).with_name("export_columns.txt").read_text("utf-8").split()
"""Of SIASN's "Export Data ASN", in its order."""
_JENIS_JABATAN = {
    "1": "Jabatan Struktural",
    "2": "Jabatan Fungsional Tertentu",
    "4": "Jabatan Fungsional Umum",
}
_PNS = "PNS Daerah Kab./Kota yang bekerja pada Kab./Kota"
_LEVELS = {level.value: code for code, level in reversed(TINGKAT_SIASN.items())}


def write(folder: Path, people: Iterable[Person], today: dt.date) -> Sources:
    """Write the four files; only the histories depend on the year."""
    folder.mkdir(parents=True, exist_ok=True)
    people = list(people)
    sources = Sources(
        pegawai=folder / "pegawai.csv",
        jabatan=folder / "jabatan.csv",
        unor=folder / "unor.csv",
        riwayat=folder / "riwayat.jsonl",
    )
    _write_csv(folder / "pegawai.csv", _COLUMNS, (_export(person) for person in people))
    _write_csv(
        folder / "jabatan.csv",
        ("jabatan_id", "unor_id", "eselon", "kelompok_jabatan", "syarat_pendidikan"),
        _posts(people),
    )
    _write_csv(folder / "unor.csv", ("id", "parent", "name"), _units())
    with (folder / "riwayat.jsonl").open("w", encoding="utf-8") as stream:
        for person in people:
            line = {"nip": person.nip, **history(person, today)}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    return sources


def _write_csv(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(columns), delimiter=";", restval="null")
        writer.writeheader()
        writer.writerows(rows)


def _export(person: Person) -> dict[str, str]:
    agency, number = table("agency"), Nip(person.nip)
    kind = "PPPK Daerah" if person.status == "PPPK" else _PNS
    values = {
        "pns_id": f"PNS-{person.nip}",
        "nip_baru": f"'{person.nip}",
        "nama": person.nama,
        "gelar_depan": person.gelar_depan,
        "gelar_belakang": person.gelar_belakang,
        "tanggal_lahir": f"{person.lahir:%d-%m-%Y}",
        "jenis_kelamin": str(number.sex),
        "jenis_pegawai_id": "15",
        "jenis_pegawai_nama": kind,
        "kedudukan_hukum_id": "01",
        "kedudukan_hukum_nama": "Aktif",
        "status_cpns_pns": {"PNS": "P", "CPNS": "C"}.get(person.status, ""),
        "gol_akhir_nama": person.golongan,
        "jenis_jabatan_id": person.jenis_jabatan,
        "jenis_jabatan_nama": _JENIS_JABATAN[person.jenis_jabatan],
        "jabatan_id": _post_id(person),
        "jabatan_nama": person.jabatan,
        "tingkat_pendidikan_id": _LEVELS[person.tingkat],
        "tingkat_pendidikan_nama": person.tingkat,
        "pendidikan_nama": person.program_studi,
        "tahun_lulus": str(person.tahun_lulus),
        "unor_id": person.unit,
        "unor_nama": _unit_names()[person.unit],
        "instansi_induk_id": agency["siasn_id"],
        "instansi_induk_nama": agency["nama"],
        "instansi_kerja_id": agency["siasn_id"],
        "instansi_kerja_nama": agency["nama"],
        "nama_sekolah": person.kampus,
    }
    return {name: value or "null" for name, value in values.items()}


def _post_id(person: Person) -> str:
    """A structural post belongs to one unit, the others are the same everywhere."""
    slug = "-".join(word[:4] for word in person.jabatan.upper().replace("/", " ").split()[:7])
    return f"{person.unit}:{slug}"[:40] if person.jenis_jabatan == "1" else slug[:40]


def _posts(people: Iterable[Person]) -> Iterator[dict[str, str]]:
    wanted: dict[str, Any] = {
        post[0]: post[2] for opd in table("agency")["opd"] for post in opd["isi"]
    }
    seen: set[str] = set()
    for person in people:
        post = _post_id(person)
        if post in seen:
            continue
        seen.add(post)
        leader = {"IV.a": "D-III", "V.a": "SLTA"}.get(person.eselon, "S-1")
        yield {
            "jabatan_id": post,
            "unor_id": "",
            "eselon": person.eselon,
            "kelompok_jabatan": "",
            "syarat_pendidikan": leader if person.eselon else wanted[person.jabatan],
        }


def _unit_names() -> dict[str, str]:
    return {row["id"]: row["name"] for row in _units()}


def _units() -> Iterator[dict[str, str]]:
    for opd in table("agency")["opd"]:
        yield {"id": opd["kode"], "parent": "", "name": opd["nama"]}
        for number, nama in enumerate(opd["unit"], 1):
            yield {"id": f"{opd['kode']}-{number}", "parent": opd["kode"], "name": nama}
