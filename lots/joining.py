"""Joining: the tasks of a company on its way to a place on a lot, sending them to the council, and getting them back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.people.contacting import contacts_of
from framework.people.finding import names
from framework.people.keeping import asks_for_statement, lacking, last_confirmed
from framework.people.party import Party
from framework.people.party_contact import ContactKind
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment
from lots.covering import asked_of, covers, slavery_warning
from lots.declaration import Declaration, DeclarationKind
from lots.evidence import Evidence
from lots.finding import Place
from lots.lot import Lot, SizeRule
from lots.opening import take
from lots.rate_card import RateCard
from lots.rate_finding import proposals
from lots.rate_proposal import RateProposalStatus
from lots.sent_back import SentBack
from lots.skillset import Skillset, SkillsetPerson, SkillsetStatus
from lots.telling import about_place
from lots.writing_to_partners import tell_council, tell_partner


class TaskState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    SENT_BACK = "sent_back"

    @property
    def label(self) -> str:
        return self.value.capitalize().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Task:
    """One thing a joining partner does: its key, its name, the page (endpoint) where it is done, and how it stands.

    A task with `per_lot` belongs to one place, and its page is told `appointment_id`; any other is done once for the company, and
    its page is told `supplier_id`. One that does not `block` may be sent to the council undone.
    """

    key: str
    name: str
    endpoint: str
    state: Callable[[Session, Place], TaskState]
    per_lot: bool = False
    blocks: bool = True
    until_then: str = ""
    """Said beside it while it is not done."""
    once: str = ""
    """Said beside it always: for what else it counts."""
    says: Callable[[Session, Place], list[str]] | None = None
    """What is wrong or lacking, one sentence each, said beside it until it is right. A warning stands beside a task that is done."""


@dataclass(frozen=True, slots=True)
class Stands:
    """How one task of a place stands: its own state, and the council's reason where it was sent back."""

    task: Task
    state: TaskState
    is_done: bool
    reason: str = ""
    says: tuple[str, ...] = ()


def company_says(session: Session, place: Place) -> list[str]:
    """What stands in the way of the company facts, and a statement that is asked for, which only warns (RULE-56)."""
    found, supplier = company_lacks(place), place.supplier
    if asks_for_statement(supplier):
        shown = session.exec(select(Evidence).where(Evidence.supplier_id == supplier.id)).all()
        if warning := slavery_warning(supplier, shown, dates.today()):
            found.append(warning)
    return found


def company_lacks(place: Place) -> list[str]:
    """What the company facts lack, and where they do not fit the lot's size rule (RULE-54)."""
    supplier = place.supplier
    found = [f"Still lacking: {'; '.join(still)}"] if (still := lacking(supplier)) else []
    if place.lot.size_rule is SizeRule.SME_ONLY and not place.agreement.recorded_as_past:
        only = f"Lot {place.lot.number} is for small and medium-sized enterprises only"
        if supplier.is_sme is None:
            found.append(f"{only}. Enter your staff and your yearly turnover or balance sheet total")
        elif not supplier.is_sme:
            found.append(f"{only}, and {supplier.name} is not one by its figures")
    return found


def evidence_says(session: Session, place: Place) -> list[str]:
    """What the lot asks for that is missing, has lapsed or covers too little (RULE-61)."""
    return [one.sentence for one in covers(session, place.lot, place.supplier.id, dates.today())]


def company_state(session: Session, place: Place) -> TaskState:
    """Done when the company facts are whole and fit the lot, and somebody at the company has said that they are right."""
    said = last_confirmed(session, place.supplier.id)
    if said is not None and not company_lacks(place):
        return TaskState.DONE
    return TaskState.NOT_STARTED if said is None else TaskState.IN_PROGRESS


NEEDED_CONTACTS = (ContactKind.CONTRACT_MANAGER, ContactKind.FINANCE, ContactKind.SIGNATORY)


def contacts_state(session: Session, place: Place) -> TaskState:
    """Done when there is somebody for the contract, for invoices and to sign."""
    known = contacts_of(session, place.supplier.id)
    if all(kind in known for kind in NEEDED_CONTACTS):
        return TaskState.DONE
    return TaskState.IN_PROGRESS if known else TaskState.NOT_STARTED


def evidence_state(session: Session, place: Place) -> TaskState:
    """Done when everything the lot asks for is in date. What is missing blocks signing, not joining."""
    if not asked_of(place.lot) or not covers(session, place.lot, place.supplier.id, dates.today()):
        return TaskState.DONE
    shown = select(Evidence.id).where(Evidence.supplier_id == place.supplier.id)
    return TaskState.IN_PROGRESS if session.exec(shown).first() else TaskState.NOT_STARTED


def declarations_state(session: Session, place: Place) -> TaskState:
    """Done when every declaration for the agreement stands today."""
    made = declarations_of(session, place.supplier.id, place.agreement.id)
    in_date = [kind for kind, (one, _) in made.items() if one.is_in_date_at(dates.now())]
    if len(in_date) == len(DeclarationKind):
        return TaskState.DONE
    return TaskState.IN_PROGRESS if made else TaskState.NOT_STARTED


def rates_state(session: Session, place: Place) -> TaskState:
    """Done when there is a rate card, or rates have been sent and wait for the council."""
    card = select(RateCard.id).where(RateCard.appointment_id == place.appointment.id)
    if session.exec(card).first():
        return TaskState.DONE
    newest = next(iter(proposals(session, place.appointment.id)), None)
    if newest is None or newest.status is RateProposalStatus.WITHDRAWN:
        return TaskState.NOT_STARTED
    if newest.status is RateProposalStatus.RETURNED:
        return TaskState.SENT_BACK
    return TaskState.IN_PROGRESS if newest.status is RateProposalStatus.DRAFT else TaskState.DONE


def skillset_state(session: Session, place: Place) -> TaskState:
    """Done when a version has been submitted."""
    newest = session.exec(
        select(Skillset)
        .where(Skillset.appointment_id == place.appointment.id)
        .order_by(col(Skillset.version).desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return TaskState.NOT_STARTED
    if newest.status is SkillsetStatus.RETURNED:
        return TaskState.SENT_BACK
    return TaskState.IN_PROGRESS if newest.status is SkillsetStatus.DRAFT else TaskState.DONE


# What a joining partner is asked, in this order. A new task is one line here and the function that says how it stands.
TASKS: tuple[Task, ...] = (
    Task("company", "Company facts", "keeping.form", company_state, says=company_says),
    Task("contacts", "Contacts", "keeping.contacts", contacts_state),
    Task(
        "evidence",
        "Insurances and certificates",
        "evidence.add",
        evidence_state,
        blocks=False,
        until_then="Needed before you sign a call-off",
        says=evidence_says,
    ),
    Task("rates", "Rate card", "my_company.rates", rates_state, per_lot=True),
    Task("skillset", "People and skills", "skillset.show", skillset_state, per_lot=True),
    Task(
        "declarations",
        "Declarations",
        "joining.declare",
        declarations_state,
        per_lot=True,
        once="Made once for every lot of the agreement",
    ),
)


def tasks_of(session: Session, place: Place) -> list[Stands]:
    """How every task of a place stands, those sent back with the council's reason."""
    returned = {
        one.task: one.reason
        for one in session.exec(
            select(SentBack)
            .where(SentBack.appointment_id == place.appointment.id, col(SentBack.mended_at).is_(None))
            .order_by(col(SentBack.id))
        )
    }
    found = []
    for task in TASKS:
        own = task.state(session, place)
        state = TaskState.SENT_BACK if task.key in returned else own
        begun = own in (TaskState.IN_PROGRESS, TaskState.DONE)
        says = tuple(task.says(session, place)) if begun and task.says else ()
        found.append(Stands(task, state, own is TaskState.DONE, returned.get(task.key, ""), says))
    return found


def still_open(stands: Sequence[Stands]) -> list[Stands]:
    """Tasks that have to be done before the list can be sent to the council."""
    return [one for one in stands if one.task.blocks and not one.is_done]


def is_joining(appointment: Appointment) -> bool:
    """Whether the place still waits to be appointed."""
    return (
        appointment.ended_on is None
        and appointment.active_from is None
        and appointment.invited_at is not None
    )


def declare(session: Session, *, actor: Visitor, place: Place, kinds: Sequence[DeclarationKind]) -> None:
    """Make declarations for the place's agreement, in the actor's name and for a year. Raises `Refused`, `NotFound`."""
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    if set(kinds) != set(DeclarationKind):
        raise Refused(
            *(
                Refusal(f"Tick to declare: {one.words}", field=one.value)
                for one in DeclarationKind
                if one not in kinds
            )
        )
    known = declarations_of(session, place.supplier.id, place.agreement.id)
    for kind in kinds:
        row = (
            known[kind][0]
            if kind in known
            else Declaration(
                supplier_id=place.supplier.id, agreement_id=place.agreement.id, kind=kind, made_at=dates.now()
            )
        )
        row.made_at, row.made_by_id = dates.now(), actor.person_id
        session.add(row)
    audit.record(
        session,
        actor=actor,
        action="declarations_made",
        subject=about_place(place.agreement, place.lot, place.appointment, place.supplier),
        facts={"agreement": place.agreement.reference},
    )


def declarations_of(
    session: Session, supplier_id: int, agreement_id: int
) -> dict[DeclarationKind, tuple[Declaration, str]]:
    """What a supplier declared for one agreement, with the name of who did."""
    rows = session.exec(
        select(Declaration).where(
            Declaration.supplier_id == supplier_id, Declaration.agreement_id == agreement_id
        )
    ).all()
    who = names(session, {one.made_by_id for one in rows if one.made_by_id})
    return {one.kind: (one, who.get(one.made_by_id or 0, "somebody")) for one in rows}


def send_to_council(session: Session, *, actor: Visitor, place: Place) -> None:
    """Say that everything is there; what had been sent back counts as mended. Raises `Refused` naming what is still open."""
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    appointment = place.appointment
    session.refresh(appointment, with_for_update=True)
    if not is_joining(appointment):
        raise NotFound
    if appointment.sent_at is not None:
        refuse("You sent this to the council already")
    still = still_open(tasks_of(session, place))
    if still:
        raise Refused(*(Refusal(f"{one.task.name} is not done yet") for one in still))
    appointment.sent_at = dates.now()
    session.add(appointment)
    for one in session.exec(
        select(SentBack).where(SentBack.appointment_id == appointment.id, col(SentBack.mended_at).is_(None))
    ):
        one.mended_at = dates.now()
        session.add(one)
    _record(session, actor, "joining_sent", place)
    tell_council(
        session,
        place.agreement,
        why=f"joining_sent:{appointment.id}:{dates.now().isoformat()}",
        subject=f"{place.supplier.name} is ready to be appointed to lot {place.lot.reference}",
        lines=[
            f"{place.supplier.name} has done everything that joining lot {place.lot.reference} asks for.",
            f"/lots/{place.lot.reference}/partners/{appointment.id}/joining",
        ],
    )


def send_back(
    session: Session, *, actor: Visitor, appointment: Appointment, reasons: Mapping[str, str]
) -> None:
    """Give tasks back to a joining partner, each with what is wrong. Raises `Refused` without one, `NotFound`."""
    lot = session.get_one(Lot, appointment.lot_id)
    agreement = take(session, actor, lot.agreement_id)
    session.refresh(appointment)
    given = {task: reason.strip() for task, reason in reasons.items() if reason.strip()}
    if appointment.sent_at is None or not is_joining(appointment):
        refuse("There is nothing to send back: the partner has not sent its tasks")
    known = {task.key for task in TASKS}
    if not given or not set(given) <= known:
        refuse("Say for at least one task what has to be mended", field=TASKS[0].key)
    if long := [task for task, reason in given.items() if len(reason) > 1000]:
        raise Refused(*(Refusal("Use 1,000 characters or fewer", field=task) for task in long))
    appointment.sent_at = None
    session.add(appointment)
    for task, reason in given.items():
        session.add(
            SentBack(
                appointment_id=appointment.id,
                task=task,
                reason=reason,
                at=dates.now(),
                by_id=actor.person_id,
            )
        )
    supplier = session.get_one(Party, appointment.supplier_id)
    _record(session, actor, "joining_sent_back", Place(appointment, lot, agreement, supplier), given)
    tell_partner(
        session,
        supplier,
        why=f"joining_sent_back:{appointment.id}:{dates.now().isoformat()}",
        subject=f"To mend before you are appointed to lot {lot.reference}",
        lines=["The council has sent something back to you, with the reason.", "/my-company/tasks"],
    )


def _record(
    session: Session, actor: Visitor, action: str, place: Place, words: Mapping[str, str] | None = None
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=about_place(place.agreement, place.lot, place.appointment, place.supplier),
        words=words or {},
    )


def people_offered(session: Session, appointment_id: int) -> int:
    """How many people the newest version that was sent puts forward on a lot."""
    newest = session.exec(
        select(Skillset.id)
        .where(Skillset.appointment_id == appointment_id, col(Skillset.submitted_at).is_not(None))
        .order_by(col(Skillset.version).desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return 0
    return len(session.exec(select(SkillsetPerson.id).where(SkillsetPerson.skillset_id == newest)).all())


def waiting_to_be_appointed(session: Session, visitor: Visitor) -> list[Place]:
    """Joining partners that have sent everything, under agreements that this visitor looks after; the longest waiting first."""
    leads = visitor.parties_where(Permission.AGREEMENT_OPEN)
    rows = session.exec(
        select(Appointment, Lot, FrameworkAgreement, Party)
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(
            col(FrameworkAgreement.lead_authority_id).in_(leads),
            col(Appointment.sent_at).is_not(None),
            col(Appointment.active_from).is_(None),
            col(Appointment.ended_on).is_(None),
        )
        .order_by(col(Appointment.sent_at))
        .limit(50)
    )
    return [Place(*row) for row in rows]
