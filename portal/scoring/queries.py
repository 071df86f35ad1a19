"""Reading scores, and what an item would bring."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session, aliased

from portal.agency.models import MeasuringYear
from portal.documents.models import Document
from portal.people.models import Pegawai
from portal.scoring import compute
from portal.scoring.compute import Measuring
from portal.scoring.engine import advise
from portal.scoring.engine.advise import Step
from portal.scoring.engine.inputs import Pendidikan, Person
from portal.scoring.engine.result import NotMeasured, Row, Score
from portal.scoring.facts import fact_of_document, people_with_facts
from portal.scoring.models import ScoreChange, StoredScore
from portal.scoring.outlook import Outlook, outlook
from portal.vocabulary import DocumentKind, Indikator, Kategori
from portal.web.pagination import Page, Position, cut
from portal.wording import points


@dataclass(frozen=True)
class Gain:
    """What an item brings once it is approved. `catatan` says why when it brings nothing."""

    poin: Decimal
    total: Decimal | None
    kategori: Kategori | None
    catatan: str = ""


@dataclass(frozen=True)
class KindHint:
    """One sentence for a card of /dokumen/baru, and the points that are still open there."""

    text: str
    gain: Decimal | None = None


_STORED = select(StoredScore).where(
    StoredScore.pegawai_id == bindparam("pegawai_id"), StoredScore.tahun == bindparam("tahun")
)


def stored(session: Session, pegawai_id: uuid.UUID, tahun: int) -> StoredScore | None:
    """The stored score of one person and year."""
    return session.scalar(_STORED, {"pegawai_id": pegawai_id, "tahun": tahun})


_YEARS = (
    select(StoredScore)
    .where(StoredScore.pegawai_id == bindparam("pegawai_id"))
    .order_by(StoredScore.tahun)
)


def years(session: Session, pegawai_id: uuid.UUID) -> Sequence[StoredScore]:
    """All stored years of a person, earliest first."""
    return session.scalars(_YEARS, {"pegawai_id": pegawai_id}).all()


CHANGES = 20
"""Changes of one page."""
_EARLIER = aliased(ScoreChange)
_RULES_BEFORE = (
    select(_EARLIER.aturan_versi)
    .where(
        _EARLIER.pegawai_id == ScoreChange.pegawai_id,
        _EARLIER.tahun == ScoreChange.tahun,
        _EARLIER.waktu < ScoreChange.waktu,
    )
    .order_by(_EARLIER.waktu.desc())
    .limit(1)
    .scalar_subquery()
)


_CHANGES = (
    select(ScoreChange, _RULES_BEFORE)
    .where(ScoreChange.pegawai_id == bindparam("pegawai_id"))
    .order_by(ScoreChange.waktu.desc(), ScoreChange.id.desc())
    .limit(CHANGES + 1)
)
_OLDER = _CHANGES.where(
    tuple_(ScoreChange.waktu, ScoreChange.id)
    < tuple_(
        bindparam("moment", type_=ScoreChange.waktu.type),
        bindparam("place", type_=ScoreChange.id.type),
    )
)


@dataclass(frozen=True)
class Change:
    """A change of a score; `aturan_baru` when it was measured another way than before."""

    row: ScoreChange
    aturan_baru: bool


def changes(
    session: Session, pegawai_id: uuid.UUID, before: Position | None = None
) -> Page[Change]:
    """One page of the changes of a person's scores with their causes, newest first."""
    values: dict[str, object] = {"pegawai_id": pegawai_id}
    if before:
        values |= {"moment": before.moment, "place": before.id}
    rows = [
        Change(row, bool(version and row.aturan_versi and version != row.aturan_versi))
        for row, version in session.execute(_OLDER if before else _CHANGES, values)
    ]
    return cut(rows, CHANGES, lambda change: Position(change.row.waktu, change.row.id))


_THROUGH = (
    select(ScoreChange)
    .where(
        ScoreChange.pegawai_id == bindparam("pegawai_id"),
        ScoreChange.document_id == bindparam("document_id"),
    )
    .order_by(ScoreChange.tahun.desc(), ScoreChange.waktu.desc())
    .limit(1)
)


def change_through(
    session: Session, pegawai_id: uuid.UUID, document_id: uuid.UUID
) -> ScoreChange | None:
    """The last change that an item has made, in the newest year that it has changed."""
    return session.scalar(_THROUGH, {"pegawai_id": pegawai_id, "document_id": document_id})


_TARGET = select(MeasuringYear.target).where(
    MeasuringYear.instansi_id == bindparam("instansi_id"),
    MeasuringYear.tahun == bindparam("tahun"),
)


def target(session: Session, instansi_id: uuid.UUID, tahun: int) -> Decimal | None:
    """The agency's target of the index for a year."""
    return session.scalar(_TARGET, {"instansi_id": instansi_id, "tahun": tahun})


_WAYS = select(MeasuringYear).where(
    MeasuringYear.instansi_id == bindparam("instansi_id"),
    MeasuringYear.tahun.in_(bindparam("years", expanding=True)),
)


def ways(session: Session, instansi_id: uuid.UUID, *years: int) -> list[Measuring]:
    """How the agency measures each of these years."""
    chosen = {
        row.tahun: row
        for row in session.scalars(_WAYS, {"instansi_id": instansi_id, "years": years})
    }
    return [compute.as_chosen(chosen.get(year), year) for year in years]


def next_january(
    person: Pegawai, facts: Person, now: Measuring, then: Measuring, today: dt.date
) -> Outlook | None:
    """What 1 January makes of the person's index if nothing happens; None for whoever is not
    measured today or has retired by then. The running year is measured one way, the next another.
    """
    if person.has_retired(dt.date(then.tahun, 1, 1)):
        return None
    return outlook(facts, now, then, today)


def gain_if_approved(session: Session, document: Document, *, today: dt.date) -> Gain:
    """What the approval of `document` would change in the owner's running year."""
    ((person, facts),) = people_with_facts(session, [document.owner_id])
    how = compute.measuring(session, person.instansi_id, today.year)
    return gain_from(facts, how, document, today=today)


def gain_from(facts: Person, how: Measuring, document: Document, *, today: dt.date) -> Gain:
    """The same from facts at hand; reads nothing."""
    now = compute.measure(facts, how, today)
    if isinstance(now, NotMeasured):
        return Gain(Decimal(0), None, None, now.alasan)
    fact = fact_of_document(document)
    if fact is None:
        return Gain(Decimal(0), now.total, now.kategori, "Lengkapi data untuk melihat poinnya.")
    then = compute.measure(advise.with_facts(facts, fact), how, today)
    if isinstance(then, NotMeasured):
        return Gain(Decimal(0), now.total, now.kategori, then.alasan)
    gained = then.total - now.total
    index = len(facts.pendidikan if isinstance(fact, Pendidikan) else facts.pengembangan)
    note = "" if gained else _why_nothing(then, index, isinstance(fact, Pendidikan))
    return Gain(gained, then.total, then.kategori, note)


_KEPT = " Dokumen tetap tercatat sebagai riwayat."


def _why_nothing(then: Score, index: int, is_degree: bool) -> str:
    """The reason that the engine gives for the item that was added last."""
    dimensi = "kualifikasi" if is_degree else "kompetensi"
    rows = [row for row in then.rincian if row.dimensi == dimensi]
    for row in rows:
        for excluded in row.tidak_dihitung:
            if excluded.index == index:
                return _sentence(f"{row.indikator.label}: {excluded.alasan}") + _KEPT
    for excluded in then.tidak_dihitung:
        if not is_degree and excluded.index == index:
            return _sentence(excluded.alasan)
    if is_degree:
        return f"Yang dinilai ijazah tertinggi Anda.{_KEPT}"
    return f"Poin untuk bagian ini sudah penuh.{_KEPT}"


def _sentence(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:].rstrip(".") + "."


_INDICATOR_OF = {
    DocumentKind.IJAZAH: Indikator.PENDIDIKAN,
    DocumentKind.KEPEMIMPINAN: Indikator.KEPEMIMPINAN,
    DocumentKind.FUNGSIONAL: Indikator.FUNGSIONAL,
    DocumentKind.TEKNIS: Indikator.TEKNIS,
    DocumentKind.SEMINAR: Indikator.SEMINAR,
}


def kind_hints(
    session: Session, pegawai_id: uuid.UUID, *, today: dt.date
) -> dict[DocumentKind, KindHint]:
    """Per kind of document what it could still bring to this person, in a few words."""
    ((person, facts),) = people_with_facts(session, [pegawai_id])
    how = compute.measuring(session, person.instansi_id, today.year)
    now = compute.measure(facts, how, today)
    if isinstance(now, NotMeasured):
        return {kind: KindHint("Tercatat sebagai riwayat Anda") for kind in DocumentKind}
    waiting = compute.waiting_facts(session, pegawai_id)
    coming = compute.could_become(facts, how, today, waiting, now).get("indikator", {})
    steps = advise.single_steps(facts, how.rules, how.tahun, as_of=today, provisional=True)
    open_steps = {step.indikator: step for step in steps}
    rows = {row.indikator: row for row in now.rincian}
    return {
        kind: _hint(rows.get(indikator), open_steps.get(indikator), coming.get(indikator.value))
        for kind, indikator in _INDICATOR_OF.items()
    }


def _hint(row: Row | None, step: Step | None, coming: str | None) -> KindHint:
    if row is None:
        return KindHint("Tidak menambah poin untuk jabatan Anda")
    if coming:
        return KindHint(f"Satu sedang diproses (+{points(coming)})")
    if step is None:
        return KindHint("Sudah terpenuhi")
    if row.jp_wajib:
        return KindHint(f"Terhitung {row.jp or 0} dari {row.jp_wajib} JP", step.gain)
    return KindHint(step.uraian, step.gain)
