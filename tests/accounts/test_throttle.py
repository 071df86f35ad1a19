"""The brake on guessing: free attempts, growing waits, an end to every wait."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import throttle
from portal.accounts.models import Attempts
from portal.db import Database
from portal.errors import Throttled

START = dt.datetime(2026, 11, 23, 2, 40, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
KEY = throttle.person("198704122010012015")


def waits(session: Session, minutes: float, key: throttle.Key = KEY) -> int:
    """Seconds to wait when somebody tries at START + minutes; 0 when the attempt is let through."""
    try:
        throttle.count(session, [key], START + minutes * MINUTE)
    except Throttled as wait:
        return wait.retry_after
    return 0


def test_five_attempts_are_free(session: Session) -> None:
    assert [waits(session, 0) for _ in range(6)] == [0, 0, 0, 0, 0, 60]


def test_waits_double_and_end_after_fifteen_minutes(session: Session) -> None:
    for _ in range(5):
        waits(session, 0)

    moments = [1, 3, 7, 15, 30]
    lengths = []
    for minute in moments:
        assert waits(session, minute) == 0
        lengths.append(waits(session, minute) // 60)

    assert lengths == [2, 4, 8, 15, 15]


def test_an_hour_later_the_attempts_are_free_again(session: Session) -> None:
    for _ in range(6):
        waits(session, 0)

    assert [waits(session, 61) for _ in range(5)] == [0] * 5


def test_an_attempt_while_waiting_makes_the_wait_no_longer(session: Session) -> None:
    for _ in range(50):
        waits(session, 0)

    assert waits(session, 1) == 0


def test_the_sentence_names_minutes_and_clock(session: Session) -> None:
    for _ in range(5):
        waits(session, 0)

    with pytest.raises(Throttled, match=r"Coba lagi 1 menit lagi \(pukul 09\.41 WIB\)\.") as caught:
        throttle.count(session, [KEY], START)
    assert caught.value.retry_after == 60


def test_an_address_is_shared_by_an_office(session: Session) -> None:
    office = throttle.address("203.0.113.7")

    assert sum(waits(session, 0, office) == 0 for _ in range(60)) == throttle.FREE_FOR_AN_ADDRESS


def test_right_passwords_cost_an_address_nothing(session: Session) -> None:
    office = throttle.address("203.0.113.7")
    for _ in range(throttle.FREE_FOR_AN_ADDRESS + 5):
        throttle.count(session, [office], START)
        throttle.forgive(session, [office])

    assert waits(session, 0, office) == 0


def login(session: Session, nip: str, place: throttle.Key, moment: dt.datetime) -> None:
    """A right password at the first try."""
    keys = [throttle.person(nip), place]
    throttle.count(session, keys, moment)
    throttle.welcome(session, keys, place, nip, moment)


def test_a_school_of_three_hundred_behind_one_address_gets_in(session: Session) -> None:
    school = throttle.address("203.0.113.7")
    refused = 0

    for number in range(300):
        teacher = f"1987041220100{number:05}"
        for _ in range(2):  # everybody mistypes twice before the right one
            refused += waits(session, 0, school) > 0
        login(session, teacher, school, START)

    assert refused == 0


def test_one_own_login_again_and_again_pays_for_no_guesses(session: Session) -> None:
    place = throttle.address("203.0.113.7")
    for _ in range(throttle.FREE_FOR_AN_ADDRESS):
        login(session, "198704122010012015", place, START)
        waits(session, 0, place)

    assert waits(session, 0, place) > 0


def test_an_hour_later_the_same_person_vouches_again(session: Session) -> None:
    place = throttle.address("203.0.113.7")
    login(session, "198704122010012015", place, START)
    for _ in range(throttle.FREE_FOR_AN_ADDRESS):
        waits(session, 30, place)

    login(session, "198704122010012015", place, START + 61 * MINUTE)

    assert [waits(session, 61, place) for _ in range(throttle.SPARED)] == [0] * throttle.SPARED


def test_who_gets_in_ends_the_wait_of_the_others(session: Session) -> None:
    office = throttle.address("203.0.113.7")
    for _ in range(throttle.FREE_FOR_AN_ADDRESS):
        waits(session, 0, office)

    login(session, "198704122010012015", office, START + 2 * MINUTE)

    assert waits(session, 2, office) == 0


def test_letters_asked_for_hold_up_no_login(session: Session) -> None:
    for _ in range(throttle.FREE_LETTERS + 1):
        waits(session, 0, throttle.letters_to("203.0.113.7"))

    assert waits(session, 0, throttle.address("203.0.113.7")) == 0


def test_addresses_of_one_ipv6_customer_count_together() -> None:
    assert throttle.address("2001:db8::1") == throttle.address("2001:db8::ffff:2")
    assert throttle.address("2001:db8::1") != throttle.address("2001:db8:0:1::1")


@pytest.mark.parametrize("told", ["203.0.113.7:52114", "::ffff:203.0.113.7", " 203.0.113.7"])
def test_an_ipv4_address_is_known_in_every_spelling_of_proxies(told: str) -> None:
    assert throttle.address(told) == throttle.address("203.0.113.7")


@pytest.mark.parametrize("told", ["[2001:db8::1]:52114", "[2001:db8::1]", "2001:db8::1%eth0"])
def test_an_ipv6_address_is_known_in_every_spelling_of_proxies(told: str) -> None:
    assert throttle.address(told) == throttle.address("2001:db8::1")


@pytest.mark.parametrize("text", ["", "bukan alamat", "\x00", "1.2.3.4.5"])
def test_a_strange_address_counts_as_unknown(text: str) -> None:
    assert throttle.address(text) == throttle.address("")


def test_what_is_refused_for_one_key_counts_for_none(session: Session) -> None:
    for _ in range(5):
        waits(session, 0)
    office = throttle.address("203.0.113.7")

    with pytest.raises(Throttled):
        throttle.count(session, [KEY, office], START)

    row = session.scalars(select(Attempts).where(Attempts.kunci == office.stored)).one()
    assert row.jumlah == 0


def test_the_table_holds_no_nip(session: Session) -> None:
    waits(session, 0)

    assert "198704122010012015" not in str(session.scalars(select(Attempts.kunci)).all())


def test_a_hundred_at_once_are_not_more_than_five(database: Database) -> None:
    def attempt(_number: int) -> bool:
        try:
            with database.transaction() as session:
                throttle.count(session, [KEY], START)
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        let_through = sum(pool.map(attempt, range(40)))

    assert let_through == throttle.FREE_FOR_A_PERSON
