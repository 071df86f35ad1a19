"""The one failure of reading a file."""

from portal.errors import Rejected


class Unreadable(Rejected):
    """The file cannot be read; the sentence says why and what to do."""
