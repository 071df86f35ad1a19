"""The own copy of data: every feature gives what it keeps about this person, and no one else's."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal import audit
from portal.db import now
from portal.documents.arrivals import Reading
from portal.notifications.kinds import Cara
from portal.notifications.models import MailChoice
from portal.operations.personal_data import SECTIONS
from portal.permissions import Actor
from portal.scoring.actions import recompute
from portal.scoring.models import OfficialScore, PlannedStep
from portal.verification.models import Correction
from portal.verification.readings import ACTION
from portal.vocabulary import DocumentState, Indikator
from tests.support import builders
from tests.support.cast import TODAY, Cast


def something_of_each(session: Session, owner: Actor, verifier: Actor) -> None:
    """One row of this person for every section."""
    item = builders.document(session, owner, DocumentState.DISETUJUI, verifier=verifier)
    session.add_all(
        [
            Reading(file_id=item.files[0].id, text="terbaca"),
            Correction(
                document_id=item.id, revision=1, field="jp", pengusul_id=verifier.pegawai_id
            ),
            PlannedStep(
                pegawai_id=owner.pegawai_id,
                tahun=TODAY.year,
                kunci="seminar",
                indikator=Indikator.SEMINAR,
                uraian="Ikuti satu seminar",
                poin=10,
                urutan=1,
            ),
            OfficialScore(
                pegawai_id=owner.pegawai_id,
                tahun=TODAY.year - 1,
                kualifikasi=20,
                kompetensi=21,
                kinerja=25,
                disiplin=5,
                total=71,
                ditarik=now(),
            ),
            MailChoice(pegawai_id=owner.pegawai_id, jenis="dokumen", cara=Cara.TIDAK),
        ]
    )
    builders.notification(session, owner)
    builders.question(session, owner, item)
    audit.record(session, verifier, ACTION, item.id, lewat="layar")
    recompute(session, owner.pegawai_id, today=TODAY, cause="Awal")
    session.flush()


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_a_section_holds_the_rows_of_this_person_alone(
    session: Session, cast: Cast, section: str
) -> None:
    for owner in (cast.sari, cast.tono):
        something_of_each(session, owner, cast.vera)

    assert len(SECTIONS[section](session, cast.sari)) == 1
    assert SECTIONS[section](session, cast.budi) == []
