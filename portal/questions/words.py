"""What may be written in a thread, and when; the sentences that say so."""

from __future__ import annotations

import datetime as dt

from portal.errors import Rejected
from portal.web.typed import clean_lines
from portal.wording import whole

LONGEST = 1000
"""Characters of one message, and of an answer that is kept."""
LONGEST_QUESTION = 300
"""Characters of a question that is kept."""
MOST_MESSAGES = 20
"""Of one thread. The last one is left to the BKD, so that nobody stays without an answer."""
MOST_OPEN = 5
"""Threads of one person that are open at a time."""
QUIET = dt.timedelta(days=14)
"""How long a closed thread can be opened again, and an answered one counts as open."""
FIELD = "tulisan"


def message(typed: str) -> str:
    """The cleaned words of a message. Raises Rejected when nothing is left, or too much."""
    text = clean_lines(typed)
    if not any(sign.isalnum() for sign in text):
        raise Rejected("Tulis pertanyaan atau pesan Anda.", FIELD)
    return within(text, LONGEST, "Pesan", FIELD)


def within(text: str, most: int, what: str, field: str) -> str:
    """The text itself; raises Rejected with both numbers when it is too long."""
    if len(text) > most:
        raise Rejected(
            f"{what} Anda {whole(len(text))} huruf. Paling panjang {whole(most)}; persingkat "
            "atau kirim dalam dua bagian.",
            field,
        )
    return text
