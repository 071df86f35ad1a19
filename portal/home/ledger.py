"""The ledger of a score as its page shows it: each point with evidence, decision, end, article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.agency.models import Instansi
from portal.scoring.engine.options import KIND
from portal.scoring.facts import Origin
from portal.scoring.models import StoredScore
from portal.vocabulary import Dimensi, DocumentKind, Indikator
from portal.web.charts import Slice
from portal.wording import tanggal


@dataclass(frozen=True)
class Proof:
    """A fact in the ledger: it counts until `berakhir`, or does not count because of `alasan`."""

    nama: str
    document_id: str | None
    asal: str
    """Who let it in, and when: an approval, or an import."""
    berakhir: dt.date | None = None
    """First day on which it no longer counts."""
    alasan: str = ""


@dataclass(frozen=True)
class Entry:
    """One indicator of the ledger."""

    indikator: Indikator
    poin: Decimal
    maks: Decimal
    alasan: str
    pasal: str
    jp: int
    jp_wajib: int | None
    bisa: Decimal | None
    """Points that waiting documents would add."""
    bukti: list[Proof]
    tidak_dihitung: list[Proof]

    @property
    def hukuman(self) -> bool:
        """Whether its evidence takes points away instead of bringing them."""
        return self.indikator is Indikator.DISIPLIN

    @property
    def open_kind(self) -> DocumentKind | None:
        """What can be handed in for points that are still open; None where there is nothing."""
        full = self.poin + (self.bisa or 0) >= self.maks
        return None if full else KIND.get(self.indikator)


@dataclass(frozen=True)
class DimensionView:
    """One dimension of a stored score as the pages draw it."""

    slice: Slice
    rows: list[Entry]


class Origins:
    """Words for where the facts of a person came from."""

    def __init__(self, known: Mapping[str, Origin], instansi: Instansi) -> None:
        self._known = known
        self._instansi = instansi

    def told(self, entry: Mapping[str, Any]) -> str:
        """The decision or the import behind an entry; empty when it is gone."""
        key = f"dokumen:{entry['document_id']}"
        if not entry["document_id"]:
            key = f"riwayat:{entry.get('riwayat')}"
        origin = self._known.get(key)
        if origin is None:
            return ""
        if origin.sumber == "portal":
            return f"Disetujui verifikator {self._instansi.sebutan_bkd}{self._day(origin)}"
        return f"Riwayat SIASN{self._day(origin, 'diimpor ')}"

    def _day(self, origin: Origin, act: str = "") -> str:
        if origin.dicatat is None:
            return ""
        return f", {act}{tanggal(origin.dicatat.astimezone(self._instansi.zone).date())}"


def slices(score: StoredScore) -> list[Slice]:
    """The four dimensions in order; the maximum is the sum of what its indicators can bring."""
    coming = score.bisa.get("dimensi", {})
    drawn = []
    for dimensi in Dimensi:
        rows = [row for row in score.rincian if row["dimensi"] == dimensi.value]
        most = sum((Decimal(str(row["maks"])) for row in rows), Decimal(0))
        more = max(Decimal(coming.get(dimensi.value, "0")), Decimal(0))
        drawn.append(Slice(dimensi, getattr(score, dimensi) or Decimal(0), most, more))
    return drawn


def dimension_views(score: StoredScore, origins: Origins) -> list[DimensionView]:
    """The dimensions with every indicator, what feeds it, and what does not count."""
    coming = score.bisa.get("indikator", {})
    return [
        DimensionView(
            part,
            [
                _entry(row, origins, coming)
                for row in score.rincian
                if row["dimensi"] == part.dimensi.value
            ],
        )
        for part in slices(score)
    ]


def not_asked(score: StoredScore, origins: Origins) -> list[Proof]:
    """What is recorded, but belongs to no indicator of the post."""
    return [_proof(entry, origins) for entry in score.tidak_dinilai]


def _entry(row: Mapping[str, Any], origins: Origins, coming: Mapping[str, str]) -> Entry:
    more = coming.get(row["indikator"])
    return Entry(
        indikator=Indikator(row["indikator"]),
        poin=Decimal(row["poin"]),
        maks=Decimal(row["maks"]),
        alasan=row["alasan"],
        pasal=row["pasal"],
        jp=row["jp"] or 0,
        jp_wajib=row["jp_wajib"],
        bisa=Decimal(more) if more else None,
        bukti=[_proof(entry, origins) for entry in row["bukti"]],
        tidak_dihitung=[_proof(entry, origins) for entry in row["tidak_dihitung"]],
    )


def _proof(entry: Mapping[str, Any], origins: Origins) -> Proof:
    until = entry.get("sampai")
    return Proof(
        nama=entry["nama"],
        document_id=entry["document_id"],
        asal=origins.told(entry),
        berakhir=dt.date.fromisoformat(until) + dt.timedelta(days=1) if until else None,
        alasan=entry.get("alasan", ""),
    )
