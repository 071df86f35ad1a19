"""Static files under addresses that change with their content, so that phones keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request


def install(app: Flask) -> None:
    folder = Path(app.static_folder or "")

    @app.template_global()
    @cache  # a page asks thirty times; files change with a release, and a release starts anew
    def asset(name: str) -> str:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
        return f"{app.static_url_path}/{name}?v={digest}"

    @app.after_request
    def keep_static(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in {200, 206, 304}:
            forever = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
            response.headers["Cache-Control"] = forever
            if response.status_code == 200:
                # Small files: whole in memory they are compressed at once, and surely closed.
                response.direct_passthrough = False
                response.make_sequence()
        return response
