"""Production that listens without a proxy it believes: what that does to logins is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from portal.launch.web_server import tell_of_untold_proxy
from portal.settings import Settings
from tests.support.database import on_sqlite_alone

pytestmark = on_sqlite_alone


@pytest.mark.parametrize(
    ("mode", "proxies", "told"), [("produksi", 0, 1), ("produksi", 1, 0), ("demo", 0, 0)]
)
def test_production_without_a_proxy_is_told_what_that_does_to_logins(
    settings: Settings, mode: str, proxies: int, told: int
) -> None:
    with capture_logs() as logs:
        tell_of_untold_proxy(replace(settings, mode=mode, trusted_proxies=proxies))

    assert ["TRUSTED_PROXIES=1" in line["remedy"] for line in logs] == [True] * told
