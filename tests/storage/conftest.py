"""The two stores behind one protocol."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from portal.settings import Settings
from portal.storage import Storage, connect


def settings(folder: Path, object_store_url: str | None = None) -> Settings:
    """Settings of a test with the given store."""
    return Settings(
        mode="uji", secret_key="x" * 40, var_dir=folder, object_store_url=object_store_url
    )


@pytest.fixture
def local(tmp_path: Path) -> Storage:
    """A store in an empty folder."""
    return connect(settings(tmp_path))


@cache
def _connected(url: str) -> Storage:
    """One client for all tests, as in a portal; making one takes longer than a test."""
    return connect(settings(Path("/tiada"), url))


@pytest.fixture
def s3(request: pytest.FixtureRequest) -> Storage:
    """A store in an empty bucket of a real RGW."""
    return _connected(request.getfixturevalue("bucket").url)


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.xdist_group("s3"))])
def store(request: pytest.FixtureRequest) -> Storage:
    """Each store in turn."""
    return request.getfixturevalue(request.param)
