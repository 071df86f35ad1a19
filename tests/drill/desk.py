"""One verifikator at work: a program of its own, so that it can be killed in the middle."""

from __future__ import annotations

import random
import re
import time
from urllib.parse import urlencode

from tests.drill.diary import Diary, Orders
from tests.drill.window import Form, Page, Window

Values = dict[str, str | list[str]]
QUEUE = "/verifikasi"
MINE = "/verifikasi?saya=ya"
ITEM = re.compile(r'href="(/verifikasi/[0-9a-f-]{36})["?]')
BULK_PAGE = "/verifikasi/massal"
BOX = re.compile(r'name="id" value="([0-9a-f-]{36}\.\d+)"')
REST_OF_THEM = re.compile(r'href="(/verifikasi/massal\?[^"]+)"')
WENT = re.compile(r"(\d+) dokumen disetujui\.")
PICTURE = re.compile(r'src="(/[^"]+/halaman/1(?:\?[^"]*)?)"')
DESK = "meja"
"""Id of what htmx replaces after each decision."""
WITH_SCRIPTS = 0.6
"""Share of the verifikator whose browsers know htmx."""
REST = 0.4
"""Seconds until a verifikator who found nothing looks again."""
OF_THE_LIST = 0.08
"""Share of the steps in which an item is picked out of the list, where others pick too."""
TWICE = 0.03
"""Share of the decisions that are sent a second time: a double tap."""
STALE = 0.03
"""Share of the items whose form is kept, to be sent long afterwards."""
UNDONE = 0.06
BULK = 0.02
"""Share of the steps in which several are approved together, if there are as many."""
FEWEST = 2
CHOICES = {
    "setujui": 0.66,
    "kembalikan": 0.17,
    "tolak": 0.07,
    "lewati": 0.05,
    "lepas": 0.03,
    "pergi": 0.02,
}
"""What a verifikator does with an item, and how often; "pergi" closes the window and keeps it."""


class Verifikator:
    """Takes, reads, decides, changes her mind, taps twice, sends pages that are too old."""

    def __init__(self, orders: Orders) -> None:
        self.orders, (self.nip,) = orders, orders.nips
        self.chance = random.Random(orders.seed)
        part = DESK if self.chance.random() < WITH_SCRIPTS else ""
        self.window = Window(orders.url, self.nip, orders.password, part)
        self.diary = Diary(orders)
        self._old: Form | None = None

    def work(self) -> None:
        while not self.window.login():
            time.sleep(REST)
        page = self._open(QUEUE)
        while not self.diary.is_over:
            page = self._step(page)
        self._return_what_is_held()

    def _return_what_is_held(self) -> None:
        """A decision taken back when the day was over already: nobody else would come for it."""
        while held := self._open(MINE).links(ITEM):
            page = self._open(held[0])
            form = page.form("/kembalikan")
            if form is not None:
                self._send(form, self._values(form))

    def _step(self, page: Page) -> Page:
        if page.status != 200:
            time.sleep(REST)
            return self._open(QUEUE)
        listed = page.links(ITEM)
        if listed and self.chance.random() < OF_THE_LIST:
            return self._pick(self.chance.choice(listed[:4]))
        if self.chance.random() < BULK:
            return self._approve_several()
        undo = page.form("/urungkan")
        if undo is not None and self.chance.random() < UNDONE:
            return self._follow(self._send(undo))
        if page.form("/setujui") is not None and "/verifikasi/" in page.path:
            return self._judge(page)
        return self._take(page)

    def _take(self, page: Page) -> Page:
        """An item: the next one, one of the list, or one that is still held from before."""
        form = page.form("/ambil")
        if form is not None:
            page = self._follow(self._send(form))
        if page.form("/setujui") is not None:
            return page
        held = self._open(MINE).links(ITEM)
        if held:
            return self._open(self.chance.choice(held))
        time.sleep(REST)
        return self._open(QUEUE)

    def _pick(self, address: str) -> Page:
        page = self._open(address)
        self._think()
        form = page.form("/ambil")
        return self._follow(self._send(form)) if form is not None else page

    def _approve_several(self) -> Page:
        """Some of the green items of one kind: chosen in the queue, looked over, approved."""
        page = self._open(f"{QUEUE}?jenis={self.chance.choice(('seminar', 'teknis'))}")
        offered = page.links(BOX)
        if len(offered) < FEWEST:
            return page
        chosen = self.chance.sample(offered, self.chance.randint(FEWEST, min(len(offered), 8)))
        page = self._open(f"{BULK_PAGE}?{urlencode([('id', one) for one in chosen])}")
        if rest := page.links(REST_OF_THEM):  # some are not as green as they were
            page = self._open(rest[0])
        form = page.form("/massal")
        if form is None:
            return page
        self._think()
        answer = self.window.send(form)
        told = self._follow(answer)
        went = WENT.search(told.text)
        self.diary.note(self.nip, "massal", answer, several=int(went[1]) if went else 0)
        return told

    def _judge(self, page: Page) -> Page:
        for picture in page.links(PICTURE)[:1]:
            self.diary.note(self.nip, "gambar", self.window.open(picture))
        self._think()
        act = self.chance.choices(list(CHOICES), list(CHOICES.values()))[0]
        form = page.form(f"/{act}")
        if form is None:
            return self._open(QUEUE)
        values = self._values(form)
        if self.chance.random() < STALE:
            self._old, form_kept = form, self._old
            if form_kept is not None:
                self._send(form_kept, self._values(form_kept), "basi")
        answer = self._send(form, values)
        if self.chance.random() < TWICE:
            self._send(form, values, "lagi")
        return self._follow(answer)

    def _values(self, form: Form) -> Values:
        values: Values = {}
        if reasons := form.choices.get("alasan"):
            values["alasan"] = self.chance.choice(reasons)
        if "catatan" in dict(form.values):
            values["catatan"] = f"Catatan {self.chance.randint(1, 999)}"
        return values

    def _send(self, form: Form, values: Values | None = None, way: str = "") -> Page:
        answer = self.window.send(form, **(values or {}))
        parts = form.action.partition("?")[0].split("/")
        item = parts[2] if len(parts) > 3 else ""
        revision = int(form.value("revisi") or 0)
        if "/masuk" in answer.location:
            self.window.login()
        return self.diary.note(self.nip, parts[-1], answer, item, revision, way)

    def _follow(self, answer: Page) -> Page:
        return self._open(answer.location) if answer.location else answer

    def _open(self, path: str) -> Page:
        page = self.window.open(path)
        return self.diary.note(self.nip, "halaman", page)

    def _think(self) -> None:
        time.sleep(self.chance.uniform(0, self.orders.think))


if __name__ == "__main__":
    Verifikator(Orders.given()).work()
