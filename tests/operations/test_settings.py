"""Settings refuse nonsense at the start, in one sentence that names the remedy."""

from __future__ import annotations

import stat
from decimal import Decimal
from pathlib import Path

import pytest

from portal.settings import HTMX_URL, Settings, SettingsError

STRONG = "k7Zq2mX9vB4nR8tY1wL6pD3sF5gH0jCe"
PRODUCTION = {
    "PORTAL_MODE": "produksi",
    "DATABASE_URL": "postgresql://portal@db/portal",
    "OBJECT_STORE_URL": "https://kunci:rahasia@s3.contoh.go.id/dokumen",
    "PUBLIC_URL": "https://ip-asn.contoh.go.id",
    "SECRET_KEY": STRONG,
}


def read(tmp_path: Path, **env: str) -> Settings:
    return Settings.from_env({"VAR_DIR": str(tmp_path), **env})


def refusal(tmp_path: Path, **env: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **env)
    return str(caught.value)


def test_without_any_setting_the_portal_is_a_demo_in_its_own_folder(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.demo
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.db"
    assert settings.object_store_url is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORTAL_MODE", "production", "pilih salah satu dari demo, produksi, uji"),
        ("PORT", "abc", "isi dengan bilangan bulat 1 sampai 65535"),
        ("PORT", "0", "isi dengan bilangan bulat 1 sampai 65535"),
        ("PORT", "65536", "isi dengan bilangan bulat 1 sampai 65535"),
        ("PORT", "-1", "isi dengan bilangan bulat 1 sampai 65535"),
        ("PORT", "8000.5", "isi dengan bilangan bulat 1 sampai 65535"),
        ("PORT", "9" * 40, "isi dengan bilangan bulat 1 sampai 65535"),
        ("WEB_PROCESSES", "0", "isi dengan bilangan bulat 1 sampai 64"),
        ("WEB_THREADS", "banyak", "isi dengan bilangan bulat 1 sampai 64"),
        ("MAX_FILE_MB", "1000", "isi dengan bilangan bulat 1 sampai 100"),
        ("MAX_PAGES", "0", "isi dengan bilangan bulat 1 sampai 200"),
        ("SESSION_HOURS", "0", "isi dengan bilangan bulat 1 sampai 720"),
        ("LEASE_MINUTES", "1e2", "isi dengan bilangan bulat 1 sampai 240"),
        ("TRUSTED_PROXIES", "99", "isi dengan bilangan bulat 0 sampai 5"),
        ("KEEP_ORIGINALS", "true", "isi dengan 'ya' atau 'tidak'"),
        ("DATABASE_URL", "mysql://root@db/portal", "sqlite:// atau postgresql://"),
        ("DATABASE_URL", "portal.db", "sqlite:// atau postgresql://"),
        ("OBJECT_STORE_URL", "s3://dokumen", "http:// atau https://"),
        ("REDIS_URL", "localhost:6379", "redis:// atau rediss:// atau unix://"),
        ("SMTP_URL", "http://mail", "smtp:// atau smtps://"),
        ("MAIL_FROM", "portal", "isi satu alamat surel"),
        ("MAIL_FROM", "a@b.id, c@d.id", "isi satu alamat surel"),
        ("MAIL_FROM", "Portal <a@b.id>\nBcc: c@d.id", "isi satu alamat surel"),
        ("PUBLIC_URL", "ip-asn.contoh.go.id", "http:// atau https://"),
        ("HTMX_URL", "//cdn.contoh/htmx.js", "http:// atau https://"),
    ],
)
def test_nonsense_is_refused_with_its_name_and_the_remedy(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    message = refusal(tmp_path, **{name: value})

    assert message.startswith(name)
    assert sentence in message
    assert "\n" not in message


def test_a_refused_address_does_not_show_its_password(tmp_path: Path) -> None:
    assert "rahasia" not in refusal(tmp_path, DATABASE_URL="mysql://root:rahasia@db/portal")


def test_production_starts_with_everything_it_needs(tmp_path: Path) -> None:
    assert read(tmp_path, **PRODUCTION).production


@pytest.mark.parametrize("name", ["DATABASE_URL", "OBJECT_STORE_URL", "PUBLIC_URL", "SECRET_KEY"])
def test_production_refuses_to_start_without(tmp_path: Path, name: str) -> None:
    env = {key: value for key, value in PRODUCTION.items() if key != name}

    assert f"isi {name}" in refusal(tmp_path, **env)


@pytest.mark.parametrize("sender", ["", "portal@localhost"])
def test_production_sends_no_letters_from_a_sender_that_every_mail_server_refuses(
    tmp_path: Path, sender: str
) -> None:
    env = PRODUCTION | {"SMTP_URL": "smtps://surel.contoh.go.id", "MAIL_FROM": sender}

    assert "isi MAIL_FROM" in refusal(tmp_path, **env)


@pytest.mark.parametrize(
    "sender", ["portal@contoh.go.id", "Portal IP ASN <portal@contoh.go.id>", '"BKD" <a@b-c.id>']
)
def test_a_sender_may_have_a_name(tmp_path: Path, sender: str) -> None:
    env = PRODUCTION | {"SMTP_URL": "smtps://surel.contoh.go.id", "MAIL_FROM": sender}

    assert read(tmp_path, **env).mail_from == sender


def test_production_refuses_sqlite(tmp_path: Path) -> None:
    env = PRODUCTION | {"DATABASE_URL": "sqlite:////srv/portal.db"}

    assert "alamat PostgreSQL" in refusal(tmp_path, **env)


@pytest.mark.parametrize("key", ["pendek", "a" * 64, "abcabcabc" * 8, " " * 40])
def test_production_refuses_a_weak_key(tmp_path: Path, key: str) -> None:
    assert "32 karakter acak" in refusal(tmp_path, **PRODUCTION | {"SECRET_KEY": key})


def test_secrets_stay_out_of_the_printed_settings(tmp_path: Path) -> None:
    settings = read(tmp_path, **PRODUCTION, METRICS_TOKEN="token-metrik")

    printed = repr(settings)

    assert [word for word in (STRONG, "rahasia", "token-metrik") if word in printed] == []


def test_the_key_is_made_once_and_kept_for_this_user_alone(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)

    kept = tmp_path / "secret_key"
    assert first.secret_key == second.secret_key == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "berkas"
    blocked.write_text("bukan folder")

    message = refusal(blocked / "var")

    assert message == (
        f"Folder {blocked}/var tidak dapat ditulisi. Beri izin tulis atau isi VAR_DIR."
    )


def test_white_space_around_a_value_does_not_matter(tmp_path: Path) -> None:
    assert read(tmp_path, PORT=" 8123 ").port == 8123


@pytest.mark.parametrize(
    ("value", "address"),
    [("", HTMX_URL), ("lokal", ""), ("LOKAL", ""), ("https://cdn.id/h.js", "https://cdn.id/h.js")],
)
def test_htmx_comes_from_the_cdn_another_address_or_here(
    tmp_path: Path, value: str, address: str
) -> None:
    assert read(tmp_path, HTMX_URL=value).htmx_url == address


def test_shares_of_a_salary_are_read_from_the_highest(tmp_path: Path) -> None:
    settings = read(tmp_path, SALARY_SHARES="91:100, 71:80,0:60.5")

    assert settings.salary_shares == ((91, 100), (71, 80), (0, Decimal("60.5")))


@pytest.mark.parametrize(
    "text",
    [
        "80",
        "91:100",
        "0:60,91:100",
        "91:60,0:100",
        "91:100,91:90,0:60",
        "101:100,0:60",
        "91:101,0:0",
        "91:100,,0:60",
        "91:100,0:x",
        "٩١:100,0:60",
    ],
)
def test_shares_that_make_no_table_are_refused(tmp_path: Path, text: str) -> None:
    assert "SALARY_SHARES" in refusal(tmp_path, SALARY_SHARES=text)
