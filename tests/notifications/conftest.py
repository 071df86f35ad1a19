"""Sari with an address, and a mail server that really listens."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from portal.db import Database
from portal.people.models import Pegawai
from portal.permissions import Actor
from portal.settings import Settings
from tests.notifications.support import ADDRESS
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox, open_mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as box:
        yield box


@pytest.fixture
def mailing(settings: Settings, mailbox: Mailbox) -> Settings:
    return dataclasses.replace(
        settings, smtp_url=mailbox.url, public_url="https://portal.contoh.go.id"
    )


@pytest.fixture
def sari(database: Database, cast: Cast) -> Actor:
    """Sari, who has an address."""
    with database.transaction() as session:
        session.get_one(Pegawai, cast.sari.pegawai_id).email = ADDRESS
    return cast.sari
