"""Call-offs brought to a point of their life by the same actions as real work."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session

from calloffs.approving import decide_call_off
from calloffs.business_case.case import BusinessCase, CaseType
from calloffs.call_off import CallOff, ChargingMethod, OffPayroll
from calloffs.drafting import DraftFacts, OptionFacts, change_draft, draft_call_off, set_options
from calloffs.raising import raise_call_off
from framework.definitions import dates
from framework.definitions.money import Money
from lots.lot import Lot
from tests.cast import Cast

_numbers = count(1)


def pounds(text: str | int) -> Money:
    return Money.pounds(text)


def an_approved_case(
    session: Session,
    cast: Cast,
    *,
    amount: str | int = 10_000_000,
    authority: str = "Northbank",
    **facts: Any,
) -> BusinessCase:
    """A case of the authority's, approved for `amount` net, valid for a year."""
    author = "Asha" if authority == "Northbank" else "Cara"
    case = BusinessCase(
        **{
            "reference": f"C-{next(_numbers):04}",
            "authority_id": cast.party[authority],
            "author_id": cast.person[author],
            "kind": CaseType.SERVICE_IMPROVEMENT,
            "title": "Better services",
            "created_at": dates.now(),
            "submitted_at": dates.now(),
            "decided_at": dates.now(),
            "outcome": "approved",
            "requested_net_pence": pounds(amount).pence,
            "approved_net_pence": pounds(amount).pence,
            "valid_until": dates.today() + timedelta(days=365),
            **facts,
        }
    )
    session.add(case)
    session.flush()
    return case


def facts_for(case: BusinessCase | None, value: str | int, **other: Any) -> DraftFacts:
    """Everything a raise asks for, with a base value and nothing else to pay."""
    return DraftFacts(
        **{
            "background": "The service is used by 40,000 people a year",
            "outcome_wanted": "People finish the form first time",
            "in_scope": "Research and design of the form",
            "starts_on": date(2022, 12, 1),
            "ends_on": date(2023, 1, 31),
            "base": pounds(value),
            "case_id": case.id if case else None,
            "exemption_reason": "" if case else "Below the threshold",
            "charging_method": ChargingMethod.FIXED,
            "off_payroll": OffPayroll.CONTRACTED_OUT,
            "conflicts_declared": True,
            **other,  # type: ignore[typeddict-item]  # checked where it is called
        }
    )


def drafted(
    session: Session,
    cast: Cast,
    *,
    value: str | int = 20_000,
    lot: int = 3,
    who: str = "Asha",
    authority: str | None = None,
    case: BusinessCase | None = None,
    exempt: bool = False,
    options: tuple[OptionFacts, ...] = (),
    title: str = "Design of the parking form",
    **facts: Any,
) -> CallOff:
    """A complete draft, ready to be raised."""
    authority = authority or ("Northbank" if who == "Asha" else "Southmere")
    actor = cast.visitor(session, who)
    if case is None and not exempt:
        case = an_approved_case(session, cast, authority=authority)
    call_off = draft_call_off(
        session,
        actor=actor,
        lot=session.get_one(Lot, cast.lot[lot]),
        authority_id=cast.party[authority],
        title=title,
    )
    change_draft(session, actor=actor, call_off=call_off, facts=facts_for(case, value, **facts))
    if options:
        set_options(session, actor=actor, call_off=call_off, options=options)
    return call_off


def raised(session: Session, cast: Cast, **how: Any) -> CallOff:
    """Submitted, its value reserved."""
    call_off = drafted(session, cast, **how)
    raise_call_off(session, actor=cast.visitor(session, how.get("who", "Asha")), call_off=call_off)
    return call_off


def approved(session: Session, cast: Cast, **how: Any) -> CallOff:
    """Raised and approved."""
    call_off = raised(session, cast, **how)
    approver = "Dev" if how.get("who") == "Cara" else "Bram"
    decide_call_off(session, actor=cast.visitor(session, approver), call_off=call_off, outcome="approved")
    return call_off
