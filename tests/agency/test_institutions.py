"""Which institution of the agency's list a person means."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.orm import Session

from portal.agency import institutions
from portal.agency.models import PerguruanTinggi
from tests.support.cast import Cast
from tests.support.queries import statements

LIST = (
    "Universitas Lambung Mangkurat",
    "Universitas Negeri Malang",
    "Universitas Islam Malang",
    "Universitas Negeri Padang",
    "Universitas Islam Negeri Antasari Banjarmasin",
    "STKIP PGRI Banjarmasin",
    "Politeknik Hasnur",
    "Institut Teknologi Bandung",
)


@pytest.fixture
def listed(session: Session, cast: Cast) -> uuid.UUID:
    """The agency, with a list."""
    own = cast.sari.instansi_id
    session.add_all(
        PerguruanTinggi(instansi_id=own, kunci=institutions.key_of(nama), nama=nama)
        for nama in LIST
    )
    session.flush()
    return own


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Universitas Lambung Mangkurat", "Universitas Lambung Mangkurat"),
        ("UNIVERSITAS  LAMBUNG MANGKURAT", "Universitas Lambung Mangkurat"),
        ("Univ. Lambung Mangkurat", "Universitas Lambung Mangkurat"),
        ("Universitas Lambung Mangkurad", "Universitas Lambung Mangkurat"),
        ("Universltas Lambung Mangkurat", "Universitas Lambung Mangkurat"),
        ("Universitas Negeri Malang", "Universitas Negeri Malang"),
        ("Universitas Malang", None),
        ("Universitas Negeri Palang", None),
        ("UIN Antasari", None),
        ("STKIP-PGRI Banjarmasin", "STKIP PGRI Banjarmasin"),
        ("Institut Teknologi Bandung", "Institut Teknologi Bandung"),
        ("Universitas", None),
        ("%", None),
        ("", None),
        ("🙂\u202e", None),
        ("x" * 100_000, None),
        ("universitas lambung " * 5_000, None),
    ],
)
def test_finds_what_is_meant_and_nothing_else(
    session: Session, listed: uuid.UUID, written: str, expected: str | None
) -> None:
    assert institutions.nearest(session, listed, written) == expected


def test_the_list_of_another_agency_says_nothing(session: Session, listed: uuid.UUID) -> None:
    assert institutions.nearest(session, uuid.uuid4(), LIST[0]) is None


def test_knows_whether_there_is_a_list(session: Session, listed: uuid.UUID) -> None:
    assert institutions.has_list(session, listed)
    assert not institutions.has_list(session, uuid.uuid4())


def test_asks_the_same_few_questions_however_long_the_list(
    session: Session, listed: uuid.UUID
) -> None:
    session.add_all(
        PerguruanTinggi(instansi_id=listed, kunci=f"akademimangku{n}", nama=f"Akademi Mangku {n}")
        for n in range(500)
    )
    session.flush()

    with statements(session.get_bind()) as seen:  # type: ignore[arg-type]
        institutions.nearest(session, listed, "Universitas Lambung Mangkurad")

    assert len(seen) == 2
