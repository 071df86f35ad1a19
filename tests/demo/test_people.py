"""The people of the demo, their histories and accounts: made, not yet written."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from portal.accounts.passwords import check
from portal.demo.accounts import list_accounts
from portal.demo.clock import Clock
from portal.demo.history import SARI, history
from portal.demo.people import generate
from portal.nip import Nip
from portal.settings import Settings
from portal.vocabulary import (
    Role,
)
from tests.demo.support import TODAY

ZONE = ZoneInfo("Asia/Makassar")


def test_the_first_account_is_sari(place: Settings) -> None:
    first = list_accounts()[0]

    assert (first["peran"], first["nip"], first["nama"]) == ("asn", SARI, "Sari Rahmawati, S.Pd.")
    assert list(first) == ["peran", "nip", "nama", "kata_sandi"]


def test_every_role_of_this_release_has_an_account() -> None:
    roles = [entry["peran"] for entry in list_accounts()]

    assert set(roles) == set(Role) - {Role.PIMPINAN_PROVINSI, Role.PENYELENGGARA}
    assert roles.count(Role.VERIFIKATOR) == roles.count(Role.ASN) == 2


def test_the_printed_passwords_keep_the_rules_and_differ() -> None:
    accounts = list_accounts()

    for entry in accounts:
        lahir = Nip(entry["nip"]).birth_date
        check(entry["kata_sandi"], nip=entry["nip"], nama=entry["nama"], lahir=lahir)
    assert len({entry["kata_sandi"] for entry in accounts}) == len(accounts)


def test_people_are_the_same_every_time() -> None:
    generate.cache_clear()
    first = generate()
    generate.cache_clear()

    assert generate() == first


def test_numbers_are_true_to_birth_sex_and_kind() -> None:
    for person in generate():
        number = Nip.parse(person.nip)
        assert number.birth_date == person.lahir
        assert number.sex
        assert (int(person.nip[12:14]) > 12) is (person.status == "PPPK")


def test_some_names_are_long_and_some_in_another_script() -> None:
    names = [person.nama for person in generate()]

    assert max(map(len, names)) >= 55
    assert any("عائشة" in name for name in names)


@pytest.mark.parametrize("today", [dt.date(2027, 1, 1), dt.date(2028, 2, 29), TODAY])
def test_no_history_lies_after_its_day(today: dt.date) -> None:
    for person in generate():
        found = history(person, today)
        for item in found.get("pengembangan", []):
            assert item["tanggal_selesai"] <= today.isoformat()
            assert item.get("tanggal_mulai", "") <= item["tanggal_selesai"]


def test_the_story_ends_now_or_in_the_afternoon() -> None:
    present = dt.datetime(2026, 11, 22, 1, 30, tzinfo=dt.UTC)

    assert Clock.upto(TODAY, ZONE, present).end == present
    assert Clock.upto(dt.date(2025, 3, 1), ZONE, present).end.hour == 16
