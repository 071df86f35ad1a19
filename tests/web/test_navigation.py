"""Who sees which places, and which of them is lit."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from portal.permissions import Actor, Grant
from portal.vocabulary import Role
from portal.web import navigation


def person(*roles: Role, retired: bool = False) -> Actor:
    someone = uuid4()
    return Actor(
        pegawai_id=someone,
        akun_id=someone,
        instansi_id=someone,
        opd_id=someone,
        nip="198704122010012015",
        nama="Sari Rahmawati",
        grants=tuple(Grant(role, someone) for role in roles),
        retired=retired,
    )


def labels(places: tuple[navigation.Place, ...]) -> list[str]:
    return [place.label for place in places]


def test_an_asn_has_five_places_and_no_menu() -> None:
    built = navigation.build(person(), "/")
    assert labels(built.tabs) == ["Beranda", "Dokumen", "Unggah", "Notifikasi", "Profil"]


def test_an_asn_needs_no_menu() -> None:
    assert navigation.build(person(), "/").more == ()


def test_a_verifikator_reaches_the_queue_with_one_tap() -> None:
    assert "Antrean" in labels(navigation.build(person(Role.VERIFIKATOR), "/").tabs)


@pytest.mark.parametrize("role", list(Role))
def test_bar_and_menu_together_hold_every_place_of_the_rail(role: Role) -> None:
    built = navigation.build(person(role), "/")
    rail = {place.path for group in built.rail for place in group.places}
    reachable = {place.path for place in (*built.tabs, *built.more)}
    # an ASN opens Skor from Beranda, Tanya from Profil
    assert reachable | {"/skor", "/tanya"} == rail


@pytest.mark.parametrize("role", list(Role))
def test_the_bar_never_holds_more_than_five(role: Role) -> None:
    built = navigation.build(person(role), "/")
    assert len(built.tabs) + bool(built.more) <= 5


def test_an_asn_sees_no_place_of_the_staff() -> None:
    assert [group.heading for group in navigation.build(person(), "/").rail] == [""]


def test_the_admin_of_a_part_sees_nothing_that_concerns_the_whole() -> None:
    whole = person(Role.ADMIN)
    part = replace(whole, grants=(Grant(Role.ADMIN, uuid4(), opd_id=uuid4(), opd_path="/a/"),))

    of_whole, of_part = (
        labels(navigation.build(each, "/").rail[-1].places) for each in (whole, part)
    )

    assert {"Pegawai", "Impor", "Aturan", "Tanya-jawab", "Audit", "Rekonsiliasi"} <= {*of_whole}
    assert of_part == ["Pegawai", "Audit", "Rekonsiliasi"]


def test_after_retirement_nothing_is_handed_in() -> None:
    assert "Unggah" not in labels(navigation.build(person(retired=True), "/").tabs)


@pytest.mark.parametrize(
    ("path", "lit"),
    [
        ("/", ["Beranda"]),
        ("/dokumen", ["Dokumen"]),
        ("/dokumen/7f3c", ["Dokumen"]),
        ("/dokumen/baru", ["Unggah"]),
        ("/dokumen-lain", []),
        ("/entah", []),
    ],
)
def test_the_place_with_the_longest_fitting_address_is_lit(path: str, lit: list[str]) -> None:
    built = navigation.build(person(), path)
    assert [place.label for place in built.tabs if place.active] == lit
