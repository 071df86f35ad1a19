"""The life of an item as one pure table: from a state, by an act, to a state.

Nothing else in the portal knows which act is possible when; pages ask `acts_from`, actions ask
`target`. Who may act is a permission and a scope, checked elsewhere.
"""

from __future__ import annotations

from portal.vocabulary import DocumentState, LabelledEnum


class Act(LabelledEnum):
    """What a person does to an item."""

    AJUKAN = "ajukan", "Ajukan"
    AMBIL = "ambil", "Ambil"
    LEPAS = "lepas", "Lepas"
    SETUJUI = "setujui", "Setujui"
    SETUJUI_PERTAMA = "setujui-pertama", "Setujui"
    """First of two approvals."""
    KEMBALIKAN = "kembalikan", "Kembalikan"
    TOLAK = "tolak", "Tolak"
    AJUKAN_ULANG = "ajukan-ulang", "Ajukan ulang"
    BATALKAN = "batalkan", "Batalkan"
    CABUT = "cabut", "Cabut"
    KEBERATAN = "keberatan", "Ajukan keberatan"
    URUNGKAN = "urungkan", "Urungkan"
    """Take a decision back within the seconds of grace."""


S = DocumentState
TABLE: dict[tuple[DocumentState, Act], DocumentState] = {
    (S.DRAF, Act.AJUKAN): S.DIAJUKAN,
    (S.DIAJUKAN, Act.AMBIL): S.DIPERIKSA,
    (S.DIAJUKAN, Act.BATALKAN): S.DIBATALKAN,
    (S.DIPERIKSA, Act.LEPAS): S.DIAJUKAN,
    (S.DIPERIKSA, Act.SETUJUI): S.DISETUJUI,
    (S.DIPERIKSA, Act.SETUJUI_PERTAMA): S.MENUNGGU_KEDUA,
    (S.DIPERIKSA, Act.KEMBALIKAN): S.PERLU_PERBAIKAN,
    (S.DIPERIKSA, Act.TOLAK): S.DITOLAK,
    (S.MENUNGGU_KEDUA, Act.AMBIL): S.DIPERIKSA,
    (S.PERLU_PERBAIKAN, Act.AJUKAN_ULANG): S.DIAJUKAN,
    (S.PERLU_PERBAIKAN, Act.BATALKAN): S.DIBATALKAN,
    (S.DISETUJUI, Act.CABUT): S.DICABUT,
    (S.DITOLAK, Act.KEBERATAN): S.DIAJUKAN,
    (S.DISETUJUI, Act.URUNGKAN): S.DIPERIKSA,
    (S.MENUNGGU_KEDUA, Act.URUNGKAN): S.DIPERIKSA,
    (S.PERLU_PERBAIKAN, Act.URUNGKAN): S.DIPERIKSA,
    (S.DITOLAK, Act.URUNGKAN): S.DIPERIKSA,
    (S.DICABUT, Act.URUNGKAN): S.DISETUJUI,
}


def target(
    state: DocumentState,
    act: Act,
    *,
    second_round: bool = False,
    objected: bool = False,
) -> DocumentState | None:
    """The state that `act` leads to, or None when it is not possible from `state`.

    `second_round`: the item has its first approval; letting go of it then leads back to
    "Menunggu pemeriksa kedua", and a further approval is final. `objected`: the owner has used
    the one objection; a second refusal is final.
    """
    if act is Act.KEBERATAN and objected:
        return None
    if second_round and act is Act.SETUJUI_PERTAMA:
        return None
    if second_round and (state, act) == (S.DIPERIKSA, Act.LEPAS):
        return S.MENUNGGU_KEDUA
    return TABLE.get((state, act))


def acts_from(
    state: DocumentState, *, second_round: bool = False, objected: bool = False
) -> frozenset[Act]:
    """Every act that is possible from `state`, at whatever time. What a decision led to can also be
    undone by its decider, for a few seconds (portal.verification.undo)."""
    return frozenset(
        act
        for act in Act
        if act is not Act.URUNGKAN
        and target(state, act, second_round=second_round, objected=objected) is not None
    )
