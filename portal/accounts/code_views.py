"""Ways back in: a code by e-mail, and the page on which a code opens the account."""

from __future__ import annotations

from functools import partial

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import public, reading, transaction
from portal.accounts import actions, codes, mailer, throttle, visitor
from portal.accounts.blueprint import blueprint
from portal.accounts.forms import ForgotForm, RedeemForm, refuse
from portal.accounts.models import Akun
from portal.db import now
from portal.errors import Rejected, Throttled
from portal.web.fields import drawn
from portal.web.htmx import render

_BLANK = partial(RedeemForm, formdata=None)
_BLANK_FORGOT = partial(ForgotForm, formdata=None)


@blueprint.route("/lupa-kata-sandi", methods=["GET", "POST"])
@public
def forgot() -> Response:
    """Ask for a code by e-mail. The answer is the same for every NIP."""
    if request.method != "POST":
        return _forgot_page()
    form = ForgotForm()
    if not form.validate():
        return _forgot_page(form, 422)
    try:
        with transaction() as session:
            throttle.count(session, [visitor.letters_key()], now())
            if _by_mail():
                mailer.request_code(session, str(form.nip.data))
    except Throttled as wait:
        return visitor.told_to_wait(_forgot_page, form, wait)
    visitor.wake_worker()
    return redirect(url_for("accounts.forgot_sent"), 303)


def _forgot_page(form: ForgotForm | None = None, status: int = 200) -> Response:
    fields = drawn("accounts/_fields.html", "forgot", _BLANK_FORGOT, form)
    return render(
        "accounts/forgot.html", form=form, fields=fields, by_mail=_by_mail(), status=status
    )


def _by_mail() -> bool:
    """Whether the portal can send a code."""
    return visitor.settings().smtp_url is not None


@blueprint.get("/lupa-kata-sandi/terkirim")
@public
def forgot_sent() -> Response:
    """What happens next, whoever asked."""
    return render("accounts/forgot_sent.html", by_mail=_by_mail())


@blueprint.route("/kode", methods=["GET", "POST"])
@public
def redeem() -> Response:
    """A one-time code opens the account: choose a password and be logged in."""
    if request.method != "POST":
        return _redeem_page()
    form = RedeemForm()
    if not form.validate():
        return _redeem_page(form, 422)
    try:
        token = _redeem(form)
    except Rejected as refusal:
        refuse(form, refusal)
        return _redeem_page(form, 422)
    except Throttled as wait:
        return visitor.told_to_wait(_redeem_page, form, wait)
    visitor.welcome(token)
    return visitor.remember_device(redirect(url_for("home.index"), 303), str(form.nip.data))


def _redeem_page(form: RedeemForm | None = None, status: int = 200) -> Response:
    parts = {
        name: drawn("accounts/_fields.html", name, _BLANK, form) for name in ("code", "passwords")
    }
    return render("accounts/redeem.html", form=form, status=status, **parts)


def _redeem(form: RedeemForm) -> str:
    """In steps, as the login: a miss stays counted, and only a good password spends the code."""
    nip, password = str(form.nip.data), str(form.kata_sandi.data)
    settings = visitor.settings()
    keys = [throttle.person(nip, "kode"), visitor.address_key()]
    with transaction() as session:
        throttle.count(session, keys, now())
    with transaction() as session:
        code = codes.find(
            session, nip, str(form.kode.data), settings.secret_key, demo=settings.demo
        )
        if code is not None:
            throttle.forgive(session, keys)
    if code is None:
        raise Rejected(codes.REFUSAL)
    akun = reading().get_one(Akun, code.akun_id)
    actions.check_choice(akun.pegawai, password)
    new_hash = visitor.password_hasher().hash(password)
    with transaction() as session:
        codes.use(session, code)
        actions.reset_password(session, akun, new_hash)
        own = [keys[0], throttle.person(nip)]
        throttle.welcome(session, own, visitor.address_key(), nip, now())
        return visitor.begin(session, actions.Admitted(akun.id, None))
