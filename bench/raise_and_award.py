"""W1: raise and award one call-off through HTTP, each against saying hello and committing one row."""

from collections.abc import Iterator
from datetime import timedelta

from sqlmodel import Session, col, select

from bench import floor
from bench.site import Site, form_on
from bench.timing import Goal, Work
from calloffs.answering import Answer, DeliverableLine, PersonLine, SkillLine, accept_offer
from calloffs.approving import decide_call_off
from calloffs.call_off import CallOff, ChargingMethod, OffPayroll
from calloffs.drafting import draft_call_off
from calloffs.offering import make_offer
from calloffs.scale.living import BRIEF
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import Role
from framework.people.person import Post
from lots.appointment import Appointment
from lots.lot import Lot
from lots.workforce import Depth

BARE = "hello and one bare commit"
GOALS = (Goal("raise", 4, BARE), Goal("award", 4, BARE))
_PRICE = Money.pounds(1_000)


def works(site: Site, rounds: int) -> dict[str, Work]:
    """The floor, and both forms sent by the officer; every call-off is made ready beforehand, and its form fetched."""
    officer = site.council("commissioning manager")

    def send(forms: Iterator[tuple[str, dict[str, str]]]) -> None:
        address, fields = next(forms)
        answer = officer.post(address, data=fields)
        if answer.status_code != 303:
            raise RuntimeError(f"{address}: {answer.status}: {answer.get_data(as_text=True)[-3000:]}")

    def forms(step: str, references: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
        ready = [
            (f"/call-offs/{one}/{step}", form_on(officer, f"/call-offs/{one}/{step}")) for one in references
        ]
        said = {"reason": "The answer meets the brief.", "feedback": "Python in depth, and in good time."}
        return iter([(address, {**fields, **said}) for address, fields in ready])

    drafts = [_draft(site) for _ in range(2 * rounds)]
    to_award = drafts[rounds:]
    raised = forms("raise", to_award)
    for reference in to_award:
        send(raised)
        _until_accepted(site, reference)
    raising, awarding = forms("raise", drafts[:rounds]), forms("award", to_award)
    return {
        BARE: floor.hello_and_commit(site.file.parent),
        "raise": lambda: send(raising),
        "award": lambda: send(awarding),
    }


def _someone(session: Session, party_id: int, role: Role) -> int:
    query = select(Post.person_id).where(Post.party_id == party_id, Post.role == role)
    return session.exec(query.order_by(col(Post.person_id))).first() or 0


def _draft(site: Site) -> str:
    with site.writing() as session:
        lot = session.exec(select(Lot).where(Lot.reference == "SC001-1")).one()
        actor = site.who(session, _someone(session, 1, Role.COMMISSIONING_MANAGER))
        made = draft_call_off(session, actor=actor, lot=lot, authority_id=1, title="Measured work")
        for name, text in BRIEF.items():
            setattr(made, name, text)
        made.starts_on = dates.today() + timedelta(days=30)
        made.ends_on = dates.last_day_of(made.starts_on, 3)
        made.base_net_pence = _PRICE.pence
        made.charging_method = ChargingMethod.CAPPED_TIME_AND_MATERIALS
        made.off_payroll = OffPayroll.CONTRACTED_OUT
        made.exemption_reason = "Below the council’s own threshold"
        made.conflicts_declared = True
        return made.reference


def _until_accepted(site: Site, reference: str) -> None:
    with site.writing() as session:
        made = session.exec(select(CallOff).where(CallOff.reference == reference)).one()
        officer = site.who(session, _someone(session, 1, Role.COMMISSIONING_MANAGER))
        approver = site.who(session, _someone(session, 1, Role.APPROVER))
        decide_call_off(session, actor=approver, call_off=made, outcome="approved")
        offer = make_offer(session, actor=officer, call_off=made)
        supplier = session.get_one(Appointment, offer.appointment_id).supplier_id
        partner = site.who(session, _someone(session, supplier, Role.PARTNER_USER))
        assert made.ends_on
        answer = Answer(
            people=(PersonLine("Developer", 4, Money.pounds(500), 4),),
            skills=(SkillLine("Python", Depth.EXPERT),),
            deliverables=(DeliverableLine("The whole", "It works", made.ends_on),),
            approach="As asked.",
        )
        accept_offer(session, actor=partner, offer=offer, answer=answer)
