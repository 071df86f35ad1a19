"""What can be wrong with the audit, each in a sentence that names the place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping

from portal.audit.sealing import Head

Row = Mapping[str, Any] | RowMapping


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the audit is not what it was. `kind` is a word for programs."""

    kind: str
    sentence: str
    urutan: int | None = None
    audit_id: int | None = None


def broken_with(kept: Head, stands: str | None, sure: int = 0) -> Fault:
    told = "hilang" if stands is None else "berbeda"
    return Fault(
        "tulis-ulang",
        f"Segel di tempat {kept.urutan} {told} dari kepala yang tersimpan di luar basis data: "
        f"rantai ditulis ulang di antara tempat {sure + 1} dan {kept.urutan}.",
        kept.urutan,
    )


def cut_out(first: int, last: int) -> Fault:
    where = f"di tempat {first}" if first == last else f"di tempat {first} sampai {last}"
    return Fault("segel-hilang", f"Segel {where} hilang beserta barisnya.", first)


def deleted(row: Row) -> Fault:
    return Fault(
        "hilang",
        f"Baris audit {row['audit_id']} (tempat {row['urutan']}, disegel {_told(row['disegel'])}) "
        "dihapus.",
        row["urutan"],
        row["audit_id"],
    )


def changed(row: Row, line: dict[str, Any]) -> Fault:
    sentence = f"{_name(row, line)} diubah sesudah disegel."
    return Fault("diubah", sentence, row["urutan"], row["audit_id"])


def garbled(row: Row) -> Fault:
    sentence = f"Baris audit {row['audit_id']} (tempat {row['urutan']}) diubah dan tak terbaca."
    return Fault("diubah", sentence, row["urutan"], row["audit_id"])


def seal_changed(row: Row) -> Fault:
    sentence = f"Segel di tempat {row['urutan']} diubah; baris audit {row['audit_id']} utuh."
    return Fault("segel-diubah", sentence, row["urutan"], row["audit_id"])


def unhinged(row: Row) -> Fault:
    place = row["urutan"]
    before = f" atau di tempat {place - 1}" if place > 1 else ""
    return Fault(
        "putus",
        f"Rantai putus di tempat {place}: segel di tempat {place}{before} ditulis ulang.",
        place,
        row["audit_id"],
    )


def _name(row: Row, line: dict[str, Any]) -> str:
    told = f"{_told(line['at'])}, {line['actor_name']}, {line['action']}"
    return f"Baris audit {row['audit_id']} (tempat {row['urutan']}; {told})"


def _told(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def backdated(row: Row, line: dict[str, Any], before: dt.datetime) -> Fault:
    return Fault(
        "sisipan",
        f"{_name(row, line)} bertanggal mundur: baris ini baru ada sesudah segel "
        f"{_told(before)} dibuat. Baris ini ditulis belakangan.",
        row["urutan"],
        row["audit_id"],
    )


def slipped_in(line: Row) -> Fault:
    told = f"{_told(line['at'])}, {line['actor_name']}, {line['action']}"
    return Fault(
        "sisipan",
        f"Baris audit {line['id']} ({told}) tidak bersegel, padahal baris sesudahnya sudah lama "
        "disegel. Baris ini disisipkan.",
        audit_id=line["id"],
    )


def tail_gone(reached: int, kept: Head) -> Fault:
    return Fault(
        "ekor",
        f"Ekor rantai hilang: rantai berakhir di tempat {reached}, padahal pernah mencapai tempat "
        f"{kept.urutan} (kepala tersimpan {kept}).",
        reached + 1,
    )
