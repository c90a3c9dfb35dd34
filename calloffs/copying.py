"""Copying an earlier call-off into a new draft: the words and terms, never the dates, the case or the declarations."""

from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.drafting import DraftFacts, OptionFacts, change_draft, draft_call_off, options_of, set_options
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor
from lots.lot import Lot


def copy_call_off(
    session: Session, *, actor: Visitor, source: CallOff, lot: Lot, authority_id: int, title: str
) -> CallOff:
    """A new draft on a lot that is open today, with the words, money and terms of one the actor may read in full."""
    if not actor.may(Permission.CALL_OFF_READ, source.authority_id):
        raise NotFound
    draft = draft_call_off(session, actor=actor, lot=lot, authority_id=authority_id, title=title)
    options = [
        OptionFacts(one.months, one.notice_days, Money(one.price_net_pence))
        for one in options_of(session, source)
    ]
    change_draft(
        session,
        actor=actor,
        call_off=draft,
        facts=DraftFacts(
            background=source.background,
            outcome_wanted=source.outcome_wanted,
            in_scope=source.in_scope,
            out_of_scope=source.out_of_scope,
            standards=source.standards,
            location=source.location,
            working_hours=source.working_hours,
            dependencies=source.dependencies,
            base=None if source.base_net_pence is None else Money(source.base_net_pence),
            expenses=Money(source.expenses_net_pence),
            expenses_policy=source.expenses_policy,
            indexation=source.indexation,
            vat_rate_bp=source.vat_rate_bp,
            charging_method=source.charging_method,
            special_terms=source.special_terms,
            break_notice_days=source.break_notice_days,
            supplier_notice_days=source.supplier_notice_days,
            acceptance_days=source.acceptance_days,
            invoice_frequency=source.invoice_frequency,
            cost_centre=source.cost_centre,
        ),
    )
    if options:
        set_options(session, actor=actor, call_off=draft, options=options)
    return draft
