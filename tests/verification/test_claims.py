"""Who holds an item, for how long, and how it comes back to the queue."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditEntry
from portal.db import now
from portal.documents.models import Document
from portal.errors import Conflict, Forbidden, Rejected
from portal.notifications.models import Notification
from portal.permissions import Actor, Grant
from portal.verification import claims
from portal.verification.filters import Filters
from portal.verification.queries import position_of
from portal.vocabulary import DocumentKind, DocumentState, Role
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.verification.conftest import Held

LATER = dt.timedelta(minutes=16)


def waiting(session: Session, owner: Actor, **fields: object) -> Document:
    return builders.document(session, owner, DocumentState.DIAJUKAN, **fields)


def head_of_queue(actor: Actor) -> Actor:
    return replace(actor, grants=(Grant(Role.KEPALA_ANTREAN, actor.instansi_id),))


def acts(session: Session, document: Document) -> list[str]:
    return [line.action for line in audit.history(session, document.id)]


def test_a_claim_names_its_holder_and_its_end(session: Session, cast: Cast) -> None:
    document = waiting(session, cast.sari)
    start = now()

    claims.claim(session, cast.vera, document, at=start)

    assert (document.state, document.claimed_by_id, document.claimed_until) == (
        DocumentState.DIPERIKSA,
        cast.vera.pegawai_id,
        start + claims.LEASE,
    )


def test_a_claim_is_audited(session: Session, cast: Cast) -> None:
    document = waiting(session, cast.sari)

    claims.claim(session, cast.vera, document)

    assert acts(session, document) == ["document:claimed"]


@on_sqlite_alone
def test_claiming_twice_only_holds_longer(session: Session, cast: Cast, held: Held) -> None:
    document = held(claimed_until=now())

    claims.claim(session, cast.vera, document)

    assert document.claimed_until is not None
    assert (document.claimed_until > now(), acts(session, document)) == (True, [])


def test_an_item_held_by_another_is_refused_with_the_name(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held(verifier=cast.bima)

    with pytest.raises(Conflict, match="Sedang diperiksa Bima Nugraha sampai pukul"):
        claims.claim(session, cast.vera, document)


def test_a_claim_that_has_run_out_passes_to_who_asks(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held(verifier=cast.bima)

    claims.claim(session, cast.vera, document, at=now() + LATER)

    assert document.claimed_by_id == cast.vera.pegawai_id
    assert acts(session, document) == ["document:released", "document:claimed"]


@on_sqlite_alone
@pytest.mark.parametrize(
    "state",
    [DocumentState.PERLU_PERBAIKAN, DocumentState.DISETUJUI, DocumentState.DITOLAK],
)
def test_a_decided_item_cannot_be_claimed(
    session: Session, cast: Cast, state: DocumentState
) -> None:
    document = builders.document(session, cast.sari, state, verifier=cast.bima)

    with pytest.raises(Conflict, match="oleh Bima Nugraha pada"):
        claims.claim(session, cast.vera, document)


@on_sqlite_alone
def test_an_item_that_its_owner_withdrew_says_so(session: Session, cast: Cast) -> None:
    document = builders.document(session, cast.sari, DocumentState.DIBATALKAN)

    with pytest.raises(Conflict, match="Pemiliknya membatalkan"):
        claims.claim(session, cast.vera, document)


def test_nobody_holds_more_than_five(session: Session, cast: Cast, held: Held) -> None:
    for _ in range(claims.MOST):
        held()

    with pytest.raises(Rejected, match="memegang 5 dokumen"):
        claims.claim(session, cast.vera, waiting(session, cast.sari))


def test_claims_that_have_run_out_do_not_count(session: Session, cast: Cast, held: Held) -> None:
    for _ in range(claims.MOST):
        held(claimed_until=now() - LATER)
    document = waiting(session, cast.sari)

    claims.claim(session, cast.vera, document)

    assert document.claimed_by_id == cast.vera.pegawai_id


def test_presence_holds_the_item_longer(session: Session, cast: Cast, held: Held) -> None:
    document = held()
    at = now() + dt.timedelta(minutes=10)

    claims.renew(session, cast.vera, document, at=at)

    assert document.claimed_until == at + claims.LEASE


@on_sqlite_alone
def test_presence_after_the_claim_is_lost_says_who_has_it(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held(verifier=cast.bima)

    with pytest.raises(Conflict, match="Bima Nugraha"):
        claims.renew(session, cast.vera, document)


@on_sqlite_alone
def test_presence_on_an_item_back_in_the_queue_says_how_to_go_on(
    session: Session, cast: Cast
) -> None:
    document = waiting(session, cast.sari)

    with pytest.raises(Conflict, match="Ambil lagi"):
        claims.renew(session, cast.vera, document)


def test_release_brings_the_item_back(session: Session, cast: Cast, held: Held) -> None:
    document = held()

    claims.release(session, cast.vera, document)

    assert (document.state, document.claimed_by_id, acts(session, document)) == (
        DocumentState.DIAJUKAN,
        None,
        ["document:released"],
    )


def test_release_of_a_second_round_leads_back_to_the_second_round(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held(first_approver_id=cast.bima.pegawai_id)

    claims.release(session, cast.vera, document)

    assert document.state is DocumentState.MENUNGGU_KEDUA


@on_sqlite_alone
def test_release_of_a_lost_claim_does_nothing(session: Session, cast: Cast, held: Held) -> None:
    document = held(verifier=cast.bima)

    claims.release(session, cast.vera, document)

    assert document.claimed_by_id == cast.bima.pegawai_id


def test_the_minute_tick_frees_what_has_run_out_and_nothing_else(
    session: Session, cast: Cast, held: Held
) -> None:
    old, live = held(claimed_until=now() - LATER), held()

    freed = claims.release_expired(session, now())

    assert (freed, old.state, live.state) == (1, DocumentState.DIAJUKAN, DocumentState.DIPERIKSA)


def test_the_tick_is_the_systems_act_and_names_the_holder(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held(claimed_until=now() - LATER)

    claims.release_expired(session, now())

    line = session.scalars(select(AuditEntry)).one()
    assert (line.actor_id, line.subject_id, line.facts["holder"]) == (
        None,
        document.id,
        "Vera Anggraini",
    )


def test_the_head_of_the_queue_takes_over_a_live_claim(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held(verifier=cast.bima)

    claims.take_over(session, head_of_queue(cast.vera), document, "Bima sakit")

    (line,) = audit.history(session, document.id)
    assert document.claimed_by_id == cast.vera.pegawai_id
    assert (line.action, line.facts) == (
        "document:taken-over",
        {"reason": "Bima sakit", "former": "Bima Nugraha"},
    )


def test_the_former_holder_is_told(session: Session, cast: Cast, held: Held) -> None:
    document = held(verifier=cast.bima)

    claims.take_over(session, head_of_queue(cast.vera), document, "Bima sakit")

    told = session.scalars(select(Notification)).one()
    assert (told.pegawai_id, "Bima sakit" in told.isi) == (cast.bima.pegawai_id, True)


@on_sqlite_alone
def test_a_verifikator_cannot_take_over(session: Session, cast: Cast, held: Held) -> None:
    document = held(verifier=cast.bima)

    with pytest.raises(Forbidden, match="kepala antrean"):
        claims.take_over(session, cast.vera, document, "Saya lebih cepat")


@on_sqlite_alone
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_taking_over_asks_for_a_reason(
    session: Session, cast: Cast, held: Held, reason: str
) -> None:
    document = held(verifier=cast.bima)

    with pytest.raises(Rejected):
        claims.take_over(session, head_of_queue(cast.vera), document, reason)


@on_sqlite_alone
def test_an_item_that_nobody_holds_cannot_be_taken_over(session: Session, cast: Cast) -> None:
    document = waiting(session, cast.sari)

    with pytest.raises(Conflict):
        claims.take_over(session, head_of_queue(cast.vera), document, "Ingin tahu")


def test_the_next_item_is_the_oldest_free_one(session: Session, cast: Cast, held: Held) -> None:
    start = now()
    held(verifier=cast.bima, submitted_at=start - dt.timedelta(days=9))
    oldest = waiting(session, cast.budi, submitted_at=start - dt.timedelta(days=3))
    waiting(session, cast.sari, submitted_at=start - dt.timedelta(days=1))

    assert claims.claim_next(session, cast.vera, Filters()) is oldest


def test_the_next_item_keeps_to_the_filters(session: Session, cast: Cast) -> None:
    waiting(session, cast.sari)
    teknis = waiting(session, cast.budi, kind=DocumentKind.TEKNIS)

    assert claims.claim_next(session, cast.vera, Filters(kind=DocumentKind.TEKNIS)) is teknis


def test_after_the_last_item_comes_the_first_when_asked(session: Session, cast: Cast) -> None:
    start = now()
    first = waiting(session, cast.sari, submitted_at=start - dt.timedelta(days=2))
    last = waiting(session, cast.budi, submitted_at=start - dt.timedelta(days=1))
    place = position_of(last)

    assert claims.claim_next(session, cast.vera, Filters(), after=place) is None
    assert claims.claim_next(session, cast.vera, Filters(), after=place, wrap=True) is first


def test_the_next_item_may_be_one_whose_time_ran_out(
    session: Session, cast: Cast, held: Held
) -> None:
    document = held(verifier=cast.bima, claimed_until=now() - LATER)

    assert claims.claim_next(session, cast.vera, Filters()) is document
