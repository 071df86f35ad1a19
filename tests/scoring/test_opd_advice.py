"""What a unit could still gain, and what its people have planned; within a scope, in one query."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.agency.models import Opd
from portal.people.models import Pegawai
from portal.permissions import Actor, Grant
from portal.scoring.actions import recompute
from portal.scoring.models import StoredScore
from portal.scoring.opd_advice import OpdAdvice, PlanSum, opd_advice, plan_sums
from portal.verification import actions as verification
from portal.vocabulary import DocumentState, Indikator, JenisPegawai, Role
from tests.scoring.test_plans import plan
from tests.support import builders
from tests.support.cast import TODAY, Cast
from tests.support.queries import statements


def everywhere(cast: Cast) -> list[Grant]:
    return [Grant(Role.PIMPINAN, cast.units.instansi_id)]


def leads(cast: Cast) -> tuple[Grant, ...]:
    """The leader of Dinas Pendidikan, to which sari's and budi's school belongs."""
    return cast.kepala.grants


def compute(session: Session, *actors: Actor) -> None:
    for actor in actors:
        recompute(session, actor.pegawai_id, today=TODAY, cause="Uji")


def advice(session: Session, grants: object, opd: Opd | None = None) -> OpdAdvice:
    return opd_advice(session, list(grants), TODAY.year, TODAY, opd)  # type: ignore[call-overload]


def openings(found: OpdAdvice) -> dict[Indikator, tuple[int, Decimal]]:
    return {opening.indikator: (opening.orang, opening.poin) for opening in found.peluang}


def change(session: Session, actor: Actor, **fields: object) -> None:
    session.execute(update(Pegawai).where(Pegawai.id == actor.pegawai_id).values(**fields))


def test_of_one_person_it_is_that_persons_steps(session: Session, cast: Cast) -> None:
    compute(session, cast.sari)

    found = advice(session, everywhere(cast))

    assert (found.diukur, found.rata_rata) == (1, 71)
    assert openings(found) == {
        Indikator.SEMINAR: (1, 10),
        Indikator.TEKNIS: (1, 9),
        Indikator.PENDIDIKAN: (1, 5),
    }


def test_of_several_people_points_add_up_and_lift_the_mean(session: Session, cast: Cast) -> None:
    compute(session, cast.sari, cast.budi)

    found = advice(session, everywhere(cast))
    teknis = next(o for o in found.peluang if o.indikator is Indikator.TEKNIS)

    assert (teknis.orang, teknis.poin, teknis.rata_rata) == (2, 24, 12)


def test_what_brings_most_stands_first(session: Session, cast: Cast) -> None:
    compute(session, cast.sari, cast.budi, cast.tono)

    points = [opening.poin for opening in advice(session, everywhere(cast)).peluang]

    assert points == sorted(points, reverse=True)


def test_a_leader_counts_the_own_unit_and_those_below(session: Session, cast: Cast) -> None:
    compute(session, cast.sari, cast.kepala, cast.tono)

    assert advice(session, leads(cast)).diukur == 2


def test_a_unit_can_be_named(session: Session, cast: Cast) -> None:
    compute(session, cast.sari, cast.kepala, cast.tono)

    assert advice(session, leads(cast), cast.units.smpn).diukur == 1


def test_a_foreign_unit_answers_like_an_empty_one(session: Session, cast: Cast) -> None:
    compute(session, cast.tono)

    assert advice(session, leads(cast), cast.units.kesehatan) == OpdAdvice(0, None, ())


def test_without_any_grant_nobody_is_counted(session: Session, cast: Cast) -> None:
    compute(session, cast.sari)

    assert advice(session, ()).diukur == 0


def test_who_is_not_measured_is_not_counted(session: Session, cast: Cast) -> None:
    change(session, cast.budi, jenis_pegawai=JenisPegawai.CPNS)
    compute(session, cast.sari, cast.budi)

    assert advice(session, everywhere(cast)).diukur == 1


def test_who_has_retired_is_not_counted(session: Session, cast: Cast) -> None:
    compute(session, cast.sari, cast.budi)
    change(session, cast.budi, pensiun_sejak=TODAY)

    assert advice(session, everywhere(cast)).diukur == 1


def test_another_year_is_another_answer(session: Session, cast: Cast) -> None:
    compute(session, cast.sari)
    session.execute(update(StoredScore).values(tahun=TODAY.year - 1))

    assert advice(session, everywhere(cast)).diukur == 0


def test_one_query_answers_for_any_number_of_people(session: Session, cast: Cast) -> None:
    compute(session, *cast.everybody.values())

    with statements(session.get_bind()) as seen:  # type: ignore[arg-type]
        advice(session, everywhere(cast))
        plan_sums(session, everywhere(cast), TODAY.year, TODAY)

    assert len(seen) == 2


def test_the_plans_of_a_unit_add_up(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar", "teknis:20")
    plan(session, cast.budi, "seminar")
    document = builders.document(session, cast.sari, DocumentState.DIPERIKSA, verifier=cast.vera)
    verification.approve(session, cast.vera, document)

    assert plan_sums(session, leads(cast), TODAY.year, TODAY) == [
        PlanSum(Indikator.SEMINAR, orang=2, selesai=1, terbuka=1, poin=Decimal(10)),
        PlanSum(Indikator.TEKNIS, orang=1, selesai=0, terbuka=1, poin=Decimal(9)),
    ]


def test_plans_outside_the_scope_are_not_summed(session: Session, cast: Cast) -> None:
    plan(session, cast.tono, "seminar")

    assert plan_sums(session, leads(cast), TODAY.year, TODAY) == []


def test_plans_of_the_retired_are_not_summed(session: Session, cast: Cast) -> None:
    plan(session, cast.sari, "seminar")
    change(session, cast.sari, pensiun_sejak=TODAY - dt.timedelta(days=1))

    assert plan_sums(session, everywhere(cast), TODAY.year, TODAY) == []
