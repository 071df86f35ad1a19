"""What messages are about, and how each kind may be had by e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cara(StrEnum):
    """How messages of a kind come by e-mail."""

    SEGERA = "segera"
    HARIAN = "harian"
    TIDAK = "tidak"

    @property
    def label(self) -> str:
        return _WORDS[self]


_WORDS = {
    Cara.SEGERA: "Segera",
    Cara.HARIAN: "Sekali sehari, pagi",
    Cara.TIDAK: "Jangan kirim surel",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its code in the tables, words for people, and how it comes unless chosen
    otherwise."""

    code: str
    label: str
    about: str
    usual: Cara
    ways: tuple[Cara, ...] = tuple(Cara)

    @property
    def at_once(self) -> bool:
        """Whether anybody can have it at once."""
        return Cara.SEGERA in self.ways


DOKUMEN = Kind("dokumen", "Dokumen Anda", "Keputusan dan perubahan dokumen.", Cara.SEGERA)
TANYA = Kind("tanya", "Tanya BKD", "Pertanyaan dan jawaban.", Cara.SEGERA)
PENGINGAT = Kind(
    "pengingat",
    "Pengingat nilai",
    "Nilai yang akan turun bila tidak ada perubahan.",
    Cara.HARIAN,
    (Cara.HARIAN, Cara.TIDAK),
)
TUGAS = Kind(
    "tugas", "Tugas pemeriksaan", "Untuk pemeriksa: pengambilalihan dan usulan.", Cara.HARIAN
)
KINDS = {kind.code: kind for kind in (DOKUMEN, TANYA, PENGINGAT, TUGAS)}


def kind_of(code: str) -> Kind:
    """The kind of a message; what is not known (any more) counts as being about a document."""
    return KINDS.get(code, DOKUMEN)
