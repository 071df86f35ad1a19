"""Everything around an item that the checks look at, read in a fixed number of queries."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from portal.agency import institutions
from portal.documents.arrivals import Reading
from portal.documents.models import Document
from portal.permissions import Actor
from portal.scoring import compute
from portal.scoring.facts import facts_of
from portal.verification.checking import twins
from portal.verification.checking.everything import all_checks
from portal.verification.checking.known import Known, Listed
from portal.verification.checking.light import Check
from portal.vocabulary import KKNI, DocumentKind, Tingkat


def gather(
    session: Session,
    actor: Actor | None,
    document: Document,
    reading: Reading | None,
    today: dt.date,
) -> Known:
    """What is known around the item; twins out of the actor's reach are told without a link."""
    (facts,) = facts_of(session, [document.owner])
    return Known(
        facts=facts,
        measuring=compute.measuring(session, document.owner.instansi_id, today.year),
        today=today,
        twins=twins.find(session, actor, document),
        reading=reading,
        institution=_listed(session, document),
    )


def fresh_checks(
    session: Session,
    actor: Actor | None,
    document: Document,
    reading: Reading | None,
    today: dt.date,
) -> list[Check]:
    """All checks of the item as it stands in this transaction."""
    return all_checks(document, gather(session, actor, document, reading, today))


def _listed(session: Session, document: Document) -> Listed | None:
    if document.kind is not DocumentKind.IJAZAH or document.luar_negeri:
        return None
    is_school = document.tingkat is not None and KKNI[document.tingkat] < KKNI[Tingkat.D1]
    if is_school or not document.perguruan_tinggi:
        return None
    instansi_id = document.owner.instansi_id
    if not institutions.has_list(session, instansi_id):
        return None
    return Listed(institutions.nearest(session, instansi_id, document.perguruan_tinggi))
