"""What the portal draws in place of its libraries, and how it must look."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from portal.web.templates import attributes

ATTRIBUTES: dict[str, tuple[dict[str, object], str]] = {
    "text and numbers, sorted": (
        {"name": "jp", "value": 8, "id": "x"},
        'id="x" name="jp" value="8"',
    ),
    "names that Python reserves": ({"class_": "wide", "for_": "jp"}, 'class="wide" for="jp"'),
    "hyphens": (
        {"data_act": "x", "aria_labelled_by": "y", "hx-get": "/"},
        'aria-labelled-by="y" data-act="x" hx-get="/"',
    ),
    "switches": ({"checked": True, "readonly": False, "required": True}, "checked required"),
    "an empty value": ({"value": ""}, 'value=""'),
    "nothing": ({}, ""),
    "hostile values": (
        {"value": "\"><script>alert(1)</script>'&"},
        'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;"',
    ),
    "markup with a quote": ({"title": Markup('a"b')}, 'title="a&quot;b"'),
}


@pytest.mark.parametrize(("given", "written"), ATTRIBUTES.values(), ids=ATTRIBUTES.keys())
def test_attributes_of_a_control_are_written_as_the_library_would(
    given: dict[str, object], written: str
) -> None:
    assert attributes(**given) == written
