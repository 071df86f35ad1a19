"""Real files, bent at random, and nonsense in every field, against a portal that runs.

No answer may be a fault of the portal (5xx, but 503 for a full house), and its processes must not
grow.
"""

from __future__ import annotations

import itertools
import json
import secrets
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.bench.load import memory_mib
from tests.drill.phone import Phone
from tests.support import hostile_files, sample_files
from tests.support.cast import Cast
from tests.support.live import LivePortal, running_portal

BATCH = 40
"""Examples between two looks at the clock."""
WARM = 60
"""Examples after which the processes have loaded what they need."""
FULL = 503
ALONE = {"Connection": "close"}
"""Each request has a connection of its own: none meets one that the server is about to close."""


def formats() -> list[bytes]:
    """One honest file of each format, and the worst that are known."""
    return [
        sample_files.jpeg(gps=True),
        sample_files.png(),
        sample_files.webp(),
        sample_files.heic(),
        sample_files.pdf(2),
        sample_files.signed_pdf(),
        hostile_files.html_then_pdf(),
        hostile_files.png_bomb(),
        hostile_files.gif(),
        hostile_files.SVG,
    ]


@st.composite
def bent(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """A file with bytes changed, cut out, doubled or taken from another."""
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(0, 64))
        act = draw(st.sampled_from(("change", "cut", "double", "graft", "end")))
        if act == "change":
            data[place : place + length] = draw(st.binary(max_size=64))
        elif act == "cut":
            del data[place : place + length]
        elif act == "double":
            data[place:place] = data[place : place + length]
        elif act == "graft":
            other = draw(st.sampled_from(originals))
            data[place : place + length] = other[place : place + length]
        else:
            del data[place:]
    return bytes(data)


NAMES = st.one_of(
    st.sampled_from(("foto.jpg", "../../etc/passwd", "a.pdf.exe", "", "\u202egpj.foto")),
    st.text(max_size=300),
)
WORDS: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    "id", "dokumen", "jenis", "untuk", "ganti", "nama", "ukuran", "sha256", "sha256_asal",
    "peran", "halaman", "isian", "benar",
)  # fmt: skip
ADDRESSES = ("draf", "unggahan", "olahan", "isian", "ajukan")


@dataclass
class Outcome:
    """Answers by status, and the memory of web and worker before and after (MiB)."""

    answers: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    before_mib: float = 0.0
    after_mib: float = 0.0
    seconds: float = 0.0

    @property
    def examples(self) -> int:
        return sum(self.answers.values())

    @property
    def growth(self) -> float:
        """Memory at the end against that of the warm portal."""
        return self.after_mib / self.before_mib


@dataclass
class _Fuzz:
    portal: LivePortal
    phone: Phone
    outcome: Outcome
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def file(self, name: str, data: bytes) -> None:
        """Through the plain form, which converts at once."""
        fields = {
            "csrf_token": self.phone.csrf,
            "id": str(uuid.uuid4()),
            "berkas_sertifikat": (name, data, "image/jpeg"),
        }
        path = "/dokumen/baru?jenis=seminar"
        self._send("POST", path, fields=fields)

    def words(self, address: str, body: Any) -> None:
        self._send("POST", f"/kirim/{address}", body=json.dumps(body).encode())

    def _send(self, method: str, path: str, **content: Any) -> None:
        headers = {"Cookie": self.phone.cookie, "X-CSRFToken": self.phone.csrf} | ALONE
        if "body" in content:
            headers["Content-Type"] = "application/json"
        answer = self.http.request(
            method, self.portal.url + path, headers=headers, redirect=False, timeout=120, **content
        )
        self.outcome.answers[answer.status] += 1
        if answer.status >= 500 and answer.status != FULL:
            self.outcome.faults.append(f"{path}: {answer.status} {str(content)[:300]}")


def fuzz(folder: Path, *, seconds: float = 0.0, rounds: int = 1) -> Outcome:
    """Send bent files and nonsense for so many rounds, always the same ones, and then new ones as
    long as the seconds last."""
    outcome = Outcome()
    with running_portal(folder) as portal:
        phone = Phone(portal.url, _sender(portal.cast))
        phone.login()
        attack = _Fuzz(portal, phone, outcome)
        originals = formats()
        quick = settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )

        @quick
        @given(bent(originals), NAMES)
        def files(data: bytes, name: str) -> None:
            attack.file(name, data)

        @quick
        @given(st.sampled_from(ADDRESSES), st.dictionaries(st.sampled_from(FIELDS), WORDS) | WORDS)
        def words(address: str, body: Any) -> None:
            attack.words(address, body)

        begun = time.monotonic()
        for number in itertools.count(1):
            if number > rounds and time.monotonic() >= begun + seconds:
                break
            chosen = number if number <= rounds else secrets.randbits(32)
            seed(chosen)(files)()
            seed(chosen)(words)()
            if not outcome.before_mib and outcome.examples >= WARM:
                outcome.before_mib = _memory(portal)
        outcome.after_mib = _memory(portal)
        outcome.seconds = time.monotonic() - begun
    return outcome


def _sender(cast: Cast) -> str:
    return cast.budi.nip


def _memory(portal: LivePortal) -> float:
    """Of the web server's processes together."""
    return sum(memory_mib(pid, "Pss") for pid in portal.web_processes())
