"""Objects in any S3-compatible store; the only user of boto3."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from portal.storage import keys
from portal.storage.base import (
    CHUNK,
    ObjectInfo,
    PartRequest,
    as_stream,
    away,
    digests,
    verify_hash,
)
from portal.storage.disposition import content_disposition

FORM = "https://KUNCI:RAHASIA@host:port/bucket?region=…"
METHODS = ["PUT", "GET"]
"""What a page may do in the bucket; every request still needs a signature of its own."""
REMEMBERED_SECONDS = 86_400
"""So long a browser need not ask again whether it may."""
_MISSING = {"404", "NoSuchKey", "NotFound"}
_CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    # By default boto3 appends a checksum trailer, which most stores other than Amazon's refuse.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    # Of a store that is silent people are told after 45 seconds: a proxy waits for a minute.
    retries={"total_max_attempts": 3, "mode": "standard"},
    connect_timeout=3,
    read_timeout=15,
    max_pool_connections=16,
)
_IMPATIENT = _CONFIG.merge(
    Config(retries={"total_max_attempts": 1, "mode": "standard"}, connect_timeout=2, read_timeout=3)
)
"""For the question whether the store is there, which is asked every few seconds: while it is
silent, the answers must not take all threads of the web server."""


@dataclass(frozen=True)
class Address:
    """Where the store is and how to enter it."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read `https://KEY:SECRET@host:port/bucket?region=…` (parts percent-encoded).

        Raises ValueError with an Indonesian sentence; it never repeats the secret.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError(f"OBJECT_STORE_URL tidak terbaca. Bentuknya {FORM}") from None
        bucket = unquote(parts.path.strip("/"))
        missing = [
            word
            for word, value in (
                ("http(s)://", parts.scheme in {"http", "https"}),
                ("host", parts.hostname),
                ("kunci", parts.username),
                ("rahasia", parts.password),
                ("bucket", bucket and "/" not in bucket),
            )
            if not value
        ]
        if missing:
            raise ValueError(
                f"OBJECT_STORE_URL: {', '.join(missing)} belum benar. Bentuknya {FORM}"
            )
        host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
        return cls(
            endpoint=f"{parts.scheme}://{host}" + (f":{port}" if port else ""),
            bucket=bucket,
            access_key=unquote(str(parts.username)),
            secret_key=unquote(str(parts.password)),
            region=parse_qs(parts.query).get("region", ["us-east-1"])[0],
        )


class S3Storage:
    """Storage in one bucket, which must exist. boto3 clients may be shared between threads."""

    def __init__(self, address: Address, public_endpoint: str | None = None) -> None:
        """`public_endpoint`: origin under which browsers reach the store, when it differs."""
        self.bucket = address.bucket
        self._client = _client(address, address.endpoint)
        self._public = _client(address, public_endpoint) if public_endpoint else self._client
        self._address = address

    @cached_property
    def _asking(self) -> Any:
        return _client(self._address, self._address.endpoint, _IMPATIENT)

    @classmethod
    def from_url(cls, url: str, public_endpoint: str | None = None) -> S3Storage:
        """See Address.parse."""
        return cls(Address.parse(url), public_endpoint)

    def put(self, key: str, data: bytes | BinaryIO, content_type: str, *, sha256: str) -> None:
        """See Storage.put; the store checks the bytes against Content-MD5 on arrival."""
        keys.verify(key)
        stream = as_stream(data)
        actual, md5, length = digests(stream)
        verify_hash(actual, sha256, key)
        with _translated(key):
            self._client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=stream,
                ContentLength=length,
                ContentMD5=base64.b64encode(md5).decode(),
                ContentType=content_type,
                Metadata={"sha256": actual},
            )

    def open(self, key: str) -> BinaryIO:
        """See Storage.open. Fetched whole first: a line that breaks half-way raises here,
        not in the middle of an answer."""
        keys.verify(key)
        spool = tempfile.SpooledTemporaryFile(max_size=CHUNK)  # noqa: SIM115  the caller closes it
        try:
            with _translated(key):
                answer = self._client.get_object(Bucket=self.bucket, Key=key)
                for chunk in answer["Body"].iter_chunks(CHUNK):
                    spool.write(chunk)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return cast("BinaryIO", spool)

    def size(self, key: str) -> int:
        """See Storage.size."""
        keys.verify(key)
        with _translated(key):
            head = self._client.head_object(Bucket=self.bucket, Key=key)
        return int(head["ContentLength"])

    def exists(self, key: str) -> bool:
        """See Storage.exists."""
        try:
            self.size(key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        """See Storage.delete."""
        keys.verify(key)
        with _translated(key):
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def presign(
        self,
        key: str,
        *,
        seconds: int = 60,
        filename: str,
        content_type: str,
        disposition: str = "inline",
    ) -> str:
        """See Storage.presign; name, type and disposition are part of the signature."""
        parameters = {
            "Bucket": self.bucket,
            "Key": keys.verify(key),
            "ResponseContentType": content_type,
            "ResponseContentDisposition": content_disposition(disposition, filename),
            "ResponseCacheControl": "no-store",  # else browsers keep papers as long as they like
        }
        return str(
            self._public.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)
        )

    def presign_part(self, key: str, *, size: int, content_type: str, seconds: int) -> PartRequest:
        """See Storage.presign_part; length and type are signed as headers."""
        parameters = {
            "Bucket": self.bucket,
            "Key": keys.verify(key),
            "ContentLength": size,
            "ContentType": content_type,
        }
        url = self._public.generate_presigned_url(
            "put_object", Params=parameters, ExpiresIn=seconds
        )
        return PartRequest(str(url), "PUT", {"Content-Type": content_type})

    def allow_browser(self, origins: Sequence[str]) -> None:
        """See Storage.allow_browser; rules that others made stay, and a second call adds none."""
        try:
            rules = self._browser_rules()
            lacking = [one for one in origins if not any(_allows(rule, one) for rule in rules)]
            if lacking:
                rules.append(_rule(lacking))
                self._client.put_bucket_cors(
                    Bucket=self.bucket, CORSConfiguration={"CORSRules": rules}
                )
        except (BotoCoreError, ClientError) as error:
            raise away(error) from error

    def _browser_rules(self) -> list[dict[str, Any]]:
        try:
            return list(self._client.get_bucket_cors(Bucket=self.bucket)["CORSRules"])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchCORSConfiguration":
                return []
            raise

    def iterate(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """See Storage.iterate; pages of a thousand."""
        keys.verify_prefix(prefix)
        pages = self._client.get_paginator("list_objects_v2")
        with _translated(prefix):
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                for row in page.get("Contents", ()):
                    if keys.is_key(row["Key"]):
                        yield ObjectInfo(row["Key"], row["Size"], row["LastModified"])

    def check(self) -> None:
        """See Storage.check: asks for the bucket, which proves address and keys."""
        try:
            self._asking.head_bucket(Bucket=self.bucket)
        except (BotoCoreError, ClientError) as error:
            raise away(error) from error


def _rule(origins: Sequence[str]) -> dict[str, Any]:
    return {
        "AllowedOrigins": list(origins),
        "AllowedMethods": METHODS,
        "AllowedHeaders": ["content-type"],
        "MaxAgeSeconds": REMEMBERED_SECONDS,
    }


def _allows(rule: Mapping[str, Any], origin: str) -> bool:
    """Whether a rule of the bucket lets this origin do all that a page has to do."""
    headers = {name.lower() for name in rule.get("AllowedHeaders", ())}
    return (
        bool({origin, "*"} & set(rule["AllowedOrigins"]))
        and set(METHODS) <= set(rule["AllowedMethods"])
        and bool({"content-type", "*"} & headers)
    )


def _client(address: Address, endpoint: str, config: Config = _CONFIG) -> Any:
    session = boto3.session.Session(
        aws_access_key_id=address.access_key,
        aws_secret_access_key=address.secret_key,
        region_name=address.region,
    )
    return session.client("s3", endpoint_url=endpoint, config=config)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Failures of the store in the words of Storage."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            raise FileNotFoundError(key) from error
        raise away(error) from error
    except BotoCoreError as error:
        raise away(error) from error
