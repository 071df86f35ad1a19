"""A block of lines to the block of their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from typing import TypeAlias

from msgspec import UnsetType
from msgspec.json import Encoder

from portal.scoring.engine.inputs import JENIS_PEGAWAI, JENIS_PEGAWAI_BAWAAN, InputErrors
from portal.scoring.engine.recap import Points, points
from portal.scoring.hitung import input_blocks
from portal.scoring.hitung.careful import Task, read_person, sentences, to_json, unreadable
from portal.scoring.hitung.fast.disiplin import DisiplinOfMany
from portal.scoring.hitung.fast.kinerja import KinerjaOfMany, Refused
from portal.scoring.hitung.fast.kompetensi import KompetensiOfMany
from portal.scoring.hitung.fast.kualifikasi import KualifikasiOfMany
from portal.scoring.hitung.fast.lines import DECODER, Line
from portal.scoring.hitung.fast.reference import NOBODY, Facts, Reference
from portal.scoring.memo import Memo
from portal.vocabulary import JenisPegawai

_OPENING = b'{"nip": "'
_ROWS = b'"rincian": ['
_UNREADABLE = (ValueError, RecursionError)
"""msgspec says that a line is not what its types ask for; its own errors are ValueErrors too."""
_MOST_ENDINGS = 200_000
_FIRST = itemgetter(0)
_decode = DECODER.decode
_encode = Encoder().encode

Kind: TypeAlias = tuple[str | UnsetType | None, int, int, int, int]
"""All that an answer hangs on but the NIP: the kind of employee and the points per dimension."""
Ending: TypeAlias = tuple[bytes, bool]
"""An answer from behind the NIP, and whether rows of `rincian` have to follow."""
Read: TypeAlias = tuple[int, bytes, Line | None]
"""A line with its number in the block (from 1); None where only the careful reader will do."""
Tally: TypeAlias = Counter[tuple[JenisPegawai, Points]]


@dataclass(slots=True)
class Outcome:
    """What became of a block."""

    lines: int
    output: bytes | memoryview
    faults: Sequence[tuple[int, str]] = ()
    """Number of the line in the block, counted from 1, and what is wrong with it."""


@dataclass(slots=True)
class _Work:
    """A block in the making."""

    open_end: int
    """Number of the line that has no line end; 0 for none."""
    parts: list[bytes] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


def too_long() -> Outcome:
    """What becomes of a line that is too long to be read."""
    told = sentences(unreadable(f"baris lebih dari {input_blocks.LONGEST_LINE} bita").errors)
    return Outcome(1, b"", [(1, sentence) for sentence in told])


class BlockScorer:
    """Answers blocks of lines for one task, and remembers what it has learned."""

    def __init__(self, task: Task, *, counting: bool = False) -> None:
        reference = Reference(task)
        self._task = task
        self._reference = reference
        self._kualifikasi = KualifikasiOfMany(reference)
        self._kompetensi = KompetensiOfMany(reference)
        self._kinerja = KinerjaOfMany(reference)
        self._disiplin = DisiplinOfMany(reference)
        self._endings = Memo(self._ending, _MOST_ENDINGS)
        self._counting = counting
        self._kinds: Counter[Kind] = Counter()
        self._others: Tally = Counter()

    def compute(self, block: bytes) -> Outcome:
        """Answer each line; a bad one leaves no answer and is told, a blank one leaves nothing."""
        lines = block.split(b"\n")
        open_end = bool(lines[-1])
        if not open_end:
            lines.pop()
        work = _Work(len(lines) if open_end else 0)
        rows = list(zip(range(1, len(lines) + 1), lines, _read(lines, block), strict=True))
        for good, group in groupby(rows, key=_is_good):
            if good:
                self._quickly(list(group), work)
            else:
                self._carefully(list(group), work)
        return Outcome(len(lines), b"".join(work.parts), work.faults)

    def forget_counts(self) -> None:
        """Count from here on."""
        self._kinds.clear()
        self._others.clear()

    def tally(self) -> Tally:
        """How many people of each kind had the same points so far; nothing unless `counting`."""
        tally = self._others.copy()
        for kind, times in self._kinds.items():
            facts = self._facts(*kind)
            tally[facts["jenis_pegawai"], points(self._reference.result(facts))] += times
        return tally

    def _quickly(self, rows: list[Read], work: _Work) -> None:
        """Answer lines that msgspec took; the one that has a fault yet is found by halving."""
        try:
            work.parts.append(self._answers([row[2] for row in rows if row[2] is not None]))
        except Refused:
            if len(rows) == 1:
                self._carefully(rows, work)
                return
            middle = len(rows) // 2
            self._quickly(rows[:middle], work)
            self._quickly(rows[middle:], work)

    def _carefully(self, rows: list[Read], work: _Work) -> None:
        for number, line, _ in rows:
            if not line or line.isspace():
                continue
            try:
                # The end of the line belongs to it: faults count its letters.
                person = read_person(line if number == work.open_end else line + b"\n")
            except InputErrors as error:
                work.faults += [(number, told) for told in sentences(error.errors)]
                continue
            result = self._task.score(person)
            if self._counting:
                self._others[person.jenis_pegawai, points(result)] += 1
            work.parts.append(to_json(self._task.answer(person.nip, result)) + b"\n")

    def _answers(self, people: list[Line]) -> bytes:
        """Answers in the order of the people; raises Refused before anything is counted."""
        performance = self._kinerja.column(people)
        education = self._kualifikasi.column(people)
        development = self._kompetensi.column(people)
        discipline = self._disiplin.column(people)
        kinds: list[Kind] = list(
            zip(
                [person.jenis_pegawai for person in people],
                map(_FIRST, education),
                map(_FIRST, development),
                map(_FIRST, performance),
                map(_FIRST, discipline),
                strict=True,
            )
        )
        if self._counting:
            self._kinds.update(kinds)
        endings = map(self._endings.__getitem__, kinds)
        nips = [person.nip.encode() for person in people]
        if self._task.brief:
            joined = b"".join(chain.from_iterable(zip(nips, map(_FIRST, endings), strict=True)))
            return _OPENING + joined.removesuffix(_OPENING)
        parts: list[bytes] = []
        rows = zip(education, development, performance, discipline, strict=True)
        for nip, (ending, has_rows), (own, more, other, last) in zip(
            nips, endings, rows, strict=True
        ):
            parts += (_OPENING, nip, ending)
            if has_rows:
                parts += (own[1], more[1], other[1], last[1])
        return b"".join(parts)

    def _facts(
        self, jenis: str | UnsetType | None, own: int, more: int, other: int, last: int
    ) -> Facts:
        """Somebody of this kind."""
        return {
            "jenis_pegawai": JENIS_PEGAWAI[jenis] if jenis else JENIS_PEGAWAI_BAWAAN,
            **self._kualifikasi.kinds.facts[own],
            **self._kompetensi.kinds.facts[more],
            **self._kinerja.kinds.facts[other],
            **self._disiplin.kinds.facts[last],
        }

    def _ending(
        self, jenis: str | UnsetType | None, own: int, more: int, other: int, last: int
    ) -> Ending:
        result = self._reference.result(self._facts(jenis, own, more, other, last))
        answer = to_json(self._task.answer(NOBODY, result))
        text = answer.removeprefix(_OPENING + NOBODY.encode()) + b"\n"
        if self._task.brief:
            return text + _OPENING, False
        head, rows, _ = text.partition(_ROWS)
        return head + rows, bool(rows)


def _is_good(row: Read) -> bool:
    return row[2] is not None


def _read(lines: list[bytes], block: bytes) -> list[Line | None]:
    """The lines as msgspec reads them; None for one that it, or a look at its keys, refuses."""
    found: list[Line | None]
    try:
        found = list(map(_decode, lines))
    except _UNREADABLE:
        found = list(map(_try, lines))
    good = [person for person in found if person is not None]
    keys = block.count(b":")
    if len(good) < len(found):
        keys -= sum(
            line.count(b":") for line, person in zip(lines, found, strict=True) if person is None
        )
    if _is_complete(good, keys):
        return found
    return [
        person if person is not None and _is_complete([person], line.count(b":")) else None
        for line, person in zip(lines, found, strict=True)
    ]


def _try(line: bytes) -> Line | None:
    try:
        return _decode(line)
    except _UNREADABLE:
        return None


def _is_complete(people: Sequence[Line], keys: int) -> bool:
    """Whether these lines hold so many keys, none of them twice, and numbers are made of digits.

    No value that the types let through has a colon, so colons count the keys; of a key that is
    written twice msgspec keeps one.
    """
    digits = "".join([person.nip for person in people])
    return digits.isascii() and digits.isdigit() and _encode(people).count(b":") == keys
