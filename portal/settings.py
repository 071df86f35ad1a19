"""Settings, read once from the environment. The only reader of os.environ; refuses nonsense."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
MODES = ("demo", "produksi", "uji")
MIB = 1024 * 1024
NOBODY = "portal@localhost"
"""Sender of letters that no mail server takes; enough for a demo."""
_FULL = 100


class SettingsError(ValueError):
    """A setting is missing or makes no sense; the message names it and the remedy."""


def _whole_number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
        raise SettingsError(f"{name}={text!r}: isi dengan bilangan bulat {low} sampai {high}.")
    return int(text)


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if not text:
        return default
    if text not in {"ya", "tidak"}:
        raise SettingsError(f"{name}={text!r}: isi dengan 'ya' atau 'tidak'.")
    return text == "ya"


def _address(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    text = env.get(name, "").strip()
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        beginnings = " atau ".join(f"{scheme}://" for scheme in schemes)
        raise SettingsError(f"{name}: alamat harus berawalan {beginnings}.")
    return text


def _kept_secret(var_dir: Path) -> str:
    """Made on the first start and kept, so that sessions survive a restart.

    Web and worker may start at the same moment: the whole file appears under its name at once,
    and whoever comes second uses what the first one made.
    """
    path = var_dir / "secret_key"
    try:
        if not path.exists():
            var_dir.mkdir(parents=True, exist_ok=True)
            descriptor, fresh = tempfile.mkstemp(prefix="secret_key-", dir=var_dir)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_urlsafe(48))
            with suppress(FileExistsError):
                os.link(fresh, path)
            Path(fresh).unlink()
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"Folder {var_dir} tidak dapat ditulisi. Beri izin tulis atau isi VAR_DIR."
        ) from error


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between two installations."""

    mode: str = "demo"
    """`demo` (invented people, printed accounts), `produksi`, or `uji` (tests)."""
    secret_key: str = field(repr=False)
    var_dir: Path = ROOT / "var"
    database_url: str = field(default="", repr=False)
    object_store_url: str | None = field(default=None, repr=False)
    """S3: https://KEY:SECRET@host:port/bucket?region=…; None keeps objects in var/objects."""
    object_store_public_url: str | None = None
    """Origin under which browsers reach the store, when it differs from the one above."""
    redis_url: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = NOBODY
    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    web_processes: int = 1
    web_threads: int = 8
    trusted_proxies: int = 0
    """Number of reverse proxies whose X-Forwarded-* headers are believed."""
    htmx_url: str = HTMX_URL
    htmx_integrity: str = HTMX_INTEGRITY
    max_file_bytes: int = 10 * MIB
    max_pages: int = 20
    max_import_bytes: int = 20 * MIB
    rules_dir: Path | None = None
    """Folder of the agency's own files of rules; None offers only those that ship."""
    keep_originals: bool = False
    clamd_url: str | None = None
    """Virus scanner, tcp://host:3310 or unix:///path; with one, nothing is taken unscanned."""
    siasn_max_bytes: int = 1_000_000
    """Largest PDF that SIASN takes; the copy for it is made smaller than this."""
    conversions_at_once: int = 1
    """Papers that one worker makes at the same time, each in a process of its own."""
    draft_days: int = 180
    """Days after which an untouched draft is deleted; 0 keeps drafts."""
    refused_days: int = 730
    """Days after which the papers of refused or withdrawn items are deleted; 0 keeps them."""
    quarantine_days: int = 30
    """Days for which infected files stay for an examination."""
    session_hours: int = 12
    lease_minutes: int = 15
    max_claims: int = 5
    """Items that one verifikator may hold at a time."""
    salary_example: int = 10_000_000
    """Rupiah that Simulasi illustrates single salary with; 0 leaves the illustration out."""
    salary_shares: tuple[tuple[Decimal, Decimal], ...] = ()
    """(lowest index, percent earned), highest first; empty: as many percent as points."""
    metrics_token: str | None = field(default=None, repr=False)
    """Bearer token of /metrics; without one the page exists outside production only."""
    cheap_hashes: bool = False
    """Tests only: argon2 parameters that take no time."""

    @property
    def production(self) -> bool:
        return self.mode == "produksi"

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read and check the environment; raises SettingsError with an Indonesian sentence."""
        env = os.environ if env is None else env
        mode = env.get("PORTAL_MODE", "").strip() or "demo"
        if mode not in MODES:
            raise SettingsError(f"PORTAL_MODE={mode!r}: pilih salah satu dari {', '.join(MODES)}.")
        var_dir = Path(env.get("VAR_DIR", "").strip() or ROOT / "var").resolve()
        database_url = _address(env, "DATABASE_URL", ("sqlite", "postgresql"))
        object_store_url = _address(env, "OBJECT_STORE_URL", ("http", "https"))
        port = _whole_number(env, "PORT", 8000, 1, 65535)
        if mode == "produksi":
            _refuse_weak_production(env, database_url, object_store_url)
        return cls(
            mode=mode,
            secret_key=env.get("SECRET_KEY", "").strip() or _kept_secret(var_dir),
            var_dir=var_dir,
            database_url=database_url or f"sqlite:///{var_dir / 'portal.db'}",
            object_store_url=object_store_url,
            object_store_public_url=_address(env, "OBJECT_STORE_PUBLIC_URL", ("http", "https")),
            redis_url=_address(env, "REDIS_URL", ("redis", "rediss", "unix")),
            smtp_url=_address(env, "SMTP_URL", ("smtp", "smtps")),
            mail_from=_sender(env),
            public_url=_address(env, "PUBLIC_URL", ("http", "https")) or f"http://127.0.0.1:{port}",
            host=env.get("HOST", "").strip() or "127.0.0.1",
            port=port,
            web_processes=_whole_number(env, "WEB_PROCESSES", 1, 1, 64),
            web_threads=_whole_number(env, "WEB_THREADS", 8, 1, 64),
            trusted_proxies=_whole_number(env, "TRUSTED_PROXIES", 0, 0, 5),
            htmx_url=_htmx_address(env),
            htmx_integrity=env.get("HTMX_INTEGRITY", "").strip() or HTMX_INTEGRITY,
            max_file_bytes=_whole_number(env, "MAX_FILE_MB", 10, 1, 100) * MIB,
            max_pages=_whole_number(env, "MAX_PAGES", 20, 1, 200),
            max_import_bytes=_whole_number(env, "MAX_IMPORT_MB", 20, 1, 200) * MIB,
            rules_dir=rules_folder(env),
            keep_originals=_switch(env, "KEEP_ORIGINALS", default=False),
            clamd_url=_address(env, "CLAMD_URL", ("tcp", "unix")),
            siasn_max_bytes=_whole_number(env, "SIASN_MAX_KB", 1000, 100, 10_000) * 1000,
            conversions_at_once=_whole_number(env, "CONVERSIONS_AT_ONCE", 1, 1, 16),
            draft_days=_whole_number(env, "DRAFT_DAYS", 180, 0, 3650),
            refused_days=_whole_number(env, "REFUSED_DAYS", 730, 0, 36_500),
            quarantine_days=_whole_number(env, "QUARANTINE_DAYS", 30, 1, 3650),
            session_hours=_whole_number(env, "SESSION_HOURS", 12, 1, 720),
            metrics_token=env.get("METRICS_TOKEN", "").strip() or None,
            lease_minutes=_whole_number(env, "LEASE_MINUTES", 15, 1, 240),
            max_claims=_whole_number(env, "MAX_CLAIMS", 5, 1, 50),
            salary_example=_whole_number(env, "SALARY_EXAMPLE", 10_000_000, 0, 999_999_999),
            salary_shares=_salary_shares(env),
        )


def _sender(env: Mapping[str, str]) -> str:
    """One address, with or without a name before it."""
    text = env.get("MAIL_FROM", "").strip() or NOBODY
    address = r"[\w.+-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
    if not re.fullmatch(rf"{address}|[^<>@,;\x00-\x1f]*<{address}>", text, re.ASCII):
        raise SettingsError(
            f"MAIL_FROM={text!r}: isi satu alamat surel, misalnya portal@contoh.go.id."
        )
    return text


def rules_folder(env: Mapping[str, str] | None = None) -> Path | None:
    """RULES_DIR by itself, for commands that need no other setting; raises SettingsError."""
    env = os.environ if env is None else env
    text = env.get("RULES_DIR", "").strip()
    if not text:
        return None
    folder = Path(text).resolve()
    if not folder.is_dir():
        raise SettingsError(
            f"RULES_DIR={text!r}: folder ini tidak ada. Buat dahulu, atau kosongkan."
        )
    return folder


_SHARED_NUMBERS = "PROMETHEUS_MULTIPROC_DIR"
"""Read by prometheus_client itself."""


def share_numbers(folder: Path) -> None:
    """Let this process and its children keep the numbers of /metrics together in a folder; to be
    called before the first application is made."""
    os.environ[_SHARED_NUMBERS] = str(folder)


def shared_numbers() -> Path | None:
    """The folder of `share_numbers`; None where one process counts for itself."""
    text = os.environ.get(_SHARED_NUMBERS, "")
    return Path(text) if text else None


def _salary_shares(env: Mapping[str, str]) -> tuple[tuple[Decimal, Decimal], ...]:
    """Pairs of lowest index and percent, whose indexes fall to 0 and whose percents never rise."""
    text = env.get("SALARY_SHARES", "").replace(" ", "")
    if not text:
        return ()
    number = r"\d{1,3}(?:\.\d{1,2})?"
    shares = [
        (Decimal(pair[1]), Decimal(pair[2]))
        for part in text.split(",")
        if (pair := re.fullmatch(f"({number}):({number})", part, re.ASCII))
    ]
    falling = all(a[0] > b[0] and a[1] >= b[1] for a, b in pairwise(shares))
    complete = len(shares) == text.count(",") + 1 and shares[-1][0] == 0
    if not complete or not falling or max(shares[0]) > _FULL:
        raise SettingsError(
            f"SALARY_SHARES={text!r}: isi batas indeks dan persen dari yang tertinggi sampai 0, "
            "misalnya 91:100,81:90,71:80,61:70,0:60."
        )
    return tuple(shares)


def _htmx_address(env: Mapping[str, str]) -> str:
    """The CDN, another address, or nothing: `lokal` serves the portal's own copy alone."""
    if env.get("HTMX_URL", "").strip().lower() == "lokal":
        return ""
    return _address(env, "HTMX_URL", ("http", "https")) or HTMX_URL


def _refuse_weak_production(
    env: Mapping[str, str], database_url: str | None, object_store_url: str | None
) -> None:
    if not database_url or not database_url.startswith("postgresql"):
        raise SettingsError("PORTAL_MODE=produksi: isi DATABASE_URL dengan alamat PostgreSQL.")
    if not object_store_url:
        raise SettingsError("PORTAL_MODE=produksi: isi OBJECT_STORE_URL dengan alamat S3.")
    key = env.get("SECRET_KEY", "").strip()
    if len(key) < 32 or len(set(key)) < 12:
        raise SettingsError(
            "PORTAL_MODE=produksi: isi SECRET_KEY dengan sedikitnya 32 karakter acak, "
            "misalnya dari perintah: python -c 'import secrets; print(secrets.token_urlsafe(48))'."
        )
    if not env.get("PUBLIC_URL", "").strip():
        raise SettingsError("PORTAL_MODE=produksi: isi PUBLIC_URL dengan alamat portal.")
    if env.get("SMTP_URL", "").strip() and env.get("MAIL_FROM", "").strip() in {"", NOBODY}:
        raise SettingsError(
            "PORTAL_MODE=produksi dengan SMTP_URL: isi MAIL_FROM dengan alamat pengirim yang "
            "diterima server surel."
        )
