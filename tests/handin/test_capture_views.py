"""The shell of capturing: the same for everybody, small, kept whole by the service worker."""

from __future__ import annotations

import gzip
import json
import re

from flask import Flask

from portal.handin import fields
from portal.settings import ROOT
from portal.vocabulary import DocumentKind
from tests.support.app import Browser
from tests.support.cast import Cast

STATIC = ROOT / "static"
KB = 1024


def weight(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)


def kept(browser: Browser) -> list[str]:
    """Addresses that the service worker keeps."""
    script = browser.client.get("/sw.js").get_data(as_text=True)
    found = re.search(r"KEPT = (\[.*?\]);", script)
    assert found
    addresses: list[str] = json.loads(found[1])
    return addresses


def test_the_shell_is_the_same_for_everybody(browser: Browser, cast: Cast) -> None:
    stranger = browser.client.get("/dokumen/foto")
    browser.enter(cast.sari)

    assert browser.client.get("/dokumen/foto").get_data() == stranger.get_data()


def test_the_shell_begins_no_session_and_holds_no_token(browser: Browser) -> None:
    answer = browser.client.get("/dokumen/foto")

    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.get_data(as_text=True).lower()


def test_the_steps_are_those_that_the_choice_of_the_kind_announces(browser: Browser) -> None:
    source = browser.client.get("/dokumen/foto").get_data(as_text=True)

    assert re.findall(r"Langkah (\d dari \d: [A-Z]\w+)", source) == [
        "1 dari 4: Pilih",
        "2 dari 4: Berkas",
        "3 dari 4: Data",
        "4 dari 4: Kirim",
    ]


def template(browser: Browser, kind: DocumentKind) -> str:
    """Source of the fields of a kind."""
    source = browser.client.get("/dokumen/foto").get_data(as_text=True)
    return source.partition(f'<template id="t-{kind.value}">')[2].partition("</template>")[0]


def test_the_shell_has_the_fields_of_every_kind(browser: Browser) -> None:
    for kind in DocumentKind:
        names = re.findall(r' name="(\w+)"', template(browser, kind))
        assert sorted(names) == sorted(fields.OF_KIND[kind])


def test_an_empty_field_is_told_in_the_words_of_the_form(browser: Browser) -> None:
    told = 'data-wajib="Isi JP. Diklat teknis dihitung menurut jumlah JP-nya."'

    assert told in template(browser, DocumentKind.TEKNIS)
    assert told not in template(browser, DocumentKind.SEMINAR)


def test_what_the_worker_keeps_is_there_and_open_to_everybody(browser: Browser) -> None:
    found = {}
    for address in kept(browser):
        with browser.client.get(address) as answer:
            found[address] = (answer.status_code, "Set-Cookie" in answer.headers)

    assert {path: told for path, told in found.items() if told != (200, False)} == {}


def test_the_worker_keeps_every_module_that_the_shell_loads(browser: Browser) -> None:
    modules = sorted(
        f"/static/js/capture/{path.name}" for path in (STATIC / "js/capture").iterdir()
    )

    missing = set(modules) - set(kept(browser))

    assert missing == {"/static/js/capture/waiting.js"}, "which belongs to the other pages"


def test_the_worker_is_asked_for_each_time_and_sent_when_it_has_changed(browser: Browser) -> None:
    first = browser.client.get("/sw.js")

    again = browser.client.get("/sw.js", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.mimetype, first.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert again.status_code == 304


def test_the_limits_of_the_portal_stand_in_the_shell(app: Flask, browser: Browser) -> None:
    settings = app.extensions["settings"]
    shell = browser.get(path="/dokumen/foto").one("#berkas")

    assert shell["data-max"] == str(settings.max_file_bytes)
    assert shell["data-most"] == str(settings.max_pages)


def test_own_javascript_of_capturing_stays_under_10_kilobytes() -> None:
    modules = [f"js/capture/{path.name}" for path in (STATIC / "js/capture").glob("*.js")]

    assert weight(*set(modules) - {"js/capture/waiting.js"}) <= 10 * KB


def test_own_javascript_of_a_page_that_tells_what_waits_stays_under_10_kilobytes() -> None:
    names = ("portal.js", "capture/waiting.js", "capture/outbox.js")

    assert weight(*(f"js/{name}" for name in names)) <= 10 * KB


def test_the_style_sheets_of_capturing_stay_under_12_kilobytes() -> None:
    assert weight("css/portal.css", "css/capture.css") <= 12 * KB


def test_the_shell_stays_under_20_kilobytes(browser: Browser) -> None:
    assert len(gzip.compress(browser.client.get("/dokumen/foto").get_data())) <= 20 * KB
