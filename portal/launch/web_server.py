"""The web server: gunicorn with threads, which stops gracefully."""

from __future__ import annotations

import gc
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from portal.launch.web_worker import WebWorker
from portal.settings import Settings, SettingsError, share_numbers

log = structlog.get_logger()
ONE_ADDRESS = (
    "Di belakang proxy (nginx dan sejenisnya) isi TRUSTED_PROXIES=1. Tanpa itu semua pengunjung "
    "terhitung satu alamat, dan salah ketik mereka saling menahan di halaman Masuk."
)


class _Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Hands on what gunicorn tells to the portal's own log, instead of writing it apart."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn with threads; each process builds its own application after the fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.numbers: Path | None = None
        if settings.web_processes > 1:
            self.numbers = Path(tempfile.mkdtemp(prefix="portal-metrics-"))
            share_numbers(self.numbers)
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.web_processes,
            "threads": self.settings.web_threads,
            "worker_class": WebWorker,
            "limit_request_line": 8190,
            "graceful_timeout": 30,
            "timeout": 60,
            "keepalive": 15,
            "loglevel": "warning",
            "logger_class": _Log,
            "proc_name": "portal-web",
            "control_socket_disable": True,
            "on_exit": self._forget_numbers,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def _forget_numbers(self, _server: object) -> None:
        """At the end of the first process; the others end before it."""
        if self.numbers is not None:
            shutil.rmtree(self.numbers, ignore_errors=True)

    def load(self) -> Flask:
        from portal.app import create_app

        app = create_app(self.settings)
        # What is there now stays to the end; the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        return app


def tell_of_untold_proxy(settings: Settings) -> None:
    """Log a remedy where production listens without a proxy that it believes: somebody has to end
    TLS, and the throttle would take that one for all visitors."""
    if settings.production and not settings.trusted_proxies:
        log.warning("no_trusted_proxy", remedy=ONE_ADDRESS)


def refuse_taken_port(settings: Settings) -> None:
    """Raises SettingsError with one plain sentence when the port is in use."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"Port {settings.port} sudah dipakai program lain. "
                f"Jalankan dengan port lain: PORT={settings.port + 123} make run"
            ) from error
