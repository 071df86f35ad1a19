"""The places of the portal as data: tab bar of a phone, rail of a wide screen, by permission.

The bar holds five places. Whoever also works for others (verifikator, admin, operator) finds
the rest behind "Menu", which opens without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: word, address, icon of the sprite, and who may see it."""

    label: str
    path: str
    icon: str
    permission: Permission
    active: bool = False
    main: bool = False
    """The one big entry in the middle of the tab bar."""
    counts: bool = False
    """Carries the number of unread notifications."""


@dataclass(frozen=True, slots=True)
class Group:
    """A headed part of the rail; the first has no heading."""

    heading: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Navigation:
    """`tabs` at most five with `more`; `rail` holds everything, in groups."""

    tabs: tuple[Place, ...]
    more: tuple[Place, ...]
    rail: tuple[Group, ...]


P = Permission
BERANDA = Place("Beranda", "/", "home", P.PROFILE_OWN)
SKOR = Place("Skor", "/skor", "chart", P.SCORE_READ_OWN)
DOKUMEN = Place("Dokumen", "/dokumen", "document", P.DOCUMENTS_READ_OWN)
UNGGAH = Place("Unggah", "/dokumen/baru", "camera", P.DOCUMENTS_HAND_IN, main=True)
NOTIFIKASI = Place("Notifikasi", "/notifikasi", "bell", P.PROFILE_OWN, counts=True)
PROFIL = Place("Profil", "/profil", "person", P.PROFILE_OWN)
ANTREAN = Place("Antrean", "/verifikasi", "inbox", P.QUEUE_READ)
PEGAWAI = Place("Pegawai", "/admin/pegawai", "people", P.ACCOUNTS_ISSUE_CODE)
REKONSILIASI = Place("Rekonsiliasi", "/admin/rekonsiliasi", "shield", P.OPERATIONS_READ)

OWN = (BERANDA, SKOR, DOKUMEN, UNGGAH, NOTIFIKASI, PROFIL)
STAFF = (
    Group("Verifikasi", (ANTREAN,)),
    Group("Administrasi", (PEGAWAI, REKONSILIASI)),
)


def build(actor: Actor, path: str) -> Navigation:
    """Everything this person may open; the place with the longest fitting address is active."""
    current = _current(path, (*OWN, *(place for group in STAFF for place in group.places)))

    def allowed(places: Iterable[Place]) -> tuple[Place, ...]:
        return tuple(
            replace(p, active=p.path == current) for p in places if actor.may(p.permission)
        )

    own = allowed(OWN)
    groups = tuple(Group(g.heading, allowed(g.places)) for g in STAFF)
    staff = tuple(group for group in groups if group.places)
    second = ANTREAN if actor.may(ANTREAN.permission) else DOKUMEN
    tabs = allowed((BERANDA, second, UNGGAH, NOTIFIKASI, *(() if staff else (PROFIL,))))
    shown = {place.path for place in tabs}
    everything = (*own, *(place for group in staff for place in group.places))
    more = tuple(p for p in everything if p.path not in shown) if staff else ()
    return Navigation(tabs, more, (Group("", own), *staff))


def _current(path: str, places: Iterable[Place]) -> str | None:
    fitting = [
        p.path for p in places if path == p.path or path.startswith(p.path.rstrip("/") + "/")
    ]
    deep = [found for found in fitting if found != "/" or path == "/"]
    return max(deep, key=len, default=None)
