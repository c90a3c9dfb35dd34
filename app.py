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
from calloffs.spend import lapsing
from framework import closing, confirming, reminding
from framework.definitions.money import Basis
from framework.people import held, registering, signing_in
from framework.people.permissions import Permission
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

# Every family of screens, floor by floor. A new one is one module with a `door` and its name here.
DOORS = (
    "calloffs.web.answering",
    "calloffs.web.approving",
    "calloffs.web.asking",
    "calloffs.web.awarding",
    "calloffs.web.call_off",
    "calloffs.web.call_off_closing",
    "calloffs.web.cancelling",
    "calloffs.web.case",
    "calloffs.web.case_deciding",
    "calloffs.web.case_writing",
    "calloffs.web.comparing",
    "calloffs.web.copying",
    "calloffs.web.document",
    "calloffs.web.drafting",
    "calloffs.web.handing_over",
    "calloffs.web.importing",
    "calloffs.web.invoicing",
    "calloffs.web.issuing",
    "calloffs.web.offer",
    "calloffs.web.offering",
    "calloffs.web.ordering",
    "calloffs.web.outcomes",
    "calloffs.web.own_invoices",
    "calloffs.web.own_papers",
    "calloffs.web.pausing",
    "calloffs.web.planning",
    "calloffs.web.raising",
    "calloffs.web.report",
    "calloffs.web.returns",
    "calloffs.web.signing",
    "calloffs.web.spend",
    "calloffs.web.substituting",
    "calloffs.web.turns",
    "calloffs.web.varying",
    "framework.web.agreement",
    "framework.web.attaching",
    "framework.web.cancelling",
    "framework.web.closing",
    "framework.web.coming",
    "framework.web.confirming",
    "framework.web.extending",
    "framework.web.health",
    "framework.web.home",
    "framework.web.installation",
    "framework.web.leaving",
    "framework.web.opening",
    "framework.web.noting",
    "framework.web.people",
    "framework.web.recording_past",
    "framework.web.signing_in",
    "framework.web.style",
    "framework.web.suspending",
    "lots.web.activating",
    "lots.web.appointing",
    "lots.web.colleagues",
    "lots.web.invitation",
    "lots.web.inviting",
    "lots.web.joining",
    "lots.web.keeping",
    "lots.web.forward",
    "lots.web.evidence",
    "lots.web.held",
    "lots.web.lot",
    "lots.web.lot_opening",
    "lots.web.my_company",
    "lots.web.partner",
    "lots.web.partners",
    "lots.web.pipeline",
    "lots.web.place",
    "lots.web.promising",
    "lots.web.proposing",
    "lots.web.rate_deciding",
    "lots.web.rate_proposing",
    "lots.web.rating",
    "lots.web.registering",
    "lots.web.removing",
    "lots.web.renaming",
    "lots.web.vision",
    "lots.web.seeking",
    "lots.web.supplying",
    "lots.web.skillset",
    "lots.web.skillset_deciding",
    "lots.web.skillset_person",
    "lots.web.skillset_upload",
)

# What fills the home page, the menu and the places on each record's page, in the order shown.
PANELS: tuple[str, ...] = (
    "framework.web.agreement_panel:to_confirm",
    "calloffs.web.offer:to_answer",
    "calloffs.web.returns:panel",
    "calloffs.web.asking:to_answer_panel",
    "calloffs.web.awarding:to_award",
    "calloffs.web.signing:panel",
    "calloffs.web.issuing:panel",
    "calloffs.web.case_deciding:to_decide",
    "calloffs.web.case_writing:your_cases",
    "calloffs.web.call_off:to_approve",
    "calloffs.web.varying:panel",
    "calloffs.web.substituting:panel",
    "calloffs.web.call_off:yours",
    "calloffs.web.call_off_closing:to_close_panel",
    "calloffs.web.invoicing:due_panel",
    "calloffs.web.invoicing:order_panel",
    "calloffs.web.call_off_closing:to_agree_panel",
    "lots.web.forward:proposals_panel",
    "lots.web.promising:to_answer_panel",
    "lots.web.forward:new_panel",
    "lots.web.promising:due_panel",
    "lots.web.rate_proposing:panel",
    "lots.web.rate_deciding:panel",
    "lots.web.skillset:panel",
    "lots.web.skillset_deciding:panel",
    "lots.web.joining:panel",
    "lots.web.activating:panel",
    "lots.web.removing:panel",
    "lots.web.renaming:panel",
    "lots.web.my_company:to_show_panel",
    "calloffs.web.outcomes:newest_panel",
    "calloffs.web.own_invoices:panel",
    "calloffs.web.own_papers:panel",
    "lots.web.evidence:to_check_panel",
    "lots.web.my_company:partners_to_show_panel",
    "lots.web.keeping:panel",
    "lots.web.held:panel",
    "calloffs.web.drafting:lots_panel",
)
MENU: tuple[tuple[str, str, Permission], ...] = (
    ("Home", "home.show", Permission.HOME_READ),
    ("Agreements", "agreement.index", Permission.AGREEMENT_READ),
    ("Business cases", "case.index", Permission.CASE_READ),
    ("Call-offs", "call_off.index", Permission.CALL_OFF_READ),
    ("Find people", "seeking.show", Permission.RATES_READ),
    ("Spend", "spend.index", Permission.SPEND_READ),
    ("Forward view", "forward.index", Permission.AGREEMENT_READ),
    ("Coming", "coming.show", Permission.REMINDERS_READ),
    ("Offers", "offer.index", Permission.OFFER_READ),
    ("My company", "my_company.show", Permission.OFFER_READ),
    ("Coming work", "forward.index", Permission.COMPANY_KEEP),
    ("Returns", "returns.index", Permission.RETURN_GIVE),
    ("People", "people.index", Permission.PEOPLE_MANAGE),
    ("Installation", "installation.show", Permission.INSTALLATION_OPERATE),
)
SECTIONS: dict[str, tuple[str, ...]] = {
    "agreement": (
        "framework.web.agreement_parts:to_do",
        "calloffs.web.spend:on_agreement",
        "lots.web.lot:lots_section",
        "lots.web.inviting:section",
        "framework.web.agreement_parts:statement",
        "framework.web.agreement_parts:members",
        "framework.web.agreement_parts:options",
        "framework.web.agreement_parts:document",
    ),
    "lot": ("calloffs.web.spend:on_lot",),
    # For each company of a partner user: (session, visitor, supplier) -> Section.
    "my_company": (
        "lots.web.keeping:section",
        "lots.web.colleagues:section",
        "lots.web.skillset:my_company_section",
    ),
    "appointment": ("lots.web.removing:section", "lots.web.skillset_deciding:on_place"),
    "business_case": (),
    "call_off": (
        "calloffs.web.substituting:section",
        "calloffs.web.call_off_closing:section",
        "calloffs.web.spend:on_call_off",
        "calloffs.web.invoicing:section",
        "calloffs.web.comparing:section",
        "calloffs.web.varying:section",
        "calloffs.web.document:documents",
        "calloffs.web.signing:signatures",
        "calloffs.web.awarding:answer",
        "calloffs.web.asking:on_call_off",
        "calloffs.web.offering:offers",
        "calloffs.web.planning:call_off_section",
    ),
    "partner_call_off": (
        "calloffs.web.substituting:section",
        "calloffs.web.outcomes:on_call_off",
        "calloffs.web.varying:partner_section",
        "calloffs.web.comparing:section",
        "calloffs.web.own_invoices:section",
        "calloffs.web.document:documents",
        "calloffs.web.signing:signatures",
        "calloffs.web.awarding:answer",
        "calloffs.web.planning:call_off_section",
    ),
    "offer": (
        "calloffs.web.answering:so_far",
        "calloffs.web.outcomes:section",
        "calloffs.web.asking:section",
        "calloffs.web.document:documents_of_offer",
        "calloffs.web.signing:signatures_of_offer",
        "calloffs.web.planning:offer_section",
    ),
    "pipeline_item": ("calloffs.web.planning:item_section",),
    "promise": ("calloffs.web.planning:promise_section",),
}
STEPS: dict[str, tuple[str, ...]] = {
    "agreement": (
        "framework.web.agreement_parts:send",
        "lots.web.lot:add_step",
        "lots.web.lot:paste_step",
        "lots.web.inviting:step",
        "lots.web.partners:step",
        "framework.web.agreement_parts:confirm",
        "framework.web.agreement_parts:give_back",
        "framework.web.agreement_parts:extend",
        "framework.web.noting:step",
        "framework.web.agreement_parts:suspend",
        "framework.web.agreement_parts:cancel",
        "framework.web.agreement_parts:close",
        "lots.web.supplying:agreement_step",
    ),
    "appointment": (
        "lots.web.activating:step",
        "lots.web.inviting:first_user_step",
        "lots.web.removing:step",
    ),
    "partner": ("lots.web.renaming:step",),
    "lot": (
        "calloffs.web.drafting:lot_step",
        "lots.web.forward:lot_step",
        "lots.web.supplying:lot_step",
        "calloffs.web.turns:step",
    ),
    "business_case": (
        "calloffs.web.case_deciding:decide_step",
        "calloffs.web.case_writing:check_step",
        "calloffs.web.case_writing:change_step",
        "calloffs.web.case_writing:withdraw_step",
    ),
    "call_off": (
        "calloffs.web.drafting:step",
        "calloffs.web.planning:share_step",
        "calloffs.web.approving:step",
        "calloffs.web.issuing:step",
        "calloffs.web.signing:step",
        "calloffs.web.document:preview",
        "calloffs.web.offering:offer_step",
        "calloffs.web.awarding:award_step",
        "calloffs.web.offering:withdraw_step",
        "calloffs.web.awarding:withdraw_step",
        "calloffs.web.ordering:step",
        "calloffs.web.raising:withdraw_step",
        "calloffs.web.handing_over:step",
        "calloffs.web.copying:step",
        "calloffs.web.cancelling:step",
        "calloffs.web.invoicing:step",
        "calloffs.web.varying:decide_step",
        "calloffs.web.varying:propose_step",
        "calloffs.web.pausing:pause_step",
        "calloffs.web.pausing:terminate_step",
        "calloffs.web.call_off_closing:step",
    ),
    "partner_call_off": (
        "calloffs.web.signing:step",
        "calloffs.web.varying:agree_step",
        "calloffs.web.substituting:propose_step",
    ),
    "offer": (
        "calloffs.web.signing:step_of_offer",
        "calloffs.web.outcomes:reply_step",
        "calloffs.web.answering:answer_step",
        "calloffs.web.answering:decline_step",
        "calloffs.web.planning:offer_step",
    ),
    "pipeline_item": ("calloffs.web.planning:item_step",),
}

# What the floors above ask before an agreement goes live, and before it is closed: (session, agreement) -> refusals.
COMPLETE: tuple[str, ...] = ("lots.completing:complete",)
ASK_BEFORE_CLOSING: tuple[str, ...] = ("calloffs.still_open:open_call_offs",)
# Which authorities lead the agreements that a supplier is in: (session, supplier id) -> ids of parties.
LED_BY: tuple[str, ...] = ("lots.finding:led_by",)
# Whether papers rest on a supplier's legal name and number: (session, supplier id) -> yes or no.
SETTLED: tuple[str, ...] = ("lots.finding:has_been_active",)
# When a partner was last heard of: (session, appointment ids) -> by appointment.
HEARD: tuple[str, ...] = ("calloffs.last_heard:heard",)
# Which live call-offs a partner's leaving would touch: (session, appointment id) -> call-offs.
TOUCHED: tuple[str, ...] = ("calloffs.leaving:touched",)
# What must be true before a council agrees to a promise: (session, promise) -> a refusal or None.
ASK_BEFORE_AGREEING: tuple[str, ...] = ("calloffs.planning:awarded_to_its_partner",)
# Until when a supplier's people are promised: (session, supplier ids) -> busy days by supplier.
BUSY: tuple[str, ...] = ("calloffs.promising:busy",)
# Which skills awarded call-offs brought: (session, lot ids) -> skills by lot.
BOUGHT: tuple[str, ...] = ("calloffs.bought:skills_bought",)

# What is held on a company: (session, visitor, supplier) -> lists, in the order shown.
HELD: tuple[str, ...] = ("lots.held:held", "calloffs.held:held", "framework.people.held:accounts")
# What is erased when its time has come: (session, most subjects at once) -> what was erased.
ERASERS: tuple[str, ...] = (
    "lots.erasing:erase_skillsets",
    "lots.checking_people:erase_sheets",
    "calloffs.erasing:erase_unsuccessful",
    "calloffs.erasing:erase_closed",
)

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
    for name in DOORS:
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
    home.PANELS[:] = [_named(one) for one in PANELS]
    menu.MENU[:] = MENU
    confirming.COMPLETE[:] = [_named(one) for one in COMPLETE]
    registering.LED_BY[:] = [_named(one) for one in LED_BY]
    registering.SETTLED[:] = [_named(one) for one in SETTLED]
    quiet.HEARD[:] = [_named(one) for one in HEARD]
    withdrawing.TOUCHED[:] = [_named(one) for one in TOUCHED]
    busy.BUSY[:] = [_named(one) for one in BUSY]
    supplying.BOUGHT[:] = [_named(one) for one in BOUGHT]
    closing.ASK[:] = [_named(one) for one in ASK_BEFORE_CLOSING]
    promising.ASK[:] = [_named(one) for one in ASK_BEFORE_AGREEING]
    held.HELD[:] = [_named(one) for one in HELD]
    erasing.ERASERS[:] = [_named(one) for one in ERASERS]
    for floor in ("framework", "lots", "calloffs"):
        timeline.SENTENCES.update(import_module(f"{floor}.sentences").SENTENCES)
    for kind, names in SECTIONS.items():
        sections.SECTIONS[kind] = tuple(_named(one) for one in names)
    for kind, names in STEPS.items():
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
