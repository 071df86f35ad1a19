"""How each agency measures, looked up once for many people."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import SimpleNamespace

from sqlalchemy import Dialect
from sqlalchemy.orm import Session

from portal.agency.models import Instansi
from portal.scoring import compute, rows
from portal.scoring.alike.ledger import Alike, Post
from portal.scoring.compute import Measuring
from portal.scoring.memo import Kept
from portal.scoring.pieces import POST, SCORES, STAMP, Piece, Pieces

_MOST_KINDS = 24
"""Rule sets, years and days of which answers are remembered at a time."""
_known: Kept[Alike] = Kept(_MOST_KINDS)


def forget() -> None:
    """Give back the memory of a run that is over."""
    _known.clear()


@dataclass(frozen=True, slots=True)
class Way:
    """One agency and year."""

    how: Measuring
    alike: Alike
    stamp: Piece

    @property
    def target(self) -> Decimal | None:
        """The total that the agency strives for."""
        return self.how.target


class Agencies:
    """What the people of one range have in common, in the caller's transaction."""

    def __init__(self, session: Session, moment: dt.datetime) -> None:
        self._session = session
        self._moment = moment
        self._dialect: Dialect = session.get_bind().dialect
        self._pieces = Pieces(self._dialect)
        self.today = cache(self._today)
        """The date in the agency of this key."""
        self.way = cache(self._way)
        """How the agency of this key measures that year."""
        self.post = cache(self._post)
        """The columns of a post."""

    def _today(self, instansi_id: str) -> dt.date:
        zone = self._session.get_one(Instansi, uuid.UUID(instansi_id)).zone
        return self._moment.astimezone(zone).date()

    def _way(self, instansi_id: str, tahun: int) -> Way:
        how = compute.measuring(self._session, uuid.UUID(instansi_id), tahun)
        today = self.today(instansi_id)
        row = SimpleNamespace(tahun=tahun)
        rows.stamp(row, how, today, self._moment)
        stamp = self._pieces.of(SCORES, STAMP, vars(row))
        return Way(how, self._alike(how, today), stamp)

    def _alike(self, how: Measuring, today: dt.date) -> Alike:
        key = (how.rules.id, how.rules.version, how.tahun, today, self._dialect.name)
        found = _known.get(key)
        if found is None:
            found = Alike(how, today, self._pieces)
            _known.keep(key, found)
        return found

    def _post(self, post: Post) -> Piece:
        return self._pieces.of(SCORES, POST, post._asdict())
