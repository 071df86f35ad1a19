"""Handing in, taking back, repairing, objecting: state, receipt, audit, points, messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.db import Database
from portal.documents import queries
from portal.documents.files import Source
from portal.documents.models import Document, DocumentFile
from portal.errors import Conflict, Forbidden, NotFound, Rejected
from portal.handin import actions
from portal.notifications.models import Notification
from portal.permissions import Actor
from portal.scoring import queries as scores
from portal.vocabulary import DocumentState, FileRole
from tests.handin.support import SEMINAR, complete, draft, handed_in, stored
from tests.support import builders
from tests.support.cast import TODAY, Cast

S = DocumentState


def returned(session: Session, cast: Cast, fields: list[str], **values: Any) -> Document:
    """A seminar of sari's that vera gave back; `fields` are to be repaired."""
    document = handed_in(session, cast.sari)
    document.state = S.PERLU_PERBAIKAN
    document.reason_id = builders.reason(session, fields=fields).id
    for name, value in values.items():
        setattr(document, name, value)
    session.flush()
    return queries.owned(session, cast.sari, document.id)


def lines(session: Session, document: Document) -> list[str]:
    return [line.action for line in audit.history(session, document.id)]


def test_a_complete_draft_is_handed_in(cast: Cast, session: Session) -> None:
    document = complete(session, cast.sari)

    receipt = actions.submit(session, cast.sari, document, today=TODAY)

    assert (document.state, document.receipt) == (S.DIAJUKAN, receipt)


def test_the_hand_in_is_audited_with_its_receipt(cast: Cast, session: Session) -> None:
    document = handed_in(session, cast.sari)

    line = audit.history(session, document.id)[-1]

    assert (line.action, line.facts["receipt"]) == ("document:submitted", document.receipt)


def test_pending_points_appear_at_once(cast: Cast, session: Session) -> None:
    handed_in(session, cast.sari)

    score = scores.stored(session, cast.sari.pegawai_id, TODAY.year)

    assert score is not None
    assert score.bisa["total"] == "81"


def test_a_second_tap_returns_the_same_receipt(cast: Cast, session: Session) -> None:
    document = complete(session, cast.sari)
    first = actions.submit(session, cast.sari, document, today=TODAY)

    assert actions.submit(session, cast.sari, document, today=TODAY) == first


def test_a_second_tap_writes_no_second_line(cast: Cast, session: Session) -> None:
    document = handed_in(session, cast.sari)

    actions.submit(session, cast.sari, document, today=TODAY)

    assert lines(session, document).count("document:submitted") == 1


def test_two_items_have_two_receipts(cast: Cast, session: Session) -> None:
    assert handed_in(session, cast.sari).receipt != handed_in(session, cast.sari).receipt


def test_a_draft_without_a_file_stays_a_draft(cast: Cast, session: Session) -> None:
    document = draft(session, cast.sari)
    actions.fill(session, cast.sari, document, SEMINAR)

    with pytest.raises(Rejected, match="Unggah sertifikat"):
        actions.submit(session, cast.sari, document, today=TODAY)


def test_names_the_field_that_is_missing(cast: Cast, session: Session) -> None:
    document = complete(session, cast.sari)
    actions.fill(session, cast.sari, document, {"nama": ""})

    with pytest.raises(Rejected) as refusal:
        actions.submit(session, cast.sari, document, today=TODAY)

    assert refusal.value.field == "nama"


def test_two_drafts_of_one_file_become_one_item(cast: Cast, session: Session) -> None:
    first = complete(session, cast.sari, content="foto")
    second = complete(session, cast.sari, content="foto")
    actions.submit(session, cast.sari, first, today=TODAY)

    with pytest.raises(actions.Duplicate):
        actions.submit(session, cast.sari, second, today=TODAY)


def test_two_drafts_that_share_one_photo_are_not_both_handed_in(
    cast: Cast, session: Session
) -> None:
    photo = Source("a" * 64, "foto.jpg", 1)
    pages = {name: stored(name, sources=(Source(name * 64, "foto.jpg", 1), photo)) for name in "bc"}
    first, second = (draft(session, cast.sari) for _ in pages)
    for document, paper in zip((first, second), pages.values(), strict=True):
        actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, paper)
        actions.fill(session, cast.sari, document, SEMINAR)
    actions.submit(session, cast.sari, first, today=TODAY)

    with pytest.raises(actions.Duplicate):
        actions.submit(session, cast.sari, second, today=TODAY)


def test_a_stranger_hands_nothing_in(cast: Cast, session: Session) -> None:
    document = complete(session, cast.sari)

    with pytest.raises(NotFound):
        actions.submit(session, cast.tono, document, today=TODAY)


def test_a_retired_owner_reads_only(cast: Cast, session: Session) -> None:
    document = complete(session, cast.sari)

    with pytest.raises(Forbidden):
        actions.submit(session, replace(cast.sari, retired=True), document, today=TODAY)


def test_the_owner_is_told_what_the_operator_handed_in(cast: Cast, session: Session) -> None:
    document = complete(session, cast.oki, cast.sari)

    actions.submit(session, cast.oki, document, today=TODAY)

    message = session.scalars(select(Notification)).one()
    assert (message.pegawai_id, message.document_id) == (cast.sari.pegawai_id, document.id)


def test_the_owner_is_not_told_of_the_own_act(cast: Cast, session: Session) -> None:
    handed_in(session, cast.sari)

    assert session.scalars(select(Notification)).all() == []


def test_the_past_can_be_written(cast: Cast, session: Session) -> None:
    moment = dt.datetime(2026, 3, 4, 5, tzinfo=dt.UTC)
    document = complete(session, cast.sari)

    actions.submit(session, cast.sari, document, today=TODAY, at=moment)

    assert document.submitted_at == moment


def test_what_waits_can_be_taken_back(cast: Cast, session: Session) -> None:
    document = handed_in(session, cast.sari)

    actions.withdraw(session, cast.sari, document, today=TODAY)

    assert (document.state, lines(session, document)[-1]) == (S.DIBATALKAN, "document:withdrawn")


def test_whoever_takes_an_own_item_back_is_not_told_of_it(cast: Cast, session: Session) -> None:
    document = handed_in(session, cast.sari)

    actions.withdraw(session, cast.sari, document, today=TODAY)

    assert session.scalars(select(Notification)).all() == []


def test_pending_points_go_with_the_item(cast: Cast, session: Session) -> None:
    document = handed_in(session, cast.sari)

    actions.withdraw(session, cast.sari, document, today=TODAY)

    score = scores.stored(session, cast.sari.pegawai_id, TODAY.year)
    assert score is not None
    assert score.bisa == {}


def test_taking_back_twice_is_taking_back_once(cast: Cast, session: Session) -> None:
    document = handed_in(session, cast.sari)
    actions.withdraw(session, cast.sari, document, today=TODAY)

    actions.withdraw(session, cast.sari, document, today=TODAY)

    assert lines(session, document).count("document:withdrawn") == 1


def test_what_is_being_checked_cannot_be_taken_back(cast: Cast, session: Session) -> None:
    document = builders.document(session, cast.sari, S.DIPERIKSA, verifier=cast.vera)

    with pytest.raises(Conflict, match="Diperiksa"):
        actions.withdraw(session, cast.sari, document, today=TODAY)


def test_a_repair_is_a_new_revision_at_the_end_of_the_queue(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["nomor"])
    before = document.submitted_at

    actions.resubmit(session, cast.sari, document, {"nomor": "0413"}, TODAY)

    assert (document.state, document.revision) == (S.DIAJUKAN, 2)
    assert before is not None
    assert document.submitted_at is not None
    assert document.submitted_at > before


def test_a_repair_keeps_the_receipt(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["nomor"])

    receipt = actions.resubmit(session, cast.sari, document, {"nomor": "0413"}, TODAY)

    assert receipt == document.receipt


def test_a_repair_is_shown_as_handed_in_again(cast: Cast, session: Session) -> None:
    document = returned(session, cast, [])

    actions.resubmit(session, cast.sari, document, {}, TODAY)

    assert document.state_label == "Diajukan ulang"


def test_the_old_and_the_new_value_are_audited(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["nomor"])

    actions.resubmit(session, cast.sari, document, {"nomor": "0413"}, TODAY)

    corrected = [e for e in audit.history(session, document.id) if e.action.endswith(":corrected")]
    assert corrected[0].facts == {"changed": {"nomor": [SEMINAR["nomor"], "0413"]}}


def test_only_the_wrong_fields_are_open(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["nomor"])

    with pytest.raises(Rejected, match="Nama kegiatan"):
        actions.fill(session, cast.sari, document, {"nama": "Lain"})


def test_the_files_are_closed_when_only_data_were_wrong(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["nomor"])

    with pytest.raises(Rejected, match="tidak dibuka"):
        actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored("baru"))


def test_a_reason_without_fields_opens_everything(cast: Cast, session: Session) -> None:
    document = returned(session, cast, [])

    actions.fill(session, cast.sari, document, {"nama": "Lain"})

    assert document.nama == "Lain"


def test_a_file_that_was_seen_stays_as_history(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["berkas"])

    actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored("jelas"))

    rows = session.scalars(select(DocumentFile).order_by(DocumentFile.revision)).all()
    assert [(row.revision, row.superseded_at is None) for row in rows] == [(1, False), (2, True)]


def test_a_second_thought_during_the_repair_leaves_no_trace(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["berkas"])
    actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored("miring"))

    actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored("jelas"))

    assert session.scalar(select(func.count()).select_from(DocumentFile)) == 2


def test_the_first_of_two_approvals_lapses_with_a_repair(cast: Cast, session: Session) -> None:
    document = returned(session, cast, [], first_approver_id=cast.vivi.pegawai_id)

    actions.resubmit(session, cast.sari, document, {}, TODAY)

    assert document.first_approver_id is None


def test_an_incomplete_repair_waits(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["penyelenggara"])

    with pytest.raises(Rejected, match="penyelenggara"):
        actions.resubmit(session, cast.sari, document, {"penyelenggara": ""}, TODAY)


def test_a_refusal_is_objected_to_once(cast: Cast, session: Session) -> None:
    document = builders.document(session, cast.sari, S.DITOLAK, verifier=cast.vera)

    actions.object_(session, cast.sari, document, "Nama saya ada di halaman dua.", today=TODAY)

    assert (document.state, document.objected) == (S.DIAJUKAN, True)


def test_a_second_objection_is_refused(cast: Cast, session: Session) -> None:
    document = builders.document(session, cast.sari, S.DITOLAK, verifier=cast.vera, objected=True)

    with pytest.raises(Conflict):
        actions.object_(session, cast.sari, document, "Nama saya ada di sana.", today=TODAY)


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (S.DIAJUKAN, lambda s, a, d: actions.withdraw(s, a, d, today=TODAY)),
        (S.DITOLAK, lambda s, a, d: actions.object_(s, a, d, "Itu nama saya.", today=TODAY)),
        (S.PERLU_PERBAIKAN, lambda s, a, d: actions.resubmit(s, a, d, {}, TODAY)),
    ],
    ids=["withdraw", "object", "resubmit"],
)
def test_nobody_acts_on_what_belongs_to_another(
    cast: Cast, session: Session, state: S, act: Callable[[Session, Actor, Document], object]
) -> None:
    document = builders.document(session, cast.sari, state, verifier=cast.vera)

    with pytest.raises(NotFound):
        act(session, cast.tono, document)
    assert document.state is state


@pytest.mark.parametrize("note", ["", "Tidak", "x" * 1001])
def test_an_objection_has_a_reason_of_readable_length(
    cast: Cast, session: Session, note: str
) -> None:
    document = builders.document(session, cast.sari, S.DITOLAK, verifier=cast.vera)

    with pytest.raises(Rejected):
        actions.object_(session, cast.sari, document, note, today=TODAY)


def both(database: Database, act: Callable[[Session], Any]) -> list[Any]:
    """The act twice at the same moment, each in its own transaction."""
    start = Barrier(2)

    def run() -> Any:
        start.wait()
        with database.transaction() as session:
            return act(session)

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(run), pool.submit(run)]]


def test_a_double_tap_begins_one_item(cast: Cast, database: Database) -> None:
    import uuid

    key = uuid.uuid4()

    ids = both(database, lambda session: draft(session, cast.sari, document_id=key).id)

    assert ids == [key, key]


def test_a_double_tap_hands_in_once(cast: Cast, database: Database) -> None:
    with database.transaction() as session:
        key = complete(session, cast.sari).id

    def tap(session: Session) -> str:
        document = queries.owned(session, cast.sari, key)
        return actions.submit(session, cast.sari, document, today=TODAY)

    first, second = both(database, tap)

    with database.transaction() as session:
        written = lines(session, session.get_one(Document, key))
    assert (first == second, written.count("document:submitted")) == (True, 1)


def test_a_double_tap_attaches_one_file(cast: Cast, database: Database) -> None:
    with database.transaction() as session:
        key = draft(session, cast.sari).id

    def tap(session: Session) -> Any:
        document = queries.owned(session, cast.sari, key)
        return actions.attach(session, cast.sari, document, FileRole.SERTIFIKAT, stored()).id

    first, second = both(database, tap)

    assert first == second


def test_a_reason_about_other_kinds_of_items_opens_everything(cast: Cast, session: Session) -> None:
    document = returned(session, cast, ["tanggal_lulus"])

    actions.fill(session, cast.sari, document, {"nama": "Lain"})

    assert document.nama == "Lain"
