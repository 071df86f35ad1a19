"""Response headers of every page, and the Content-Security-Policy without any unsafe word."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from portal.settings import Settings


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


def policy(settings: Settings) -> str:
    """Scripts from here and the one pinned htmx address; pictures also from the object store,
    which takes the parts of uploads too."""
    pictures, targets = ["'self'", "blob:", "data:"], ["'self'"]
    store = settings.object_store_public_url or settings.object_store_url
    if store:
        pictures.append(origin_of(store))
        targets.append(origin_of(store))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {settings.htmx_url}".rstrip(),
            "style-src 'self'",
            f"img-src {' '.join(pictures)}",
            f"connect-src {' '.join(targets)}",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )


def headers(settings: Settings) -> dict[str, str]:
    """What every answer carries, whatever it is."""
    told = {
        "Content-Security-Policy": policy(settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
    }
    if settings.production:
        told["Strict-Transport-Security"] = "max-age=31536000"
    return told


def install(app: Flask, settings: Settings) -> None:
    told = list(headers(settings).items())
    # Personal pages stay on no shared phone and in no proxy.
    private = [*told, ("Cache-Control", "no-store")]

    @app.after_request
    def add_headers(response: Response) -> Response:
        kept_by_browsers = request.endpoint == "static" and response.status_code < 400
        own = {name for name, _ in response.headers}  # once: asking for each costs more than all
        for name, value in told if kept_by_browsers else private:
            if name not in own:
                response.headers.add(name, value)
        return response
