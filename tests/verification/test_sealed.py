"""Pictures under seal: whole again with the key, noise without it."""

from __future__ import annotations

import uuid

import pytest

from portal.verification import sealed


@pytest.mark.parametrize("content", [b"", b"\0", b"RIFF" * 1000, bytes(range(256))])
def test_twice_under_one_key_is_the_picture_again(content: bytes) -> None:
    key = sealed.key_of("rahasia", uuid.uuid4(), uuid.uuid4(), 1)

    assert sealed.seal(sealed.seal(content, key), key) == content


def test_nothing_of_the_picture_is_left_to_see() -> None:
    key = sealed.key_of("rahasia", uuid.uuid4(), uuid.uuid4(), 1)

    hidden = sealed.seal(bytes(100_000), key)

    assert 200 < len(set(hidden)) <= 256
    assert max(hidden.count(sign) for sign in set(hidden)) < 600


def test_each_reader_file_and_page_has_a_key() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()

    found = {
        sealed.key_of("rahasia", reader, file, page)
        for reader in (one, other)
        for file in (one, other)
        for page in (1, 11)
    }

    assert len(found) == 8
