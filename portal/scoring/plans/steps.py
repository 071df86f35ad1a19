"""Reading a rencana pengembangan: its steps, and where each of them stands today."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.scoring.engine.options import KIND, Option
from portal.scoring.models import PlannedStep
from portal.vocabulary import DocumentKind, Indikator, LabelledEnum


class StepState(LabelledEnum):
    """Where a planned step stands."""

    SELESAI = "selesai", "Selesai"
    BERJALAN = "berjalan", "Sedang diperiksa"
    TERBUKA = "terbuka", "Belum"
    HAMPA = "hampa", "Tidak menambah nilai lagi"


@dataclass(frozen=True)
class PlannedLine:
    """One step of a plan as it stands; `option` is what is still to do, where it adds points."""

    step: PlannedStep
    keadaan: StepState
    option: Option | None = None

    @property
    def kind(self) -> DocumentKind | None:
        """What to hand in for it; None for a predikat, which comes from E-Kinerja."""
        return KIND.get(Indikator(self.step.indikator))


@dataclass(frozen=True)
class Progress:
    """How far a plan is, in one line: what is done, and what comes next."""

    tahun: int
    selesai: int
    jumlah: int
    berikut: str | None


_STEPS = (
    select(PlannedStep)
    .where(
        PlannedStep.pegawai_id == bindparam("pegawai_id"),
        PlannedStep.tahun == bindparam("tahun"),
    )
    .order_by(PlannedStep.urutan, PlannedStep.kunci)
)


def steps_of(session: Session, pegawai_id: uuid.UUID, tahun: int) -> Sequence[PlannedStep]:
    """The plan of a person for a year, lightest step first; empty when there is none."""
    return session.scalars(_STEPS, {"pegawai_id": pegawai_id, "tahun": tahun}).all()


def progress(
    session: Session, pegawai_id: uuid.UUID, tahun: int, coming: Collection[str]
) -> Progress | None:
    """The plan in one line, None when there is none; `coming` are indicators (their codes) to
    which an item that waits adds."""
    steps = steps_of(session, pegawai_id, tahun)
    if not steps:
        return None
    waiting = [step for step in steps if step.selesai is None]
    first = next((step.uraian for step in waiting if step.indikator not in coming), None)
    return Progress(tahun, len(steps) - len(waiting), len(steps), first)


def lines(
    steps: Sequence[PlannedStep],
    options: Sequence[Option],
    coming: Collection[str],
) -> list[PlannedLine]:
    """Each step with its state. `options` are those open beside what waits already; `coming` are
    the keys of steps that the waiting items fulfil."""
    found = {option.kunci: option for option in options}
    return [_line(step, found.get(step.kunci), coming) for step in steps]


def _line(step: PlannedStep, option: Option | None, coming: Collection[str]) -> PlannedLine:
    if step.selesai:
        return PlannedLine(step, StepState.SELESAI)
    if step.kunci in coming:
        return PlannedLine(step, StepState.BERJALAN)
    return PlannedLine(step, StepState.TERBUKA if option else StepState.HAMPA, option)
