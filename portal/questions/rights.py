"""Who may read and answer which thread.

The owner's unit decides, as it is now: a thread moves with its owner. A grant for some kinds of
document covers their items and the rows of the score that they feed; the queue that an item waits
in says nothing here, because a thread outlives it. Nobody answers the own thread, one about an
item handed in for somebody else, nor those of husband, wife, superior or staff.
"""

from __future__ import annotations

import uuid
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, false, or_

from portal.documents.models import Document
from portal.people.scopes import reaches, within
from portal.permissions import Actor, Grant, Permission
from portal.questions.models import Question
from portal.questions.subjects import WITHOUT_KIND, rows_fed_by
from portal.verification.nearness import near_people

KEPT = 128
"""Conditions and statements kept in memory; an actor is compared whole, so a changed grant asks
anew."""


@lru_cache(KEPT)
def reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Condition on (Question, its owner, the owner's unit, its Document or none): some grant with
    the permission covers it, and nothing ties the actor to it."""
    covered = [_covered(grant) for grant in actor.grants_for(permission)]
    return and_(_untied(actor.pegawai_id), or_(false(), *covered))


def _covered(grant: Grant) -> ColumnElement[bool]:
    where = within([grant])
    if not grant.kinds:
        return where
    rows = [*rows_fed_by(grant.kinds), *WITHOUT_KIND]
    return and_(where, or_(Document.kind.in_(grant.kinds), Question.baris_skor.in_(rows)))


def _untied(me: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        Question.owner_id != me,
        or_(Document.created_by_id.is_(None), Document.created_by_id != me),
        Question.owner_id.not_in(near_people(me)),
    )


def may_answer(actor: Actor, question: Question) -> bool:
    """Whether a grant to answer covers a thread that the actor may read."""
    return any(_covers(grant, question) for grant in actor.grants_for(Permission.QUESTIONS_ANSWER))


def _covers(grant: Grant, question: Question) -> bool:
    if grant.kinds and not _is_of(grant, question):
        return False
    return reaches(grant, question.owner)


def _is_of(grant: Grant, question: Question) -> bool:
    if question.document is not None:
        return question.document.kind in grant.kinds
    return question.baris_skor in {*rows_fed_by(grant.kinds), *WITHOUT_KIND}
