"""Macros of templates/components: words, labels and errors are tied together."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from portal.settings import ROOT
from portal.vocabulary import BknState, DocumentState, Kategori
from portal.web import charts, fields

ENVIRONMENT = Environment(
    loader=FileSystemLoader(ROOT / "templates"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals.update(
    asset=lambda name: f"/static/{name}",
    csrf_token=lambda: "kunci",
    charts=charts,
    control=fields.control,
    described=fields.described,
)


class Isian(Form):
    nama = StringField("Nama kegiatan", [DataRequired("Isi nama kegiatan.")], description="Lengkap")
    nomor = StringField("Nomor")
    jp = IntegerField("JP", [InputRequired("Isi JP dengan angka.")])
    cara = RadioField(
        "Cara",
        [DataRequired("Pilih satu.")],
        choices=[SelectChoice("a", "Satu"), SelectChoice("b", "Dua")],
    )
    setuju = BooleanField("Data ini benar", [DataRequired("Centang pernyataan.")])


def render(macro: str, **values: Any) -> BeautifulSoup:
    file, call = macro.split(":", 1)
    name = call.split("(")[0]
    source = f'{{% from "components/{file}.html" import {name} %}}{{{{ {call} }}}}'
    return BeautifulSoup(ENVIRONMENT.from_string(source).render(**values), "html5lib")


def refused(**data: str) -> Isian:
    form = Isian(MultiDict(data))
    form.validate()
    return form


def test_a_field_is_described_by_its_hint_and_its_error() -> None:
    page = render("field:field(form.nama)", form=refused())
    described = str(page.select_one("input")["aria-describedby"]).split()  # type: ignore[index]
    assert [page.find(id=name).get_text() for name in described] == [  # type: ignore[union-attr]
        "Lengkap",
        "Galat: Isi nama kegiatan.",
    ]


def test_a_refused_field_says_so_to_screen_readers() -> None:
    page = render("field:field(form.nama)", form=refused())
    assert page.select_one("input")["aria-invalid"] == "true"  # type: ignore[index]


def test_a_field_without_errors_is_not_invalid() -> None:
    page = render("field:field(form.nama)", form=Isian())
    assert not page.select_one("input").has_attr("aria-invalid")  # type: ignore[union-attr]


def test_optional_fields_say_that_they_may_stay_empty() -> None:
    page = render("field:field(form.nomor)", form=Isian())
    assert "(boleh kosong)" in page.select_one("label").get_text()  # type: ignore[union-attr]


def test_a_wrong_number_stays_in_its_field() -> None:
    page = render("field:field(form.jp)", form=refused(jp="dua belas"))
    box = page.select_one("input")
    assert (box["type"], box["value"]) == ("text", "dua belas")  # type: ignore[index]


def test_what_people_typed_is_escaped() -> None:
    page = render("field:field(form.nama)", form=Isian(MultiDict({"nama": '"><script>x</script>'})))
    assert page.select("script") == []


def test_radios_are_a_group_with_a_legend() -> None:
    page = render("field:radios(form.cara)", form=Isian())
    assert page.select_one("fieldset > legend").get_text() == "Cara"  # type: ignore[union-attr]


def test_every_line_of_the_summary_leads_to_its_field() -> None:
    form = refused()
    page = render("errors:error_summary(form)", form=form)
    assert [link["href"] for link in page.select("a")] == ["#nama", "#jp", "#cara", "#setuju"]


def test_the_summary_tells_what_belongs_to_no_field() -> None:
    page = render('errors:error_summary(form, ["Berkas 14 MB. Paling besar 10 MB."])', form=Isian())
    assert [line.get_text() for line in page.select("li")] == ["Berkas 14 MB. Paling besar 10 MB."]


def test_without_errors_there_is_no_summary() -> None:
    page = render("errors:error_summary(form)", form=Isian())
    assert page.get_text(strip=True) == ""


def test_every_state_and_category_has_a_word_and_a_shape() -> None:
    looks = [("state", state) for state in DocumentState]
    looks += [("bkn", state) for state in BknState]
    looks += [("category", kategori) for kategori in Kategori]
    pages = [render(f"pill:{macro}(it)", it=member) for macro, member in looks]
    assert [(p.get_text(), len(p.select("use"))) for p in pages] == [(m.label, 1) for _, m in looks]


def test_a_title_is_read_in_its_own_direction() -> None:
    page = render('list:item("/x", "مرحبا 🎉 " ~ "a" * 60, unread=true)')
    assert page.select_one("b")["dir"] == "auto"  # type: ignore[index]


def test_pages_without_neighbours_show_no_pager() -> None:
    assert render("pagination:pagination(none, none)").select("nav") == []
