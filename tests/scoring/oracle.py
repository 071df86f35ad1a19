"""A second reading of the rules, slow and literal, that shares nothing with the engine.

It takes the JSON of `hitung` as it is, compares dates as ISO texts, counts in Fractions and holds
its own tables, copied by hand from the description of the rules. When engine and oracle differ,
one of them misread the rules.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

RANK = {
    "SD": 0, "SLTP": 1, "SLTA": 2, "D-I": 3, "D-II": 4, "D-III": 5, "D-IV": 6, "S-1": 6,
    "Profesi": 7, "S-2": 8, "Spesialis": 8, "S-3": 9, "Subspesialis": 9,
}  # fmt: skip
LADDER = {
    "SD": 1, "SLTP": 1, "SLTA": 5, "D-I": 5, "D-II": 5, "D-III": 10, "D-IV": 15, "S-1": 15,
    "Profesi": 15, "S-2": 20, "Spesialis": 20, "S-3": 25, "Subspesialis": 25,
}  # fmt: skip
SIASN = {
    "05": "SD", "10": "SLTP", "12": "SLTP", "15": "SLTA", "17": "SLTA", "18": "SLTA", "20": "D-I",
    "25": "D-II", "30": "D-III", "35": "D-IV", "40": "S-1", "42": "Profesi", "45": "S-2",
    "47": "Spesialis", "49": "Subspesialis", "50": "S-3",
}  # fmt: skip
LEADERSHIP = {
    "jpt_utama": 5, "jpt_madya": 5, "jpt_pratama": 4, "administrator": 3, "pengawas": 2,
}  # fmt: skip
TEKNIS = {3, 5, 6, 8, 12, 13, 16, 17}
PREDIKAT = {
    "Sangat Baik": 30, "Baik": 25, "Butuh Perbaikan": 15, "Cukup": 15, "Kurang": 5,
    "Sangat Kurang": 1, "Buruk": 1, "Tidak membuat SKP": 0,
}  # fmt: skip


def answer(
    person: dict[str, Any],
    aturan: str,
    tahun: int,
    *,
    sementara: bool = False,
    prorata: bool | None = None,
    lebih_tinggi: bool = False,
) -> dict[str, Any]:
    """What `hitung --ringkas` has to print for the person, without the reasons."""
    modern = aturan == "bkn-2023"
    jenis = person.get("jenis_pegawai") or "PNS"
    if jenis == "CPNS" or (jenis == "PPPK" and not modern):
        return {"nip": person["nip"], "diukur": False}
    if prorata is None:
        prorata = modern
    dimensions = {
        "kualifikasi": education(person, tahun, modern),
        "kompetensi": development(person, tahun, prorata, lebih_tinggi),
        "kinerja": performance(person, tahun, sementara),
        "disiplin": discipline(person, tahun, modern),
    }
    total = sum(dimensions.values())
    return {
        "nip": person["nip"],
        "diukur": True,
        **{name: two_decimals(points) for name, points in dimensions.items()},
        "total": two_decimals(total),
        "kategori": category(total),
    }


def two_decimals(points: Fraction) -> str:
    """Half up."""
    hundredths = (points * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def category(total: Fraction) -> str:
    if total < 61:
        return "Sangat Rendah"
    if total < 71:
        return "Rendah"
    if total < 81:
        return "Sedang"
    if total < 91:
        return "Tinggi"
    return "Sangat Tinggi"


def level(code: str) -> str:
    return SIASN.get(code, code)


def education(person: dict[str, Any], tahun: int, modern: bool) -> Fraction:
    held = []
    for item in person.get("pendidikan") or []:
        day = item.get("tanggal_lulus")
        if not day and item.get("tahun_lulus"):
            day = f"{item['tahun_lulus']:04d}-12-31"
        if not day or day <= f"{tahun}-12-31":
            held.append(level(item["tingkat"]))
    if not held:
        return Fraction(0)
    required = person.get("syarat_pendidikan")
    if not modern or not required:
        return Fraction(max(LADDER[name] for name in held))
    best = max(RANK[name] for name in held)
    asked = RANK[level(required)]
    return Fraction(25 if best > asked else 20 if best == asked else 10)


def development(person: dict[str, Any], tahun: int, prorata: bool, lebih_tinggi: bool) -> Fraction:
    post = person["kelompok_jabatan"]
    past = [
        item
        for item in person.get("pengembangan") or []
        if (item.get("tanggal_selesai") or "") <= f"{tahun}-12-31"
    ]
    hours = hours_of(past, tahun)
    share = Fraction(min(hours, 20), 20) if prorata else Fraction(hours // 20 > 0)
    seminar = has_seminar(past, tahun)
    if post == "pelaksana":
        return Fraction(45, 2) * share + (Fraction(35, 2) if seminar else 0)
    if post == "fungsional":
        course = any(item["jenis"] == 2 for item in past)
    else:
        course = has_leadership(past, LEADERSHIP[post], lebih_tinggi)
    return 15 * share + (15 if course else 0) + (10 if seminar else 0)


def hours_of(past: list[dict[str, Any]], tahun: int) -> int:
    total = 0
    for item in past:
        if item["jenis"] in TEKNIS and (item.get("tanggal_selesai") or "")[:4] == str(tahun):
            total += item.get("jp") or 0
    return total


def has_seminar(past: list[dict[str, Any]], tahun: int) -> bool:
    years = {str(tahun), str(tahun - 1)}
    return any(
        (item.get("tanggal_selesai") or "")[:4] in years
        for item in past
        if item["jenis"] not in TEKNIS | {1, 2}
    )


def has_leadership(past: list[dict[str, Any]], wanted: int, lebih_tinggi: bool) -> bool:
    accepted = {wanted}
    if lebih_tinggi:
        accepted |= {level for level in (2, 3, 4, 5) if level > wanted}
    return any(item["jenis"] == 1 and item.get("latihan_struktural") in accepted for item in past)


def performance(person: dict[str, Any], tahun: int, sementara: bool) -> Fraction:
    chosen = result_of(person, tahun)
    if chosen is None and sementara:
        chosen = result_of(person, tahun - 1)
    if chosen is None:
        return Fraction(0)
    if chosen.get("predikat"):
        return Fraction(PREDIKAT[chosen["predikat"]])
    number = Fraction(str(chosen["nilai"]))
    for low, points in ((91, 30), (76, 25), (61, 15), (51, 5)):
        if number >= low:
            return Fraction(points)
    return Fraction(1)


def result_of(person: dict[str, Any], tahun: int) -> dict[str, Any] | None:
    chosen: dict[str, Any] | None = None
    for item in person.get("kinerja") or []:
        empty = item.get("nilai") is None and not item.get("predikat")
        if item["tahun"] != tahun or empty:
            continue
        if chosen is None or (item.get("dinilai") or "") >= (chosen.get("dinilai") or ""):
            chosen = item
    return chosen


def discipline(person: dict[str, Any], tahun: int, modern: bool) -> Fraction:
    left = 5
    for item in person.get("hukdis") or []:
        start, end = item["tmt"], item.get("akhir")
        if modern and end:
            counts = start <= f"{tahun}-12-31" and end >= f"{tahun}-01-01"
        elif modern:
            counts = start[:4] == str(tahun)
        else:
            counts = tahun - 4 <= int(start[:4]) <= tahun
        if counts:
            left = min(left, {"ringan": 3, "sedang": 2, "berat": 1}[item["tingkat"]])
    return Fraction(left)
