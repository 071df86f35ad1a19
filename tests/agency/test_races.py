"""Two admins, or two taps of one, at the same moment: the second is told, or nothing happens."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.absences import note_absence
from portal.accounts.models import Absence
from portal.agency.actions import describe
from portal.agency.models import Antrean, HariLibur, Instansi
from portal.agency.queues import add_days_off, set_queue, set_terms
from portal.agency.working_days import DayOff
from portal.db import Database
from portal.documents.rulings import Reason
from portal.documents.transitions import Act
from portal.errors import Rejected
from portal.notifications.actions import unsubscribe
from portal.notifications.kinds import DOKUMEN
from portal.notifications.models import MailChoice
from portal.people.models import Pegawai
from portal.verification.reason_list import changes
from portal.verification.reason_list.changes import Wording
from portal.vocabulary import DocumentKind
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_postgresql_alone
from tests.support.waiting import Late

pytestmark = on_postgresql_alone
HANDS = 6


def at_once(database: Database, act: Callable[[Session], object]) -> list[BaseException]:
    """Run the act in several transactions that begin together; returns what they raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(HANDS)

    def run() -> None:
        try:
            with database.transaction() as session:
                session.scalar(select(1))
                gate.wait()
                act(session)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test looks at it
            raised.append(error)

    threads = [threading.Thread(target=run) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_queue_is_made_once(database: Database, cast: Cast) -> None:
    def make(session: Session) -> None:
        set_queue(
            session, cast.ani, cast.units.instansi_id, None, nama="Ijazah", kinds=(), opd=None
        )

    raised = at_once(database, make)

    assert {type(error) for error in raised} == {Rejected}
    assert (len(raised), count(database, Antrean)) == (HANDS - 1, 1)


def test_a_day_off_is_entered_once(database: Database, cast: Cast) -> None:
    days = [DayOff(dt.date(2026, 3, 20), "Cuti bersama Idulfitri")]

    raised = at_once(
        database, lambda session: add_days_off(session, cast.ani, cast.units.instansi_id, days)
    )

    assert (raised, count(database, HariLibur)) == ([], 1)


def test_days_away_are_noted_once(database: Database, cast: Cast) -> None:
    def note(session: Session) -> None:
        vera = session.get_one(Pegawai, cast.vera.pegawai_id)
        note_absence(session, cast.ani, vera, None, cast.ani.today, cast.ani.today)

    raised = at_once(database, note)

    assert {type(error) for error in raised} == {Rejected}
    assert count(database, Absence) == 1


def test_a_reason_is_added_once(database: Database, cast: Cast) -> None:
    words = Wording(Act.TOLAK, "Bukan milik pemilik akun", "Unggah dokumen Anda sendiri.")

    raised = at_once(database, lambda session: changes.add(session, cast.ani, words))

    assert {type(error) for error in raised} == {Rejected}
    assert len(raised) == HANDS - 1


def test_the_last_reasons_are_not_switched_off_together(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        offered = session.scalars(select(Reason).where(Reason.act == Act.CABUT)).all()
        keys = [reason.id for reason in offered] + [
            builders.reason(session, Act.CABUT).id for _ in range(HANDS - len(offered))
        ]
    waiting = iter(keys[:HANDS])
    for key in keys[HANDS:]:
        with database.transaction() as session:
            changes.switch(session, cast.ani, changes.found(session, key, lock=True), on=False)

    at_once(
        database,
        lambda session: changes.switch(
            session, cast.ani, changes.found(session, next(waiting), lock=True), on=False
        ),
    )

    with database.reading() as session:
        assert session.scalars(select(Reason).where(Reason.act == Act.CABUT, Reason.aktif)).all()


def test_letters_are_ended_once(database: Database, cast: Cast) -> None:
    raised = at_once(
        database, lambda session: unsubscribe(session, cast.sari.pegawai_id, [DOKUMEN])
    )

    assert (raised, count(database, MailChoice)) == ([], 1)


def test_the_later_of_two_settings_of_a_queue_stands(database: Database, cast: Cast) -> None:
    """Also where it says what had stood there before the earlier one."""
    with database.transaction() as session:
        made = builders.queue(session, cast.ani)
        queue_id, nama = made.id, made.nama

    def switch(*, on: bool) -> Callable[[Session], object]:
        return lambda session: set_queue(
            session,
            cast.ani,
            cast.units.instansi_id,
            session.get_one(Antrean, queue_id),
            nama=nama,
            kinds=(),
            opd=None,
            aktif=on,
        )

    with database.transaction() as session:
        switch(on=False)(session)
        late = Late(database, switch(on=True))
    late.answer()

    with database.reading() as session:
        assert (late.waited, session.get_one(Antrean, queue_id).aktif) == (True, True)


def test_the_later_of_two_settings_of_the_terms_stands(database: Database, cast: Cast) -> None:
    def term(days: int) -> Callable[[Session], object]:
        return lambda session: set_terms(
            session,
            cast.ani,
            session.get_one(Instansi, cast.units.instansi_id),
            {DocumentKind.IJAZAH: days},
            (),
        )

    with database.transaction() as session:
        term(7)(session)
    with database.transaction() as session:
        term(9)(session)
        late = Late(database, term(7))
    late.answer()

    with database.reading() as session:
        agency = session.get_one(Instansi, cast.units.instansi_id)
    assert (late.waited, agency.tenggat_hari) == (True, {"ijazah": 7})


def test_the_later_of_two_shares_of_second_looks_stands(database: Database, cast: Cast) -> None:
    def share(percent: int) -> Callable[[Session], object]:
        return lambda session: describe(
            session,
            cast.ani,
            session.get_one(Instansi, cast.units.instansi_id),
            uji_petik_persen=percent,
        )

    with database.transaction() as session:
        share(7)(session)
    with database.transaction() as session:
        share(9)(session)
        late = Late(database, share(7))

    assert (late.answer(), late.waited) == (True, True)
