"""What a failing statement says ends in the log, where nobody's data belong."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from portal.db import Database
from portal.people.models import Pegawai
from tests.support.cast import Cast


def test_a_failing_statement_tells_no_values(database: Database, cast: Cast) -> None:
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.add(
            Pegawai(
                instansi_id=cast.sari.instansi_id,
                opd_id=None,
                nip="198704122010012099",
                nama="Nama Rahasia",
                jenis_pegawai="PNS",
                kelompok_jabatan="pelaksana",
                jabatan="Analis",
            )
        )
    # PostgreSQL itself repeats the row in its detail; what SQLAlchemy adds must not.
    assert "[parameters:" not in str(caught.value)
