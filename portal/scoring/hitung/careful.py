"""One line of `hitung` read with care and answered: the reference for every quicker way.

Only this reader words what is wrong with a line, and only this writer knows the form of an answer.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from portal.scoring.engine.fields import shown
from portal.scoring.engine.inputs import FieldError, InputErrors, Person, parse_person
from portal.scoring.engine.result import NotMeasured, Row, Score
from portal.scoring.engine.ruleset import RuleSet
from portal.scoring.engine.score import format_points, score
from portal.vocabulary import Dimensi

_FAULTS_SHOWN = 20
"""Per line; that there are more is said."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one run computes, whoever the people are."""

    rules: RuleSet
    year: int
    provisional: bool = False
    """The SKP of the year before stands in for one that is not there yet."""
    brief: bool = False
    """Answers without `rincian`."""

    def score(self, person: Person) -> Score | NotMeasured:
        """Measure one person."""
        return score(person, self.rules, self.year, provisional=self.provisional)

    def answer(self, nip: str, result: Score | NotMeasured) -> dict[str, object]:
        """What is told about one person (rules.md §4), in the agreed order of keys."""
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
            answer["rincian"] = [reasons(row) for row in result.rincian]
        return answer


def reasons(row: Row) -> dict[str, object]:
    """One row of `rincian`."""
    return {
        "dimensi": row.dimensi.value,
        "indikator": row.indikator.value,
        "poin": format_points(row.poin),
        "maks": format_points(row.maks),
        "alasan": row.penjelasan,
        "bukti": row.bukti,
    }


def to_json(value: object) -> bytes:
    """A value as it stands in the output."""
    return _ENCODER.encode(value).encode()


def read_person(raw: bytes) -> Person:
    """One line of the input as a person; raises InputErrors."""
    try:
        found = _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        raise unreadable(f"bukan UTF-8 yang benar pada bita ke-{error.start + 1}") from None
    except _Refused as error:
        raise InputErrors([error.fault]) from None
    except json.JSONDecodeError as error:
        raise unreadable(f"bukan JSON yang benar pada huruf ke-{error.pos + 1}") from None
    except RecursionError:
        raise unreadable("bersarang terlalu dalam") from None
    except (ValueError, ArithmeticError):
        raise unreadable("memuat angka yang terlalu panjang") from None
    return parse_person(found)


def unreadable(message: str) -> InputErrors:
    """A fault of the line as a whole."""
    return InputErrors([FieldError("", message)])


def sentences(errors: list[FieldError]) -> list[str]:
    """The faults of one line, as they are told behind its number."""
    told = [
        f"{error.field}: {error.message}" if error.field else error.message
        for error in errors[:_FAULTS_SHOWN]
    ]
    return told if len(errors) <= _FAULTS_SHOWN else [*told, "masih ada kesalahan lain"]


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


_ENCODER = json.JSONEncoder(ensure_ascii=False)
_DECODER = json.JSONDecoder(
    parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object
)
