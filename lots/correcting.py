"""Having something put right: a partner says what is wrong in what is held on it, and a framework owner answers."""

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused
from framework.people import finding as people
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.registering import look_after
from framework.records import audit, messages
from lots.correction_request import CorrectionRequest
from lots.finding import led_by

MOST_WAITING = 20


def ask_correction(
    session: Session, *, actor: Visitor, supplier: Party, about: str, words: str
) -> CorrectionRequest:
    """Ask for something to be put right; every framework owner who looks after the company is told.

    Raises `Refused`: nothing said, or too many requests waiting already. `NotFound` for another company.
    """
    permitted(actor, Permission.COMPANY_KEEP, supplier.id)
    about, words = " ".join(about.split()), words.strip()
    refusals = []
    if not about:
        refusals.append(Refusal("Choose what it is about", "about"))
    if len(about) > 120:
        refusals.append(Refusal("What it is about must be 120 characters or fewer", "about"))
    if not words:
        refusals.append(Refusal("Say what is wrong, and what would be right", "words"))
    if len(words) > 2000:
        refusals.append(Refusal("What is wrong must be 2,000 characters or fewer", "words"))
    waiting = session.exec(
        select(CorrectionRequest.id).where(
            CorrectionRequest.supplier_id == supplier.id, col(CorrectionRequest.answered_at).is_(None)
        )
    ).all()
    if len(waiting) >= MOST_WAITING:
        refusals.append(Refusal(f"{MOST_WAITING} corrections wait for an answer already"))
    if refusals or actor.person_id is None:
        raise Refused(*refusals) if refusals else NotFound
    asked = CorrectionRequest(
        supplier_id=supplier.id, about=about, words=words, asked_at=dates.now(), asked_by_id=actor.person_id
    )
    session.add(asked)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="correction_asked",
        subject=_subject(supplier),
        facts={"request": asked.id},
        words={"about": about, "words": words},
    )
    owners = {
        person.id: person
        for lead in led_by(session, supplier.id)
        for person, _ in people.holders(session, lead, Permission.AGREEMENT_OPEN)
    }
    for person in owners.values():
        messages.queue(
            session,
            key=f"correction_asked:{asked.id}:{person.id}",
            to_address=person.email,
            subject=f"{supplier.name} asks for a correction"[:200],
            text=(
                f"Hello {person.name},\n\n{supplier.name} asks to have something that is held on it put right.\n\n"
                f"/partners/{supplier.id}/corrections/{asked.id}\n"
            ),
            person_id=person.id,
        )
    return asked


def answer_correction(
    session: Session, *, actor: Visitor, asked: CorrectionRequest, corrected: bool, answer: str
) -> None:
    """Tell the partner whether it was put right, and how. The correction itself is made where the fact stands.

    Raises `Refused` without words, `ChangedMeanwhile` when somebody answered before.
    """
    look_after(session, actor, asked.supplier_id)
    session.refresh(asked, with_for_update=True)
    if asked.answered_at is not None:
        raise ChangedMeanwhile(Refusal("Somebody has answered this already"))
    answer = answer.strip()
    if not answer:
        raise Refused(Refusal("Say what was done, or why nothing was", "answer"))
    if len(answer) > 2000:
        raise Refused(Refusal("The answer must be 2,000 characters or fewer", "answer"))
    supplier = session.get_one(Party, asked.supplier_id)
    asked.answered_at, asked.answered_by_id = dates.now(), actor.person_id
    asked.answer, asked.corrected = answer, corrected
    session.add(asked)
    audit.record(
        session,
        actor=actor,
        action="correction_answered",
        subject=_subject(supplier),
        facts={"request": asked.id, "corrected": corrected},
        words={"answer": answer},
    )
    for person in people.partner_people(session, supplier.id):
        messages.queue(
            session,
            key=f"correction_answered:{asked.id}:{person.id}",
            to_address=person.email,
            subject="Your request for a correction is answered",
            text=f"Hello {person.name},\n\nA council has answered your request for a correction.\n\n/my-company/held\n",
            person_id=person.id,
        )


def request_of(session: Session, visitor: Visitor, supplier_id: int, request_id: int) -> CorrectionRequest:
    """A request, for a framework owner who looks after the company. Raises `NotFound`."""
    look_after(session, visitor, supplier_id)
    found = session.get(CorrectionRequest, request_id)
    if found is None or found.supplier_id != supplier_id:
        raise NotFound
    return found


def waiting_for(session: Session, visitor: Visitor) -> list[tuple[CorrectionRequest, Party]]:
    """Requests that nobody has answered, of companies this framework owner looks after, the oldest first."""
    if not visitor.may(Permission.AGREEMENT_OPEN):
        return []
    mine = visitor.parties_where(Permission.AGREEMENT_OPEN)
    rows = session.exec(
        select(CorrectionRequest, Party)
        .join(Party, col(Party.id) == col(CorrectionRequest.supplier_id))
        .where(col(CorrectionRequest.answered_at).is_(None))
        .order_by(col(CorrectionRequest.id))
        .limit(200)
    ).all()
    leads = {party.id: led_by(session, party.id) for _, party in rows}
    return [(asked, party) for asked, party in rows if mine & leads[party.id]]


def _subject(supplier: Party) -> audit.Subject:
    return audit.Subject("company", supplier.id, supplier.name, supplier.id)
