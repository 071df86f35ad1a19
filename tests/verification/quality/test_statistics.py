"""Figures of the checking: exact, honest, within the reach of who asks, safe in a spreadsheet."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import Antrean
from portal.db import Database, now
from portal.documents.rulings import Decision, Reason
from portal.documents.transitions import Act
from portal.permissions import Actor, Grant
from portal.verification.models import SpotCheck
from portal.verification.quality.period import Period
from portal.verification.quality.sheet import workbook
from portal.verification.quality.statistics import Figures, Report, report
from portal.vocabulary import DocumentKind, DocumentState, Role
from tests.support import builders
from tests.support.app import Browser
from tests.support.cast import Cast
from tests.support.database import on_sqlite_alone
from tests.support.queries import statements

S = DocumentState
TODAY = dt.date(2026, 11, 20)  # a Friday
PERIOD = Period(dt.date(2026, 11, 2), TODAY)
MONDAY = dt.datetime(2026, 11, 9, 3, tzinfo=dt.UTC)
Decide = Callable[..., Decision]


@pytest.fixture
def decide(session: Session, cast: Cast) -> Decide:
    """Writes a decision of Vera on an item of Sari, handed in `days` before it."""

    def make(
        act: Act = Act.SETUJUI,
        *,
        days: int = 1,
        by: Actor | None = None,
        owner: Actor | None = None,
        reason: Reason | None = None,
        at: dt.datetime = MONDAY + dt.timedelta(days=1),
        **fields: object,
    ) -> Decision:
        decider = by or cast.vera
        document = builders.document(
            session,
            owner or cast.sari,
            S.DISETUJUI,
            verifier=decider,
            **fields,  # type: ignore[arg-type]
        )
        made = session.scalars(select(Decision).where(Decision.document_id == document.id)).one()
        made.act, made.at, made.masuk = act, at, at - dt.timedelta(days=days)
        made.antrean_id, made.reason_id = document.antrean_id, reason.id if reason else None
        session.flush()
        return made

    return make


def unpacked(content: bytes) -> dict[str, str]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def head(cast: Cast) -> Actor:
    return replace(cast.vera, grants=(Grant(Role.KEPALA_ANTREAN, cast.units.instansi_id),))


def of(figures: list[Figures] | tuple[Figures, ...], label: str) -> Figures:
    return next(one for one in figures if one.label == label)


class TestCounting:
    def test_decisions_by_what_came_of_them(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        for act in (Act.SETUJUI, Act.SETUJUI, Act.SETUJUI_PERTAMA, Act.KEMBALIKAN, Act.TOLAK):
            decide(act)
        decide(Act.CABUT)

        whole = report(session, cast.vera, PERIOD).whole

        assert (whole.decided, whole.approved, whole.returned, whole.refused) == (5, 3, 1, 1)

    def test_undone_decisions_are_none(self, session: Session, cast: Cast, decide: Decide) -> None:
        decide().undone_at = MONDAY

        assert report(session, cast.vera, PERIOD).whole.decided == 0

    def test_the_days_of_the_period_both_count_by_the_clock_of_the_agency(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        jakarta = cast.vera.zone
        for day, hour in ((2, 0), (20, 23), (1, 23), (21, 0)):
            decide(at=dt.datetime(2026, 11, day, hour, 30, tzinfo=jakarta))

        assert report(session, cast.vera, PERIOD).whole.decided == 2

    def test_the_median_is_in_working_days(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        for days in (1, 4, 4, 5):  # Tuesday back to Monday, Friday, Friday, Thursday
            decide(days=days)

        assert report(session, cast.vera, PERIOD).whole.median == Decimal("2.0")

    def test_throughput_is_per_working_day(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        for _ in range(3):
            decide()

        found = report(session, cast.vera, PERIOD)

        assert (found.working_days, found.whole.per_day(found.working_days)) == (
            15,
            Decimal("0.2"),
        )

    def test_by_queue_and_kind_with_what_waits(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        queue = Antrean(instansi_id=cast.units.instansi_id, nama="Ijazah")
        session.add(queue)
        session.flush()
        decide()
        decide(kind=DocumentKind.IJAZAH, antrean_id=queue.id)
        builders.document(session, cast.sari, S.DIAJUKAN, opd_id=cast.units.smpn.id)

        found = report(session, cast.vera, PERIOD)

        assert [(one.label, one.decided, one.waiting) for one in found.queues] == [
            ("Antrean umum", 1, 1),
            ("Ijazah", 1, 0),
        ]
        seminar = of(list(found.kinds), DocumentKind.SEMINAR.label)
        assert (seminar.decided, seminar.waiting) == (1, 1)

    def test_returns_by_reason_most_frequent_first(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        dull = builders.reason(session, label="Berkas buram")
        other = builders.reason(session, label="Nama berbeda")
        for reason in (other, dull, dull):
            decide(Act.KEMBALIKAN, reason=reason)

        assert report(session, cast.vera, PERIOD).reasons == [
            ("Berkas buram", 2),
            ("Nama berbeda", 1),
        ]

    def test_agreement_belongs_to_who_approved(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        for agrees in (True, True, False):
            made = decide(by=cast.bima)
            session.add(
                SpotCheck(
                    decision_id=made.id,
                    document_id=made.document_id,
                    pemeriksa_id=cast.vera.pegawai_id,
                    diperiksa=MONDAY,
                    sependapat=agrees,
                )
            )
        session.flush()

        people = report(session, head(cast), PERIOD).people

        bima = of(list(people), "Bima Nugraha, S.Pd.")
        assert (bima.looked, bima.agreement) == (3, 67)


class TestReach:
    def test_a_verifikator_reads_the_own_figures_among_people(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        decide()
        decide(by=cast.bima)

        found = report(session, cast.vera, PERIOD)

        assert [one.label for one in found.people] == ["Vera Anggraini, S.Pd."]
        assert (found.alone, found.whole.decided) == (True, 2)

    def test_the_head_of_the_queue_reads_everybody_by_name_not_by_rank(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        for by in (cast.vera, cast.vera, cast.bima):
            decide(by=by)

        people = report(session, head(cast), PERIOD).people

        assert [one.label for one in people] == ["Bima Nugraha, S.Pd.", "Vera Anggraini, S.Pd."]

    def test_another_opd_is_not_counted(self, session: Session, cast: Cast, decide: Decide) -> None:
        decide(owner=cast.tono)

        assert report(session, cast.vivi, PERIOD).whole.decided == 0


class TestPeriod:
    @pytest.mark.parametrize(
        ("args", "first", "last"),
        [
            ({}, "2026-10-22", "2026-11-20"),
            ({"dari": "2026-11-02"}, "2026-11-02", "2026-11-20"),
            ({"dari": "2026-11-02", "sampai": "2026-11-03"}, "2026-11-02", "2026-11-03"),
            ({"dari": "bukan", "sampai": "9999-99-99"}, "2026-10-22", "2026-11-20"),
            ({"sampai": "2027-01-01"}, "2026-10-22", "2026-11-20"),
            ({"dari": "2026-11-19", "sampai": "2026-11-01"}, "2026-10-03", "2026-11-01"),
            ({"dari": "2001-01-01"}, "2026-08-21", "2026-11-20"),
            ({"sampai": "0001-01-01"}, "2026-10-22", "2026-11-20"),
        ],
    )
    def test_what_is_asked_for(self, args: dict[str, str], first: str, last: str) -> None:
        period = Period.of(args, TODAY)

        assert (period.first.isoformat(), period.last.isoformat()) == (first, last)

    @pytest.mark.parametrize("days", [1, 14, 15, 30, 92])
    def test_the_stretches_are_the_period_without_gap(self, days: int) -> None:
        period = Period(TODAY - dt.timedelta(days=days - 1), TODAY)

        covered = [
            first + dt.timedelta(days=step)
            for first, last in period.stretches()
            for step in range((last - first).days + 1)
        ]

        assert covered == [period.first + dt.timedelta(days=step) for step in range(days)]

    def test_the_bars_add_up_to_the_whole(
        self, session: Session, cast: Cast, decide: Decide
    ) -> None:
        for days in range(9):
            decide(at=MONDAY + dt.timedelta(days=days))

        found = report(session, cast.vera, PERIOD)

        assert sum(count for *_, count in found.course) == found.whole.decided == 9


class TestWorkbook:
    @pytest.fixture
    def hostile(self) -> Report:
        """Names that a spreadsheet would take for formulas and addresses."""
        words = ['=HYPERLINK("http://x","y")', "+1+1", "@SUM(A1)", "-2", "http://x.example", "🙂"]
        people = [Figures(word) for word in words]
        return Report(PERIOD, 15, Figures("Semua"), [], [], people, False, [("=1+1", 3)], [])

    def test_no_cell_is_a_formula_or_a_link(self, hostile: Report) -> None:
        parts = unpacked(workbook(hostile, "=cmd|' /C calc'!A0"))

        sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 6
        assert all("<f>" not in text and "hyperlink" not in text.lower() for text in sheets)

    def test_the_words_stay_as_they_are(self, hostile: Report) -> None:
        texts = unpacked(workbook(hostile, "Kabupaten"))["xl/sharedStrings.xml"]

        words = [html.unescape(word) for word in re.findall(r"<t[^>]*>([^<]*)</t>", texts)]
        assert [one.label for one in hostile.people if one.label not in words] == []

    def test_risky_words_are_quoted_for_who_copies_them(self, hostile: Report) -> None:
        parts = unpacked(workbook(hostile, "Kabupaten"))

        styles = re.findall(r"<xf [^>]*>", parts["xl/styles.xml"].partition("<cellXfs")[2])
        quoted = next(n for n, style in enumerate(styles) if 'quotePrefix="1"' in style)
        cells = re.findall(r'<c r="A[2-7]"( s="\d+")? t="s">', parts["xl/worksheets/sheet4.xml"])
        assert cells == [f' s="{quoted}"'] * 4 + ["", ""]

    def test_numbers_are_numbers(self, session: Session, cast: Cast, decide: Decide) -> None:
        decide(days=4)

        parts = unpacked(workbook(report(session, cast.vera, PERIOD), "Kabupaten"))

        assert '<c r="B2"><v>1</v></c>' in parts["xl/worksheets/sheet3.xml"]
        assert '<c r="G2"><v>2</v></c>' in parts["xl/worksheets/sheet3.xml"]


@on_sqlite_alone
class TestPages:
    @pytest.fixture
    def decided(self, database: Database, cast: Cast) -> uuid.UUID:
        with database.transaction() as session:
            return builders.document(session, cast.sari, S.DISETUJUI, verifier=cast.vera).id

    def test_the_page_tells_the_figures_and_draws_them(
        self, cast: Cast, browser: Browser, decided: uuid.UUID
    ) -> None:
        browser.enter(cast.vera)

        page = browser.get("verification.statistics")

        (chart,) = page.all("svg.histogram")
        assert "1 keputusan" in str(chart["aria-label"])
        assert "Vera Anggraini" in page.text
        assert page.all("table.data")

    def test_with_nothing_it_says_so(self, cast: Cast, browser: Browser) -> None:
        browser.enter(cast.vera)

        page = browser.get("verification.statistics")

        assert "Belum ada keputusan pada masa ini." in page.text

    def test_the_auditor_reads_it_too(
        self, cast: Cast, browser: Browser, decided: uuid.UUID
    ) -> None:
        browser.enter(cast.aud)

        assert "Menurut pemeriksa" in browser.get("verification.statistics").text

    def test_the_file_has_a_name_and_a_type(
        self, cast: Cast, browser: Browser, decided: uuid.UUID
    ) -> None:
        browser.enter(cast.vera)

        answer = browser.client.get("/verifikasi/statistik.xlsx?dari=2026-11-02&sampai=2026-11-03")

        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == (
            'attachment; filename="statistik-pemeriksaan-2026-11-02-2026-11-03.xlsx"'
        )
        assert answer.data.startswith(b"PK")

    def test_it_costs_the_same_for_few_and_many(
        self, database: Database, cast: Cast, browser: Browser
    ) -> None:
        counts = []
        browser.enter(cast.vera)
        for number in (1, 5):
            with database.transaction() as session:
                for kind in (DocumentKind.SEMINAR, DocumentKind.IJAZAH) * number:
                    builders.document(
                        session, cast.sari, S.DISETUJUI, verifier=cast.vera, kind=kind
                    )

            with statements(database.engine) as seen:
                browser.get("verification.statistics")
            counts.append(len(seen))

        assert counts[0] == counts[1]


def test_moments_before_the_epoch_of_a_queue_are_no_negative_wait(
    session: Session, cast: Cast, decide: Decide
) -> None:
    decide(days=-3)

    assert report(session, cast.vera, PERIOD).whole.median == 0


def test_now_is_in_the_usual_period() -> None:
    today = now().date()

    assert Period.of({}, today).last == today
