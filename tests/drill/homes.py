"""Owners at home: they withdraw, repair and hand in again, and object, while their items are read.

One program for all of them; each has a browser and a login of its own.
"""

from __future__ import annotations

import random
import re
import time

from tests.drill.diary import Diary, Orders
from tests.drill.window import Page, Window

TWICE = 0.05
"""Share of the hand-ins that are sent a second time: a double tap."""
LIST = "/dokumen?status="
ITEM = re.compile(r'href="(/dokumen/[0-9a-f-]{36})["?]')
LOOKS = {"perlu-perbaikan": 0.6, "diajukan": 0.25, "ditolak": 0.15}
"""What an owner looks for, and how often."""


class Owners:
    """All owners, one after the other, in an order that the seed decides."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.chance = random.Random(orders.seed)
        self.diary = Diary(orders)
        self._windows: dict[str, Window] = {}

    def work(self) -> None:
        while not self.diary.is_over:
            self._visit(self.chance.choice(self.orders.nips))
            time.sleep(self.chance.uniform(0, self.orders.think))

    def _visit(self, nip: str) -> None:
        window = self._windows.get(nip)
        if window is None:
            window = Window(self.orders.url, nip, self.orders.password)
            if not window.login():
                return
            self._windows[nip] = window
        state = self.chance.choices(list(LOOKS), list(LOOKS.values()))[0]
        page = self.diary.note(nip, "daftar", window.open(LIST + state))
        for address in page.links(ITEM)[:2]:
            getattr(self, "_" + state.replace("-", "_"))(window, address)

    def _diajukan(self, window: Window, address: str) -> None:
        self._send(window, address, "/batalkan")

    def _ditolak(self, window: Window, address: str) -> None:
        self._send(window, address, "/keberatan", catatan="Tanggalnya terbaca jelas di halaman 1.")

    def _perlu_perbaikan(self, window: Window, address: str) -> None:
        """Look at the data once more, then hand in; now and then with a double tap."""
        if self._send(window, f"{address}/data", "/data", aksi="lanjut").status != 303:
            return
        again = 2 if self.chance.random() < TWICE else 1
        for _ in range(again):
            self._send(window, f"{address}/periksa", "/ajukan", benar="y")

    def _send(self, window: Window, address: str, ending: str, **values: str) -> Page:
        page = self.diary.note(window.nip, "halaman", window.open(address))
        form = page.form(ending)
        if form is None:
            return page
        answer = window.send(form, **values)
        item = form.action.split("/")[2]
        return self.diary.note(window.nip, ending.strip("/"), answer, item)


if __name__ == "__main__":
    Owners(Orders.given()).work()
