"""Where the bytes of documents live: a local folder, or any S3-compatible store."""

from __future__ import annotations

from portal.settings import Settings
from portal.storage.base import ObjectInfo, PartRequest, Storage
from portal.storage.local import LocalStorage

__all__ = ["ObjectInfo", "PartRequest", "Storage", "connect"]


def connect(settings: Settings) -> Storage:
    """The store that the settings choose; shared by all threads of a process.

    Raises ValueError with an Indonesian sentence when the address of the store makes no sense.
    """
    if settings.object_store_url is None:
        return LocalStorage(settings.var_dir / "objects")
    # boto3 costs time and memory that an installation on a local folder need not pay.
    from portal.storage.s3 import S3Storage

    return S3Storage.from_url(settings.object_store_url, settings.object_store_public_url)
