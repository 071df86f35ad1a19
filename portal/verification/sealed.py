"""Pictures of the next item that a desk fetches ahead: sealed, so that they are not yet read.

The bytes go out before anybody holds the item; the key follows with the claim, and the reading is
noted in the same transaction. Without its key a sealed picture shows nothing
(docs/decisions/0017-next-item-ahead.md).
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from itertools import islice

from portal.documents.models import Document

AHEAD = 3
"""Pages of an item that are fetched ahead; the others follow when they are scrolled to."""
_PURPOSE = "halaman-tersegel"
_SALT = b"portal"


def first_pages(document: Document) -> list[tuple[uuid.UUID, int]]:
    """File and number of the pages that the desk shows first."""
    files = (file for file in document.current_files if file.erased_at is None)
    pages = ((file.id, number) for file in files for number in range(1, file.pages + 1))
    return list(islice(pages, AHEAD))


def key_of(secret: str, actor_id: uuid.UUID, file_id: uuid.UUID, number: int) -> bytes:
    """The key of one page for one reader: 32 bytes. Stored pictures never change, so that a key
    meets one text alone."""
    words = f"{_PURPOSE}:{actor_id}:{file_id}:{number}"
    return hmac.digest(secret.encode(), words.encode(), "sha256")


def seal(content: bytes, key: bytes) -> bytes:
    """The bytes under the key; done twice, they are as they were.

    One round of PBKDF2 is HMAC-SHA-512 over a counter: a stream of key that the standard library
    and every browser know how to make.
    """
    size = len(content)
    if not size:
        return b""
    stream = hashlib.pbkdf2_hmac("sha512", key, _SALT, 1, size)
    mixed = int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(size, "big")
