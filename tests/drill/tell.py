"""What the drills tell: kills, a crush, eight desks, hostile files; minutes each (`make drill`)."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.bench.figures import Figure, Report
from tests.drill import crush, desks, fuzz, kill, scene
from tests.drill.day import Day
from tests.support.postgres import running_postgres

HAND_INS = 500
AT_ONCE = 200
FUZZ_SECONDS = 600.0
SEED = 20261123
PAUSE = (1.0, 4.0)
ITEMS = 2000
DESKS = "Drill: eight verifikator at 2,000 items"
OWNERS = ("batalkan", "ajukan", "keberatan")
GROWTH = 1.15
"""Times its memory after warming up that the web server may hold in the end."""


def tell_kill(report: Report, folder: Path) -> None:
    """500 hand-ins while web, worker and store are killed."""
    with scene.running(folder, people=HAND_INS // 8) as place:
        seen = kill.drill(place, HAND_INS, seed=SEED, pause=PAUSE)
    kills = ", ".join(f"{name} {count}" for name, count in sorted(seen.kills.items()))
    faults = [*seen.lost, *seen.left_over, *seen.refusals]
    report.add(
        "Drill: kill -9 during hand-ins",
        Figure("receipts seen", len(seen.receipts), "receipts", note=f"of {HAND_INS}"),
        Figure("left in mid-upload on purpose", seen.abandoned, "people"),
        Figure("kills", seen.kills.total(), "kills", note=kills),
        Figure("receipts without row or object", len(seen.lost), "", most=0),
        Figure("items handed in twice or unasked", seen.twice, "", most=0),
        Figure("left over after the sweep", len(seen.left_over), "", 0, note="; ".join(faults[:3])),
        Figure("refused", len(seen.refusals), "", most=0),
        Figure(
            "periksa-berkas finds faults", bool(seen.examined), "", 0, note=seen.examined[-200:]
        ),
        Figure("took", seen.seconds, "s"),
    )


def tell_crush(report: Report, folder: Path) -> None:
    """200 people at once on two web workers."""
    with scene.running(folder, people=AT_ONCE + crush.READERS) as place:
        seen = crush.crush(place)
    report.add(
        "Drill: 200 hand-ins at once",
        Figure("receipts", len(seen.receipts), "receipts", least=AT_ONCE),
        Figure(
            "without receipt", len(seen.failures), "people", 0, note="; ".join(seen.failures[:2])
        ),
        Figure("until the last receipt", seen.seconds, "s"),
        Figure("median wait for the receipt", statistics.median(seen.waits or [0]), "s"),
        Figure("p95 of other pages alone", crush.p95(seen.alone) * 1000, "ms"),
        Figure("p95 of other pages beside", crush.p95(seen.beside) * 1000, "ms"),
        Figure("slower", seen.slower, "×", most=2),
        Figure("pages that failed", seen.bad_pages, "pages", most=0),
    )


def tell_fuzz(report: Report, folder: Path) -> None:
    """Ten minutes of bent files and nonsense."""
    seen = fuzz.fuzz(folder, seconds=FUZZ_SECONDS)
    answers = ", ".join(f"{status}: {count}" for status, count in sorted(seen.answers.items()))
    report.add(
        "Drill: hostile files and nonsense",
        Figure("sent", seen.examples, "requests", note=answers),
        Figure("faults of the portal", len(seen.faults), "", 0, note="; ".join(seen.faults[:2])),
        Figure("memory against the warm portal", seen.growth, "×", most=GROWTH),
        Figure("took", seen.seconds, "s"),
    )


def tell_desks(report: Report, folder: Path) -> None:
    """2,000 items on PostgreSQL, then as many on SQLite."""
    day = Day(ITEMS)
    for name in ("postgresql", "sqlite"):
        (folder / name).mkdir()
    with running_postgres() as postgres, postgres.database() as database:
        address = postgres.address(database)
        report.add(DESKS, *_day("PostgreSQL", folder / "postgresql", address, day))
    path = folder / "sqlite" / "hari.db"
    report.add(DESKS, *_day("SQLite", folder / "sqlite", f"sqlite:///{path}", day))


def _day(name: str, folder: Path, address: str, day: Day) -> list[Figure]:
    with desks.running(folder, address, day) as place:
        seen = desks.drill(place, day)
    taken = [act.seconds * 1000 for act in seen.decisions]
    told = ", ".join(f"{act} {count}" for act, count in seen.conflicts.most_common())
    done, total = seen.done, len(taken) + seen.together
    undone = done["urungkan"]
    by_owners = ", ".join(f"{act} {done[act]}" for act in OWNERS)
    shown = "; ".join(seen.errors[:2])
    faults = "; ".join([*seen.wrong, *seen.logged][:3])
    figures = (
        Figure("decisions", total, "decisions", note=f"{undone} undone, {seen.together} together"),
        Figure("speed", seen.speed, "decisions/s"),
        Figure("decision (p50)", statistics.median(taken or [0]), "ms"),
        Figure("decision (p95)", crush.p95(taken), "ms"),
        Figure("acts of owners meanwhile", sum(done[act] for act in OWNERS), "", note=by_owners),
        Figure("owners moved to another unit", seen.moved, "people"),
        Figure("told that somebody was faster", seen.conflicts.total(), "times", note=told),
        Figure("requests that died with a process", seen.cut, "", note=", ".join(seen.kills)),
        Figure("claims of the dead, decided by others", seen.held_by_the_dead, "claims"),
        Figure("deadlocks in the server's log", seen.deadlocks, "", most=0),
        Figure("faults shown to a person", len(seen.errors), "", 0, note=shown),
        Figure("books that do not agree", len(seen.wrong), "", 0, note=faults),
        Figure("moments of wrong counts", seen.miscounted, "", 0, note=f"of {seen.looks}"),
        Figure("took", seen.seconds, "s"),
    )
    return [replace(figure, name=f"{name}: {figure.name}") for figure in figures]


METHOD = """\
**Drills** (`make drill`) run on PostgreSQL, Redis, a Ceph gateway and two web workers, all on this
machine together with the people who hand in. *Kill*: web, worker or store dies by kill -9 every
one to four seconds and is started again; each person repeats what was not answered; every twentieth
leaves in mid-upload for good. Afterwards a sweep a month later, the reconciliation and
`periksa-berkas` look at everything. *Crush*: 200 people hand in a photo of 2000 pixels at the same
moment while two others read their pages. *Hostile*: hypothesis bends real files and sends nonsense
in every field (SQLite, local folder). *Desks*: eight verifikator, each a process with a browser of
its own, decide 2,000 items with pauses of up to 0.3 s, return, refuse, undo and tap twice, while
owners withdraw, repair and object; one verifikator and one web process die by kill -9, and a second
worker ticks each second. Counts are compared with the items in one statement twice a second; at the
end states, decisions, audit, records, scores and their ledgers have to agree."""
DRILLS: dict[str, tuple[str, Callable[[Report, Path], None]]] = {
    "bunuh": ("Drill: kill -9 during hand-ins", tell_kill),
    "serbu": ("Drill: 200 hand-ins at once", tell_crush),
    "pemeriksa": (DESKS, tell_desks),
    "acak": ("Drill: hostile files and nonsense", tell_fuzz),
}
"""What can be drilled by itself, and the section that it fills."""
