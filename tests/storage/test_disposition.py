"""File names in headers."""

from __future__ import annotations

import pytest

from portal.storage.disposition import content_disposition


def test_names_the_file_twice() -> None:
    assert (
        content_disposition("inline", "Ijazah.pdf")
        == "inline; filename=\"Ijazah.pdf\"; filename*=UTF-8''Ijazah.pdf"
    )


@pytest.mark.parametrize("name", ['a".pdf', "a\r\nSet-Cookie: x.pdf", "a\\.pdf", "a;b.pdf", "é\0"])
def test_a_name_stays_inside_its_quotes(name: str) -> None:
    value = content_disposition("attachment", name)

    assert value.count('"') == 2
    assert not {"\r", "\n", "\\", "\0"} & set(value)


def test_a_broken_name_is_replaced() -> None:
    assert content_disposition("inline", "a\ud800").endswith("''a%3F")


def test_refuses_another_disposition() -> None:
    with pytest.raises(ValueError, match="disposition"):
        content_disposition("form-data", "a.pdf")
