"""Blank forms are drawn once for everybody: nothing that anybody typed may stay in them."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask

from portal.accounts.forms import LoginForm
from portal.web.fields import drawn

TYPED = "199001012015041001"


@pytest.fixture
def blank() -> partial[LoginForm]:
    """One that no other test has drawn."""
    return partial(LoginForm, formdata=None)


def test_a_form_that_was_sent_is_drawn_with_its_input(
    app: Flask, blank: partial[LoginForm]
) -> None:
    with app.test_request_context("/masuk"):
        sent = LoginForm(formdata=None, data={"nip": TYPED})

        assert TYPED in drawn("accounts/_fields.html", "login", blank, sent)


def test_what_somebody_typed_stays_in_no_blank_form(app: Flask, blank: partial[LoginForm]) -> None:
    with app.test_request_context("/masuk"):
        sent = LoginForm(formdata=None, data={"nip": TYPED})
        drawn("accounts/_fields.html", "login", blank, sent)

        assert TYPED not in drawn("accounts/_fields.html", "login", blank)


def test_a_blank_form_is_drawn_once(app: Flask, blank: partial[LoginForm]) -> None:
    with app.test_request_context("/masuk"):
        first = drawn("accounts/_fields.html", "login", blank)

        assert drawn("accounts/_fields.html", "login", blank) is first
