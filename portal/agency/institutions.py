"""The agency's list of institutions of higher education: how names are compared and found."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.agency.models import PerguruanTinggi

LONGEST = 200
"""Letters of a name, and of its key."""
MOST_WORDS = 20
CANDIDATES = 60
"""Names that are compared letter by letter, those of the most similar length first."""
ALIKE, ALIKE_IN_THE_WHOLE = 0.86, 0.9
"""Likeness of what tells an institution from others, and of the whole name, from which on two
writings are taken for the same."""
_ABBREVIATED = {"univ": "universitas", "inst": "institut", "pol": "politeknik", "akd": "akademi"}
_COMMON = frozenset(
    {
        *("universitas", "institut", "politeknik", "akademi", "sekolah", "tinggi", "ilmu", "dan"),
        *("negeri", "islam", "agama", "keguruan", "pendidikan", "ekonomi", "hukum", "teknologi"),
        *("kesehatan", "komputer", "administrasi", "teknik", "manajemen", "informatika"),
    }
)
"""Words that stand in many names and so tell none."""


def words_of(nama: str) -> list[str]:
    """The words of a name, lower case, without punctuation, usual abbreviations written out."""
    plain = unicodedata.normalize("NFKC", nama[: 4 * LONGEST]).casefold()
    signs = "".join(sign if sign.isalnum() else " " for sign in plain)
    return [_ABBREVIATED.get(word, word) for word in signs.split()]


def key_of(nama: str) -> str:
    """The name as it is compared: letters and digits alone, lower case."""
    return "".join(words_of(nama))[:LONGEST]


def number_of(session: Session, instansi_id: uuid.UUID) -> int:
    """How many names the list has."""
    mine = PerguruanTinggi.instansi_id == instansi_id
    return session.scalar(select(func.count()).select_from(PerguruanTinggi).where(mine)) or 0


def has_list(session: Session, instansi_id: uuid.UUID) -> bool:
    """Whether the agency has told any institution."""
    mine = PerguruanTinggi.instansi_id == instansi_id
    return session.scalar(select(PerguruanTinggi.kunci).where(mine).limit(1)) is not None


def nearest(session: Session, instansi_id: uuid.UUID, nama: str) -> str | None:
    """The institution that is meant, as the list writes it; None when nothing comes near.

    Names that differ in more than misread letters are not taken for the same: there are dozens of
    "Universitas … Malang". Bounded in time however long the list is.
    """
    key = key_of(nama)
    if not key:
        return None
    exact = session.get(PerguruanTinggi, (instansi_id, key))
    if exact is not None:
        return exact.nama
    own = _telling(nama)
    for listed in _candidates(session, instansi_id, key, own):
        if _alike(key, listed.kunci, ALIKE_IN_THE_WHOLE) and _alike(
            "".join(own), "".join(_telling(listed.nama)), ALIKE
        ):
            return listed.nama
    return None


def _telling(nama: str) -> list[str]:
    """The words that tell an institution from others; a misspelt common word is no such word."""
    return [word for word in words_of(nama)[:MOST_WORDS] if not _is_common(word)]


@lru_cache(4096)
def _is_common(word: str) -> bool:
    return word in _COMMON or bool(get_close_matches(word, _COMMON, 1, ALIKE))


def _candidates(
    session: Session, instansi_id: uuid.UUID, key: str, own: Sequence[str]
) -> Sequence[PerguruanTinggi]:
    """Names that hold a half of one of the two longest telling words: where one letter is wrong,
    the other half is right."""
    longest = sorted(own, key=len, reverse=True)[:2]
    halves = {half for word in longest for half in _halves(word)}
    if not halves:
        return []
    statement = (
        select(PerguruanTinggi)
        .where(
            PerguruanTinggi.instansi_id == instansi_id,
            or_(*(PerguruanTinggi.kunci.contains(half, autoescape=True) for half in halves)),
        )
        .order_by(func.abs(func.length(PerguruanTinggi.kunci) - len(key)), PerguruanTinggi.kunci)
        .limit(CANDIDATES)
    )
    return session.scalars(statement).all()


def _halves(word: str) -> list[str]:
    middle = len(word) // 2
    return [word[:middle], word[middle:]] if len(word) >= 6 else [word]


def _alike(one: str, other: str, least: float) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    quick = matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least
    return quick and matcher.ratio() >= least
