"""Everything on the desk for one item, gathered in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditEntry
from portal.db import now
from portal.documents.arrivals import Reading
from portal.documents.models import Document
from portal.documents.rulings import Reason
from portal.documents.transitions import Act
from portal.permissions import Actor, Permission
from portal.scoring.queries import Gain, gain_from
from portal.verification import corrections, queries, revocations
from portal.verification.checking import Check, Light, all_checks, paper, worst, worst_first
from portal.verification.checking.gathering import gather as gather_known
from portal.verification.checking.paper import Line
from portal.verification.claims import has_run_out, is_holder
from portal.verification.corrections import Proposal
from portal.verification.filters import Filters
from portal.verification.models import RevocationProposal
from portal.verification.rights import nearness, obstacle, within_reach
from portal.verification.timeline import Event, asked, story
from portal.vocabulary import DocumentState


@dataclass(frozen=True, slots=True)
class Rights:
    """Which buttons the actor gets for this item; `obstacle` says why there is none to take it."""

    decide: bool = False
    take: bool = False
    take_over: bool = False
    revoke: bool = False
    needs_two: bool = False
    """The approval is older than a day: the actor proposes to withdraw it, another one agrees."""
    proposal: RevocationProposal | None = None
    """An open proposal to withdraw it."""
    agree: bool = False
    decline: bool = False
    """To leave the approval standing, which nobody says of an own one."""
    take_back: bool = False
    """The own proposal."""
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """One item with what surrounds it."""

    document: Document
    rights: Rights
    lines: list[Line]
    """The data as declared, beside what was read."""
    was_read: bool
    checks: list[Check]
    gain: Gain | None
    """What an approval would bring; None once the item is closed."""
    events: list[Event]
    asked: list[tuple[uuid.UUID, dt.datetime]]
    """Threads of Tanya BKD about the item, and when they were begun."""
    beside: Sequence[Document]
    reasons: dict[Act, list[Reason]]
    proposals: list[Proposal]
    """What was proposed with the last return, and whether the owner took it over."""

    @property
    def light(self) -> Light:
        """That of all checks together."""
        return worst(self.checks)

    @property
    def striking(self) -> list[Check]:
        """What speaks against the item, to be seen before its data."""
        return [c for c in worst_first(self.checks) if c.light.speaks_against]

    @property
    def calm(self) -> list[Check]:
        """The other checks."""
        return [c for c in worst_first(self.checks) if not c.light.speaks_against]

    @property
    def told(self) -> int:
        """How many checks show the light of all together."""
        return sum(c.light is self.light for c in self.checks)


def gather(
    session: Session, actor: Actor, document: Document, read: Reading | None, filters: Filters
) -> Bench:
    """The desk of `actor` before `document`, with the queue as the filters show it; `read` is
    what a machine read in its main paper."""
    history = audit.history(session, document.id)
    rights = rights_of(session, actor, document, now(), history)
    today = actor.today
    known = gather_known(session, actor, document, read, today)
    return Bench(
        document=document,
        rights=rights,
        lines=paper.lines(document, read),
        was_read=paper.is_done(read),
        checks=all_checks(document, known),
        gain=gain_from(known.facts, known.measuring, document, today=today)
        if document.is_open
        else None,
        events=story(history),
        asked=asked(history),
        beside=queries.beside(session, actor, filters, document),
        reasons=_reasons(session, document, rights),
        proposals=corrections.in_sentences(
            document, corrections.newest(session, document, history)
        ),
    )


def rights_of(
    session: Session,
    actor: Actor,
    document: Document,
    moment: dt.datetime,
    lines: Sequence[AuditEntry],
) -> Rights:
    """What the actor may do with the item as it stands; `lines` are its history."""
    if is_holder(actor, document):
        return Rights(decide=True)
    if document.state is DocumentState.DISETUJUI:
        return _revoking(session, actor, document, moment, lines)
    if not document.is_open or not actor.may(Permission.VERIFY_DECIDE):
        return Rights()
    sentence = obstacle(session, actor, document)
    if sentence:
        return Rights(obstacle=sentence)
    if document.state is DocumentState.DIPERIKSA and not has_run_out(document, moment):
        return Rights(take_over=within_reach(actor, Permission.QUEUE_HEAD, document))
    return Rights(take=True)


def _revoking(
    session: Session,
    actor: Actor,
    document: Document,
    moment: dt.datetime,
    lines: Sequence[AuditEntry],
) -> Rights:
    if not within_reach(actor, Permission.VERIFY_REVOKE, document):
        return Rights()
    proposed = any(line.action == revocations.PROPOSED for line in lines)  # few items ever are
    proposal = revocations.open_proposal(session, document.id) if proposed else None
    if sentence := nearness(session, actor, document):
        return Rights(proposal=proposal, obstacle=sentence if proposal else "")
    if proposal is not None:
        other = proposal.pengusul_id != actor.pegawai_id
        decline = other and not revocations.has_approved(session, actor, document)
        return Rights(proposal=proposal, agree=other, decline=decline, take_back=not other)
    return Rights(revoke=True, needs_two=revocations.needs_two(document, moment))


def _reasons(session: Session, document: Document, rights: Rights) -> dict[Act, list[Reason]]:
    if rights.decide:
        return queries.reasons(session, document, (Act.KEMBALIKAN, Act.TOLAK))
    if rights.revoke:
        return queries.reasons(session, document, (Act.CABUT,))
    return {}
