"""The rules stand twice, as a condition and for an item in hand; both must give one answer."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import now
from portal.documents.models import Document
from portal.documents.rulings import Decision
from portal.documents.transitions import Act
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant, Permission
from portal.verification import nearness
from portal.verification.rights import obstacle, reach, unobstructed, within_reach
from portal.vocabulary import DocumentKind, DocumentState, Role
from tests.support import builders
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone

ROLES = (Role.VERIFIKATOR, Role.VERIFIKATOR_OPD, Role.KEPALA_ANTREAN, Role.AUDITOR, Role.ADMIN)
SCOPES = ("agency", "opd", "opd alone", "unit alone", "ijazah only", "another agency")


def grant(cast: Cast, role: Role, scope: str) -> Grant:
    units = cast.units
    opd, unit = units.pendidikan, units.smpn
    whole = Grant(role, units.instansi_id)
    return {
        "agency": whole,
        "opd": replace(whole, opd_id=opd.id, opd_path=opd.jalur),
        "opd alone": replace(whole, opd_id=opd.id, opd_path=opd.jalur, with_children=False),
        "unit alone": replace(whole, opd_id=unit.id, opd_path=unit.jalur, with_children=False),
        "ijazah only": replace(whole, kinds=frozenset({DocumentKind.IJAZAH})),
        "another agency": replace(whole, instansi_id=uuid.uuid4()),
    }[scope]


def items(session: Session, cast: Cast) -> list[Document]:
    """Items that differ in everything the rules ask for."""
    waiting, second = DocumentState.DIAJUKAN, DocumentState.MENUNGGU_KEDUA
    made = [
        builders.document(session, cast.sari, waiting),
        builders.document(session, cast.tono, waiting, kind=DocumentKind.IJAZAH),
        builders.document(session, cast.vera, waiting),
        builders.document(session, cast.sari, waiting, created_by_id=cast.vera.pegawai_id),
        builders.document(session, cast.sari, second, verifier=cast.vera),
        builders.document(session, cast.sari, second, verifier=cast.bima),
        builders.document(session, cast.budi, waiting, objected=True),
        builders.document(session, cast.budi, waiting, objected=True),
    ]
    undone = builders.document(session, cast.budi, waiting, objected=True)
    made += [undone, builders.document(session, cast.sari, waiting, lapis_pertama=True)]
    made += _of_near_people(session, cast)
    for document, decider in zip(made[6:9], (cast.vera, cast.bima, cast.vera), strict=True):
        session.add(
            Decision(
                document_id=document.id,
                owner_id=document.owner_id,
                decider_id=decider.pegawai_id,
                act=Act.TOLAK,
                revision=1,
                undone_at=now() if document is undone else None,
            )
        )
    session.flush()
    return made


def _of_near_people(session: Session, cast: Cast) -> list[Document]:
    """Of Vera's husband, of somebody who named her as wife, her superior, and her staff."""
    husband, named, superior, staff = builders.colleagues(session, cast.sari, 4)
    vera = session.get_one(Pegawai, cast.vera.pegawai_id)
    vera.pasangan_id, vera.atasan_id = husband.id, superior.id
    named.pasangan_id = staff.atasan_id = vera.id
    session.flush()
    people = (husband, named, superior, staff)
    return [
        builders.document(session, replace(cast.sari, pegawai_id=person.id), DocumentState.DIAJUKAN)
        for person in people
    ]


def chosen(session: Session, actor: Actor, permission: Permission) -> set[uuid.UUID]:
    statement = (
        select(Document.id)
        .join(Document.owner)
        .join(Pegawai.opd)
        .where(reach(actor, permission), unobstructed(actor))
    )
    return set(session.scalars(statement))


def test_each_tie_is_named_in_a_sentence(session: Session, cast: Cast) -> None:
    sentences = [obstacle(session, cast.vera, item) for item in _of_near_people(session, cast)]

    assert sentences == [nearness.SPOUSE, nearness.SPOUSE, nearness.SUPERIOR, nearness.STAFF]


def test_near_people_are_found_by_their_ids(session: Session, cast: Cast) -> None:
    made = _of_near_people(session, cast)

    found = set(session.scalars(nearness.near_people(cast.vera.pegawai_id)))

    assert found == {item.owner_id for item in made}


def test_nobody_is_near_to_whom_nothing_is_noted_of(session: Session, cast: Cast) -> None:
    assert list(session.scalars(nearness.near_people(cast.vera.pegawai_id))) == []


@on_sqlite_alone
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", ROLES)
def test_the_queue_offers_what_the_act_allows(
    session: Session, cast: Cast, role: Role, scope: str
) -> None:
    made = items(session, cast)
    actor = replace(cast.vera, grants=(grant(cast, role, scope),))

    offered = chosen(session, actor, Permission.VERIFY_DECIDE)

    assert offered == {item.id for item in made if obstacle(session, actor, item) is None}


@on_sqlite_alone
@pytest.mark.parametrize("scope", SCOPES)
def test_what_can_be_read_is_the_same_both_ways(session: Session, cast: Cast, scope: str) -> None:
    made = items(session, cast)
    actor = replace(cast.aud, grants=(grant(cast, Role.AUDITOR, scope),))

    read = chosen(session, actor, Permission.QUEUE_READ)

    assert read == {item.id for item in made if within_reach(actor, Permission.QUEUE_READ, item)}
