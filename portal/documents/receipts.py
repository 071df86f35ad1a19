"""Receipt numbers: short, readable aloud over a bad line, with a check digit.

K7M-204-91 is seven random digits, the first and third written as letters whose Indonesian names
do not sound alike, and a check digit after Damm, which finds every single wrong character and
every swap of neighbours.
"""

from __future__ import annotations

import re
import secrets

LETTERS = "AKMJRSUWXZ"
"""Each stands for its place; none looks like a digit."""
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_SHAPE = re.compile(rf"([{LETTERS}]\d[{LETTERS}])(\d{{3}})(\d\d)", re.ASCII)


def generate() -> str:
    """A random number out of ten million; the caller sees to it that it is unused."""
    digits = f"{secrets.randbelow(10**7):07}"
    head = LETTERS[int(digits[0])] + digits[1] + LETTERS[int(digits[2])]
    return f"{head}-{digits[3:6]}-{digits[6]}{_check_digit(digits)}"


def parse(text: str) -> str | None:
    """The number as it is stored, however it was typed; None when it cannot be one."""
    found = _SHAPE.fullmatch(re.sub(r"[\s.–-]", "", text).upper())
    if found is None:
        return None
    head, middle, tail = found.groups()
    digits = f"{LETTERS.index(head[0])}{head[1]}{LETTERS.index(head[2])}{middle}{tail[0]}"
    if _check_digit(digits) != int(tail[1]):
        return None
    return f"{head}-{middle}-{tail}"


def _check_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return interim
