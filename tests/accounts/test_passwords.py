"""Which passwords are refused, and how hashes are compared."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.accounts.passwords import Hasher, check, hasher
from portal.errors import Rejected

NIP = "198704122010012015"
BORN = dt.date(1987, 4, 12)


def judged(password: str) -> str:
    """The refusal, "" for a password that is fine."""
    try:
        check(password, nip=NIP, nama="Sari Rahmawati", lahir=BORN)
    except Rejected as refusal:
        return f"{refusal.field}: {refusal.message}"
    return ""


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "paling sedikit 10"),
        ("pendek-9!", "paling sedikit 10"),
        ("a" * 201, "paling panjang 200"),
        ("1234567890", "Angka saja"),
        ("081234567890", "Angka saja"),
        ("12-04-1987", "Angka saja"),
        (NIP, "Angka saja"),
        (f"nip{NIP}", "nama, NIP, atau tanggal lahir"),
        ("SariRahmawati", "nama, NIP, atau tanggal lahir"),
        ("rahmawati12041987", "nama, NIP, atau tanggal lahir"),
        ("Sari.1987.ok", "nama, NIP, atau tanggal lahir"),
        ("aaaaaaaaaaaa", "terlalu banyak mengulang"),
        ("Indonesia2026!", "paling umum"),
        ("password123", "paling umum"),
        ("P A S S W O R D 1", "paling umum"),
        ("bismillah786", "paling umum"),
        ("ｐａｓｓｗｏｒｄ１２３", "paling umum"),
    ],
)
def test_refuses_what_is_guessed_first(password: str, words: str) -> None:
    refusal = judged(password)

    assert refusal.startswith("kata_sandi: ")
    assert words in refusal


@pytest.mark.parametrize(
    "password",
    [
        "kucing-hujan-pagi",
        "kuda meja lampu",
        "sari-suka-hujan-pagi",
        "кот под дождём",
        "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵abc",
    ],
)
def test_takes_words_without_asking_for_signs_or_capitals(password: str) -> None:
    assert judged(password) == ""


def test_a_person_without_known_birth_date_may_choose_too() -> None:
    check("kucing-hujan-pagi", nip=NIP, nama="Sari", lahir=None)


def test_a_hash_fits_its_password_alone() -> None:
    crypt = hasher(cheap=True)
    stored = crypt.hash("kucing-hujan-pagi")

    assert crypt.matches(stored, "kucing-hujan-pagi")
    assert not crypt.matches(stored, "kucing-hujan-siang")


def test_the_same_letters_fit_in_whatever_form_the_keyboard_sends() -> None:
    crypt = hasher(cheap=True)

    assert crypt.matches(crypt.hash("caf\u00e9-caf\u00e9-pagi"), "cafe\u0301-cafe\u0301-pagi")


@pytest.mark.parametrize("stored", [None, "", "bukan hash", "$argon2id$rusak"])
def test_no_hash_and_a_broken_hash_fit_nothing(stored: str | None) -> None:
    assert not hasher(cheap=True).matches(stored, "tidak ada orang di balik kata sandi ini")


def test_real_hashes_follow_the_low_memory_profile_of_the_rfc() -> None:
    crypt = Hasher()

    stored = crypt.hash("kucing-hujan-pagi")

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert crypt.is_outdated(hasher(cheap=True).hash("kucing-hujan-pagi"))
    assert not crypt.is_outdated(stored)
