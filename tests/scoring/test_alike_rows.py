"""Rows put together for people who are alike, held against those that an approval writes."""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from portal.db import Points, now
from portal.scoring import records, rows
from portal.scoring.alike.forms import Form, mark
from portal.scoring.alike.ledger import Alike, Answer, Post
from portal.scoring.compute import Fact, Measuring
from portal.scoring.engine.inputs import Person, parse_person
from portal.scoring.facts import facts_in
from portal.scoring.pieces import OUTCOME, POST, SCORES, STAMP, Pieces
from portal.scoring.records import Own
from tests.scoring import alike
from tests.scoring.engine import crowd

PEOPLE = 30
"""For each way to measure and each day."""
NAMES = ("", "", "Bimtek", "Guru Ahli", 'Diklat "A" \\ 50 % {0} %s', "بيانات 😀\t\u2028\x01")
DATABASE = Pieces(PGDialect_psycopg())  # type: ignore[no-untyped-call]


def days(year: int) -> list[dt.date]:
    """On which a year is measured: its first and last, its middle, and long after."""
    return [
        dt.date(year, 1, 1),
        dt.date(year, 1, 2),
        dt.date(year, 6, 15),
        dt.date(year, 12, 31),
        dt.date(year + 2, 3, 1),
    ]


def own_records(seeded: random.Random, person: Person) -> Own:
    """The facts of a person as the tables hold them, with names and documents."""
    known = [str(uuid.UUID(int=seeded.getrandbits(128))) for _ in range(50)]

    def first(documented: bool = True) -> tuple[Any, ...]:
        document = known.pop() if documented and seeded.random() < 0.3 else None
        return None, known.pop(), document

    def name() -> str:
        return seeded.choice(NAMES)

    return Own(
        [
            (*first(), fact.tingkat.value, fact.tanggal_lulus, fact.tahun_lulus, name())
            for fact in person.pendidikan
        ],
        [
            (
                *first(),
                fact.jenis.value,
                fact.jp,
                fact.tanggal_selesai,
                fact.latihan_struktural and fact.latihan_struktural.value,
                name(),
                "",
            )
            for fact in person.pengembangan
        ],
        [
            (
                *first(documented=False),
                fact.tahun,
                Points().process_bind_param(fact.nilai, None),
                fact.predikat and fact.predikat.value,
                fact.dinilai,
            )
            for fact in person.kinerja
        ],
        [
            (*first(documented=False), fact.tingkat.value, fact.tmt, fact.akhir)
            for fact in person.hukdis
        ],
    )


def post_of(seeded: random.Random, person: Person) -> Post:
    return Post(
        person.jenis_pegawai.value,
        person.kelompok_jabatan.value,
        person.syarat_pendidikan and person.syarat_pendidikan.value,
        seeded.choice(NAMES),
        seeded.choice(["01", "01", "01", "03", "02", "??"]),
    )


def one_by_one(
    post: Post, own: Own, how: Measuring, today: dt.date, waiting: list[Fact]
) -> dict[str, Any]:
    row = SimpleNamespace()
    rows.write(row, facts_in(own, post.typed), how, today, waiting, now())
    return vars(row)


def stored(row: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(OUTCOME, DATABASE.of(SCORES, OUTCOME, row).values, strict=True)) | {
        "rincian": row["rincian"],
        "tidak_dinilai": row["tidak_dinilai"],
    }


def put_together(answer: Answer) -> dict[str, Any]:
    return dict(zip(OUTCOME, answer.outcome.piece.values, strict=True)) | {
        "rincian": json.loads(answer.rincian),
        "tidak_dinilai": json.loads(answer.tidak_dinilai),
    }


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("rule_set", alike.YEARS)
def test_a_row_is_put_together_as_an_approval_writes_it(rule_set: str, place: int) -> None:
    seeded = random.Random(f"{rule_set} {place}")
    for task in alike.tasks(rule_set)[::2]:
        today = days(task.year)[place]
        how = Measuring(task.year, task.rules, seeded.choice([None, Decimal(81)]))
        quick = Alike(how, today, DATABASE)
        for _ in range(PEOPLE):
            person = parse_person(crowd.person(seeded, task.year))
            post, own = post_of(seeded, person), own_records(seeded, person)
            waiting: list[Fact] = []
            if seeded.random() < 0.1:
                waiting = [*person.pengembangan[:2], *person.pendidikan[:1]]

            answer = quick.answer(post, own, how.target, waiting)

            expected = stored(one_by_one(post, own, how, today, waiting))
            assert put_together(answer) == expected, (task, today, post, own)


def test_of_several_seminars_that_are_alike_the_last_stands_in_the_row() -> None:
    """In any order, on any days of one year, with the others told as spare."""
    seeded = random.Random(4)
    task = alike.tasks("bkn-2023")[0]
    today = dt.date(task.year, 12, 31)
    how = Measuring(task.year, task.rules, None)
    quick = Alike(how, today, DATABASE)
    post = Post("PNS", "pelaksana", None, None, "01")
    for _ in range(300):
        ends = [
            dt.date(task.year - seeded.randint(0, 2), 1, 1)
            + dt.timedelta(days=seeded.choice([0, 0, 1, 2, 200, 364]))
            for _ in range(seeded.randint(2, 5))
        ]
        courses = [
            (None, str(uuid.uuid4()), None, seeded.choice("97"), 4, end, None, f"Acara {n}", "")
            for n, end in enumerate(ends)
        ]
        own = Own([], courses, [], [])

        answer = quick.answer(post, own, None, ())

        assert put_together(answer) == stored(one_by_one(post, own, how, today, []))


def test_a_target_of_another_agency_leads_to_its_own_step() -> None:
    task = alike.tasks("bkn-2023")[0]
    today = dt.date(task.year, 6, 1)
    quick = Alike(Measuring(task.year, task.rules, None), today, DATABASE)
    post, nothing = Post("PNS", "fungsional", None, None, "01"), Own([], [], [], [])
    for target in (None, Decimal(15), Decimal(25)):
        how = Measuring(task.year, task.rules, target)

        answer = quick.answer(post, nothing, target, ())

        assert put_together(answer) == stored(one_by_one(post, nothing, how, today, []))


def test_whoever_writes_what_looks_like_a_gap_gets_the_text_back() -> None:
    form = Form({"nama": mark(0, 7), "kunci": mark(0, 1), "lain": "%s {0}"})
    key = str(uuid.uuid4())
    for name in ("%s", "%(x)s", "{0}", '"', "\\", "\x00\x1f", "ꙮ" * 200):
        record = (None, key, None, "9", 0, None, None, name, "")
        assert json.loads(form.of([record])) == {"nama": name, "kunci": key, "lain": "%s {0}"}


def test_every_column_of_a_score_is_in_one_piece() -> None:
    pieces = ("pegawai_id", *STAMP, *POST, *OUTCOME, "rincian", "tidak_dinilai")
    assert sorted(pieces) == sorted(column.name for column in SCORES.c)


def test_a_key_is_written_alike_from_both_databases() -> None:
    key = uuid.uuid4()
    assert records.written(key.hex) == records.written(str(key)) == str(key)
