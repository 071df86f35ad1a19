"""What a thread is about: an item, or one row of the score in one year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from portal.questions.models import Question, Topic
from portal.vocabulary import Dimensi, DocumentKind, Indikator

_TOPIC_OF_KIND: dict[DocumentKind, Topic] = {
    DocumentKind.IJAZAH: Topic.PENDIDIKAN,
    DocumentKind.KEPEMIMPINAN: Topic.KEPEMIMPINAN,
    DocumentKind.FUNGSIONAL: Topic.FUNGSIONAL,
    DocumentKind.TEKNIS: Topic.TEKNIS,
    DocumentKind.SEMINAR: Topic.SEMINAR,
}
_DIMENSION_OF = {
    Indikator.PENDIDIKAN: Dimensi.KUALIFIKASI,
    Indikator.KINERJA: Dimensi.KINERJA,
    Indikator.DISIPLIN: Dimensi.DISIPLIN,
}
"""The other indicators belong to kompetensi."""


@dataclass(frozen=True)
class ScoreRow:
    """One row of the score of one measuring year."""

    tahun: int
    indikator: Indikator

    @property
    def code(self) -> str:
        """As it is stored and stands in addresses: "kompetensi:teknis"."""
        return _code(self.indikator)

    @staticmethod
    def code_of(indikator: Indikator) -> str:
        """The code of a row of any year."""
        return _code(indikator)

    @property
    def title(self) -> str:
        return f"Skor {self.tahun}: {self.indikator.label}"

    @classmethod
    def parse(cls, code: str, tahun: int | None) -> Self | None:
        """Read what an address says; None for nonsense."""
        word = code.partition(":")[2]
        if tahun is None or word not in list(Indikator) or _code(Indikator(word)) != code:
            return None
        return cls(tahun, Indikator(word))


def _code(indikator: Indikator) -> str:
    return f"{_DIMENSION_OF.get(indikator, Dimensi.KOMPETENSI).value}:{indikator.value}"


WITHOUT_KIND = (_code(Indikator.KINERJA), _code(Indikator.DISIPLIN))
"""Rows that no kind of document feeds."""


def rows_fed_by(kinds: Iterable[DocumentKind]) -> list[str]:
    """Codes of the rows that items of these kinds feed."""
    return [_code(Indikator(_TOPIC_OF_KIND[kind].value)) for kind in kinds]


def topic_of_kind(kind: DocumentKind) -> Topic:
    return _TOPIC_OF_KIND[kind]


def topic_of(question: Question) -> Topic:
    """The topic under which answers to a thread are found."""
    if question.document is not None:
        return _TOPIC_OF_KIND[question.document.kind]
    row = ScoreRow.parse(question.baris_skor, question.tahun)
    return Topic(row.indikator.value) if row else Topic.UMUM


def title_of(question: Question) -> str:
    """What people call the thing that is asked about."""
    if question.document is not None:
        return question.document.title
    row = ScoreRow.parse(question.baris_skor, question.tahun)
    return row.title if row else "Pertanyaan"
