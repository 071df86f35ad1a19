"""Reading a paper by machine: codes, text, and the fields that stand in it.

What is read is what is seen: pages are drawn and read as pictures, also those of a PDF that
carries text, which could say something else than the page shows. `read_isolated` does it in a
child process with bounded memory and time. Importing this package loads no decoder.
"""

from portal.documents.reading.isolated import read_isolated
from portal.documents.reading.result import Paper

__all__ = ["Paper", "read_isolated"]
