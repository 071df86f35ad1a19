"""The numbers under /metrics. The web processes of a machine count together: whichever of them a
collector meets tells the sum."""

from __future__ import annotations

from portal.settings import shared_numbers


class Numbers:
    """Requests and their times, as Prometheus reads them."""

    def __init__(self) -> None:
        # At its import the library settles whether processes count together; `serve` decides
        # that before the first application is made.
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram

        self.mimetype = CONTENT_TYPE_LATEST
        self._own = CollectorRegistry()
        self._requests = Counter(
            "portal_requests",
            "Requests by endpoint and status",
            ["endpoint", "status"],
            registry=self._own,
        )
        self._seconds = Histogram(
            "portal_request_seconds", "Time of a request", ["endpoint"], registry=self._own
        )

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """Note one answer."""
        self._requests.labels(endpoint, status).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def told(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        folder = shared_numbers()
        if folder is None:
            return generate_latest(self._own)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(folder))  # type: ignore[no-untyped-call]
        return generate_latest(together)
