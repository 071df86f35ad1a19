"""The checker of pages finds what it is there to find."""

from __future__ import annotations

import pytest
from flask import Flask, Response, request

from tests.support.app import Browser
from tests.support.faults import faults
from tests.support.page import Page

GOOD = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Dokumen – Portal IP ASN</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Dokumen</h1>
<p>Unggah sertifikat Anda.</p>
<form method="post" action="/kirim"><input type="hidden" name="csrf_token" value="x">
<label for="nama">Nama</label><input id="nama" name="nama"><button>Kirim</button></form>
<a href="/">Beranda</a></main></body></html>"""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def checked(html: str, headers: dict[str, str] | None = None) -> list[str]:
    app = Flask(__name__)

    @app.get("/")
    def home() -> Response:
        return Response(html, headers=HEADERS if headers is None else headers, mimetype="text/html")

    @app.post("/kirim")
    def send() -> str:
        return ""

    return faults(Page.of(app.test_client().get("/")), app)


def test_finds_nothing_on_a_good_page() -> None:
    assert checked(GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('lang="id"', 'lang="en"', "lang"),
        ("</p>", "</p></b>", "HTML5"),
        ("<!doctype html>", "", "HTML5"),
        ("<p>Unggah", "<h1>Lagi</h1><p>Unggah", "2 h1"),
        ("<title>Dokumen", "<title>Berkas", "does not start with"),
        ("<p>Unggah", "<h3>Terlalu dalam</h3><p>Unggah", "level of headings"),
        ("<p>Unggah", '<p id="nama">Unggah', "stands 2 times"),
        ('<label for="nama">Nama</label>', "", "has no label"),
        ('<label for="nama">', '<label for="lain">', "points to nothing"),
        ("<button>Kirim", "<button>", "says nothing"),
        ("<p>Unggah", '<img src="/static/x.png"><p>Unggah', "has no alt"),
        ("<p>Unggah", '<p style="color:red">Unggah', "style="),
        ("<p>Unggah", '<p onclick="x()">Unggah', "onclick="),
        ("<p>Unggah", "<script>1</script><p>Unggah", "inline <script>"),
        ("<p>Unggah", '<a href="javascript:x">Unggah</a><p>', "javascript:"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "0 csrf_token"),
        ('method="post" action="/kirim"', 'method="get" action="/"', "in the address"),
        ("Unggah sertifikat", "Please choose", "English 'Please'"),
        ('name="nama">', 'name="nama" placeholder="Search">', "English 'Search'"),
        ("Unggah sertifikat", "None", "shows through"),
        ("Unggah sertifikat", "A &amp;amp; B", "shows through"),
        ('href="/"', 'href="/tidak-ada"', "leads nowhere: GET /tidak-ada"),
        ('action="/kirim"', 'action="/"', "leads nowhere: POST /"),
        ('href="/"', 'href="https://contoh.id/"', "leads out of the portal"),
        ('href="/"', 'href="#bawah"', "leads nowhere"),
    ],
)
def test_finds_a_fault(before: str, after: str, fault: str) -> None:
    assert before in GOOD

    found = checked(GOOD.replace(before, after, 1))

    assert any(fault in sentence for sentence in found), found


@pytest.mark.parametrize("name", HEADERS)
def test_misses_a_header(name: str) -> None:
    rest = {key: value for key, value in HEADERS.items() if key != name}

    assert len(checked(GOOD, rest)) == 1


def test_leaves_words_marked_as_foreign_alone() -> None:
    course = '<p lang="en">Teaching with the Brain in Mind</p><p>Unggah'

    assert checked(GOOD.replace("<p>Unggah", course)) == []


def test_a_part_for_htmx_needs_no_frame() -> None:
    assert checked('<ul id="daftar"><li>Satu</li></ul>') == []


def test_a_form_is_sent_as_it_stands() -> None:
    app = Flask(__name__)
    app.secret_key = "x"
    sent: dict[str, str] = {}

    @app.get("/")
    def home() -> Response:
        extra = '<input type="hidden" name="versi" value="3"></form>'
        return Response(GOOD.replace("</form>", extra), headers=HEADERS, mimetype="text/html")

    @app.post("/kirim")
    def send() -> Response:
        sent.update(request.form)
        return Response(status=303, headers={"Location": "/"})

    browser = Browser(app)
    browser.get(path="/")
    browser.submit("Kirim", nama="Sari")

    assert sent == {"csrf_token": "x", "nama": "Sari", "versi": "3"}
