"""The same paper again: told to its owner, hinted to whoever verifies, found without a search."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.documents import duplicates, look
from portal.documents.arrivals import Original, ReadCode
from portal.documents.duplicates import Likeness
from portal.documents.models import Document, DocumentFile
from portal.permissions import Actor
from portal.vocabulary import DocumentState
from tests.support import builders
from tests.support.cast import Cast
from tests.support.queries import statements

S = DocumentState
LOOK = "c096948e968c8080"
Change = Callable[[Session, DocumentFile], None]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def waiting(session: Session, owner: Actor, change: Change | None = None) -> Document:
    """An item in the queue whose paper is as `change` makes it."""
    document = builders.document(session, owner, S.DIAJUKAN)
    session.refresh(document)
    if change:
        change(session, document.files[0])
        session.flush()
    return document


def made_of(content: str, *, source: str | None = None, number: int = 1) -> Change:
    def change(session: Session, file: DocumentFile) -> None:
        session.add(
            Original(
                file_id=file.id,
                number=number,
                sha256=sha256(content),
                sha256_source=sha256(source) if source else None,
                size=1,
            )
        )

    return change


def looking(like: str) -> Change:
    def change(_session: Session, file: DocumentFile) -> None:
        file.dhash = like
        file.dhash_a, file.dhash_b, file.dhash_c = look.thirds(like)

    return change


def carrying(code: str) -> Change:
    def change(session: Session, file: DocumentFile) -> None:
        session.add(ReadCode(file_id=file.id, sha256=sha256(code)))

    return change


def with_bytes(content: str) -> Change:
    def change(_session: Session, file: DocumentFile) -> None:
        file.sha256_original = sha256(content)

    return change


def differing(like: str, bits: int) -> str:
    """A look that differs in so many bits, spread over all of it."""
    value = int(like, 16)
    for number in range(bits):
        value ^= 1 << (number * 64 // bits)
    return f"{value:016x}"


def found(session: Session, document: Document) -> list[tuple[Document, Likeness]]:
    twins = duplicates.twins(session, document, most=6)
    return [(twin.document, twin.likeness) for twin in twins]


class TestOfOwner:
    @pytest.mark.parametrize(
        "change",
        [with_bytes("foto"), made_of("foto"), made_of("kecil", source="foto")],
        ids=["whole paper", "one of its files", "before the device shrank it"],
    )
    def test_finds_the_item_that_was_made_of_the_file(
        self, session: Session, cast: Cast, change: Change
    ) -> None:
        item = waiting(session, cast.sari, change)

        assert duplicates.of_owner(session, cast.sari.pegawai_id, [sha256("foto")]) is item

    def test_finds_the_second_page(self, session: Session, cast: Cast) -> None:
        item = waiting(session, cast.sari, made_of("halaman 1"))
        made_of("halaman 2", number=2)(session, item.files[0])
        session.flush()

        assert duplicates.of_owner(session, cast.sari.pegawai_id, [sha256("halaman 2")]) is item

    def test_papers_of_others_are_not_told(self, session: Session, cast: Cast) -> None:
        waiting(session, cast.budi, made_of("foto"))

        assert duplicates.of_owner(session, cast.sari.pegawai_id, [sha256("foto")]) is None

    @pytest.mark.parametrize("state", [S.DRAF, S.DIBATALKAN, S.DITOLAK])
    def test_what_does_not_stand_may_come_again(
        self, session: Session, cast: Cast, state: DocumentState
    ) -> None:
        item = builders.document(session, cast.sari, state, verifier=cast.vera)
        session.refresh(item)
        with_bytes("foto")(session, item.files[0])
        session.flush()

        assert duplicates.of_owner(session, cast.sari.pegawai_id, [sha256("foto")]) is None

    def test_the_item_itself_is_no_duplicate(self, session: Session, cast: Cast) -> None:
        item = waiting(session, cast.sari, made_of("foto"))
        owner = cast.sari.pegawai_id

        assert duplicates.of_owner(session, owner, [sha256("foto")], except_id=item.id) is None

    def test_nothing_is_asked_about_no_files(self, session: Session, cast: Cast) -> None:
        waiting(session, cast.sari)

        assert duplicates.of_owner(session, cast.sari.pegawai_id, []) is None


class TestTwins:
    @pytest.mark.parametrize(
        ("one", "other", "likeness"),
        [
            (with_bytes("a"), with_bytes("a"), Likeness.BERKAS),
            (made_of("a"), made_of("a"), Likeness.BERKAS),
            (made_of("a", source="z"), made_of("b", source="z"), Likeness.BERKAS),
            (carrying("https://cek.id/1"), carrying("https://cek.id/1"), Likeness.KODE),
            (looking(LOOK), looking(LOOK), Likeness.RUPA),
            (looking(LOOK), looking(differing(LOOK, 8)), Likeness.RUPA),
        ],
        ids=["bytes", "one file", "source", "code", "picture", "nearly the picture"],
    )
    def test_what_is_shared_with_another_person_is_named(
        self, session: Session, cast: Cast, one: Change, other: Change, likeness: Likeness
    ) -> None:
        item = waiting(session, cast.sari, one)
        twin = waiting(session, cast.tono, other)

        assert found(session, item) == [(twin, likeness)]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (with_bytes("a"), with_bytes("b")),
            (made_of("a"), made_of("b")),
            (made_of("a"), made_of("b", source="c")),
            (carrying("1"), carrying("2")),
            (looking(LOOK), looking(differing(LOOK, 9))),
            (looking("0" * 16), looking("0" * 16)),
        ],
        ids=["bytes", "one file", "source", "code", "nine bits", "empty pages"],
    )
    def test_what_differs_is_not(
        self, session: Session, cast: Cast, one: Change, other: Change
    ) -> None:
        item = waiting(session, cast.sari, one)
        waiting(session, cast.tono, other)

        assert found(session, item) == []

    def test_a_number_is_the_same_however_it_is_typed(self, session: Session, cast: Cast) -> None:
        item = builders.document(session, cast.sari, S.DIAJUKAN, nomor="421.3/0187/BKD/2026")
        twin = builders.document(session, cast.tono, S.DIAJUKAN, nomor="421.3 / 0187 / bkd / 2026")

        assert found(session, item) == [(twin, Likeness.NOMOR)]

    def test_items_without_a_number_share_none(self, session: Session, cast: Cast) -> None:
        item = builders.document(session, cast.sari, S.DIAJUKAN, nomor="")
        builders.document(session, cast.tono, S.DIAJUKAN, nomor=" - ")

        assert found(session, item) == []

    def test_of_several_the_surest_is_named(self, session: Session, cast: Cast) -> None:
        item = waiting(session, cast.sari, looking(LOOK))
        twin = waiting(session, cast.tono, looking(LOOK))
        twin.files[0].sha256_original = item.files[0].sha256_original
        session.flush()

        assert found(session, item) == [(twin, Likeness.BERKAS)]

    def test_a_paper_that_was_replaced_is_no_twin(self, session: Session, cast: Cast) -> None:
        item = waiting(session, cast.sari, looking(LOOK))
        twin = waiting(session, cast.tono, looking(LOOK))
        twin.files[0].superseded_at = twin.submitted_at
        session.flush()

        assert found(session, item) == []

    @pytest.mark.parametrize(("others", "queries"), [(0, 1), (1, 2), (8, 2)])
    def test_it_takes_one_query_and_one_for_what_is_found(
        self, session: Session, cast: Cast, others: int, queries: int
    ) -> None:
        item = waiting(session, cast.sari, looking(LOOK))
        for _ in range(others):
            waiting(session, cast.tono, looking(LOOK))
        session.refresh(item, ["files"])

        with statements(session.get_bind()) as asked:  # type: ignore[arg-type]
            duplicates.twins(session, item, most=6)

        assert len(asked) == queries

    def test_no_more_are_told_than_asked_for(self, session: Session, cast: Cast) -> None:
        item = waiting(session, cast.sari, looking(LOOK))
        for _ in range(8):
            waiting(session, cast.tono, looking(LOOK))

        assert len(duplicates.twins(session, item, most=6)) == 6
