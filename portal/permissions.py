"""Who may do what: permissions, the role → permissions table, and the actor of a request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.vocabulary import DocumentKind, Role


class Permission(StrEnum):
    """`thing:act`, alphabetical."""

    ACCOUNTS_ISSUE_CODE = "accounts:issue-code"
    ACCOUNTS_MANAGE = "accounts:manage"
    AUDIT_READ = "audit:read"
    DOCUMENTS_HAND_IN = "documents:hand-in"
    DOCUMENTS_HAND_IN_FOR = "documents:hand-in-for"
    DOCUMENTS_READ_OWN = "documents:read-own"
    FAQ_KEEP = "faq:keep"
    FAQ_MANAGE = "faq:manage"
    IMPORTS_MANAGE = "imports:manage"
    OPERATIONS_READ = "operations:read"
    PEOPLE_MANAGE = "people:manage"
    PROFILE_OWN = "profile:own"
    QUESTIONS_ANSWER = "questions:answer"
    QUESTIONS_ASK = "questions:ask"
    QUESTIONS_READ_OWN = "questions:read-own"
    QUEUE_HEAD = "queue:head"
    QUEUE_READ = "queue:read"
    QUEUES_MANAGE = "queues:manage"
    RULES_MANAGE = "rules:manage"
    RULES_READ = "rules:read"
    SCORE_PLAN_OWN = "score:plan-own"
    SCORE_READ_OWN = "score:read-own"
    VERIFY_DECIDE = "verify:decide"
    VERIFY_REVOKE = "verify:revoke"


P = Permission
_SELF = frozenset(
    {
        P.PROFILE_OWN,
        P.SCORE_READ_OWN,
        P.SCORE_PLAN_OWN,
        P.DOCUMENTS_READ_OWN,
        P.DOCUMENTS_HAND_IN,
        P.QUESTIONS_READ_OWN,
        P.QUESTIONS_ASK,
    }
)
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ASN: _SELF,
    Role.OPERATOR_OPD: frozenset({P.DOCUMENTS_HAND_IN_FOR, P.ACCOUNTS_ISSUE_CODE}),
    Role.VERIFIKATOR_OPD: frozenset({P.QUEUE_READ, P.VERIFY_DECIDE, P.QUESTIONS_ANSWER}),
    Role.VERIFIKATOR: frozenset(
        {P.QUEUE_READ, P.VERIFY_DECIDE, P.VERIFY_REVOKE, P.QUESTIONS_ANSWER, P.FAQ_KEEP}
    ),
    Role.KEPALA_ANTREAN: frozenset(
        {
            P.QUEUE_READ,
            P.QUEUE_HEAD,
            P.VERIFY_DECIDE,
            P.VERIFY_REVOKE,
            P.QUESTIONS_ANSWER,
            P.FAQ_KEEP,
            P.FAQ_MANAGE,
        }
    ),
    Role.PIMPINAN: frozenset(),
    Role.PIMPINAN_PROVINSI: frozenset(),
    Role.PENYELENGGARA: frozenset(),
    Role.ADMIN: frozenset(
        {
            P.ACCOUNTS_ISSUE_CODE,
            P.ACCOUNTS_MANAGE,
            P.AUDIT_READ,
            P.FAQ_MANAGE,
            P.IMPORTS_MANAGE,
            P.PEOPLE_MANAGE,
            P.OPERATIONS_READ,
            P.QUEUES_MANAGE,
            P.RULES_MANAGE,
            P.RULES_READ,
        }
    ),
    Role.AUDITOR: frozenset({P.AUDIT_READ, P.QUEUE_READ, P.OPERATIONS_READ, P.RULES_READ}),
}
"""Everyone holds `asn`; the other roles are granted with a scope. A leader's pages come later."""

RETIRED_PERMISSIONS = frozenset(
    {P.PROFILE_OWN, P.SCORE_READ_OWN, P.DOCUMENTS_READ_OWN, P.QUESTIONS_READ_OWN}
)
"""After retirement the account reads only."""


@dataclass(frozen=True)
class Grant:
    """A role and where it holds. `opd_path` None means the whole instansi.

    `opd_path` is the materialised path of the unit ("/a/b/"); with `with_children` the units
    below belong to the scope too. `kinds` empty means every kind of document. `antrean_id` binds
    it to the items of one queue.
    """

    role: Role
    instansi_id: UUID
    opd_id: UUID | None = None
    opd_path: str | None = None
    with_children: bool = True
    kinds: frozenset[DocumentKind] = frozenset()
    antrean_id: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts: one civil servant with grants. Flask-free, so that actions can be tested alone."""

    pegawai_id: UUID
    akun_id: UUID
    instansi_id: UUID
    opd_id: UUID
    nip: str
    nama: str
    grants: tuple[Grant, ...] = field(default=())
    retired: bool = False
    zona_waktu: str = "Asia/Jakarta"
    ties: frozenset[tuple[str, UUID]] | None = field(default=None, compare=False)
    """Husband or wife ("pasangan") and direct superior ("atasan"); None where nobody has asked."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zona_waktu)

    @property
    def today(self) -> dt.date:
        """The date that the agency's clock shows; it decides what "hari ini" is."""
        return dt.datetime.now(self.zone).date()

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """All permissions of all grants; a retired person only reads the own papers."""
        if self.retired:
            return RETIRED_PERMISSIONS
        return _SELF.union(*(ROLE_PERMISSIONS[g.role] for g in self.grants))

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def grants_for(self, permission: Permission) -> tuple[Grant, ...]:
        """The grants through which the actor holds the permission (its scopes)."""
        if self.retired:
            return ()
        return tuple(g for g in self.grants if permission in ROLE_PERMISSIONS[g.role])

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset({Role.ASN, *(g.role for g in self.grants)})
