"""Kompetensi of many people: courses are judged one by one, then put together per indicator."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from portal.scoring.engine.inputs import KELOMPOK_JABATAN
from portal.scoring.hitung.fast.lines import Course, Line
from portal.scoring.hitung.fast.posts import LATE, NO_INDICATOR, Judged, Post
from portal.scoring.hitung.fast.reference import Cell, Kinds, Reference, after_reason

_EMPTY = b"[]"
Found: TypeAlias = list[tuple[int, Course]]
Left: TypeAlias = list[tuple[int, str]]


class KompetensiOfMany:
    """Answers for the dimension."""

    def __init__(self, reference: Reference) -> None:
        self.kinds = Kinds()
        self._brief = reference.task.brief
        self._posts = {
            word: Post(reference, self.kinds, post) for word, post in KELOMPOK_JABATAN.items()
        }

    def column(self, people: list[Line]) -> list[Cell]:
        """One cell for each person."""
        if self._brief:
            return self._points(people)
        posts = self._posts
        return [
            _cell(posts[person.kelompok_jabatan], person.pengembangan or []) for person in people
        ]

    def _points(self, people: list[Line]) -> list[Cell]:
        cells: list[Cell] = []
        for person in people:
            post = self._posts[person.kelompok_jabatan]
            judged, summed = post.judged, post.summed
            fulfilled = jp = 0
            for item in person.pengembangan or ():
                end = item.tanggal_selesai
                place, reason = judged[
                    item.jenis, end.year if end else 0, item.latihan_struktural, not item.jp
                ]
                if reason is None:
                    if place == summed:
                        jp += item.jp or 0
                    else:
                        fulfilled |= 1 << place
            duty = post.duty
            cells.append((post.points[fulfilled, min(duty, jp)], b""))
        return cells


def _cell(post: Post, courses: list[Course]) -> Cell:
    """Points and rows of one person."""
    found, left = _sift(post, courses)
    rows = b""
    fulfilled = jp = 0
    for place in range(post.indicators):
        own = found[place]
        if not own:
            opening, bukti = post.none[(place,)], _EMPTY
        elif place == post.summed:
            jp = sum(item.jp or 0 for _, item in own)
            opening, bukti = post.sums[(jp,)], str([index for index, _ in own]).encode()
        else:
            fulfilled |= 1 << place
            index, item = own[0] if len(own) == 1 else _choose(post, place, own, left[place])
            end = item.tanggal_selesai
            year = end.year if end else 0
            opening = post.one[place, item.jenis, year, item.latihan_struktural]
            bukti = b"[%d]" % index
        rows += opening + post.left_out[tuple(left[place])] + after_reason(bukti) + b", "
    return post.points[fulfilled, min(jp, post.duty)], rows


def _sift(post: Post, courses: list[Course]) -> tuple[list[Found], list[Left]]:
    """Per indicator the courses that count, and the others with the reason."""
    found: list[Found] = [[] for _ in range(post.indicators)]
    left: list[Left] = [[] for _ in range(post.indicators)]
    for index, item in enumerate(courses):
        end = item.tanggal_selesai
        judged: Judged = post.judged[
            item.jenis, end.year if end else 0, item.latihan_struktural, not item.jp
        ]
        place, reason = judged
        if reason is None:
            found[place].append((index, item))
        elif reason is LATE and judged is not NO_INDICATOR:
            left[place].append((index, post.late[place, end]))
        elif place >= 0:
            left[place].append((index, reason))
    return found, left


def _choose(post: Post, place: int, own: Found, left: Left) -> tuple[int, Course]:
    """The course that counts longest; the others are spare."""
    chosen = max(own, key=lambda pair: pair[1].tanggal_selesai or dt.date.min)
    spare = post.spare[(place,)]
    left += [(index, spare) for index, _ in own if index != chosen[0]]
    left.sort()
    return chosen
