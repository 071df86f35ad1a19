"""`hitung` without its command line: JSON Lines in, JSON Lines out, one person at a time.

Order is kept and memory does not grow with the number of lines. No clock, no database, no web.
"""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO, TextIO

from portal.scoring.engine.fields import shown
from portal.scoring.engine.inputs import FieldError, InputErrors, Person, parse_person
from portal.scoring.engine.recap import Recap, Sums
from portal.scoring.engine.result import NotMeasured, Score
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import format_points, score
from portal.vocabulary import Dimensi

LONGEST_LINE = 16 * 1024 * 1024
"""In bytes. A longer line is refused unread, so that one line cannot exhaust the memory."""

_FAULTS_SHOWN = 20
"""Per line; that there are more is said."""


@dataclass(slots=True)
class Batch:
    """One run over many people, and what it has counted so far."""

    rules: RuleSet
    year: int
    provisional: bool = False
    brief: bool = False
    bad_lines: int = 0
    recap: Recap = field(default_factory=Recap)

    def run(self, source: BinaryIO, output: BinaryIO, faults: TextIO) -> None:
        """Compute every line of `source`; a bad line is told in `faults` and leaves no output."""
        for number, raw in _lines(source):
            try:
                person = read_person(raw)
            except InputErrors as error:
                self.bad_lines += 1
                _report(number, error.errors, faults)
                continue
            result = score(person, self.rules, self.year, provisional=self.provisional)
            self.recap.add(person.jenis_pegawai, result)
            answer = self._answer(person.nip, result)
            output.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        output.flush()
        faults.flush()

    def _answer(self, nip: str, result: Score | NotMeasured) -> dict[str, object]:
        if isinstance(result, NotMeasured):
            return {"nip": nip, "diukur": False, "alasan": result.alasan}
        answer: dict[str, object] = {
            "nip": nip,
            "diukur": True,
            "aturan": self.rules.id,
            "tahun": self.year,
            **{name.value: format_points(result.dimensi(name)) for name in Dimensi},
            "total": format_points(result.total),
            "kategori": result.kategori.value,
        }
        if result.sementara:
            answer["sementara"] = True
        if not self.brief:
            answer["rincian"] = [
                {
                    "dimensi": row.dimensi.value,
                    "indikator": row.indikator.value,
                    "poin": format_points(row.poin),
                    "maks": format_points(row.maks),
                    "alasan": row.penjelasan,
                    "bukti": row.bukti,
                }
                for row in result.rincian
            ]
        return answer


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that are not blank; None stands for one that is too long."""
    number = 0
    while raw := source.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if len(raw) > LONGEST_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = source.readline(LONGEST_LINE)
            yield number, None
        elif not raw.isspace() and raw:
            yield number, raw


def read_person(raw: bytes | None) -> Person:
    """One line of the input as a person; raises InputErrors."""
    if raw is None:
        raise _unreadable(f"baris lebih dari {LONGEST_LINE} bita")
    try:
        found = _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        raise _unreadable(f"bukan UTF-8 yang benar pada bita ke-{error.start + 1}") from None
    except _Refused as error:
        raise InputErrors([error.fault]) from None
    except json.JSONDecodeError as error:
        raise _unreadable(f"bukan JSON yang benar pada huruf ke-{error.pos + 1}") from None
    except RecursionError:
        raise _unreadable("bersarang terlalu dalam") from None
    except (ValueError, ArithmeticError):
        raise _unreadable("memuat angka yang terlalu panjang") from None
    return parse_person(found)


def _unreadable(message: str) -> InputErrors:
    return InputErrors([FieldError("", message)])


class _Refused(ValueError):
    """JSON that Python would accept and that means nothing."""

    def __init__(self, field_name: str, message: str) -> None:
        self.fault = FieldError(field_name, message)
        super().__init__(message)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        count = Counter(key for key, _ in pairs)
        twice = next(key for key, times in count.items() if times > 1)
        raise _Refused(twice if twice.isidentifier() else shown(twice), "kunci tertulis dua kali")
    return found


def _constant(name: str) -> object:
    raise _Refused("", f"{name} bukan angka JSON")


_DECODER = json.JSONDecoder(
    parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object
)


def _report(number: int, errors: list[FieldError], faults: TextIO) -> None:
    for error in errors[:_FAULTS_SHOWN]:
        where = f"{error.field}: " if error.field else ""
        faults.write(f"baris {number}: {where}{error.message}\n")
    if len(errors) > _FAULTS_SHOWN:
        faults.write(f"baris {number}: masih ada kesalahan lain\n")


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
