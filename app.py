"""The application: wiring only. Every rule is behind a door, every door is named here."""

from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from htmx_flask import Htmx
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, Undefined
from werkzeug.middleware.proxy_fix import ProxyFix

import calloffs.every_table  # noqa: F401  relations need every table to be known
from calloffs import open_lists as lists
from calloffs.spend import lapsing
from framework import closing, confirming, reminding
from framework.definitions.money import Basis
from framework.people import held, registering, signing_in
from framework.records import erasing, scanning, timeline
from framework.records import settings as reading
from framework.records.database import open_database
from framework.web import home, menu, sections, visit
from framework.web.assets import serve_assets
from framework.web.compressing import compress
from framework.web.menu import add_menu
from framework.web.problems import answer_problems, limit_forms
from framework.web.words import add_words
from lots import busy, quiet, supplying, withdrawing
from lots.forward import promising

_HERE = Path(__file__).resolve().parent


class Loud(Undefined):
    """A missing fact may be asked about (GOV.UK's macros do), but printing one is a fault and never an empty place."""

    __slots__ = ()
    __str__ = Undefined._fail_with_undefined_error
    __html__ = Undefined._fail_with_undefined_error


def create_app(settings: reading.Settings | None = None) -> Flask:
    """The site, ready to serve. Raises `SettingsError` naming any setting that is wrong."""
    settings = settings or reading.load()
    app = Flask("framework", root_path=str(_HERE / "framework"), template_folder=None, static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SESSION_COOKIE_NAME="tracker",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        WTF_CSRF_TIME_LIMIT=None,
        TRACKER=settings,
    )
    compress(app)
    open_database(app, settings.database_url)
    _templates(app)
    signing_in.secure(app, settings)
    scanning.use(settings.clamd)
    Htmx(app)
    limit_forms(app)
    CSRFProtect(app)
    app.register_error_handler(
        CSRFError, lambda error: visit.page("problem.html", status=400, heading="Send the form again")
    )
    visit.BRING_UP_TO_DATE[:] = [lapsing.bring_up_to_date]
    visit.attach(app)
    answer_problems(app)
    for name in lists.DOORS:
        app.register_blueprint(import_module(name).door)
    _fill()
    join_reminders()
    serve_assets(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _fill() -> None:
    # Written as "module:name", so that what a lower floor shows from above is read in one place.
    home.PANELS[:] = [_named(one) for one in lists.PANELS]
    menu.MENU[:] = lists.MENU
    confirming.COMPLETE[:] = [_named(one) for one in lists.COMPLETE]
    registering.LED_BY[:] = [_named(one) for one in lists.LED_BY]
    registering.SETTLED[:] = [_named(one) for one in lists.SETTLED]
    quiet.HEARD[:] = [_named(one) for one in lists.HEARD]
    withdrawing.TOUCHED[:] = [_named(one) for one in lists.TOUCHED]
    busy.BUSY[:] = [_named(one) for one in lists.BUSY]
    supplying.BOUGHT[:] = [_named(one) for one in lists.BOUGHT]
    closing.ASK[:] = [_named(one) for one in lists.ASK_BEFORE_CLOSING]
    promising.ASK[:] = [_named(one) for one in lists.ASK_BEFORE_AGREEING]
    held.HELD[:] = [_named(one) for one in lists.HELD]
    erasing.ERASERS[:] = [_named(one) for one in lists.ERASERS]
    for floor in ("framework", "lots", "calloffs"):
        timeline.SENTENCES.update(import_module(f"{floor}.sentences").SENTENCES)
    for kind, names in lists.SECTIONS.items():
        sections.SECTIONS[kind] = tuple(_named(one) for one in names)
    for kind, names in lists.STEPS.items():
        sections.STEPS[kind] = tuple(_named(one) for one in names)


def join_reminders() -> None:
    """Every floor's kinds of reminder, for the pages and for the scheduler."""
    floors = ("framework", "lots", "calloffs")
    reminding.KINDS[:] = [kind for floor in floors for kind in import_module(f"{floor}.reminders").KINDS]


def _named(address: str) -> Any:
    module, _, name = address.partition(":")
    return getattr(import_module(module), name)


def _templates(app: Flask) -> None:
    # In the repository the templates stand beside the floors; in an installed package they stand inside the ground floor.
    folder = _HERE / "templates" if (_HERE / "templates").exists() else _HERE / "framework" / "templates"
    app.jinja_options = {
        **app.jinja_options,
        "loader": ChoiceLoader(
            [
                FileSystemLoader(folder),
                PrefixLoader(
                    {
                        "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                        "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                    }
                ),
            ]
        ),
        "undefined": Loud,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    add_words(app)
    add_menu(app)
    app.jinja_env.globals["Basis"] = Basis
