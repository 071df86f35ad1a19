"""Only generated keys ever reach a store."""

from __future__ import annotations

import uuid

import pytest

from portal.storage import keys

FILE = uuid.UUID("0b0e4a3c-5b59-4f0e-9a53-2f7b6f3f9d11")
HOSTILE_KEYS = [
    "",
    "/",
    "..",
    "documents",
    "documents/..",
    "../documents/0b0e4a3c-5b59-4f0e-9a53-2f7b6f3f9d11/file.pdf",
    "/etc/passwd",
    f"documents/{FILE}/../file.pdf",
    f"documents/{FILE}/..",
    f"documents/{FILE}/.hidden",
    f"documents/{FILE}/file.pdf\0.webp",
    f"documents/{FILE}/file.pdf\n",
    f"documents/{FILE}/a/b.pdf",
    f"documents/{FILE}\\file.pdf",
    f"DOCUMENTS/{FILE}/file.pdf",
    f"documents/{FILE}/Ijazah Sari.pdf",
    f"documents/{FILE}/" + "a" * 300,
    f"documents/{FILE}/f\u0131le.pdf",
    "documents/\u0660b0e4a3c-5b59-4f0e-9a53-2f7b6f3f9d11/file.pdf",
]


@pytest.mark.parametrize(
    "key",
    [keys.stored(FILE), keys.page(FILE, 20), keys.thumbnail(FILE), keys.original(FILE, 1)],
)
def test_accepts_what_it_generates(key: str) -> None:
    assert keys.verify(key) == key


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_refuses_what_it_did_not_generate(key: str) -> None:
    with pytest.raises(ValueError, match="not a generated object key"):
        keys.verify(key)


@pytest.mark.parametrize("prefix", ["", "documents/", keys.folder(FILE)])
def test_accepts_a_prefix_that_ends_at_a_folder(prefix: str) -> None:
    assert keys.verify_prefix(prefix) == prefix


@pytest.mark.parametrize("prefix", ["/", "doc", "documents", f"documents/{FILE}", "../", "a/b/"])
def test_refuses_any_other_prefix(prefix: str) -> None:
    with pytest.raises(ValueError, match="not a prefix"):
        keys.verify_prefix(prefix)


def test_pages_sort_in_their_order() -> None:
    assert keys.page(FILE, 9) < keys.page(FILE, 10) < keys.page(FILE, 100)
