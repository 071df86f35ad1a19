"""What happens to the items of the demo. A story yields the moment of each of its acts."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator

from portal.demo.desk import Desk
from portal.demo.history import in_year
from portal.demo.papers import Paper, course, degree, of_work
from portal.demo.people import Person
from portal.documents.models import Document
from portal.documents.transitions import Act
from portal.handin import actions as handin
from portal.permissions import Actor
from portal.verification import actions as verification
from portal.verification import revocations
from portal.vocabulary import DocumentKind, DocumentState, JenisDiklat, Role

Story = Iterator[dt.datetime]
"""Each moment is yielded before the act that happens at it."""
Plot = Callable[[Desk, Person, Paper, dt.datetime], Story]

RETURNED = ("nomor-tidak-terbaca", "berkas-buram", "halaman-kurang", "jp-berbeda")
REFUSED = ("nama-pemegang-berbeda", "sudah-pernah-dinilai")


def waiting(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    yield at
    desk.hand_in(person, paper, at)


def drafted(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    yield at
    desk.draft(person, paper, at)


def approved(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    yield at
    document = desk.hand_in(person, paper, at)
    yield (later := _decided(desk, at))
    desk.approve_fully(document, later)


def held(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    yield at
    document = desk.hand_in(person, paper, at)
    now = desk.clock.end
    yield now
    holder = desk.rng.choice((desk.staff[Role.VERIFIKATOR][-1], desk.staff[Role.KEPALA_ANTREAN][0]))
    desk.claim(holder, document, now, stays=True)


def returned(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    yield at
    document = desk.hand_in(person, paper, at)
    yield (later := _decided(desk, at))
    desk.return_(_checker(desk, document), document, _reason(desk, document, RETURNED), later)


def repaired(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    """Returned, repaired, handed in again; waits as "Diajukan ulang"."""
    yield at
    document = desk.hand_in(person, paper, at)
    yield (later := _decided(desk, at))
    desk.return_(_checker(desk, document), document, "tanggal-berbeda", later)
    yield (again := desk.clock.evening(desk.rng, later.date() + dt.timedelta(days=1)))
    today = max(again.date(), paper.latest)
    handin.resubmit(desk.session, desk.actor(person.nip), document, {}, today, at=again)


def refused(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    yield at
    document = desk.hand_in(person, paper, at)
    yield (later := _decided(desk, at))
    desk.refuse(_checker(desk, document), document, desk.rng.choice(REFUSED), later)


def objected(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    """Refused; the owner has objected, another verifikator has to look."""
    yield at
    document = desk.hand_in(person, paper, at)
    yield (later := _decided(desk, at))
    desk.refuse(_checker(desk, document), document, "nama-pemegang-berbeda", later)
    yield (again := desk.clock.evening(desk.rng, later.date() + dt.timedelta(days=2)))
    note = "Nama di sertifikat adalah nama saya sebelum menikah. Akta nikah ada di berkas pegawai."
    handin.object_(
        desk.session, desk.actor(person.nip), document, note, today=again.date(), at=again
    )


def withdrawn(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    yield at
    document = desk.hand_in(person, paper, at)
    yield (later := desk.clock.at(at.date(), 22))
    handin.withdraw(desk.session, desk.actor(person.nip), document, today=later.date(), at=later)


def revoked(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    yield at
    document = desk.hand_in(person, paper, at)
    yield (later := _decided(desk, at))
    desk.approve_fully(document, later)
    yield (end := desk.clock.office(desk.rng, later.date() + dt.timedelta(days=9)))
    kode = desk.rng.choice(("disetujui-keliru", "terbukti-tidak-sah"))
    head = desk.staff[Role.KEPALA_ANTREAN][0]
    verification.revoke(desk.session, head, document, desk.reasons[kode], today=end.date(), at=end)
    if document.state is DocumentState.DISETUJUI:  # older than a day: somebody else has to agree
        yield (agreed := min(end + dt.timedelta(hours=2), desk.clock.end))
        second = _checker(desk, document)
        revocations.agree(desk.session, second, document, today=agreed.date(), at=agreed)


def half_approved(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    """Approved at the first level, by the OPD or by the first of two; the second is awaited."""
    yield at
    document = desk.hand_in(person, paper, at)
    yield (later := _decided(desk, at))
    level = person.opd == "DIKBUD"
    first = desk.staff[Role.VERIFIKATOR_OPD if level else Role.VERIFIKATOR][0]
    desk.approve(first, document, later)


def for_colleague(desk: Desk, person: Person, paper: Paper, at: dt.datetime) -> Story:
    """Handed in by the operator of the OPD for somebody without a smartphone."""
    yield at
    document = desk.hand_in(person, paper, at, by=desk.staff[Role.OPERATOR_OPD][0])
    if at < desk.clock.end - dt.timedelta(days=9):
        yield (later := _decided(desk, at))
        desk.approve_fully(document, later)


PLOTS: tuple[tuple[Plot, int, int, int], ...] = (
    (approved, 46, 12, 330),
    (waiting, 24, 0, 5),
    (returned, 8, 4, 20),
    (repaired, 4, 7, 12),
    (refused, 7, 12, 200),
    (objected, 2, 9, 20),
    (withdrawn, 5, 10, 150),
    (revoked, 3, 40, 250),
    (half_approved, 5, 6, 10),
    (held, 4, 1, 4),
    (for_colleague, 6, 3, 40),
    (drafted, 8, 0, 25),
)
"""Each plot: how many items, and how many days ago they were handed in at least and at most."""

_ABOUT_CERTIFICATES = frozenset({repaired, returned, refused, objected})
"""Plots whose reasons do not fit a degree."""


def all_stories(desk: Desk, people: tuple[Person, ...]) -> list[Story]:
    """Every story of the demo, Sari's first."""
    rng = desk.rng
    sari, others = people[0], _owners(people, rng)
    stories = _of_sari(desk, sari)
    for plot, count, nearest, farthest in PLOTS:
        for _ in range(count):
            at = _moment(desk, rng.randint(nearest, farthest))
            person = next(others[_group(plot)])
            paper = _paper(plot, person, at, rng)
            stories.append(plot(desk, person, paper, at))
    return stories


def _paper(plot: Plot, person: Person, at: dt.datetime, rng: random.Random) -> Paper:
    last = at.date() - dt.timedelta(days=rng.randint(2, 30))
    if plot is half_approved and person.opd != "DIKBUD":
        return degree(person, last, rng)  # two approvals are asked for degrees
    paper = of_work(person, last, rng)
    while plot in _ABOUT_CERTIFICATES and paper.kind is DocumentKind.IJAZAH:
        paper = of_work(person, last, rng)
    return paper


def _group(plot: Plot) -> str:
    if plot is for_colleague:
        return "dikbud"
    return "berijazah" if plot is half_approved else "semua"


def _owners(people: tuple[Person, ...], rng: random.Random) -> dict[str, Iterator[Person]]:
    """People in random order, each at most once per group; nobody with a printed account."""
    rest = [person for person in people[14:] if person.status != "CPNS"]
    rng.shuffle(rest)
    dikbud = [person for person in rest if person.opd == "DIKBUD"][:6]
    degree = [person for person in rest if person.tingkat in {"SLTA", "D-III", "S-1"}]
    degree = [person for person in degree if person not in dikbud][-8:]
    others = [person for person in rest if person not in dikbud and person not in degree]
    others += people[1:2]  # the second printed account has an item too
    return {
        "dikbud": iter(dikbud),
        "berijazah": iter(degree),
        "semua": iter([others[-1], *others[:-1]]),
    }


def _of_sari(desk: Desk, sari: Person) -> list[Story]:
    """Her items: two approved ones that count, one to repair, one that waits and would bring 10."""
    today = desk.clock.today
    year = today.year
    training = _sheet(
        sari, JenisDiklat.FUNGSIONAL, "Diklat Fungsional Guru", "Balai Besar Guru Penggerak",
        72, 9, in_year(year - 1, 0.3, today), "0561/BBGP",
    )  # fmt: skip
    eight = _sheet(
        sari, JenisDiklat.BIMTEK, "Bimbingan Teknis Asesmen Formatif", "BPMP Provinsi",
        8, 1, in_year(year, 0.9, today), "421.3/0187/BPMP",
    )  # fmt: skip
    twelve = _sheet(
        sari, JenisDiklat.BIMTEK, "Bimtek Kurikulum", "Dinas Pendidikan dan Kebudayaan",
        12, 2, in_year(year, 0.92, today), "800/0412/DIKBUD",
    )  # fmt: skip
    seminar = _sheet(
        sari, JenisDiklat.SEMINAR, "Seminar Literasi Numerasi", "PGRI Kabupaten Banua Lestari",
        4, 1, in_year(year, 0.95, today), "071/PGRI-BL",
    )  # fmt: skip
    return [
        approved(desk, sari, training, _after(desk, training, 3)),
        approved(desk, sari, eight, _after(desk, eight, 2)),
        _returned_to_sari(desk, sari, twelve),
        waiting(desk, sari, seminar, max(_moment(desk, 2), _after(desk, seminar, 0))),
    ]


def _returned_to_sari(desk: Desk, sari: Person, paper: Paper) -> Story:
    at = max(_moment(desk, 6), _after(desk, paper, 0))
    yield at
    document = desk.hand_in(sari, paper, at)
    yield (later := max(_moment(desk, 3, office=True), at))
    desk.return_(desk.staff[Role.VERIFIKATOR][0], document, "nomor-tidak-terbaca", later)


def _sheet(
    person: Person,
    jenis: JenisDiklat,
    nama: str,
    organiser: str,
    jp: int,
    days: int,
    last: dt.date,
    nomor: str,
) -> Paper:
    kind = {
        JenisDiklat.FUNGSIONAL: DocumentKind.FUNGSIONAL,
        JenisDiklat.SEMINAR: DocumentKind.SEMINAR,
    }.get(jenis, DocumentKind.TEKNIS)
    return course(person, jenis, kind, nama, organiser, jp, days, last, f"{nomor}/{last.year}")


def _after(desk: Desk, paper: Paper, days: int) -> dt.datetime:
    """The evening some days after the last date of a paper."""
    return desk.clock.evening(desk.rng, paper.latest + dt.timedelta(days=days))


def _moment(desk: Desk, days_ago: int, *, office: bool = False) -> dt.datetime:
    day = desk.clock.today - dt.timedelta(days=days_ago)
    return desk.clock.office(desk.rng, day) if office else desk.clock.evening(desk.rng, day)


def _decided(desk: Desk, at: dt.datetime) -> dt.datetime:
    """One to four days later in office hours."""
    day = at.date() + dt.timedelta(days=desk.rng.choice((1, 1, 2, 2, 3, 4)))
    return max(desk.clock.office(desk.rng, day), at)


def _checker(desk: Desk, document: Document) -> Actor:
    """A verifikator who is not the owner."""
    others = [
        actor for actor in desk.staff[Role.VERIFIKATOR] if actor.pegawai_id != document.owner_id
    ]
    return desk.rng.choice(others)


def _reason(desk: Desk, document: Document, kodes: tuple[str, ...]) -> str:
    fitting = [
        kode
        for kode in kodes
        if desk.reasons[kode].act is Act.KEMBALIKAN
        and (not desk.reasons[kode].kinds or document.kind in desk.reasons[kode].kinds)
    ]
    return desk.rng.choice(fitting)
