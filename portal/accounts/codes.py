"""One-time codes: handed out after a check in person, or sent to the known e-mail address."""

from __future__ import annotations

import datetime as dt
import hmac
import uuid

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import queries, throttle
from portal.accounts.models import Akun, CodePurpose, OneTimeCode
from portal.accounts.tokens import code_digest, new_code, normalised
from portal.db import new_id, now
from portal.errors import Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor, Permission

LIFETIME = {
    CodePurpose.AKTIVASI: dt.timedelta(hours=24),
    CodePurpose.SANDI_BARU: dt.timedelta(hours=1),
}
MOST_WRONG = 5
PER_HOUR = 3
"""Codes by e-mail that one person gets in an hour, however often somebody asks."""
REFUSAL = (
    "NIP atau kode tidak cocok, atau kode sudah tidak berlaku. Periksa keduanya; bila tetap "
    "ditolak, minta kode baru."
)


def ensure_account(session: Session, pegawai_id: uuid.UUID) -> Akun:
    """The person's account, locked and read again; made when there is none yet."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Akun)
        .values(id=new_id(), pegawai_id=pegawai_id, wajib_ganti=False, aktif=True)
        .on_conflict_do_nothing(index_elements=[Akun.pegawai_id])
    )
    return session.scalars(
        select(Akun).where(Akun.pegawai_id == pegawai_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()


def issue(
    session: Session, actor: Actor | None, pegawai: Pegawai, purpose: CodePurpose, secret: str
) -> str:
    """Make a code and return it: it is never readable again. Earlier codes end.

    `actor` None is the system: the command line, or the e-mail that the person asked for.
    Raises Rejected when the actor may not open this account.
    """
    akun = ensure_account(session, pegawai.id)
    if actor is not None:
        _refuse_detour(session, actor, akun)
    if not akun.aktif:
        raise Rejected("Akun ini dinonaktifkan. Aktifkan dahulu, lalu buat kodenya.")
    moment = now()
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.akun_id == akun.id, OneTimeCode.dipakai.is_(None))
        .values(dipakai=moment)
        .execution_options(synchronize_session=False)
    )
    code = new_code()
    session.add(
        OneTimeCode(
            akun_id=akun.id,
            tujuan=purpose,
            hash=code_digest(secret, akun.id, code),
            dibuat=moment,
            kedaluwarsa=moment + LIFETIME[purpose],
            penerbit_id=actor.pegawai_id if actor else None,
        )
    )
    throttle.forget(session, throttle.person(pegawai.nip, "kode"))
    audit.record(session, actor, "account:code-issued", pegawai.id, purpose=purpose.value)
    return code


def _refuse_detour(session: Session, actor: Actor, akun: Akun) -> None:
    """A code opens an account: it must not become a way to more rights than one has."""
    if akun.id == actor.akun_id:
        raise Rejected("Untuk akun sendiri, ganti kata sandi lewat Profil → Keamanan.")
    if actor.may(Permission.ACCOUNTS_MANAGE):
        return
    if queries.roles_of(session, akun.id):
        raise Rejected("Orang ini memegang peran khusus. Hanya admin yang dapat membuat kodenya.")


def codes_of_the_hour(session: Session, akun_id: uuid.UUID, moment: dt.datetime) -> int:
    """How many codes were made by e-mail within the last hour."""
    return session.scalars(
        select(func.count())
        .select_from(OneTimeCode)
        .where(
            OneTimeCode.akun_id == akun_id,
            OneTimeCode.penerbit_id.is_(None),
            OneTimeCode.dibuat > moment - dt.timedelta(hours=1),
        )
    ).one()


def find(session: Session, nip: str, typed: str, secret: str, *, demo: bool) -> OneTimeCode | None:
    """The open code that fits, or None; a miss is counted and the fifth kills the code.

    The caller commits a miss too. Raises nothing, so that the count is kept.
    """
    akun = queries.account_of_nip(session, nip)
    moment = now()
    given = code_digest(secret, akun.id if akun else uuid.UUID(int=0), normalised(typed))
    if akun is None or not akun.aktif or (akun.demo and not demo):
        return None
    code = session.scalar(
        select(OneTimeCode)
        .where(
            OneTimeCode.akun_id == akun.id,
            OneTimeCode.dipakai.is_(None),
            OneTimeCode.kedaluwarsa > moment,
            OneTimeCode.salah < MOST_WRONG,
        )
        .order_by(OneTimeCode.dibuat.desc())
        .limit(1)
        .with_for_update()
    )
    if code is None:
        return None
    if hmac.compare_digest(code.hash, given):
        return code
    code.salah += 1
    return None


def use(session: Session, code: OneTimeCode) -> None:
    """Mark a code as used, once. Raises Rejected when somebody was faster.

    The account is locked before its codes, as where the next one is made.
    """
    account = select(Akun.id).where(Akun.id == code.akun_id)
    session.execute(account.with_for_update(key_share=True))
    used = session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.id == code.id, OneTimeCode.dipakai.is_(None))
        .values(dipakai=now())
        .returning(OneTimeCode.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not used:
        raise Rejected(REFUSAL)
