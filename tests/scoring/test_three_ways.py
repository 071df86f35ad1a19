"""The same person through `hitung`, through the tables, and on the page has the same index."""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from dataclasses import asdict
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from portal.accounts.models import Akun
from portal.agency.models import MeasuringYear
from portal.db import Database, now
from portal.people.models import Hukdis, Kinerja, Pegawai, Pendidikan, Pengembangan
from portal.permissions import Actor
from portal.scoring.actions import recompute_many
from portal.scoring.engine.inputs import Person, parse_person
from portal.scoring.hitung.command import hitung
from portal.scoring.models import StoredScore
from portal.vocabulary import Dimensi
from portal.wording import rounded
from tests.scoring.engine import crowd
from tests.support.app import Browser
from tests.support.cast import TODAY, Cast
from tests.support.page import Page

PEOPLE = 25
RULE_SETS = ("bkn-2023", "pbkn8-2019")
DATES = ("tanggal_lulus", "tanggal_selesai", "tmt")
TABLES = {
    "pendidikan": Pendidikan,
    "pengembangan": Pengembangan,
    "kinerja": Kinerja,
    "hukdis": Hukdis,
}
Answer = dict[str, str | None]


def people(seed: str) -> list[dict[str, Any]]:
    """Lines of `hitung`, without what lies ahead: `hitung` measures on 31 December, the portal
    today. A year of graduation counts from its end."""
    random_ = random.Random(seed)
    return [_until_today(crowd.person(random_, TODAY.year)) for _ in range(PEOPLE)]


def _until_today(line: dict[str, Any]) -> dict[str, Any]:
    return {
        key: [fact for fact in value if _is_past(fact)] if isinstance(value, list) else value
        for key, value in line.items()
    }


def _is_past(fact: dict[str, Any]) -> bool:
    days = [fact[name] for name in DATES if fact.get(name)]
    if not days and fact.get("tahun_lulus"):
        days = [f"{fact['tahun_lulus']}-12-31"]
    return all(day <= TODAY.isoformat() for day in days)


def through_hitung(lines: list[dict[str, Any]], aturan: str) -> list[Answer]:
    text = "\n".join(json.dumps(line, default=float) for line in lines)
    arguments = ["--aturan", aturan, "--tahun", str(TODAY.year), "--sementara"]
    result = CliRunner().invoke(hitung, arguments, input=text)
    assert result.exit_code == 0, result.stderr
    return [answer_of(json.loads(answer)) for answer in result.stdout.splitlines()]


def answer_of(found: dict[str, Any]) -> Answer:
    return {name: found.get(name) for name in (*Dimensi, "total", "kategori")}


def through_tables(session: Session, actors: list[Actor]) -> list[Answer]:
    rows = recompute_many(session, [actor.pegawai_id for actor in actors], today=TODAY, cause="Uji")
    return [_stored(rows[actor.pegawai_id]) for actor in actors]


def _stored(row: StoredScore) -> Answer:
    values = {name: getattr(row, name) for name in (*Dimensi, "total")}
    answer: Answer = {
        name: None if value is None else str(rounded(value)) for name, value in values.items()
    }
    return answer | {"kategori": row.kategori.value if row.kategori else None}


def on_the_page(page: Page) -> Answer:
    if "Anda tidak diukur" in page.text:
        return dict.fromkeys((*Dimensi, "total", "kategori"))
    shown = [words.split(" dari ")[0] for words in page.texts(".dimension-total")]
    (total,) = page.texts(".ring b")
    (kategori,) = page.texts(".ring .pill")
    numbers = [number.replace(",", ".") for number in (*shown, total)]
    return dict(zip((*Dimensi, "total"), numbers, strict=True)) | {"kategori": kategori}


def settle(session: Session, cast: Cast, line: dict[str, Any]) -> Actor:
    """The person of a line as the tables hold one, with an account."""
    facts = parse_person(line)
    person = Pegawai(
        id=uuid.uuid4(),
        instansi_id=cast.units.instansi_id,
        opd_id=cast.units.smpn.id,
        nip=facts.nip,
        nama=f"Orang {facts.nip}",
        jenis_pegawai=facts.jenis_pegawai,
        kelompok_jabatan=facts.kelompok_jabatan,
        jabatan="Pelaksana tugas",
        syarat_pendidikan=facts.syarat_pendidikan,
    )
    akun = Akun(id=uuid.uuid4(), pegawai_id=person.id, kata_sandi="-", setuju_privasi=now())
    session.add(person)
    session.flush()
    session.add(akun)
    session.add_all(_records(facts, person.id))
    session.flush()
    return Actor(
        person.id, akun.id, person.instansi_id, person.opd_id, person.nip, nama=person.nama
    )


def _records(facts: Person, pegawai_id: uuid.UUID) -> list[Any]:
    given = asdict(facts)
    return [
        table(
            pegawai_id=pegawai_id,
            urutan=order,
            **{key: value for key, value in fact.items() if key not in {"id", "nama"}},
        )
        for name, table in TABLES.items()
        for order, fact in enumerate(given[name])
    ]


@pytest.mark.parametrize("aturan", RULE_SETS)
def test_a_person_is_the_same_through_hitung_the_tables_and_the_page(
    aturan: str, database: Database, cast: Cast, browser: Browser
) -> None:
    lines = people(f"{aturan} {TODAY.year}")
    with database.transaction() as session:
        way = session.get_one(MeasuringYear, (cast.units.instansi_id, TODAY.year))
        way.aturan = aturan
        actors = [settle(session, cast, line) for line in lines]
        stored = through_tables(session, actors)
    printed = through_hitung(lines, aturan)
    shown = []
    for actor in actors:
        browser.logout()
        browser.enter(actor)
        shown.append(on_the_page(browser.get("home.score")))

    assert printed == stored
    assert shown == stored


@pytest.mark.parametrize("aturan", RULE_SETS)
def test_a_closed_year_is_the_same_through_hitung_and_the_tables(
    aturan: str, database: Database, cast: Cast
) -> None:
    closed = TODAY.year - 1
    lines = [crowd.person(random.Random(f"{aturan} {n}"), closed) for n in range(100)]
    text = "\n".join(json.dumps(line, default=float) for line in lines)
    result = CliRunner().invoke(hitung, ["--aturan", aturan, "--tahun", str(closed)], input=text)
    with database.transaction() as session:
        session.add(MeasuringYear(instansi_id=cast.units.instansi_id, tahun=closed, aturan=aturan))
        actors = [settle(session, cast, line) for line in lines]
        session.add_all(_unmeasured(actor, closed) for actor in actors)
        session.flush()
        recompute_many(session, [actor.pegawai_id for actor in actors], today=TODAY, cause="Uji")
        stored = [
            _stored(session.get_one(StoredScore, (actor.pegawai_id, closed))) for actor in actors
        ]

    assert [answer_of(json.loads(line)) for line in result.stdout.splitlines()] == stored


def _unmeasured(actor: Actor, tahun: int) -> StoredScore:
    return StoredScore(
        pegawai_id=actor.pegawai_id,
        tahun=tahun,
        aturan="-",
        aturan_versi="-",
        per_tanggal=dt.date(tahun, 12, 31),
        diukur=False,
    )
