"""The admin's list of reasons: added, worded anew, switched off; old decisions keep their words."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import AuditEntry
from portal.db import Database
from portal.documents.reasons import ensure_reasons
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.errors import Conflict, Forbidden, Rejected
from portal.permissions import Grant
from portal.verification import actions
from portal.verification.reason_list import changes
from portal.verification.reason_list.changes import Wording
from portal.vocabulary import DocumentKind, Role
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.verification.conftest import Held

BLURRED = Wording(
    Act.KEMBALIKAN, "Stempel tidak terlihat", "Foto ulang bagian stempel.", (), ("berkas",)
)


@pytest.fixture
def listed(session: Session) -> Session:
    """A session on a portal with the reasons of every installation."""
    ensure_reasons(session)
    session.flush()
    return session


def by_code(session: Session, kode: str) -> Reason:
    return session.scalars(select(Reason).where(Reason.kode == kode)).one()


def test_a_new_reason_is_offered_at_once(listed: Session, cast: Cast) -> None:
    made = changes.add(listed, cast.ani, BLURRED)

    assert (made.kode, made.aktif, made.fields) == ("stempel-tidak-terlihat", True, ["berkas"])
    assert made in changes.listed(listed)[Act.KEMBALIKAN]


def test_every_act_on_the_list_is_recorded(listed: Session, cast: Cast) -> None:
    made = changes.add(listed, cast.ani, BLURRED)
    changes.change(listed, cast.ani, made, replace(BLURRED, label="Stempel buram"))
    changes.switch(listed, cast.ani, made, on=False)
    changes.switch(listed, cast.ani, made, on=True)

    said = listed.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_id == made.id).order_by(AuditEntry.id)
    ).all()
    assert said == [
        "reason:added",
        "reason:changed",
        "reason:switched-off",
        "reason:switched-on",
    ]


def test_a_reason_that_was_used_keeps_its_words_for_that_decision(
    listed: Session, cast: Cast, held: Held
) -> None:
    old = by_code(listed, "jp-berbeda")
    document = held()
    actions.return_(listed, cast.vera, document, old)
    wording = Wording(old.act, "JP salah", "Tulis JP yang benar.", tuple(old.kinds), ("jp",))

    new = changes.change(listed, cast.ani, old, wording)

    decision = listed.scalars(select(Decision).where(Decision.document_id == document.id)).one()
    assert decision.reason is not None
    assert decision.reason.label == "Jumlah JP berbeda dari sertifikat"
    assert (new.kode, new.label, new.aktif, old.aktif) == ("jp-berbeda.2", "JP salah", True, False)
    assert document.reason_id == old.id


def test_the_start_of_the_portal_does_not_bring_the_old_words_back(
    listed: Session, cast: Cast, held: Held
) -> None:
    old = by_code(listed, "jp-berbeda")
    actions.return_(listed, cast.vera, held(), old)
    changes.change(listed, cast.ani, old, replace(BLURRED, label="JP salah"))

    assert ensure_reasons(listed) == 0


def test_a_third_wording_has_a_number_of_its_own(listed: Session, cast: Cast, held: Held) -> None:
    reason = by_code(listed, "jp-berbeda")
    for label in ("JP salah", "JP keliru"):
        actions.return_(listed, cast.vera, held(), reason)
        reason = changes.change(listed, cast.ani, reason, replace(BLURRED, label=label))

    assert reason.kode == "jp-berbeda.3"


def test_an_unused_reason_is_worded_in_place(listed: Session, cast: Cast) -> None:
    reason = by_code(listed, "jp-berbeda")

    assert changes.change(listed, cast.ani, reason, replace(BLURRED, label="JP salah")) is reason


def test_the_same_words_change_nothing(listed: Session, cast: Cast) -> None:
    made = changes.add(listed, cast.ani, BLURRED)

    assert changes.change(listed, cast.ani, made, BLURRED) is made


def test_the_way_to_repair_changes_under_the_same_label(listed: Session, cast: Cast) -> None:
    made = changes.add(listed, cast.ani, BLURRED)

    changes.change(listed, cast.ani, made, replace(BLURRED, cara_memperbaiki="Pindai ulang."))

    assert made.cara_memperbaiki == "Pindai ulang."


def test_a_reason_takes_no_label_of_another(listed: Session, cast: Cast) -> None:
    made = changes.add(listed, cast.ani, BLURRED)

    with pytest.raises(Rejected, match="sudah ada"):
        changes.change(
            listed, cast.ani, made, replace(BLURRED, label="Berkas buram atau terpotong")
        )


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (replace(BLURRED, label=""), "label"),
        (replace(BLURRED, label="x" * 121), "label"),
        (replace(BLURRED, cara_memperbaiki=""), "cara_memperbaiki"),
        (replace(BLURRED, cara_memperbaiki="x" * 401), "cara_memperbaiki"),
        (replace(BLURRED, kinds=("piagam",)), None),
        (replace(BLURRED, fields=("owner_id",)), None),
        (replace(BLURRED, label="Berkas buram atau terpotong"), "label"),
    ],
)
def test_what_says_nothing_or_nonsense_is_refused(
    listed: Session, cast: Cast, wording: Wording, field: str | None
) -> None:
    with pytest.raises(Rejected) as refusal:
        changes.add(listed, cast.ani, wording)

    assert refusal.value.field == field


def test_a_reason_that_is_off_is_not_worded_anew(listed: Session, cast: Cast) -> None:
    made = changes.add(listed, cast.ani, BLURRED)
    changes.switch(listed, cast.ani, made, on=False)

    with pytest.raises(Conflict):
        changes.change(listed, cast.ani, made, replace(BLURRED, label="Lain"))


def test_the_last_reason_of_a_kind_stays(listed: Session, cast: Cast) -> None:
    rest = [
        one
        for one in changes.listed(listed)[Act.TOLAK]
        if not one.kinds or DocumentKind.IJAZAH in one.kinds
    ]
    for reason in rest[:-1]:
        changes.switch(listed, cast.ani, reason, on=False)

    with pytest.raises(Rejected, match="alasan terakhir"):
        changes.switch(listed, cast.ani, rest[-1], on=False)


def test_a_part_of_the_agency_has_no_list_of_its_own(listed: Session, cast: Cast) -> None:
    grant = Grant(Role.ADMIN, cast.ani.instansi_id, cast.units.pendidikan.id)

    with pytest.raises(Forbidden):
        changes.add(listed, replace(cast.ani, grants=(grant,)), BLURRED)


def test_a_part_of_the_agency_changes_nothing_on_the_list(listed: Session, cast: Cast) -> None:
    made = changes.add(listed, cast.ani, BLURRED)
    part = replace(
        cast.ani, grants=(Grant(Role.ADMIN, cast.ani.instansi_id, cast.units.pendidikan.id),)
    )

    with pytest.raises(Forbidden):
        changes.change(listed, part, made, replace(BLURRED, label="Stempel buram"))
    with pytest.raises(Forbidden):
        changes.switch(listed, part, made, on=False)


def test_a_label_of_signs_alone_has_a_code_all_the_same(listed: Session, cast: Cast) -> None:
    codes = {
        changes.add(listed, cast.ani, replace(BLURRED, label=label)).kode
        for label in ("🙂🙂", "سبب", "x" * 120)
    }

    assert codes == {"alasan", "alasan.2", "x" * 34}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestPages:
    @pytest.fixture(autouse=True)
    def reasons(self, database: Database) -> None:
        with database.transaction() as session:
            ensure_reasons(session)

    def test_from_the_list_to_a_new_reason(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)
        assert "Berkas buram atau terpotong" in browser.get("reasons.index").text
        browser.get("reasons.new")

        page = browser.submit(
            "Simpan",
            tindakan="kembalikan",
            label="Stempel tidak terlihat",
            cara_memperbaiki="Foto ulang\0 bagian stempel.",
            bidang="berkas",
            jenis="seminar",
        )

        assert "Stempel tidak terlihat" in page.text
        assert "Foto ulang bagian stempel." in page.text
        assert "Membuka: Berkas" in page.text

    def test_what_is_missing_is_told_at_its_field(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)
        browser.get("reasons.new")

        page = browser.submit("Simpan", expect=422, label="<b>Stempel</b>", cara_memperbaiki="")

        assert "Isi bagian ini" in page.one(".summary").text
        assert page.one("input[name=label]")["value"] == "<b>Stempel</b>"

    def test_switching_off_and_on(self, browser: Browser, cast: Cast, database: Database) -> None:
        with database.reading() as session:
            reason = by_code(session, "berkas-buram").id
        browser.enter(cast.ani)
        browser.get("reasons.index")

        browser.post(path=f"/admin/alasan/{reason}/nonaktifkan")
        assert "Tidak dipakai lagi (1)" in browser.get("reasons.index").text
        page = browser.post(path=f"/admin/alasan/{reason}/pakai")

        assert "Tidak dipakai lagi" not in page.text

    def test_a_reason_that_is_not_there(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)

        browser.get(path=f"/admin/alasan/{uuid.uuid4()}", expect=404)

    def test_an_act_that_is_none(self, browser: Browser, cast: Cast) -> None:
        browser.enter(cast.ani)
        browser.get("reasons.new")

        page = browser.submit("Simpan", expect=422, tindakan="hapus", label="x")

        assert "Pilih tindakannya." in page.text
