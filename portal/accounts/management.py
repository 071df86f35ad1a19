"""Acts of an admin on other people's accounts, audited, in force from the next request on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import queries
from portal.accounts.codes import ensure_account
from portal.accounts.models import Akun, LoginSession, OneTimeCode, Penugasan
from portal.agency.models import Antrean, Opd
from portal.db import now
from portal.errors import Conflict, NotFound, Rejected
from portal.people import mobility
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.vocabulary import DocumentKind, Role

GRANTABLE = (
    Role.OPERATOR_OPD,
    Role.VERIFIKATOR_OPD,
    Role.VERIFIKATOR,
    Role.KEPALA_ANTREAN,
    Role.PIMPINAN,
    Role.ADMIN,
    Role.AUDITOR,
)
NEEDS_UNIT = frozenset({Role.OPERATOR_OPD, Role.VERIFIKATOR_OPD})
WHOLE_AGENCY = frozenset({Role.ADMIN, Role.AUDITOR})


def grant(
    session: Session,
    actor: Actor | None,
    pegawai: Pegawai,
    role: Role,
    opd: Opd | None,
    *,
    with_children: bool = True,
    kinds: Collection[DocumentKind] = (),
    until: dt.datetime | None = None,
    antrean: Antrean | None = None,
) -> Penugasan:
    """Give a role in the person's agency, or in one unit of it, until a moment (None: no end).
    With `antrean` a role to check items holds for that queue alone.

    Raises Rejected when scope and role do not fit, the person holds exactly that already, or an
    admin grants to himself: a second admin has to (four eyes).
    """
    _refuse_self(actor, pegawai, "Peran untuk diri sendiri diberikan oleh admin lain.")
    _refuse_wrong_scope(pegawai, role, opd, until)
    _refuse_wrong_queue(pegawai, role, antrean)
    akun = ensure_account(session, pegawai.id)
    twin = select(Penugasan.id).where(
        Penugasan.akun_id == akun.id,
        Penugasan.peran == role,
        Penugasan.opd_id.is_not_distinct_from(opd.id if opd else None),
        Penugasan.antrean_id.is_not_distinct_from(antrean.id if antrean else None),
        queries.holds(now()),
    )
    if session.scalar(twin.limit(1)):
        raise Rejected("Orang ini sudah memegang peran itu di lingkup yang sama.", field="peran")
    given = Penugasan(
        akun_id=akun.id,
        peran=role,
        instansi_id=pegawai.instansi_id,
        opd_id=opd.id if opd else None,
        dengan_bawahan=with_children,
        jenis_dokumen=sorted(kind.value for kind in kinds) if role in queries.CHECKING else [],
        antrean_id=antrean.id if antrean else None,
        berakhir=until,
    )
    session.add(given)
    _end_codes_of_others(session, actor, akun)
    audit.record(
        session,
        actor,
        "account:role-granted",
        pegawai.id,
        role=role.value,
        unit=opd.nama if opd else None,
        with_children=with_children,
        kinds=given.jenis_dokumen,
        queue=antrean.nama if antrean else None,
        until=until.isoformat() if until else None,
    )
    return given


def _end_codes_of_others(session: Session, actor: Actor | None, akun: Akun) -> None:
    """A code handed out before must not open more than its issuer could give."""
    session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.akun_id == akun.id,
            OneTimeCode.dipakai.is_(None),
            OneTimeCode.penerbit_id.is_not(None),
            OneTimeCode.penerbit_id.is_distinct_from(actor.pegawai_id if actor else None),
        )
        .values(dipakai=now())
        .execution_options(synchronize_session=False)
    )


def _refuse_self(actor: Actor | None, pegawai: Pegawai, sentence: str) -> None:
    if actor is not None and actor.pegawai_id == pegawai.id:
        raise Rejected(sentence)


def _refuse_wrong_scope(
    pegawai: Pegawai, role: Role, opd: Opd | None, until: dt.datetime | None
) -> None:
    if role not in GRANTABLE:
        raise Rejected("Peran ini tidak dapat diberikan.", field="peran")
    if role in NEEDS_UNIT and opd is None:
        raise Rejected(f"{role.label} memerlukan unit. Isi unitnya.", field="unit")
    if role in WHOLE_AGENCY and opd is not None:
        raise Rejected(
            f"{role.label} berlaku untuk seluruh instansi. Kosongkan unit.", field="unit"
        )
    if opd is not None and opd.instansi_id != pegawai.instansi_id:
        raise NotFound
    if until is not None and until <= now():
        raise Rejected("Tanggal akhir sudah lewat. Pilih tanggal sesudah hari ini.", field="sampai")


def _refuse_wrong_queue(pegawai: Pegawai, role: Role, antrean: Antrean | None) -> None:
    if antrean is None:
        return
    if antrean.instansi_id != pegawai.instansi_id:
        raise NotFound
    if role not in queries.CHECKING:
        raise Rejected(f"{role.label} tidak memeriksa antrean.", field="peran")


def revoke(
    session: Session, actor: Actor | None, pegawai: Pegawai, penugasan_id: uuid.UUID
) -> Role:
    """Take a role away; returns which. Raises Conflict when it is gone already."""
    _refuse_self(actor, pegawai, "Peran Anda sendiri dicabut oleh admin lain.")
    given = session.scalar(
        select(Penugasan)
        .join(Penugasan.akun)
        .where(Penugasan.id == penugasan_id, Akun.pegawai_id == pegawai.id)
        .with_for_update(of=Penugasan)
    )
    if given is None:
        raise Conflict("Peran ini sudah dicabut. Muat ulang halaman untuk melihat keadaan terbaru.")
    role, unit = given.peran, given.opd.nama if given.opd else None
    session.delete(given)
    audit.record(session, actor, "account:role-revoked", pegawai.id, role=role.value, unit=unit)
    return role


def deactivate(session: Session, actor: Actor, pegawai: Pegawai) -> None:
    """Close the account: nobody enters it, every session and open code ends."""
    _refuse_self(actor, pegawai, "Akun sendiri dinonaktifkan oleh admin lain.")
    akun = ensure_account(session, pegawai.id)
    akun.aktif = False
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.akun_id == akun.id, OneTimeCode.dipakai.is_(None))
        .values(dipakai=now())
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(LoginSession).where(LoginSession.akun_id == akun.id))
    audit.record(session, actor, "account:deactivated", pegawai.id)


def reactivate(session: Session, actor: Actor, pegawai: Pegawai) -> None:
    """Open a closed account again; password and roles are as they were."""
    _refuse_self(actor, pegawai, "Akun sendiri diaktifkan oleh admin lain.")
    ensure_account(session, pegawai.id).aktif = True
    audit.record(session, actor, "account:reactivated", pegawai.id)


def end_sessions(session: Session, actor: Actor, pegawai: Pegawai) -> int:
    """Log the person out everywhere; returns from how many devices."""
    akun = ensure_account(session, pegawai.id)
    ended = session.execute(
        delete(LoginSession)
        .where(LoginSession.akun_id == akun.id)
        .returning(LoginSession.token_hash)
    ).all()
    audit.record(session, actor, "account:sessions-ended", pegawai.id, devices=len(ended))
    return len(ended)


def transfer(session: Session, actor: Actor, pegawai: Pegawai, opd: Opd) -> list[Role]:
    """Move the person to another unit and end the roles whose scope does not hold it.

    Files, history and items in a queue go along, because they belong to the person. Returns the
    roles that ended.
    """
    _refuse_self(actor, pegawai, "Perpindahan Anda sendiri dicatat oleh admin lain.")
    mobility.transfer(session, actor, pegawai, opd)
    akun = ensure_account(session, pegawai.id)
    outside = [
        given
        for given in queries.roles_of(session, akun.id)
        if given.opd is not None and not opd.jalur.startswith(given.opd.jalur)
    ]
    return [revoke(session, actor, pegawai, given.id) for given in outside]


def retire(session: Session, actor: Actor, pegawai: Pegawai, on: dt.date | None) -> None:
    """Set the first day of retirement, from which the account reads only; None takes it back."""
    _refuse_self(actor, pegawai, "Pensiun Anda sendiri dicatat oleh admin lain.")
    if on is None:
        mobility.return_to_duty(session, actor, pegawai)
    else:
        mobility.retire(session, actor, pegawai, on)
