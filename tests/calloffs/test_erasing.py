"""Personal data goes when its time has come; what was decided, and the audit chain, stay (RULE-81)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from calloffs.answering import decline_offer
from calloffs.cancelling import cancel_call_off
from calloffs.offer import Offer, OfferedPerson
from calloffs.substituting import consent, propose_substitute, refuse_substitute
from calloffs.substitution import Substitution
from framework.definitions import dates
from framework.records import chain, erasing
from framework.records.audit import AuditRecord, AuditWords
from lots.appointment import Appointment
from lots.forward.pipeline import PipelineItem
from lots.forward.proposal import Proposal
from lots.skillset import Skillset, SkillsetPerson
from lots.workforce import Clearance
from tests.calloffs.building import accepted, answer, awarded, offered, person
from tests.calloffs.substitutes import a_substitute, signed
from tests.cast import Cast

NOW = datetime(2022, 11, 22, 10, tzinfo=UTC)
DAY_BEFORE = date(2023, 11, 21)
THE_DAY = date(2023, 11, 22)


def names(session: Session) -> list[str]:
    session.rollback()
    return list(session.exec(select(OfferedPerson.name).order_by(col(OfferedPerson.id))))


def on(day: date) -> int:
    with dates.on(day):
        return erasing.erase_due()


def test_people_of_a_cancelled_call_off_are_erased_twelve_months_after_and_not_a_day_before(
    session: Session, cast: Cast, both_databases: str
) -> None:
    call_off, _ = accepted(session, cast, answer(person(name="Ann Example", clearance="sc")))
    cancel_call_off(
        session,
        actor=cast.visitor(session, "Asha"),
        call_off=call_off,
        reason="No longer needed",
        feedback="The council has dropped the whole project",
    )
    session.commit()
    assert on(DAY_BEFORE) == 0
    assert names(session) == ["Ann Example"]
    assert on(THE_DAY) == 1
    session.rollback()
    kept = session.exec(select(OfferedPerson)).one()
    assert (kept.name, kept.clearance, kept.role, kept.level) == ("(erased)", "none", "Developer", 4)
    assert kept.day_rate_pence == 800_00
    assert kept.erased_at is not None
    assert on(THE_DAY) == 0
    told = session.exec(select(AuditRecord).where(AuditRecord.action == "personal_data_erased")).all()
    assert [one.subject_kind for one in told] == ["offer"]
    assert chain.verify(session)[1] == []


def test_what_a_partner_typed_and_never_sent_goes_a_year_after_it_declined(
    session: Session, cast: Cast
) -> None:
    _, offer = offered(session, cast)
    offer.draft = '{"people-0-name": "Ann Example"}'
    session.add(offer)
    decline_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, reason="No capacity")
    offer.draft = '{"people-0-name": "Ann Example"}'
    session.commit()
    on(THE_DAY)
    session.rollback()
    assert session.exec(select(Offer.draft)).one() == ""


def test_people_of_an_award_that_runs_are_kept(session: Session, cast: Cast) -> None:
    awarded(session, cast, answer(person(name="Ann Example")))
    session.commit()
    assert on(date(2024, 11, 22)) == 0
    assert names(session) == ["Ann Example"]


def test_people_of_a_closed_award_are_kept_six_years(session: Session, cast: Cast) -> None:
    call_off, _ = awarded(session, cast, answer(person(name="Ann Example")))
    call_off.closed_at = NOW
    session.add(call_off)
    session.commit()
    assert on(date(2028, 11, 21)) == 0
    assert on(date(2028, 11, 22)) == 1
    assert names(session) == ["(erased)"]


@pytest.mark.parametrize(
    ("happened", "goes"),
    [
        ({"submitted_at": NOW, "accepted_at": NOW}, False),
        ({"submitted_at": NOW, "accepted_at": NOW, "superseded_at": NOW}, True),
        ({"submitted_at": NOW, "returned_at": NOW}, True),
        ({"submitted_at": NOW}, False),
        ({}, True),
    ],
    ids=["in force", "replaced", "sent back", "waiting", "left lying"],
)
def test_people_no_longer_put_forward_lose_name_and_clearance_and_keep_the_rest(
    session: Session, cast: Cast, happened: dict[str, Any], goes: bool
) -> None:
    place = session.exec(select(Appointment)).first()
    assert place is not None
    skillset = Skillset(appointment_id=place.id, version=1, created_at=NOW, **happened)
    session.add(skillset)
    session.flush()
    session.add(
        SkillsetPerson(
            skillset_id=skillset.id,
            number=1,
            name="Ann Example",
            role="Developer",
            level=4,
            available_from=NOW.date(),
            clearance=Clearance.SC,
            clearance_on=date(2021, 1, 4),
        )
    )
    session.commit()
    # The agreement of the cast runs to 31 May 2023: its own end erases nobody before 31 May 2024.
    assert on(DAY_BEFORE) == 0
    assert on(THE_DAY) == int(goes)
    session.rollback()
    kept = session.exec(select(SkillsetPerson)).one()
    assert (kept.name, kept.clearance) == ((None, Clearance.NONE) if goes else ("Ann Example", Clearance.SC))
    assert (kept.role, kept.level, kept.called) == ("Developer", 4, "Person 1" if goes else "Ann Example")


def test_everybody_on_an_agreement_that_ended_a_year_ago_goes(session: Session, cast: Cast) -> None:
    place = session.exec(select(Appointment)).first()
    assert place is not None
    skillset = Skillset(appointment_id=place.id, version=1, created_at=NOW, submitted_at=NOW, accepted_at=NOW)
    session.add(skillset)
    session.flush()
    session.add(
        SkillsetPerson(
            skillset_id=skillset.id,
            number=1,
            name="Ann",
            role="Developer",
            level=4,
            available_from=NOW.date(),
        )
    )
    session.commit()
    assert on(date(2024, 5, 30)) == 0
    assert on(date(2024, 5, 31)) == 1


def test_a_refused_substitute_is_forgotten_and_an_agreed_one_on_the_same_call_off_is_not(
    session: Session, cast: Cast
) -> None:
    call_off = signed(session, cast)
    faye, asha = cast.visitor(session, "Faye"), cast.visitor(session, "Asha")
    for name in ("Refused Example", "Agreed Example"):
        new = a_substitute(session, call_off, name=name, reason=f"Nia leaves for {name}")
        found = propose_substitute(session, actor=faye, call_off=call_off, new=new)
        if name.startswith("Refused"):
            refuse_substitute(
                session, actor=asha, call_off=call_off, number=found.number, reason="Not as good"
            )
        else:
            consent(session, actor=asha, call_off=call_off, number=found.number, words="Welcome")
    session.commit()
    assert on(DAY_BEFORE) == 0
    assert on(THE_DAY) == 1
    session.rollback()
    refused, agreed = session.exec(select(Substitution).order_by(col(Substitution.number))).all()
    assert (refused.name, refused.reason, refused.answer) == (None, "(erased)", "")
    assert agreed.name == "Agreed Example"
    kept = [one for one in session.exec(select(AuditWords.value)) if one]
    assert not [one for one in kept if "Refused Example" in one or one == "Not as good"]
    assert [one for one in kept if "Agreed Example" in one]
    assert chain.verify(session)[1] == []


def test_whom_a_proposal_named_is_forgotten_a_year_after_it_was_sent(session: Session, cast: Cast) -> None:
    item = PipelineItem(
        agreement_id=cast.agreement,
        authority_id=cast.party["Northbank"],
        lot_id=cast.lot[4],
        title="A new form",
        starts_from=date(2023, 4, 1),
        starts_until=date(2023, 4, 30),
        created_at=NOW,
    )
    session.add(item)
    session.flush()
    proposal = Proposal(
        item_id=item.id,
        supplier_id=cast.party["Fennel Web"],
        title="Ours",
        words="We have built it before",
        who="Ann Example",
        created_at=datetime(2022, 10, 1, tzinfo=UTC),
        sent_at=NOW,
    )
    session.add(proposal)
    session.commit()
    assert on(DAY_BEFORE) == 0
    assert on(THE_DAY) == 1
    session.rollback()
    session.refresh(proposal)
    assert (proposal.who, proposal.words) == ("", "We have built it before")
