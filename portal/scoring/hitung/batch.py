"""`hitung` without its command line: JSON Lines in, JSON Lines out, on one core or on many.

Order is kept and memory does not grow with the number of lines. No clock, no database, no web.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO, TextIO

from portal.scoring.engine.recap import Recap, Sums
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import format_points
from portal.scoring.hitung.careful import Task
from portal.scoring.hitung.fast.scorer import BlockScorer, Outcome, Tally, too_long
from portal.scoring.hitung.input_blocks import Blocks
from portal.scoring.hitung.pool import Pool
from portal.vocabulary import Dimensi, JenisPegawai

ALONE_UP_TO = 2 * 1024 * 1024
"""Bytes that one process reads before others are worth their start."""


@dataclass(slots=True)
class Batch:
    """One run over many people, and what it has counted so far."""

    rules: RuleSet
    year: int
    provisional: bool = False
    brief: bool = False
    processes: int = 1
    counting: bool = False
    """Whether a recap is wanted."""
    bad_lines: int = 0
    lines: int = 0
    recap: Recap = field(default_factory=Recap)

    def run(self, source: BinaryIO, output: BinaryIO, faults: TextIO) -> None:
        """Compute every line of `source`; a bad line is told in `faults` and leaves no output.

        Raises WorkerLost when a process that helps is gone, and whatever writing raises.
        """

        def tell(outcome: Outcome) -> None:
            self._tell(outcome, output, faults)

        task = Task(self.rules, self.year, self.provisional, self.brief)
        scorer = BlockScorer(task, counting=self.counting)
        tally = Tally()
        blocks = Blocks(source)
        many = self.processes > 1 and _is_pollable(source)
        while not blocks.ended:
            if many and blocks.taken >= ALONE_UP_TO:
                with Pool(scorer, self.processes) as pool:
                    pool.run(blocks, tell)
                    if self.counting:
                        tally += pool.tally()
                break
            for block in blocks.read():
                tell(too_long() if block is None else scorer.compute(block))
        if self.counting:
            self._sum_up(tally + scorer.tally())

    def _tell(self, outcome: Outcome, output: BinaryIO, faults: TextIO) -> None:
        if outcome.output:
            output.write(outcome.output)
            output.flush()
        if outcome.faults:
            faults.writelines(
                f"baris {self.lines + number}: {sentence}\n" for number, sentence in outcome.faults
            )
            faults.flush()
            self.bad_lines += len({number for number, _ in outcome.faults})
        self.lines += outcome.lines

    def _sum_up(self, tally: Tally) -> None:
        for jenis in JenisPegawai:
            for (kind, points), times in tally.items():
                if kind is jenis:
                    self.recap.add_many(jenis, points, times)


def _is_pollable(source: BinaryIO) -> bool:
    """Whether the system knows the stream; others live in the memory of this process."""
    with suppress(AttributeError, OSError):
        return source.fileno() >= 0
    return False


def recap_table(recap: Recap, rules: RuleSet) -> str:
    """The aggregate as a table for a terminal; a group without a measured person has no mean."""
    groups = [*recap.per_jenis.items(), ("semua", recap.semua)]
    head = ["", "pegawai", "diukur", "persen", *(name.value for name in Dimensi), "total"]
    lines = [_columns([*head, "kategori"])]
    lines += [_columns([str(name), *_cells(sums, rules)]) for name, sums in groups]
    return "\n".join(lines) + "\n"


def _cells(sums: Sums, rules: RuleSet) -> list[str]:
    means = [sums.mean(name) for name in Dimensi]
    index = sums.index
    return [
        str(sums.pegawai),
        str(sums.diukur),
        format_points(sums.persen),
        *("-" if mean is None else format_points(mean) for mean in (*means, index)),
        "-" if index is None else rules.kategori_of(index).value,
    ]


def _columns(cells: list[str]) -> str:
    first, *rest, last = cells
    return f"{first:<6}" + "".join(f"{cell:>13}" for cell in rest) + f"  {last}"
