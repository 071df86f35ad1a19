"""Fixtures of the tests of accounts."""

from __future__ import annotations

import pytest

from portal.agency.models import Instansi, Opd
from portal.db import Database, new_id
from portal.people.models import Pegawai
from portal.vocabulary import JenisPegawai, KelompokJabatan
from tests.support.cast import Cast


@pytest.fixture
def foreigner(database: Database, cast: Cast) -> Pegawai:
    """Somebody of another agency in the same portal."""
    with database.transaction() as session:
        instansi = Instansi(nama="Pemerintah Kota Lain", zona_waktu="Asia/Makassar")
        session.add(instansi)
        session.flush()
        own_id = new_id()
        opd = Opd(
            id=own_id,
            instansi_id=instansi.id,
            nama="Dinas Lain",
            jalur=Opd.path_below(None, own_id),
        )
        session.add(opd)
        session.flush()
        pegawai = Pegawai(
            instansi_id=instansi.id,
            opd_id=opd.id,
            nip="199912312020121999",
            nama="Orang Lain Wulandari",
            jenis_pegawai=JenisPegawai.PNS,
            kelompok_jabatan=KelompokJabatan.PELAKSANA,
            jabatan="Pelaksana",
        )
        session.add(pegawai)
        session.flush()
    return pegawai
