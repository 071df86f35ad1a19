"""What gunicorn tells stands among the other lines of the log, as one JSON object."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from portal.launch.web_server import WebServer
from portal.operations.observation import configure_logs
from portal.settings import Settings
from tests.support.logs import write_plain_logs

TOLD = "Worker (pid:12068) was sent SIGKILL! Perhaps out of memory?"


@pytest.fixture
def gunicorns() -> Iterator[logging.Logger]:
    """Gunicorn's own logger, left as it was found."""
    logger = logging.getLogger("gunicorn.error")
    before = (list(logger.handlers), logger.propagate, logger.level)
    root = (list(logging.root.handlers), logging.root.level)
    yield logger
    logger.handlers, logger.propagate, logger.level = before
    logging.root.handlers, logging.root.level = root
    write_plain_logs()


def test_gunicorn_logs_like_the_rest(
    settings: Settings, capsys: pytest.CaptureFixture[str], gunicorns: logging.Logger
) -> None:
    configure_logs()
    server = WebServer(settings)
    server.cfg.logger_class(server.cfg)

    gunicorns.error(TOLD)

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"]) == (TOLD, "error")
