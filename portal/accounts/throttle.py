"""A brake on guessing: some free attempts per key and hour, then waits that grow.

An attempt is counted before it is checked, so that a hundred at once are a hundred. A wait ends
by itself after 15 minutes at most, and a device on which the person has logged in before counts
apart (see visitor.py): nobody can lock somebody else out for good. Behind one address may be a
school of three hundred: each person who gets in there takes back attempts of others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.accounts.models import Attempts
from portal.agency.models import Instansi
from portal.db import new_id
from portal.errors import Throttled
from portal.vocabulary import ZONES

WINDOW = dt.timedelta(hours=1)
WAITS = (1, 2, 4, 8, 15)
"""Minutes after the last free attempt, after the next one, and so on; the last one stays."""
FREE_FOR_A_PERSON = 5
FREE_FOR_AN_ADDRESS = 50
"""A whole office may share one address."""
SPARED = 3
"""Attempts of others that a person who gets in takes back from the address, once an hour: people
mistype, guessers never get in."""
FREE_LETTERS = 300
"""Codes by e-mail asked for from one address; a hall of people is told to do so at once, and each
person gets no more than `codes.PER_HOUR`."""
_ZONE = re.compile(r"%.*")
_WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+", re.ASCII)


@dataclass(frozen=True)
class Key:
    """What attempts are counted for, and how many of them are free within an hour."""

    name: str
    free: int

    @property
    def stored(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()


def person(nip: str, purpose: str = "masuk", device: str | None = None) -> Key:
    """Attempts for one NIP; from a device that the person has used before they count apart."""
    return Key(f"{purpose}:{nip}:{device or ''}", FREE_FOR_A_PERSON)


def address(text: str) -> Key:
    """Attempts from one address; an IPv6 customer owns a whole /64."""
    return Key(f"alamat:{_network(text)}", FREE_FOR_AN_ADDRESS)


def letters_to(text: str) -> Key:
    """Codes by e-mail that somebody at this address asks for."""
    return Key(f"surel:{_network(text)}", FREE_LETTERS)


def _network(text: str) -> str:
    """An address as proxies and sockets spell it, in one spelling; "?" for anything else."""
    text = text.strip()
    if bare := _WITH_PORT.fullmatch(text):
        text = bare[1] or bare[2]
    try:
        found = ipaddress.ip_address(_ZONE.sub("", text))
    except ValueError:
        return "?"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:  # a socket for both families: else all of IPv4 would be one customer
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def count(session: Session, keys: Sequence[Key], moment: dt.datetime) -> None:
    """Count one attempt for every key. Raises Throttled, and counts nothing, while one waits."""
    rows = _rows(session, keys, moment)
    waits = [row.tunggu_sampai for row in rows.values() if row.tunggu_sampai]
    until = max(waits, default=moment)
    if until > moment:
        raise Throttled(
            _sentence(session, moment, until), math.ceil((until - moment).total_seconds())
        )
    for key, row in rows.items():
        if moment - row.mulai > WINDOW:
            row.jumlah, row.mulai = 0, moment
        row.jumlah += 1
        beyond = row.jumlah - key.free
        row.tunggu_sampai = None
        if beyond >= 0:
            row.tunggu_sampai = moment + dt.timedelta(minutes=WAITS[min(beyond, len(WAITS) - 1)])
    session.flush()


def forgive(session: Session, keys: Sequence[Key]) -> None:
    """The attempt was right: take it back; when it was among the free ones no wait remains."""
    for key in sorted(keys, key=lambda k: k.stored):
        row = Attempts.kunci == key.stored
        session.execute(
            update(Attempts)
            .where(row, Attempts.jumlah > 0)
            .values(jumlah=Attempts.jumlah - 1)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Attempts)
            .where(row, Attempts.jumlah < key.free)
            .values(tunggu_sampai=None)
            .execution_options(synchronize_session=False)
        )


def welcome(
    session: Session, keys: Sequence[Key], place: Key, nip: str, moment: dt.datetime
) -> None:
    """The person has proven who it is: earlier failures of `keys` no longer count.

    At `place`, the address, the attempt is taken back where it was counted (where it stands among
    `keys`), and SPARED more the first time that this person gets in there within an hour.
    """
    witness = Key(f"{place.name}:{nip}", 0)
    rows = _rows(session, {*keys, place, witness}, moment)
    seen, back = rows[witness], int(place in keys)
    if not seen.jumlah or moment - seen.mulai > WINDOW:
        seen.jumlah, seen.mulai = 1, moment
        back += SPARED
    for key in keys:
        if key != place:
            rows[key].jumlah, rows[key].tunggu_sampai = 0, None
    shared = rows[place]
    shared.jumlah = max(0, shared.jumlah - back)
    if shared.jumlah < place.free:
        shared.tunggu_sampai = None
    session.flush()


def forget(session: Session, key: Key) -> None:
    """Earlier failures no longer count."""
    session.execute(
        update(Attempts)
        .where(Attempts.kunci == key.stored)
        .values(jumlah=0, tunggu_sampai=None)
        .execution_options(synchronize_session=False)
    )


def _rows(session: Session, keys: Iterable[Key], moment: dt.datetime) -> dict[Key, Attempts]:
    """A row for each key, locked in one order, so that nobody waits for each other."""
    ordered = sorted(keys, key=lambda key: key.stored)
    return {key: _locked(session, key, moment) for key in ordered}


def _locked(session: Session, key: Key, moment: dt.datetime) -> Attempts:
    """The row of the key, made when it is missing, locked until the end of the transaction."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(Attempts).values(id=new_id(), kunci=key.stored, jumlah=0, mulai=moment)
    upsert = statement.on_conflict_do_update(
        index_elements=[Attempts.kunci], set_={"jumlah": Attempts.jumlah}
    )
    return session.scalars(
        upsert.returning(Attempts), execution_options={"populate_existing": True}
    ).one()


def _sentence(session: Session, moment: dt.datetime, until: dt.datetime) -> str:
    """How long to wait, and until when by the clock of the agency."""
    name = session.scalar(select(Instansi.zona_waktu).order_by(Instansi.nama).limit(1))
    name = name or "Asia/Jakarta"
    minutes = math.ceil((until - moment).total_seconds() / 60)
    clock = (moment + dt.timedelta(minutes=minutes)).astimezone(ZoneInfo(name))
    return (
        f"Terlalu banyak percobaan. Coba lagi {minutes} menit lagi "
        f"(pukul {clock:%H.%M} {ZONES.get(name, '')})."
    )
