"""The places of the portal as data: tab bar of a phone, rail of a wide screen, by permission.

The bar holds five places. Whoever also works for others (verifikator, admin, operator) finds
the rest behind "Menu", which opens without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

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


@dataclass(frozen=True, slots=True, eq=False)
class Navigation:
    """`tabs` at most five with `more`; `rail` holds everything, in groups.

    Each is made once, so that it can be told from others by its identity.
    """

    tabs: tuple[Place, ...]
    more: tuple[Place, ...]
    rail: tuple[Group, ...]


P = Permission
BERANDA = Place("Beranda", "/", "home", P.PROFILE_OWN)
SKOR = Place("Skor", "/skor", "chart", P.SCORE_READ_OWN)
DOKUMEN = Place("Dokumen", "/dokumen", "document", P.DOCUMENTS_READ_OWN)
UNGGAH = Place("Unggah", "/dokumen/baru", "camera", P.DOCUMENTS_HAND_IN, main=True)
NOTIFIKASI = Place("Notifikasi", "/notifikasi", "bell", P.PROFILE_OWN, counts=True)
TANYA = Place("Tanya", "/tanya", "ask", P.QUESTIONS_READ_OWN)
PROFIL = Place("Profil", "/profil", "person", P.PROFILE_OWN)
ANTREAN = Place("Antrean", "/verifikasi", "inbox", P.QUEUE_READ)
PEGAWAI = Place("Pegawai", "/admin/pegawai", "people", P.ACCOUNTS_ISSUE_CODE)
IMPOR = Place("Impor", "/impor", "upload", P.IMPORTS_MANAGE)
PENGATURAN_ANTREAN = Place("Pengaturan antrean", "/admin/antrean", "filter", P.QUEUES_MANAGE)
ALASAN = Place("Alasan", "/admin/alasan", "pencil", P.QUEUES_MANAGE)
PERGURUAN_TINGGI = Place("Perguruan tinggi", "/admin/perguruan-tinggi", "cap", P.QUEUES_MANAGE)
ATURAN = Place("Aturan", "/admin/aturan", "book", P.RULES_READ)
TANYA_JAWAB = Place("Tanya-jawab", "/admin/tanya-jawab", "ask", P.FAQ_MANAGE)
REKONSILIASI = Place("Rekonsiliasi", "/admin/rekonsiliasi", "shield", P.OPERATIONS_READ)
AUDIT = Place("Audit", "/admin/audit", "lines", P.AUDIT_READ)

OWN = (BERANDA, SKOR, DOKUMEN, UNGGAH, NOTIFIKASI, TANYA, PROFIL)
STAFF = (
    Group("Verifikasi", (ANTREAN,)),
    Group(
        "Administrasi",
        (
            PEGAWAI,
            IMPOR,
            ATURAN,
            PENGATURAN_ANTREAN,
            ALASAN,
            PERGURUAN_TINGGI,
            TANYA_JAWAB,
            AUDIT,
            REKONSILIASI,
        ),
    ),
)
WHOLE = frozenset({P.FAQ_MANAGE, P.IMPORTS_MANAGE, P.QUEUES_MANAGE, P.RULES_READ})
"""Concern an agency as a whole: a grant for a part of it opens nothing there."""
_PATHS = tuple(place.path for places in (OWN, *(g.places for g in STAFF)) for place in places)


def build(actor: Actor, path: str) -> Navigation:
    """Everything this person may open; the place with the longest fitting address is active."""
    in_part = {p for p in WHOLE & actor.permissions if all(g.opd_id for g in actor.grants_for(p))}
    return _build(actor.permissions - in_part, _current(path))


@cache  # every page asks; there are few sets of permissions, and fewer places
def _build(permissions: frozenset[Permission], current: str | None) -> Navigation:
    def allowed(places: Iterable[Place]) -> tuple[Place, ...]:
        return tuple(
            replace(p, active=p.path == current) for p in places if p.permission in permissions
        )

    own = allowed(OWN)
    groups = tuple(Group(g.heading, allowed(g.places)) for g in STAFF)
    staff = tuple(group for group in groups if group.places)
    second = ANTREAN if ANTREAN.permission in permissions else DOKUMEN
    tabs = allowed((BERANDA, second, UNGGAH, NOTIFIKASI, *(() if staff else (PROFIL,))))
    shown = {place.path for place in tabs}
    everything = (*own, *(place for group in staff for place in group.places))
    more = tuple(p for p in everything if p.path not in shown) if staff else ()
    return Navigation(tabs, more, (Group("", own), *staff))


def _current(path: str) -> str | None:
    deep = [p for p in _PATHS if path == p or (p != "/" and path.startswith(f"{p}/"))]
    return max(deep, key=len, default=None)
