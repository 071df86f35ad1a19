"""Two people at the same moment: exactly one wins, the other reads a plain sentence."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.db import Database, now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act as Step
from portal.documents.workflow import advance
from portal.errors import Conflict, PortalError
from portal.handin import actions as handin
from portal.people.models import Pengembangan
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.scoring.queries import stored
from portal.verification import actions, claims, queries, readings, revocations
from portal.verification.filters import Filters
from portal.verification.models import RevocationProposal
from portal.vocabulary import DocumentKind, DocumentState, JenisDiklat
from tests.support import builders
from tests.support.cast import TODAY, Cast

S = DocumentState
Act = Callable[[Session], object]


def at_once(database: Database, *acts: Act) -> list[object]:
    """Run every act in a transaction of its own, begun together; failures are answers too."""
    answers: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(place: int, act: Act) -> None:
        gate.wait()
        try:
            with database.transaction() as session:
                answers[place] = act(session)
        except PortalError as refusal:
            answers[place] = refusal

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def made(database: Database, owner: Actor, state: DocumentState, **fields: object) -> uuid.UUID:
    with database.transaction() as session:
        return builders.document(session, owner, state, **fields).id


def on(document_id: uuid.UUID, actor: Actor, act: Callable[..., object]) -> Act:
    def run(session: Session) -> object:
        document = queries.document_in_scope(session, actor, document_id)
        return act(session, actor, document)

    return run


def refusals(answers: list[object]) -> list[str]:
    return [answer.message for answer in answers if isinstance(answer, PortalError)]


def test_of_two_claims_one_holds(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIAJUKAN)

    answers = at_once(
        database, on(item, cast.vera, claims.claim), on(item, cast.bima, claims.claim)
    )

    (sentence,) = refusals(answers)
    assert sentence.startswith("Sedang diperiksa ")


def test_of_two_decisions_one_counts(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    decide = on(item, cast.vera, actions.approve)

    answers = at_once(database, decide, decide, decide)

    assert [sentence[:38] for sentence in refusals(answers)] == [
        "Dokumen ini sudah disetujui oleh Anda "
    ] * 2
    with database.reading() as session:
        assert session.scalar(select(func.count(Decision.id))) == 1
        assert (
            session.scalar(
                select(func.count(Pengembangan.id)).where(Pengembangan.document_id == item)
            )
            == 1
        )


def test_the_owner_withdraws_while_it_is_taken(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIAJUKAN)

    def withdraw(session: Session) -> object:
        document = session.get_one(Document, item)
        return handin.withdraw(session, cast.sari, document, today=TODAY)

    answers = at_once(database, withdraw, on(item, cast.vera, claims.claim))

    assert len(refusals(answers)) == 1
    with database.reading() as session:
        assert session.get_one(Document, item).state in {S.DIBATALKAN, S.DIPERIKSA}


def test_two_approvals_for_one_person_both_count_in_the_score(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        recompute(session, cast.sari.pegawai_id, today=TODAY, cause="Awal")
    seminar = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    teknis = made(
        database,
        cast.sari,
        S.DIPERIKSA,
        verifier=cast.bima,
        kind=DocumentKind.TEKNIS,
        jenis=JenisDiklat.TEKNIS,
        jp=12,
    )

    answers = at_once(
        database,
        on(seminar, cast.vera, actions.approve),
        on(teknis, cast.bima, actions.approve),
    )

    assert refusals(answers) == []
    with database.reading() as session:
        score = stored(session, cast.sari.pegawai_id, TODAY.year)
        assert score is not None
        assert score.total == Decimal(90)


def test_the_next_item_is_never_given_to_two(database: Database, cast: Cast) -> None:
    for owner in (cast.sari, cast.budi, cast.tono):
        made(database, owner, S.DIAJUKAN)

    def take(actor: Actor) -> Act:
        def run(session: Session) -> object:
            found = claims.claim_next(session, actor, Filters())
            return found.id if found else None

        return run

    answers = at_once(database, take(cast.vera), take(cast.bima))

    assert refusals(answers) == []
    assert len(set(answers)) == 2


def test_nobody_gets_a_sixth_item_through_two_windows(database: Database, cast: Cast) -> None:
    for _ in range(claims.MOST - 1):
        made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    free = [made(database, cast.budi, S.DIAJUKAN) for _ in range(2)]

    answers = at_once(database, *(on(item, cast.vera, claims.claim) for item in free))

    (sentence,) = refusals(answers)
    assert "memegang 5 dokumen" in sentence


def test_the_tick_and_a_late_decision_do_not_meet(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    with database.reading() as session:
        end = session.get_one(Document, item).claimed_until
    assert end is not None

    answers = at_once(
        database,
        lambda session: claims.release_expired(session, end),
        on(item, cast.vera, actions.approve),
    )

    with database.reading() as session:
        state = session.get_one(Document, item).state
    assert (state is S.DISETUJUI) == (refusals(answers) == [])


def test_pages_fetched_together_are_one_reading(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIAJUKAN)

    def read(session: Session) -> None:
        readings.note(session, cast.vera, item)

    at_once(database, read, read, read, read)

    with database.reading() as session:
        assert len(audit.history(session, item)) == 1


def test_a_row_that_moved_under_the_act_is_a_conflict(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIAJUKAN)
    with database.reading() as reader:
        stale = reader.get_one(Document, item)
    with database.transaction() as session:
        claims.claim(session, cast.vera, session.get_one(Document, item))

    with pytest.raises(Conflict, match="di tempat lain"), database.transaction() as session:
        advance(session, session.merge(stale, load=False), Step.BATALKAN)


def test_two_who_check_each_others_items_never_wait_in_a_ring(
    database: Database, cast: Cast
) -> None:
    for _ in range(4):
        of_vera = made(database, cast.vera, S.DIAJUKAN)
        of_bima = made(database, cast.bima, S.DIAJUKAN)
        held_by_vera = made(database, cast.bima, S.DIPERIKSA, verifier=cast.vera)
        held_by_bima = made(database, cast.vera, S.DIPERIKSA, verifier=cast.bima)

        answers = at_once(
            database,
            on(of_bima, cast.vera, claims.claim),
            on(of_vera, cast.bima, claims.claim),
            on(held_by_vera, cast.vera, actions.approve),
            on(held_by_bima, cast.bima, actions.approve),
        )

        assert refusals(answers) == []
        with database.transaction() as session:
            for actor, item in ((cast.vera, of_bima), (cast.bima, of_vera)):
                claims.release(session, actor, session.get_one(Document, item))


def test_an_undo_and_an_objection_do_not_both_count(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    with database.transaction() as session:
        reason = builders.reason(session, Step.TOLAK)
        actions.refuse(session, cast.vera, session.get_one(Document, item), reason)

    def object_(session: Session) -> object:
        words = "Sertifikatnya asli, mohon diperiksa lagi."
        return handin.object_(
            session, cast.sari, session.get_one(Document, item), words, today=TODAY
        )

    answers = at_once(database, on(item, cast.vera, actions.undo), object_)

    assert len(refusals(answers)) == 1
    with database.reading() as session:
        assert session.get_one(Document, item).state in {S.DIPERIKSA, S.DIAJUKAN}


def test_an_undo_that_is_sent_twice_is_one(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    with database.transaction() as session:
        actions.approve(session, cast.vera, session.get_one(Document, item))
    undo = on(item, cast.vera, actions.undo)

    answers = at_once(database, undo, undo, undo)

    assert refusals(answers) == []
    with database.reading() as session:
        lines = [line.action for line in audit.history(session, item)]
        assert lines == ["document:approved", "document:undone"]


def test_two_cannot_both_agree_to_a_withdrawal(database: Database, cast: Cast) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    with database.transaction() as session:
        document = session.get_one(Document, item)
        actions.approve(session, cast.vera, document, at=now() - dt.timedelta(days=2))
        actions.revoke(session, cast.vera, document, builders.reason(session, Step.CABUT))
    agree = on(item, cast.bima, revocations.agree)

    answers = at_once(database, agree, agree)

    assert len(refusals(answers)) == 1
    with database.reading() as session:
        revoked = select(func.count(Decision.id)).where(Decision.act == Step.CABUT)
        assert session.scalar(revoked) == 1


def test_a_proposal_is_taken_back_or_agreed_to_and_never_both(
    database: Database, cast: Cast
) -> None:
    item = made(database, cast.sari, S.DIPERIKSA, verifier=cast.vera)
    with database.transaction() as session:
        document = session.get_one(Document, item)
        actions.approve(session, cast.vera, document, at=now() - dt.timedelta(days=2))
        actions.revoke(session, cast.vera, document, builders.reason(session, Step.CABUT))

    answers = at_once(
        database,
        on(item, cast.vera, revocations.take_back),
        on(item, cast.bima, revocations.agree),
    )

    assert len(refusals(answers)) == 1
    with database.reading() as session:
        withdrawn = session.get_one(Document, item).state is S.DICABUT
        proposal = session.scalars(select(RevocationProposal)).one()
        assert (proposal.setuju, proposal.penentu_id) == (
            (True, cast.bima.pegawai_id) if withdrawn else (None, None)
        )
