"""Tables as offices send them – XLSX and CSV – read line by line, whatever they try to be.

Nothing of a file is executed or followed: formulas give the value that was saved with them,
links, macros and pictures are never opened. What may be unpacked is bounded before it is.
"""

from portal.imports.sheets.opening import Limits, Lines, Table, open_tables
from portal.imports.sheets.refusal import Unreadable

__all__ = ["Limits", "Lines", "Table", "Unreadable", "open_tables"]
