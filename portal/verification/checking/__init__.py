"""What machines can check before a person looks (rules.md §8): small pure functions, each with a
code, a light and a sentence. They are hints; none of them decides.
"""

from portal.verification.checking.everything import all_checks
from portal.verification.checking.known import Known, Listed
from portal.verification.checking.light import (
    Check,
    Code,
    Light,
    first_not_green,
    worst,
    worst_first,
)

__all__ = [
    "Check",
    "Code",
    "Known",
    "Light",
    "Listed",
    "all_checks",
    "first_not_green",
    "worst",
    "worst_first",
]
