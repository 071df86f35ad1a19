"""What was found out once, kept for everybody to whom it applies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

V = TypeVar("V")

MOST_KEPT = 20_000
"""Answers that one memo holds. A full memo starts anew, so that odd data cannot fill the memory."""


class Kept(dict[Any, V]):
    """Answers by what they depend on."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: tuple[Any, ...], value: V) -> None:
        """Remember an answer."""
        if len(self) >= self._most:
            self.clear()
        self[key] = value


class Memo(Kept[V]):
    """The same; a new question goes to `learn`."""

    def __init__(self, learn: Callable[..., V], most: int = MOST_KEPT) -> None:
        super().__init__(most)
        self._learn = learn

    def __missing__(self, key: tuple[Any, ...]) -> V:
        value = self._learn(*key)
        self.keep(key, value)
        return value
