"""A plan of the year: made, replaced, ticked off by approvals and opened again by revocations."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.db import Database
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.errors import Conflict, Rejected
from portal.people.models import Kinerja, Pegawai, Pengembangan
from portal.permissions import Actor
from portal.scoring import compute
from portal.scoring.actions import recompute
from portal.scoring.engine.options import Option, Standing, all_options
from portal.scoring.facts import people_with_facts
from portal.scoring.models import PlannedStep
from portal.scoring.plans import actions as plans_actions
from portal.scoring.plans.steps import StepState, lines, progress, steps_of
from portal.scoring.runs import recompute_all
from portal.verification import actions as verification
from portal.vocabulary import (
    DocumentKind,
    DocumentState,
    JenisDiklat,
    KelompokJabatan,
    LatihanStruktural,
    Predikat,
)
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.database import on_postgresql_alone
from tests.support.waiting import Late

NEW_YEAR = dt.date(TODAY.year, 1, 1)
HOURS = {"kind": DocumentKind.TEKNIS, "jenis": JenisDiklat.TEKNIS, "jp": 12}


def options(session: Session, actor: Actor) -> dict[str, Option]:
    """Everything that is open to the person, by its key."""
    ((person, facts),) = people_with_facts(session, [actor.pegawai_id])
    how = compute.measuring(session, person.instansi_id, TODAY.year)
    standing = Standing.of(facts, how.rules, TODAY.year, as_of=TODAY, provisional=True)
    assert standing is not None
    return {option.kunci: option for group in all_options(standing) for option in group}


def plan(session: Session, actor: Actor, *keys: str) -> None:
    found = options(session, actor)
    plans_actions.save(session, actor, TODAY.year, [found[key] for key in keys])


def keys(session: Session, actor: Actor) -> dict[str, bool]:
    """The steps of the plan in order, and whether each is done."""
    steps = steps_of(session, actor.pegawai_id, TODAY.year)
    return {step.kunci: step.selesai is not None for step in steps}


def step(session: Session, kunci: str) -> PlannedStep:
    return session.scalars(select(PlannedStep).where(PlannedStep.kunci == kunci)).one()


def held(session: Session, cast: Cast, **fields: Any) -> Document:
    return builders.document(
        session, cast.sari, DocumentState.DIPERIKSA, verifier=cast.vera, **fields
    )


def refresh(session: Session, actor: Actor) -> None:
    recompute(session, actor.pegawai_id, today=TODAY, cause="Uji")


def become(session: Session, actor: Actor, post: KelompokJabatan) -> None:
    own = Pegawai.id == actor.pegawai_id
    session.execute(update(Pegawai).where(own).values(kelompok_jabatan=post))
    refresh(session, actor)


def test_a_plan_keeps_what_each_step_was_to_add(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar", "teknis:20")

    first, second = steps_of(session, cast.sari.pegawai_id, TODAY.year)

    assert (first.kunci, first.poin, first.jp) == ("seminar", 10, None)
    assert (second.kunci, second.poin, second.jp) == ("teknis:20", 9, 12)


def test_nothing_is_no_plan(session: Session, cast: Cast) -> None:
    with pytest.raises(Rejected, match="sedikitnya satu langkah"):
        plan(session, cast.sari)


def test_a_new_plan_takes_the_place_of_the_open_steps(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar", "teknis:20")
    plan(session, cast.sari, "teknis:20", "pendidikan:S-2")

    assert list(keys(session, cast.sari)) == ["teknis:20", "pendidikan:S-2"]


def test_the_audit_tells_what_was_left_behind(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar", "teknis:20")
    plan(session, cast.sari, "teknis:20")

    *_, last = audit.history(session, cast.sari.pegawai_id)

    assert (last.action, last.actor_id) == ("plan:saved", cast.sari.pegawai_id)
    assert last.facts == {
        "tahun": TODAY.year,
        "langkah": ["teknis:20"],
        "ditinggalkan": ["seminar"],
    }


def test_the_same_plan_twice_is_one_line_of_the_audit(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")
    plan(session, cast.sari, "seminar")

    assert len(audit.history(session, cast.sari.pegawai_id)) == 1


def test_a_step_that_is_done_outlives_a_new_plan(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")
    verification.approve(session, cast.vera, held(session, cast))
    plan(session, cast.sari, "teknis:20")

    assert keys(session, cast.sari) == {"seminar": True, "teknis:20": False}


def test_an_approval_ticks_its_step_off(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar", "teknis:20")
    document = held(session, cast)

    verification.approve(session, cast.vera, document)

    assert keys(session, cast.sari) == {"seminar": True, "teknis:20": False}
    assert step(session, "seminar").document_id == document.id


def test_hours_count_until_they_are_all_there(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "teknis:20")

    verification.approve(session, cast.vera, held(session, cast, **HOURS | {"jp": 11}))
    before = keys(session, cast.sari)
    last = held(session, cast, **HOURS | {"jp": 1})
    verification.approve(session, cast.vera, last)

    assert (before, keys(session, cast.sari)) == ({"teknis:20": False}, {"teknis:20": True})
    assert step(session, "teknis:20").document_id == last.id


@pytest.mark.parametrize(("level", "done"), [("S-2", True), ("S-3", True), ("Profesi", False)])
def test_a_degree_at_least_as_high_fulfils_its_step(
    session: Session, cast: Cast, level: str, done: bool
) -> None:
    plan(session, cast.sari, "pendidikan:S-2")
    document = held(
        session, cast, kind=DocumentKind.IJAZAH, jenis=None, tingkat=level, tanggal_lulus=NEW_YEAR
    )

    verification.approve(session, cast.vera, document)

    assert keys(session, cast.sari) == {"pendidikan:S-2": done}


@pytest.mark.parametrize(
    ("year", "predikat", "done"),
    [
        (TODAY.year, Predikat.SANGAT_BAIK, True),
        (TODAY.year, Predikat.BAIK, False),
        (TODAY.year - 1, Predikat.SANGAT_BAIK, False),
    ],
)
def test_a_predikat_counts_once_the_years_own_skp_is_there(
    session: Session, cast: Cast, year: int, predikat: Predikat, done: bool
) -> None:
    plan(session, cast.sari, "kinerja:Sangat Baik")
    session.add(
        Kinerja(pegawai_id=cast.sari.pegawai_id, tahun=year, predikat=predikat, dinilai=TODAY)
    )

    refresh(session, cast.sari)

    assert keys(session, cast.sari) == {"kinerja:Sangat Baik": done}


def test_a_revocation_opens_the_step_again(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")
    document = held(session, cast)
    verification.approve(session, cast.vera, document)

    verification.revoke(session, cast.vera, document, builders.reason(session, Act.CABUT))

    assert keys(session, cast.sari) == {"seminar": False}
    assert step(session, "seminar").document_id is None


def test_what_waits_ticks_nothing(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")
    builders.document(session, cast.sari, DocumentState.DIAJUKAN)

    refresh(session, cast.sari)

    assert keys(session, cast.sari) == {"seminar": False}


def test_an_imported_course_ticks_without_a_document(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")
    session.add(
        Pengembangan(
            pegawai_id=cast.sari.pegawai_id,
            jenis=JenisDiklat.SEMINAR,
            nama="Webinar",
            tanggal_selesai=NEW_YEAR,
        )
    )

    refresh(session, cast.sari)

    assert keys(session, cast.sari) == {"seminar": True}
    assert step(session, "seminar").document_id is None


def test_the_nightly_computation_ticks_too(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        refresh(session, cast.sari)
        plan(session, cast.sari, "seminar")
        session.add(
            Pengembangan(
                pegawai_id=cast.sari.pegawai_id,
                jenis=JenisDiklat.SEMINAR,
                nama="Webinar",
                tanggal_selesai=NEW_YEAR,
            )
        )

    recompute_all(database, cause="Penghitungan harian")

    with database.reading() as session:
        assert keys(session, cast.sari) == {"seminar": True}


def test_what_was_done_for_a_former_post_stays_done(session: Session, cast: Cast) -> None:
    become(session, cast.sari, KelompokJabatan.PENGAWAS)
    plan(session, cast.sari, "kepemimpinan:2")
    course = held(
        session,
        cast,
        kind=DocumentKind.KEPEMIMPINAN,
        jenis=None,
        latihan_struktural=LatihanStruktural.PIM4,
    )
    verification.approve(session, cast.vera, course)

    become(session, cast.sari, KelompokJabatan.ADMINISTRATOR)
    moved = keys(session, cast.sari)
    verification.revoke(session, cast.vera, course, builders.reason(session, Act.CABUT))

    assert (moved, keys(session, cast.sari)) == (
        {"kepemimpinan:2": True},
        {"kepemimpinan:2": False},
    )


def test_an_open_step_of_a_former_post_adds_nothing_any_more(session: Session, cast: Cast) -> None:
    become(session, cast.sari, KelompokJabatan.PENGAWAS)
    plan(session, cast.sari, "teknis:20", "kepemimpinan:2")
    become(session, cast.sari, KelompokJabatan.FUNGSIONAL)

    steps = steps_of(session, cast.sari.pegawai_id, TODAY.year)
    found = lines(steps, list(options(session, cast.sari).values()), [])

    assert [line.keadaan for line in found] == [StepState.TERBUKA, StepState.HAMPA]


def test_who_is_not_measured_any_more_keeps_what_was_done(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")
    verification.approve(session, cast.vera, held(session, cast))
    own = Pegawai.id == cast.sari.pegawai_id
    session.execute(update(Pegawai).where(own).values(kedudukan_hukum="04"))

    refresh(session, cast.sari)

    assert keys(session, cast.sari) == {"seminar": True}


def test_an_open_step_can_be_taken_out(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar", "teknis:20")

    plans_actions.remove(session, cast.sari, TODAY.year, "seminar")

    assert list(keys(session, cast.sari)) == ["teknis:20"]
    *_, last = audit.history(session, cast.sari.pegawai_id)
    assert (last.action, last.facts["langkah"]) == ("plan:step-removed", ["seminar"])


def test_a_step_that_is_done_cannot_be_taken_out(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")
    verification.approve(session, cast.vera, held(session, cast))

    with pytest.raises(Conflict, match="sudah selesai"):
        plans_actions.remove(session, cast.sari, TODAY.year, "seminar")


def test_nobody_takes_a_step_out_of_another_plan(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")

    with pytest.raises(Conflict):
        plans_actions.remove(session, cast.budi, TODAY.year, "seminar")


@pytest.mark.parametrize("kunci", ["", "semin\x00ar", "x" * 5000, "'; DROP TABLE rencana; --"])
def test_a_tampered_step_is_not_in_the_plan(session: Session, cast: Cast, kunci: str) -> None:
    plan(session, cast.sari, "seminar")

    with pytest.raises(Conflict):
        plans_actions.remove(session, cast.sari, TODAY.year, kunci)


@pytest.mark.parametrize(
    ("coming", "first"), [([], "Satu seminar atau sejenisnya tahun ini"), (["seminar"], None)]
)
def test_the_next_step_is_one_that_is_not_on_its_way(
    session: Session, cast: Cast, coming: list[str], first: str | None
) -> None:
    plan(session, cast.sari, "seminar")

    found = progress(session, cast.sari.pegawai_id, TODAY.year, coming)

    assert found is not None
    assert (found.selesai, found.jumlah, found.berikut) == (0, 1, first)


def test_without_a_plan_there_is_no_progress(session: Session, cast: Cast) -> None:
    assert progress(session, cast.sari.pegawai_id, TODAY.year, []) is None


@on_postgresql_alone
def test_two_taps_make_one_plan(database: Database, cast: Cast) -> None:
    start = threading.Barrier(2)

    def tap() -> None:
        with database.transaction() as session:
            start.wait()
            plan(session, cast.sari, "seminar", "teknis:20")

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for thread in taps:
        thread.start()
    for thread in taps:
        thread.join()

    with database.reading() as session:
        assert session.scalar(select(func.count(PlannedStep.id))) == 2


@on_postgresql_alone
def test_a_step_that_goes_while_the_plan_is_made_anew_is_planned_again(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        plan(session, cast.sari, "seminar", "teknis:20")
    with database.transaction() as session:
        plans_actions.remove(session, cast.sari, TODAY.year, "seminar")
        late = Late(database, lambda session: plan(session, cast.sari, "teknis:20", "seminar"))
    late.answer()
    with database.reading() as session:
        assert (late.waited, list(keys(session, cast.sari))) == (True, ["teknis:20", "seminar"])
