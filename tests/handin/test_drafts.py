"""A draft: begun once, filled in any order, kept whatever is wrong with it."""

from __future__ import annotations

import threading
import uuid
from contextlib import suppress

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.documents.models import Document, DocumentFile
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.handin import actions, drafts
from portal.vocabulary import DocumentKind, DocumentState, FileRole, JenisDiklat
from tests.handin.support import DEGREE, SEMINAR, complete, draft, handed_in, owner_of, stored
from tests.support import builders
from tests.support.cast import TODAY, Cast

SERTIFIKAT = FileRole.SERTIFIKAT


def number_of(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_form_sent_twice_meets_one_item(cast: Cast, session: Session) -> None:
    first = draft(session, cast.sari, document_id=(key := uuid.uuid4()))

    second = draft(session, cast.sari, document_id=key)

    assert second is first


def test_the_id_of_another_persons_item_does_not_exist(cast: Cast, session: Session) -> None:
    taken = draft(session, cast.sari)

    with pytest.raises(NotFound):
        draft(session, cast.budi, document_id=taken.id)


def test_a_draft_is_named_in_the_audit(cast: Cast, session: Session) -> None:
    from portal import audit

    document = draft(session, cast.sari)

    assert [line.action for line in audit.history(session, document.id)] == ["document:drafted"]


def test_keeps_values_that_are_incomplete_or_implausible(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)

    actions.fill(session, cast.sari, document, {"jp": 2000, "nama": "سيمينار 🎓"})

    assert (document.jp, document.nama) == (2000, "سيمينار 🎓")


def test_the_kind_follows_the_jenis(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)

    actions.fill(session, cast.sari, document, {"jenis": JenisDiklat.BIMTEK})

    assert document.kind is DocumentKind.TEKNIS


def test_never_writes_a_column_that_is_no_field(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)

    actions.fill(session, cast.sari, document, {"state": DocumentState.DISETUJUI})

    assert document.state is DocumentState.DRAF


def test_a_second_file_of_a_role_takes_the_place_of_the_first(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)
    actions.attach(session, cast.sari, document, SERTIFIKAT, stored("buram"))

    second = actions.attach(session, cast.sari, document, SERTIFIKAT, stored("jelas"))

    assert document.current_files == [second]


def test_a_file_that_nobody_saw_leaves_no_row(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)
    actions.attach(session, cast.sari, document, SERTIFIKAT, stored("buram"))

    actions.attach(session, cast.sari, document, SERTIFIKAT, stored("jelas"))

    assert number_of(session, DocumentFile) == 1


def test_the_same_file_sent_twice_changes_nothing(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)
    first = actions.attach(session, cast.sari, document, SERTIFIKAT, stored("foto"))

    second = actions.attach(session, cast.sari, document, SERTIFIKAT, stored("foto"))

    assert second is first


def test_a_file_can_be_taken_off(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)
    actions.attach(session, cast.sari, document, SERTIFIKAT, stored())

    actions.detach(session, cast.sari, document, SERTIFIKAT)

    assert document.current_files == []


def test_a_certificate_has_no_transcript(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)

    with pytest.raises(Rejected, match="tidak diperlukan"):
        actions.attach(session, cast.sari, document, FileRole.TRANSKRIP, stored())


def test_tells_at_once_that_a_file_was_handed_in_before(cast: Cast, session: Session) -> None:
    earlier = handed_in(session, cast.sari, content="foto")
    document = draft(session, cast.sari)

    with pytest.raises(actions.Duplicate) as refusal:
        actions.attach(session, cast.sari, document, SERTIFIKAT, stored("foto"))

    assert refusal.value.earlier is earlier


@pytest.mark.parametrize("state", [DocumentState.DITOLAK, DocumentState.DIBATALKAN])
def test_the_same_file_may_come_again_after_a_refusal_or_withdrawal(
    cast: Cast, session: Session, state: DocumentState
) -> None:
    earlier = handed_in(session, cast.sari, content="foto")
    earlier.state = state
    session.flush()

    document = draft(session, cast.sari)

    assert actions.attach(session, cast.sari, document, SERTIFIKAT, stored("foto"))


def test_a_colleague_may_hand_in_the_same_file(cast: Cast, session: Session) -> None:
    handed_in(session, cast.sari, content="foto")
    document = draft(session, cast.budi)

    assert actions.attach(session, cast.budi, document, SERTIFIKAT, stored("foto"))


def test_a_draft_of_the_same_file_is_no_duplicate(cast: Cast, session: Session) -> None:
    complete(session, cast.sari, content="foto")

    assert complete(session, cast.sari, content="foto")


def test_a_stranger_fills_nothing(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)

    with pytest.raises(NotFound):
        actions.fill(session, cast.tono, document, SEMINAR)


def test_what_was_handed_in_is_closed(cast: Cast, session: Session) -> None:
    document = handed_in(session, cast.sari)

    with pytest.raises(Conflict, match="Diajukan"):
        actions.fill(session, cast.sari, document, {"jp": 40})


def test_a_draft_can_be_discarded(cast: Cast, session: Session) -> None:
    document = complete(session, cast.sari)

    actions.discard(session, cast.sari, document)

    assert (number_of(session, Document), number_of(session, DocumentFile)) == (0, 0)


def test_what_was_handed_in_is_never_deleted(cast: Cast, session: Session) -> None:
    document = handed_in(session, cast.sari)

    with pytest.raises(Conflict, match="tidak dapat dihapus"):
        actions.discard(session, cast.sari, document)


def test_drafts_do_not_pile_up_without_end(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 2)
    draft(session, cast.sari)
    draft(session, cast.sari)

    with pytest.raises(Rejected, match="2 draf"):
        draft(session, cast.sari)


def test_what_was_handed_in_is_no_draft_any_more(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 1)
    handed_in(session, cast.sari)

    assert draft(session, cast.sari)


def test_drafts_begun_at_the_same_moment_are_counted_too(
    cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 2)
    gate = threading.Barrier(6)

    def begin() -> None:
        gate.wait()
        with suppress(Rejected), database.transaction() as session:
            draft(session, cast.sari)

    threads = [threading.Thread(target=begin) for _ in range(gate.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as session:
        assert number_of(session, Document) == 2


def test_a_retired_person_begins_nothing(cast: Cast, session: Session) -> None:
    from dataclasses import replace

    with pytest.raises(Forbidden):
        draft(session, replace(cast.sari, retired=True))


def test_a_replacement_starts_with_the_values_of_the_approved_item(
    cast: Cast, session: Session
) -> None:
    approved = builders.document(
        session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera, nama="Bimtek Asesmen"
    )

    document = draft(session, cast.sari, replaces=approved)

    assert (document.replaces_id, document.nama) == (approved.id, "Bimtek Asesmen")


def test_only_an_approved_item_is_replaced(cast: Cast, session: Session) -> None:
    waiting = handed_in(session, cast.sari)

    with pytest.raises(Conflict):
        draft(session, cast.sari, replaces=waiting)


def test_what_was_withdrawn_since_the_page_read_it_is_not_replaced(
    cast: Cast, database: Database
) -> None:
    """Papers are converted in between; that takes a while."""
    with database.transaction() as session:
        item = builders.document(session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera).id
    with database.reading() as page:
        read = page.get_one(Document, item)
    with database.transaction() as session:
        session.get_one(Document, item).state = DocumentState.DICABUT

    with database.transaction() as session, pytest.raises(Conflict, match="sudah disetujui"):
        draft(session, cast.sari, replaces=read)


def test_nobody_replaces_what_belongs_to_another(cast: Cast, session: Session) -> None:
    approved = builders.document(session, cast.sari, DocumentState.DISETUJUI, verifier=cast.vera)

    with pytest.raises(NotFound):
        draft(session, cast.budi, replaces=approved)


def test_an_operator_begins_for_a_colleague_of_the_own_opd(cast: Cast, session: Session) -> None:
    document = draft(session, cast.oki, cast.sari)

    assert (document.owner_id, document.created_by_id) == (
        cast.sari.pegawai_id,
        cast.oki.pegawai_id,
    )


def test_an_operator_begins_nothing_for_another_opd(cast: Cast, session: Session) -> None:
    with pytest.raises(NotFound):
        draft(session, cast.oki, cast.tono)


def test_an_operator_finds_the_draft_of_one_colleague_under_no_other_name(
    cast: Cast, session: Session
) -> None:
    hers = draft(session, cast.oki, cast.sari)

    with pytest.raises(NotFound):
        draft(session, cast.oki, cast.oki, document_id=hers.id)


def test_nobody_else_begins_for_a_colleague(cast: Cast, session: Session) -> None:
    with pytest.raises(NotFound):
        draft(session, cast.vera, cast.sari)


def test_an_operator_loses_the_item_with_the_transfer_of_its_owner(
    cast: Cast, session: Session
) -> None:
    document = complete(session, cast.oki, cast.sari)
    owner_of(session, cast.sari).opd_id = cast.units.kesehatan.id
    session.flush()

    with pytest.raises(NotFound):
        actions.submit(session, cast.oki, document, today=TODAY)


def test_the_owner_goes_on_with_what_the_operator_began(cast: Cast, session: Session) -> None:
    document = complete(session, cast.oki, cast.sari)

    assert actions.submit(session, cast.sari, document, today=TODAY)


def test_a_foreign_degree_needs_its_equivalence(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari, kind=DocumentKind.IJAZAH)
    for role in (FileRole.IJAZAH, FileRole.TRANSKRIP):
        actions.attach(session, cast.sari, document, role, stored(role))
    actions.fill(session, cast.sari, document, {**DEGREE, "luar_negeri": True})

    with pytest.raises(Rejected, match="penyetaraan"):
        actions.submit(session, cast.sari, document, today=TODAY)
