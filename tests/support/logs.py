"""What the portal logs while tests call it, without the variables of every frame.

structlog's own way paints them in colours, which takes longer than the page that broke.
"""

from __future__ import annotations

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback


def write_plain_logs() -> None:
    """Log to the standard output of the moment; also the way back after a test of logging."""
    structlog.reset_defaults()
    usual = structlog.get_config()["processors"][:-1]
    plain = ConsoleRenderer(colors=False, exception_formatter=plain_traceback)
    structlog.configure(processors=[*usual, plain])


write_plain_logs()
