"""A phone that hands in through the addresses of the capture page, and never gives up.

It does in Python what static/js/capture does in a browser: ids made on the device, every step
repeated until it is answered, an upload gone on with where it broke off.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin

import urllib3

from portal.vocabulary import JenisDiklat
from tests.support.cast import PASSWORD, TODAY

STEP_SECONDS = 60.0
"""Without an answer for so long a request counts as lost."""
LOGIN_SECONDS = 300.0
"""A login costs a processor; where many others are at work a crowd of them takes its time."""
PAUSE = 1.0
"""Seconds until it asks again."""
AWAY = frozenset({425, 429, 500, 502, 503, 504})
"""Answers after which the phone waits and asks again."""


class GaveUp(Exception):
    """The person closed the page before the receipt was there."""


@dataclass(frozen=True)
class Paper:
    """One certificate on its way: the ids are of the device and stay the same."""

    picture: bytes
    title: str
    document_id: uuid.UUID = field(default_factory=uuid.uuid4)
    upload_id: uuid.UUID = field(default_factory=uuid.uuid4)
    order_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def data(self) -> dict[str, Any]:
        day = TODAY.replace(day=1).isoformat()
        return {
            "jenis": JenisDiklat.SEMINAR.value,
            "nama": self.title,
            "penyelenggara": "Balai Guru Penggerak",
            "nomor": f"421/{self.document_id.hex[:12]}",
            "tanggal_mulai": day,
            "tanggal_selesai": day,
            "tanggal_sertifikat": day,
            "jp": "4",
        }


@dataclass
class Phone:
    """One person's device. Times are counted from the first step of a hand-in."""

    url: str
    nip: str
    refusals: list[str] = field(default_factory=list)
    """Answers that no patience mends; there should be none."""
    steps: int = 0
    """What it has brought behind it: each is answered once and for good."""
    _http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(
            retries=False, timeout=STEP_SECONDS, maxsize=2, block=True
        ),
        repr=False,
    )
    _cookies: dict[str, str] = field(default_factory=dict, repr=False)
    csrf: str = field(default="", repr=False)

    def hand_in(self, paper: Paper, *, patience: float, until_part: int | None = None) -> str:
        """The receipt. Raises GaveUp after `patience` seconds, or once `until_part` parts are
        sent: somebody who never comes back."""
        deadline = time.monotonic() + patience
        self._login(deadline)
        start = {"id": str(paper.document_id), "jenis": "seminar"}
        self._call("POST", "/kirim/draf", start, deadline)
        self._upload(paper, deadline, until_part)
        order = {
            "id": str(paper.order_id),
            "dokumen": str(paper.document_id),
            "peran": "sertifikat",
            "halaman": [{"unggahan": str(paper.upload_id), "putar": 0}],
        }
        state = self._call("POST", "/kirim/olahan", order, deadline)
        while state["keadaan"] == "diproses":
            self._wait(deadline)
            state = self._call("GET", f"/kirim/olahan/{paper.order_id}", None, deadline)
        if state["keadaan"] != "siap":
            self.refusals.append(f"{paper.document_id}: {state}")
            raise GaveUp
        final = {"dokumen": str(paper.document_id), "isian": paper.data, "benar": True}
        return str(self._call("POST", "/kirim/ajukan", final, deadline)["tanda_terima"])

    def _upload(self, paper: Paper, deadline: float, until_part: int | None) -> None:
        announced = {
            "id": str(paper.upload_id),
            "dokumen": str(paper.document_id),
            "nama": "foto.jpg",
            "jenis": "image/jpeg",
            "ukuran": len(paper.picture),
            "sha256": hashlib.sha256(paper.picture).hexdigest(),
        }
        sent = 0
        while True:
            plan = self._call("POST", "/kirim/unggahan", announced, deadline)
            for part in plan["bagian"]:
                if until_part is not None and sent >= until_part:
                    raise GaveUp
                begin = (part["nomor"] - 1) * plan["ukuran_bagian"]
                self._send_part(part, paper.picture[begin : begin + part["ukuran"]])
                sent += 1
            done = f"/kirim/unggahan/{paper.upload_id}/selesai"
            if "kurang" not in self._call("POST", done, {}, deadline, expected={409}):
                return
            self._wait(deadline)

    def _send_part(self, part: Mapping[str, Any], body: bytes) -> None:
        """One try; what did not arrive is asked for again."""
        address = urljoin(self.url, part["url"])
        headers = dict(part["kepala"])
        if address.startswith(self.url):
            headers |= self._own_headers()
        try:
            self._http.request(part["metode"], address, body=body, headers=headers)
        except urllib3.exceptions.HTTPError:
            return

    def get(self, path: str) -> tuple[int, float]:
        """Status and seconds of a page, asked for once by somebody who is logged in."""
        begun = time.perf_counter()
        answer = self._http.request("GET", self.url + path, headers=self._own_headers())
        return answer.status, time.perf_counter() - begun

    def login(self) -> None:
        """Log in now, so that it costs nothing later."""
        self._login(time.monotonic() + LOGIN_SECONDS)

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        deadline: float,
        expected: set[int] = frozenset(),  # type: ignore[assignment]
    ) -> dict[str, Any]:
        """The answer, asked for until there is one."""
        while True:
            status, answer = self._once(method, path, body)
            if status in (200, 201, 202) or status in expected:
                self.steps += method == "POST"
                return answer
            if status == 401:
                self._cookies.clear()
                self._login(deadline)
            elif status == 400 and "csrf" not in path:
                self._refresh()
            elif status is not None and status not in AWAY:
                self.refusals.append(f"{method} {path}: {status} {answer}")
                raise GaveUp
            self._wait(deadline)

    def _once(
        self, method: str, path: str, body: Mapping[str, Any] | None
    ) -> tuple[int | None, dict[str, Any]]:
        """One try: None when nobody answered."""
        headers = self._own_headers() | {"Content-Type": "application/json"}
        content = json.dumps(body).encode() if body is not None else None
        try:
            answer = self._http.request(method, self.url + path, body=content, headers=headers)
            self._keep(answer)
            return answer.status, json.loads(answer.data or b"{}")
        except (urllib3.exceptions.HTTPError, ValueError):
            return None, {}

    @property
    def cookie(self) -> str:
        """The header Cookie."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _own_headers(self) -> dict[str, str]:
        """With a connection for each request: none meets one that the server is about to close."""
        return {"Cookie": self.cookie, "X-CSRFToken": self.csrf, "Connection": "close"}

    def _login(self, deadline: float) -> None:
        while not (self._cookies and self.csrf):
            try:
                page = self._http.request("GET", f"{self.url}/masuk")
                self._keep(page)
                token = page.data.decode().partition('name="csrf_token" value="')[2]
                fields = {
                    "csrf_token": token.partition('"')[0],
                    "nip": self.nip,
                    "kata_sandi": PASSWORD,
                }
                entered = self._http.request(
                    "POST",
                    f"{self.url}/masuk",
                    body=urlencode(fields),
                    headers=self._own_headers()
                    | {"Content-Type": "application/x-www-form-urlencoded"},
                    redirect=False,
                )
                self._keep(entered)
                if entered.status == 303:
                    self._refresh()
            except urllib3.exceptions.HTTPError:
                pass
            if not (self._cookies and self.csrf):
                self._wait(deadline)

    def _refresh(self) -> None:
        status, account = self._once("GET", "/kirim/akun", None)
        if status == 200:
            self.csrf = account["csrf"]

    def _keep(self, answer: urllib3.BaseHTTPResponse) -> None:
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value

    @staticmethod
    def _wait(deadline: float) -> None:
        if time.monotonic() > deadline:
            raise GaveUp
        time.sleep(PAUSE)
