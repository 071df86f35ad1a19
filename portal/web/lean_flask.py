"""Flask as it is, without work that every request would pay for and none needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import HeaderSet


class LeanSessions(SecureCookieSessionInterface):
    """What signs the cookies of one application, made once instead of twice in each request."""

    def __init__(self) -> None:
        self._signing: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing


class LeanResponse(Response):
    """Its Vary is read once; a session that begins adds to it twice."""

    @cached_property
    def vary(self) -> HeaderSet:
        read: HeaderSet = super().vary
        return read


class LeanFlask(Flask):
    """The portal has no coroutines: no function is asked whether it is one."""

    response_class = LeanResponse

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session_interface = LeanSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
