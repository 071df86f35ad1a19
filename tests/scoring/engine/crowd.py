"""Random people, thick around every boundary of the rules; the seed decides them all."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from portal.vocabulary import TINGKAT_SIASN, KelompokJabatan, Predikat, Tingkat, TingkatHukuman

LEVELS = [level.value for level in Tingkat] + list(TINGKAT_SIASN)
POSTS = [post.value for post in KelompokJabatan]
PREDIKAT = [predikat.value for predikat in Predikat] + ["Cukup", "Buruk"]
CUTS = ["0", "0.01", "50", "50.5", "50.99", "51", "60.99", "61", "75.5", "75.99", "76", "90.5"]
CUTS += ["90.99", "91", "91.01", "100"]
DAYS = ["01-01", "01-02", "06-15", "12-30", "12-31"]


def person(random_: random.Random, year: int) -> dict[str, Any]:
    """One line of the `hitung` input for a measurement around `year`."""
    return {
        "nip": f"{random_.randrange(10**17, 10**18)}",
        "jenis_pegawai": random_.choice(["PNS", "PNS", "PNS", "PPPK", "CPNS", None]),
        "kelompok_jabatan": random_.choice(POSTS),
        "syarat_pendidikan": random_.choice([None, *LEVELS]),
        "pendidikan": _some(random_, 3, lambda: _degree(random_, year)),
        "pengembangan": _some(random_, 6, lambda: _course(random_, year)),
        "kinerja": _some(random_, 4, lambda: _result(random_, year)),
        "hukdis": _some(random_, 2, lambda: _punishment(random_, year)),
    }


def _some(random_: random.Random, most: int, make: Any) -> list[dict[str, Any]] | None:
    count = random_.randint(-1, most)
    return None if count < 0 else [make() for _ in range(count)]


def _day(random_: random.Random, year: int, back: int) -> str:
    return f"{year - random_.randint(-1, back)}-{random_.choice(DAYS)}"


def _degree(random_: random.Random, year: int) -> dict[str, Any]:
    degree: dict[str, Any] = {"tingkat": random_.choice(LEVELS)}
    if random_.random() < 0.6:
        degree["tanggal_lulus"] = _day(random_, year, 3)
    if random_.random() < 0.4:
        degree["tahun_lulus"] = year - random_.randint(-1, 3)
    return degree


def _course(random_: random.Random, year: int) -> dict[str, Any]:
    return {
        "jenis": random_.choice([1, 1, 2, 3, 8, 9, random_.randint(1, 25)]),
        "jp": random_.choice([None, 0, 1, 8, 10, 12, 19, 20, 21, random_.randint(0, 400)]),
        "tanggal_selesai": random_.choice([None, *[_day(random_, year, 3)] * 6]),
        "latihan_struktural": random_.choice([None, *range(1, 9)]),
    }


def _result(random_: random.Random, year: int) -> dict[str, Any]:
    result: dict[str, Any] = {"tahun": year - random_.randint(-1, 2)}
    if random_.random() < 0.5:
        result["predikat"] = random_.choice(PREDIKAT)
    if random_.random() < 0.6:
        scale = 120 if "predikat" in result else 100
        number = random_.choice([*CUTS, f"{random_.randint(0, scale * 100) / 100:.2f}"])
        result["nilai"] = Decimal(number)
    if random_.random() < 0.4:
        result["dinilai"] = _day(random_, year, 1)
    return result


def _punishment(random_: random.Random, year: int) -> dict[str, Any]:
    return {
        "tingkat": random_.choice([level.value for level in TingkatHukuman]),
        "tmt": _day(random_, year, 6),
        "akhir": random_.choice([None, _day(random_, year, 6)]),
    }
