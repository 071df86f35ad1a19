"""Who of an agency is there to check items today, and for what."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import Absence, Akun, Penugasan
from portal.accounts.queries import CHECKING
from portal.agency.models import Antrean, Instansi, Opd
from portal.agency.queries import queues
from portal.people.models import Pegawai
from portal.permissions import Grant
from portal.vocabulary import DocumentKind, Role


@dataclass(frozen=True, slots=True)
class Cell:
    """What routing asks of an item: whose unit it comes from, and of which kind it is."""

    opd_id: uuid.UUID
    jalur: str
    kind: DocumentKind


@dataclass(frozen=True, slots=True)
class Post:
    """A role to check items, and who fills it today: its holder, or the stand-in."""

    pegawai_id: uuid.UUID
    grant: Grant

    def covers(self, cell: Cell) -> bool:
        """Whether the item lies in the scope, its queue left aside."""
        grant = self.grant
        if grant.kinds and cell.kind not in grant.kinds:
            return False
        if grant.opd_id is None:
            return True
        if grant.with_children and grant.opd_path:
            return cell.jalur.startswith(grant.opd_path)
        return cell.opd_id == grant.opd_id


@dataclass(frozen=True, slots=True)
class Staffing:
    """The queues of an agency, the most specific first, and everybody who is there today."""

    queues: tuple[Antrean, ...]
    posts: tuple[Post, ...]
    first_level: frozenset[str]
    """Kinds that the OPD looks at first."""

    @property
    def plain(self) -> bool:
        """True where every item goes to the general queue and to the BKD at once."""
        return not self.queues and not self.first_level

    def deciders(
        self,
        cell: Cell,
        antrean_id: uuid.UUID | None,
        *,
        second: bool = False,
        first_level: bool = False,
    ) -> set[uuid.UUID]:
        """Everybody there who may decide an item of this queue. `second`: it has an approval and
        needs the last one. `first_level`: it waits for the OPD (its head may come before)."""
        return {
            post.pegawai_id
            for post in self.posts
            if post.grant.antrean_id in (None, antrean_id)
            and post.covers(cell)
            and not (second and post.grant.role is Role.VERIFIKATOR_OPD)
            and not (first_level and post.grant.role is Role.VERIFIKATOR)
        }

    def queue_for(
        self, cell: Cell, *, without: Collection[uuid.UUID] = (), second: bool = False
    ) -> uuid.UUID | None:
        """The most specific queue with a member who is there and may decide; None: the general
        one. `without` are people who may not decide this item."""
        for antrean in self.queues:
            if not _takes(antrean, cell):
                continue
            for post in self.posts:
                if (
                    post.grant.antrean_id == antrean.id
                    and post.pegawai_id not in without
                    and post.covers(cell)
                    and not (second and post.grant.role is Role.VERIFIKATOR_OPD)
                ):
                    return antrean.id
        return None

    def opd_looks_first(
        self, cell: Cell, antrean_id: uuid.UUID | None, *, without: Collection[uuid.UUID] = ()
    ) -> bool:
        """Whether the OPD level is asked for and somebody of it is there."""
        return cell.kind in self.first_level and any(
            post.grant.role is Role.VERIFIKATOR_OPD
            and post.grant.antrean_id in (None, antrean_id)
            and post.pegawai_id not in without
            and post.covers(cell)
            for post in self.posts
        )

    @property
    def members(self) -> frozenset[uuid.UUID]:
        """Everybody on whose presence the way of some item hangs."""
        return frozenset(
            post.pegawai_id
            for post in self.posts
            if post.grant.antrean_id
            or (self.first_level and post.grant.role is Role.VERIFIKATOR_OPD)
        )


def _takes(antrean: Antrean, cell: Cell) -> bool:
    if antrean.jenis_dokumen and cell.kind not in antrean.jenis_dokumen:
        return False
    return antrean.opd is None or cell.jalur.startswith(antrean.opd.jalur)


def _specific(antrean: Antrean) -> tuple[int, bool, str, str]:
    """Order of queues: the deeper unit first, then one for some kinds before one for all."""
    depth = len(antrean.opd.jalur) if antrean.opd else 0
    return (-depth, not antrean.jenis_dokumen, antrean.nama, antrean.id.hex)


def staffing(
    session: Session, instansi: Instansi, moment: dt.datetime, *, present_only: bool = True
) -> Staffing:
    """Who is there at this moment, in three queries; with `present_only` false also those whose
    absence will end."""
    today = moment.astimezone(instansi.zone).date()
    found = [antrean for antrean in queues(session, instansi.id) if antrean.aktif]
    stand_ins = _stand_ins(session, instansi.id, today)
    posts = []
    for holder, grant in _grants(session, instansi.id, moment, today):
        there = stand_ins.get(holder)
        if there is None or not present_only:
            posts.append(Post(holder, grant))
        posts += [Post(person, grant) for person in there or ()]
    return Staffing(
        tuple(sorted(found, key=_specific)), tuple(posts), frozenset(instansi.lapis_opd)
    )


_POSTS = (
    select(Penugasan, Akun.pegawai_id, Opd.jalur)
    .join(Akun, Akun.id == Penugasan.akun_id)
    .join(Pegawai, Pegawai.id == Akun.pegawai_id)
    .outerjoin(Opd, Opd.id == Penugasan.opd_id)
    .where(
        Penugasan.instansi_id == bindparam("instansi_id"),
        Penugasan.peran.in_(CHECKING),
        Akun.aktif.is_(True),
        or_(Penugasan.berakhir.is_(None), Penugasan.berakhir > bindparam("moment")),
        or_(Pegawai.pensiun_sejak.is_(None), Pegawai.pensiun_sejak > bindparam("today")),
    )
    .order_by(Penugasan.id)
)


def _grants(
    session: Session, instansi_id: uuid.UUID, moment: dt.datetime, today: dt.date
) -> list[tuple[uuid.UUID, Grant]]:
    asked = {"instansi_id": instansi_id, "moment": moment, "today": today}
    rows = session.execute(_POSTS, asked)
    return [(holder, _grant(held, jalur)) for held, holder, jalur in rows]


def _grant(held: Penugasan, jalur: str | None) -> Grant:
    return Grant(
        role=held.peran,
        instansi_id=held.instansi_id,
        opd_id=held.opd_id,
        opd_path=jalur,
        with_children=held.dengan_bawahan,
        kinds=frozenset(DocumentKind(kind) for kind in held.jenis_dokumen),
        antrean_id=held.antrean_id,
    )


_Away, _Other = aliased(Pegawai), aliased(Pegawai)
_AWAY = (
    select(Absence.pegawai_id, Absence.pengganti_id, Akun.id.label("akun_id"))
    .join(_Away, _Away.id == Absence.pegawai_id)
    .outerjoin(
        _Other,
        and_(
            _Other.id == Absence.pengganti_id,
            or_(_Other.pensiun_sejak.is_(None), _Other.pensiun_sejak > bindparam("today")),
        ),
    )
    .outerjoin(Akun, and_(Akun.pegawai_id == _Other.id, Akun.aktif.is_(True)))
    .where(
        _Away.instansi_id == bindparam("instansi_id"),
        Absence.mulai <= bindparam("today"),
        Absence.sampai >= bindparam("today"),
    )
)


def _stand_ins(
    session: Session, instansi_id: uuid.UUID, today: dt.date
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Everybody who is away today → who stands in and is there; a stand-in has none."""
    rows = session.execute(_AWAY, {"instansi_id": instansi_id, "today": today}).all()
    gone = {row.pegawai_id for row in rows}
    found: dict[uuid.UUID, list[uuid.UUID]] = {person: [] for person in gone}
    for row in rows:
        if row.akun_id is not None and row.pengganti_id not in gone:
            found[row.pegawai_id].append(row.pengganti_id)
    return found
