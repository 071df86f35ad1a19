"""Everything that is stored about a score, for whoever must be answered alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple

from portal.scoring import compute, rows
from portal.scoring.alike.asking import Asking
from portal.scoring.alike.kompetensi import Kompetensi
from portal.scoring.alike.single_rows import Disiplin, Kinerja, Kualifikasi
from portal.scoring.compute import Fact, Measuring
from portal.scoring.facts import facts_in
from portal.scoring.memo import Kept, Memo
from portal.scoring.pieces import OUTCOME, POINTS, SCORES, Piece, Pieces, json_text
from portal.scoring.records import Own
from portal.vocabulary import JenisPegawai, KelompokJabatan, Tingkat


class Post(NamedTuple):
    """What is asked of a person beside the records, as plain text."""

    jenis_pegawai: str
    kelompok_jabatan: str
    syarat_pendidikan: str | None
    jabatan: str | None
    kedudukan_hukum: str | None

    @property
    def typed(self) -> SimpleNamespace:
        """The same as the engine knows it; it never looks at the NIP."""
        required = self.syarat_pendidikan
        return SimpleNamespace(
            nip="",
            jenis_pegawai=JenisPegawai(self.jenis_pegawai),
            kelompok_jabatan=KelompokJabatan(self.kelompok_jabatan),
            syarat_pendidikan=None if required is None else Tingkat(required),
            jabatan=self.jabatan,
            kedudukan_hukum=self.kedudukan_hukum,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What people with equal rows have in common."""

    points: tuple[int | None, ...]
    """Total and dimensions as they are stored."""
    piece: Piece


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine says about one person and year, as it is stored."""

    outcome: Outcome
    rincian: str
    tidak_dinilai: str


class Alike:
    """Answers for one rule set and year, on one day."""

    def __init__(self, how: Measuring, today: dt.date, pieces: Pieces) -> None:
        self._how, self._today, self._pieces = how, today, pieces
        asking = Asking(how.rules, compute.moment(how, today))
        self._kualifikasi, self._kinerja = Kualifikasi(asking), Kinerja(asking)
        self._disiplin = Disiplin(asking)
        self._kompetensi = Memo(partial(Kompetensi, asking))
        self._names_of_posts = bool(how.rules.saklar.jf_tanpa_diklat)
        self._unmeasured = Memo(self._not_measured)
        self._outcomes: Kept[Outcome] = Kept()

    def answer(
        self, post: Post, own: Own, target: Decimal | None, waiting: Sequence[Fact]
    ) -> Answer:
        """The stored row of somebody; `waiting` are the facts of items that wait."""
        if waiting:
            row = self._row(post, own, target, waiting)
            return Answer(self._outcome(row), json_text(row.rincian), json_text(row.tidak_dinilai))
        unmeasured = self._unmeasured[post.jenis_pegawai, post.kedudukan_hukum]
        if unmeasured:
            return Answer(unmeasured, "[]", "[]")
        required = post.syarat_pendidikan
        education, first = self._kualifikasi.cell(required, own.pendidikan)
        development, rows_, unused = self._kompetensi[(post.kelompok_jabatan,)].rows(
            post.jabatan if self._names_of_posts else None, own.pengembangan
        )
        performance, last = self._kinerja.cell(own.kinerja)
        discipline, end = self._disiplin.cell(own.hukdis)
        key = (post.kelompok_jabatan, required, target, education, *development)
        key += (performance, discipline)
        outcome = self._outcomes.get(key)
        if outcome is None:
            outcome = self._outcome(self._row(post, own, target, ()))
            self._outcomes.keep(key, outcome)
        return Answer(outcome, f"[{','.join([first, *rows_, last, end])}]", unused)

    def _row(
        self, post: Post, own: Own, target: Decimal | None, waiting: Sequence[Fact]
    ) -> SimpleNamespace:
        row = SimpleNamespace()
        how = replace(self._how, target=target)
        rows.answer(row, facts_in(own, post.typed), how, self._today, waiting)
        return row

    def _outcome(self, row: Any) -> Outcome:
        piece = self._pieces.of(SCORES, OUTCOME, vars(row))
        return Outcome(piece.values[: len(POINTS)], piece)

    def _not_measured(self, jenis_pegawai: str, kedudukan_hukum: str | None) -> Outcome | None:
        post = Post(jenis_pegawai, KelompokJabatan.PELAKSANA, None, None, kedudukan_hukum)
        row = self._row(post, Own((), (), (), ()), None, ())
        return None if row.diukur else self._outcome(row)
