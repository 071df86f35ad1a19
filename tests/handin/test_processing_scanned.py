"""The scanner between what was sent and the paper."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal import audit
from portal.documents import scanning
from portal.documents.arrivals import Processing
from portal.documents.intake import isolated
from portal.handin import processing
from portal.storage.local import LocalStorage
from portal.vocabulary import ProcessingState
from tests.handin.paper_desk import Desk, workshop
from tests.support import sample_files

PHOTO = sample_files.jpeg(sample_files.certificate((400, 283)))
OTHER = sample_files.png(sample_files.certificate((400, 283), nomor="7"))


def test_a_conversion_has_a_process_of_its_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "convert_isolated", isolated.convert_isolated)

    assert desk.made_of(PHOTO, OTHER).state is ProcessingState.SIAP


class Finder:
    """A scanner that finds something in every file that carries its mark."""

    def scan(self, path: Path) -> str | None:
        return "Uji.Tanda" if b"JAHAT" in path.read_bytes() else None


@pytest.fixture
def scanned(desk: Desk) -> Callable[[bytes], Processing]:
    """What a workshop with a scanner makes of a file."""

    def act(content: bytes) -> Processing:
        order_id = desk.order(desk.upload(content))
        watchful = dataclasses.replace(workshop(desk), scanner=Finder())
        watchful.run({"id": str(order_id)})
        return desk.outcome(order_id)

    return act


Scanned = Callable[[bytes], Processing]


def test_a_clean_file_passes_the_scanner(scanned: Scanned) -> None:
    assert scanned(PHOTO).state is ProcessingState.SIAP


def test_an_infected_file_is_told_plainly(scanned: Scanned) -> None:
    outcome = scanned(PHOTO + b"JAHAT")

    assert (outcome.state, outcome.message) == (
        ProcessingState.KARANTINA,
        scanning.infected("IMG_1.jpg", "Uji.Tanda"),
    )


def test_an_infected_file_lies_in_quarantine_alone(scanned: Scanned, store: LocalStorage) -> None:
    scanned(PHOTO + b"JAHAT")

    (info,) = store.iterate()
    assert info.key.startswith("quarantine/")


def test_an_infected_file_stands_in_the_audit(
    scanned: Scanned, desk: Desk, session: Session
) -> None:
    scanned(PHOTO + b"JAHAT")

    line = audit.history(session, desk.document_id)[-1]
    assert (line.action, line.facts["temuan"]) == ("upload:quarantined", "Uji.Tanda")


def test_a_find_is_told_before_its_parts_go(
    scanned: Scanned, desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is killed on the way leaves a line about what lies in quarantine."""

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(processing, "drop_parts", killed)
    with pytest.raises(KeyboardInterrupt):
        scanned(PHOTO + b"JAHAT")

    assert audit.history(session, desk.document_id)[-1].action == "upload:quarantined"
