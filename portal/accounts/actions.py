"""Acts of a person on the own account: enter, leave, change the password, agree."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import passwords, queries
from portal.accounts.models import Akun, LoginSession, OneTimeCode
from portal.accounts.passwords import Hasher
from portal.accounts.tokens import digest, new_token
from portal.db import now
from portal.errors import Forbidden, Rejected
from portal.people.models import Pegawai
from portal.permissions import Actor

NAME_LENGTH = 120
MOVED = "Kata sandi akun ini berubah saat Anda masuk. Masuk sekali lagi."
CLOSED = "Akun ini dinonaktifkan. Hubungi admin kepegawaian di instansi Anda."


@dataclass(frozen=True)
class Admitted:
    """A NIP and a password that belong together; `new_hash` when the stored one is outdated."""

    akun_id: uuid.UUID
    new_hash: str | None
    compared: str | None = None
    """The stored hash that was compared; None where the password was set in this transaction."""


def check_password(
    session: Session, nip: str, password: str, hasher: Hasher, *, demo: bool
) -> Admitted:
    """Compare with the stored hash; takes equally long for everybody.

    Reads only, so that no write transaction waits for the hash. Demo accounts do not exist
    outside demo mode. Raises Rejected with one sentence for every kind of mismatch.
    """
    akun = queries.account_of_nip(session, nip)
    known = akun is not None and (demo or not akun.demo)
    stored = akun.kata_sandi if akun and known else None
    if not hasher.matches(stored, password) or akun is None or stored is None:
        raise Rejected("NIP atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.")
    if not akun.aktif:
        raise Rejected(CLOSED)
    new_hash = hasher.hash(password) if hasher.is_outdated(stored) else None
    return Admitted(akun.id, new_hash, stored)


def open_session(
    session: Session, admitted: Admitted, *, device: str, lifetime: dt.timedelta, old_token: str
) -> str:
    """Begin a session of its own token on a device; an earlier one of the same browser ends.

    Raises Rejected when the account was closed, or its password replaced, while the password was
    being checked.
    """
    _check_still_admitted(session, admitted)
    end_session(session, old_token)
    token = new_token()
    moment = now()
    session.add(
        LoginSession(
            token_hash=digest(token),
            akun_id=admitted.akun_id,
            dibuat=moment,
            kedaluwarsa=moment + lifetime,
            perangkat=device[:NAME_LENGTH],
        )
    )
    session.flush()
    found = queries.present(session, token)
    if found is None:
        raise Rejected(CLOSED)
    audit.record(session, found.actor, "account:logged-in", found.actor.pegawai_id, device=device)
    return token


def _check_still_admitted(session: Session, admitted: Admitted) -> None:
    """Keeps the account until the commit, with the hash made anew where it was outdated."""
    row = Akun.id == admitted.akun_id
    now_is = session.execute(
        select(Akun.aktif, Akun.kata_sandi).where(row).with_for_update(key_share=True)
    ).one()
    if not now_is.aktif:
        raise Rejected(CLOSED)
    if admitted.compared not in {None, now_is.kata_sandi}:
        raise Rejected(MOVED)
    if admitted.new_hash:
        session.execute(
            update(Akun)
            .where(row)
            .values(kata_sandi=admitted.new_hash)
            .execution_options(synchronize_session=False)
        )


def end_session(session: Session, token: str) -> None:
    """Log out one device; a token that is gone already is fine."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == digest(token)))


def end_own_session(session: Session, actor: Actor, key: str) -> None:
    """End one of the own devices, named by its key; somebody else's key ends nothing."""
    session.execute(
        delete(LoginSession).where(
            LoginSession.token_hash == key, LoginSession.akun_id == actor.akun_id
        )
    )
    audit.record(session, actor, "account:session-ended", actor.pegawai_id)


def end_other_sessions(session: Session, actor: Actor, token: str) -> int:
    """Log out every device but the one that holds `token`; returns how many."""
    ended = session.execute(
        delete(LoginSession)
        .where(LoginSession.akun_id == actor.akun_id, LoginSession.token_hash != digest(token))
        .returning(LoginSession.token_hash)
    ).all()
    audit.record(
        session, actor, "account:other-sessions-ended", actor.pegawai_id, devices=len(ended)
    )
    return len(ended)


def set_password(session: Session, akun_id: uuid.UUID, new_hash: str) -> None:
    """Store a password that the person chose; every session and open code ends."""
    moment = now()
    session.execute(
        update(Akun)
        .where(Akun.id == akun_id)
        .values(kata_sandi=new_hash, wajib_ganti=False)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(LoginSession).where(LoginSession.akun_id == akun_id))
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.akun_id == akun_id, OneTimeCode.dipakai.is_(None))
        .values(dipakai=moment)
        .execution_options(synchronize_session=False)
    )


def reset_password(session: Session, akun: Akun, new_hash: str) -> None:
    """Store the password that somebody chose who held a one-time code for the account."""
    set_password(session, akun.id, new_hash)
    audit.record(session, None, "account:password-reset", akun.pegawai_id)


def change_password(session: Session, actor: Actor, old_hash: str | None, new_hash: str) -> None:
    """Replace the own password. `old_hash` is the one that was compared: when another device
    changed it meanwhile, raises Forbidden. All sessions end; the caller opens a new one."""
    stored = select(Akun.kata_sandi).where(Akun.id == actor.akun_id).with_for_update()
    if session.scalar(stored) != old_hash:
        raise Forbidden("Kata sandi Anda baru saja diganti di perangkat lain. Masuk lagi.")
    set_password(session, actor.akun_id, new_hash)
    audit.record(session, actor, "account:password-changed", actor.pegawai_id)


def accept_privacy(session: Session, actor: Actor) -> None:
    """Keep the moment of the consent; a second tap keeps the first moment."""
    accepted = session.execute(
        update(Akun)
        .where(Akun.id == actor.akun_id, Akun.setuju_privasi.is_(None))
        .values(setuju_privasi=now())
        .returning(Akun.id)
    ).all()
    if accepted:
        audit.record(session, actor, "account:privacy-accepted", actor.pegawai_id)


def set_shortcuts(session: Session, actor: Actor, *, on: bool) -> None:
    """Switch the single-key shortcuts (WCAG 2.1.4)."""
    session.execute(update(Akun).where(Akun.id == actor.akun_id).values(pintasan=on))


def note_copy(session: Session, actor: Actor) -> None:
    """Record that the person took a copy of the own data."""
    audit.record(session, actor, "account:data-copied", actor.pegawai_id)


def check_choice(pegawai: Pegawai, password: str) -> None:
    """Raises Rejected (field `kata_sandi`) when this person should not use this password."""
    born = pegawai.tanggal_lahir or pegawai.number.birth_date
    passwords.check(password, nip=pegawai.nip, nama=pegawai.nama, lahir=born)
