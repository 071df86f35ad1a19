"""Free search in the queue: NIP, name, number of a certificate, receipt. Never counted without
bound, and found through indexes (docs/decisions/0020)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, union_all

from portal.documents import receipts
from portal.documents.models import Document, number_key
from portal.people.models import Pegawai
from portal.verification.queueing.conditions import OWNER, UNIT, Counted

MOST = 500
"""Items that a search shows; of more it says "lebih dari 500"."""


def candidates(text: str, wanted: ColumnElement[bool]) -> Select[Any]:
    """Ids of items that fit the words, one more than `MOST` at most; `wanted` is what else they
    have to fulfil."""
    receipt = receipts.parse(text)
    ways = [Document.receipt == receipt] if receipt else [*_by_owner(text), *_by_number(text)]
    found = [
        select(Document.id)
        .join(Pegawai, OWNER)
        .join(Pegawai.opd)
        .join(Counted, UNIT)
        .where(way, wanted)
        .limit(MOST + 1)
        .subquery()
        for way in ways or [false()]
    ]
    return select(union_all(*(select(each.c.id) for each in found)).subquery().c.id)


def _by_owner(text: str) -> list[ColumnElement[bool]]:
    """NIP from its beginning, in whatever spacing; else every word is part of the name, which has
    no digits."""
    packed = "".join(text.split()).replace("-", "").replace(".", "")
    people = select(Pegawai.id)
    if packed.isdecimal() and packed.isascii():
        low, high = (packed[:18].ljust(18, digit) for digit in "09")
        return [Document.owner_id.in_(people.where(Pegawai.nip.between(low, high)))]
    if any(map(str.isdigit, text)):
        return []
    words = [word[:60] for word in text.split()[:8]]
    parts = [func.lower(Pegawai.nama).contains(word.lower(), autoescape=True) for word in words]
    return [Document.owner_id.in_(people.where(*parts))]


def _by_number(text: str) -> list[ColumnElement[bool]]:
    """The whole number, compared as `number_key` writes it."""
    key = number_key(text)
    return [Document.nomor_kunci == key] if key else []
