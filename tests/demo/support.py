"""What the tests of the demo share."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.demo.history import SARI
from portal.documents.intake import Limits
from portal.people.models import Pegawai
from portal.scoring.models import StoredScore

TODAY = dt.date(2026, 11, 22)
SMALL = Limits(picture_side=280, preview_side=160, thumbnail_side=80)
"""Nobody looks at the papers here; in their full size they would take half of the time."""


def sari(session: Session) -> Pegawai:
    return session.scalars(select(Pegawai).where(Pegawai.nip == SARI)).one()


def score(session: Session, year: int = TODAY.year) -> StoredScore:
    return session.get_one(StoredScore, (sari(session).id, year))


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
