"""Wires the application: every part is named here once."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import access, jobs, storage
from portal.accounts import presence
from portal.accounts import views as account_views
from portal.db import Database
from portal.handin import views as handin_views
from portal.handin.sending import views as sending_views
from portal.home import views as home_views
from portal.imports import institution_views
from portal.imports import views as import_views
from portal.notifications import mail_views
from portal.notifications import queries as notifications
from portal.notifications import views as notification_views
from portal.operations import (
    audit_views,
    comparison_views,
    observation,
    person_file_views,
    personal_data,
    rules_views,
    tasks,
)
from portal.operations import views as operation_views
from portal.questions import views as question_views
from portal.scoring.engine import rules
from portal.settings import ROOT, Settings
from portal.verification import views as verification_views
from portal.verification.queueing import views as queueing_views
from portal.verification.reason_list import views as reason_views
from portal.web import assets, context, filters, pages, security
from portal.web.lean_flask import LeanFlask

BLUEPRINTS = (
    account_views.blueprint,
    home_views.blueprint,
    handin_views.blueprint,
    sending_views.blueprint,
    verification_views.blueprint,
    queueing_views.blueprint,
    question_views.blueprint,
    reason_views.blueprint,
    notification_views.blueprint,
    mail_views.blueprint,
    operation_views.blueprint,
    audit_views.blueprint,
    import_views.blueprint,
    institution_views.blueprint,
    rules_views.blueprint,
    comparison_views.blueprint,
    person_file_views.blueprint,
)


def _largest_form(settings: Settings) -> int:
    """Bytes: every page of an item at once, or one file of an import, and the fields around."""
    papers = settings.max_file_bytes * settings.max_pages
    return max(papers, settings.max_import_bytes) + 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """The whole portal for one set of settings; holds no state of its own."""
    app = LeanFlask(
        "portal", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates")
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="sesi",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=_largest_form(settings),
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        TESTING=settings.mode == "uji",
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_LEVEL=5,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    rules.look_in(settings.rules_dir)
    rules.check()
    database = Database(settings.database_url, pool_size=settings.web_threads)
    queue = jobs.Queue(settings, database)
    app.extensions |= {"settings": settings, "database": database, "queue": queue}
    app.extensions["storage"] = storage.connect(settings)
    observation.install(app)
    Compress(app)
    security.install(app, settings)
    assets.install(app)
    filters.install(app)
    pages.install(app)
    access.install(app, partial(presence.person_of_session, demo=settings.demo))
    csrf = CSRFProtect(app)  # after the door: it reads the form, which a stranger's may not begin
    csrf.exempt(mail_views.unsubscribe)  # its address is signed, and mail programs know no token
    context.install(app, settings, unread=notifications.unread_count)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    tasks.install(app, queue)
    app.extensions["personal_data"] = personal_data.SECTIONS
    return app
