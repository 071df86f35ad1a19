"""The cards of /dokumen/baru, and which of SIASN's 25 kinds belongs to which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from portal.scoring.engine import rules
from portal.vocabulary import DocumentKind, FileRole, JenisDiklat

J = JenisDiklat


@dataclass(frozen=True)
class Card:
    """One choice: how it is called, what it holds, and the indicator that it feeds."""

    code: str
    title: str
    icon: str
    kind: DocumentKind
    jenis: tuple[JenisDiklat, ...] = ()
    meta: str = ""
    """Said where there is nothing to say about the score."""

    @property
    def only_jenis(self) -> JenisDiklat | None:
        """The kind that needs no further choice."""
        return self.jenis[0] if len(self.jenis) == 1 else None


CARDS = (
    Card(
        "seminar",
        "Seminar, webinar, workshop",
        "screen",
        DocumentKind.SEMINAR,
        (J.SEMINAR, J.WORKSHOP, J.SOSIALISASI),
    ),
    Card(
        "teknis",
        "Diklat teknis, bimtek",
        "lines",
        DocumentKind.TEKNIS,
        (
            J.TEKNIS,
            J.BIMTEK,
            J.PENATARAN,
            J.E_LEARNING,
            J.JARAK_JAUH,
            J.MANAJERIAL,
            J.SOSIAL_KULTURAL,
            J.KLASIKAL_LAIN,
        ),
    ),
    Card("fungsional", "Diklat fungsional", "medal", DocumentKind.FUNGSIONAL, (J.FUNGSIONAL,)),
    Card("kepemimpinan", "Diklat kepemimpinan", "flag", DocumentKind.KEPEMIMPINAN, (J.STRUKTURAL,)),
    Card(
        "lain",
        "Magang, coaching, mentoring",
        "people",
        DocumentKind.SEMINAR,
        (
            J.MAGANG,
            J.KURSUS,
            J.COACHING,
            J.MENTORING,
            J.BIMBINGAN_KERJA,
            J.BELAJAR_MANDIRI,
            J.KOMUNITAS_BELAJAR,
            J.BENCHMARKING,
            J.DETASERING,
            J.PERTUKARAN,
            J.ALAM_TERBUKA,
            J.NONKLASIKAL_LAIN,
        ),
        "Dan bentuk lain",
    ),
    Card("ijazah", "Ijazah", "cap", DocumentKind.IJAZAH),
)
ICONS = {card.kind: card.icon for card in reversed(CARDS)}
"""Icon of a kind in lists."""

REQUIRED_FILES: dict[DocumentKind, tuple[FileRole, ...]] = dict.fromkeys(
    DocumentKind, (FileRole.SERTIFIKAT,)
) | {DocumentKind.IJAZAH: (FileRole.IJAZAH, FileRole.TRANSKRIP)}
FILES = REQUIRED_FILES | {
    DocumentKind.IJAZAH: (
        FileRole.IJAZAH,
        FileRole.TRANSKRIP,
        FileRole.IZIN_BELAJAR,
        FileRole.PENYETARAAN,
    )
}
"""What can be attached, in the order of the form (rules.md §8: papers a verifier asks for)."""


def card(code: str | None) -> Card | None:
    """The card of an address; None for a word that is none."""
    return next((card for card in CARDS if card.code == code), None)


@cache
def _indicators() -> dict[JenisDiklat, DocumentKind]:
    # Every rule set files the kinds alike; the newest speaks for all.
    newest = max(map(rules.load, rules.available()), key=lambda found: found.tahun_mulai)
    return {
        jenis: DocumentKind(indicator.value)
        for indicator, rule in newest.kompetensi.indikator.items()
        for jenis in rule.jenis
    }


def kind_of(jenis: JenisDiklat) -> DocumentKind:
    """The indicator that a SIASN kind feeds, as a kind of document (rules.md §1.2)."""
    return _indicators()[jenis]


def choices() -> dict[str | None, list[tuple[str, str]]]:
    """Groups of a select with every kind whose form has the fields of a course."""
    return {
        card.title if not card.meta else f"{card.title} dan lainnya": [
            (jenis.value, jenis.label) for jenis in card.jenis
        ]
        for card in CARDS
        if card.jenis and card.kind is not DocumentKind.KEPEMIMPINAN
    }


def card_of(kind: DocumentKind, jenis: JenisDiklat | None) -> Card:
    """The card to which an item belongs."""
    holding = (card for card in CARDS if jenis in card.jenis)
    return next(holding, next(card for card in CARDS if card.kind is kind))
