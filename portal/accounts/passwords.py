"""Passwords: argon2id hashes, and the few rules that keep out what is guessed first."""

from __future__ import annotations

import datetime as dt
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import argon2

from portal.errors import Rejected

SHORTEST = 10
LONGEST = 200
REST = 5
"""Letters and digits that have to remain beside what everybody knows about the person."""
RULES = (
    f"Paling sedikit {SHORTEST} karakter.",
    "Bukan NIP, tanggal lahir, nomor telepon, atau nama Anda.",
    "Bukan kata sandi yang umum dipakai, misalnya “indonesia123”.",
    "Tiga atau empat kata yang mudah Anda ingat sudah kuat, misalnya nama benda di sekitar Anda.",
)
"""Shown before somebody types; no rule asks for capitals, digits or signs."""
AT_ONCE = threading.BoundedSemaphore(2)
"""A hash takes 64 MiB: a rush of logins waits instead of filling the memory of a small server."""


def _same_form(text: str) -> str:
    """One form for what different keyboards send for the same letters."""
    return unicodedata.normalize("NFKC", text)


def _bare(text: str) -> str:
    """In small letters, without blanks and punctuation."""
    return "".join(c for c in text.casefold() if unicodedata.category(c)[0] not in "PZC")


class Hasher:
    """argon2id with the low-memory parameters of RFC 9106 (64 MiB, 3 passes, about 0.15 s)."""

    def __init__(self, *, cheap: bool = False) -> None:
        parameters = argon2.profiles.CHEAPEST if cheap else argon2.profiles.RFC_9106_LOW_MEMORY
        self._argon = argon2.PasswordHasher.from_parameters(parameters)
        self._nobody = self.hash("tidak ada orang di balik kata sandi ini")

    def hash(self, password: str) -> str:
        with AT_ONCE:
            return self._argon.hash(_same_form(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password fits; takes as long when there is no hash to compare with."""
        try:
            with AT_ONCE:
                self._argon.verify(stored or self._nobody, _same_form(password))
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return bool(stored)

    def is_outdated(self, stored: str) -> bool:
        """True for a hash made with other parameters than today's."""
        return self._argon.check_needs_rehash(stored)


@cache
def hasher(*, cheap: bool) -> Hasher:
    return Hasher(cheap=cheap)


@cache
def _common() -> frozenset[str]:
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def check(password: str, *, nip: str, nama: str, lahir: dt.date | None) -> None:
    """Raises Rejected (field `kata_sandi`) with the sentence that says what to change."""
    fault = _fault(_same_form(password), [nip, *_birth(lahir), *nama.split()])
    if fault:
        raise Rejected(fault, field="kata_sandi")


def _fault(password: str, known: Iterable[str]) -> str | None:
    if len(password) < SHORTEST:
        return f"Kata sandi paling sedikit {SHORTEST} karakter. Tambahkan satu atau dua kata."
    if len(password) > LONGEST:
        return f"Kata sandi paling panjang {LONGEST} karakter."
    plain = _bare(password)
    if plain.isdecimal():
        return "Angka saja mudah ditebak, misalnya nomor telepon. Tambahkan beberapa kata."
    if len(set(password)) < REST:
        return "Kata sandi ini terlalu banyak mengulang. Pakai beberapa kata yang berbeda."
    core = plain.strip("0123456789")
    if core in _common() or plain in _common():
        return "Kata sandi ini termasuk yang paling umum dipakai. Pilih beberapa kata lain."
    if len(_without(plain, known)) < REST:
        return "Jangan memakai nama, NIP, atau tanggal lahir Anda. Pilih beberapa kata lain."
    return None


def _without(plain: str, known: Iterable[str]) -> str:
    """The password without what others know of the person, longest first."""
    parts = {_bare(part) for part in known}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) > 2:
            plain = plain.replace(part, "")
    return plain


def _birth(day: dt.date | None) -> list[str]:
    """The ways in which people write a birth date."""
    if day is None:
        return []
    return [f"{day:{form}}" for form in ("%d%m%Y", "%Y%m%d", "%d%m%y", "%y%m%d", "%Y")]
