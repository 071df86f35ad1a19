"""What a machine read in the paper, put into the form for the person to look at."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from portal.handin.forms import DataForm


def take_read(form: DataForm, values: Mapping[str, str]) -> None:
    """Fill what is empty with what was read, and mark it; what somebody wrote stays."""
    for field in form.data_fields():
        if field.name in values and field.data in (None, ""):
            with suppress(ValueError):  # what does not fit the column is left out
                field.process_formdata([values[field.name]])
                form.as_read |= {field.name}
