"""The partners' side of the sample: what of it stands where on the day of loading, so that every page has something to show."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import Session, col, select

from calloffs.asking import questions_of
from calloffs.call_off import CallOff
from calloffs.feedback import Feedback, Moment
from calloffs.offer import Offer, OfferStatus
from calloffs.planned import PlannedCallOff
from calloffs.question import Question
from calloffs.returns.comparing import Match, council_rows
from calloffs.returns.monthly_return import MonthlyReturn, ReturnLine, ReturnNote, ReturnVersion
from calloffs.sample.places import lot_of
from calloffs.sample.setting_up import by_name, the_agreement
from calloffs.substitution import Substitution, SubstitutionStatus
from calloffs.turn import Turn
from calloffs.turns import turns
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.people.colleagues import colleagues_of
from framework.people.company_record import FactsConfirmed
from framework.people.keeping import last_confirmed
from framework.people.party import Party, PartyKind
from framework.people.party_contact import ContactKind, PartyContact
from framework.people.permissions import Role
from framework.records.stored_document import StoredDocument
from lots import finding
from lots.appointment import Appointment
from lots.correction_request import CorrectionRequest
from lots.evidence import Evidence, EvidenceKind, Standing
from lots.forward.finding_promises import promises
from lots.forward.follow import Follow
from lots.forward.pipeline import PipelineItem, Stage
from lots.forward.promise import PromiseStatus
from lots.forward.proposal import Proposal
from lots.forward.vision import Vision
from lots.invitation import Invitation, InvitationStatus
from lots.joining import TaskState, is_joining, tasks_of
from lots.lot import Lot
from lots.rate_card import RateCard
from lots.rate_proposal import RateProposal, RateProposalStatus
from lots.skillset import Skillset, SkillsetPerson, SkillsetPlace, SkillsetSkill, SkillsetStatus
from lots.supplying import matrix
from lots.workforce import Clearance

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]
TODAY = date(2026, 11, 22)
OWNER, FINANCE = "Grace Okafor", ("Ruth Penhallow", "Farid Rahimi")


def test_one_company_is_invited_one_has_to_mend_and_one_waits_to_be_appointed(loaded: Session):
    draft = loaded.exec(select(FrameworkAgreement).where(FrameworkAgreement.reference == "DIP1")).one()
    assert draft.confirmed_at is None
    invitations = loaded.exec(select(Invitation).where(Invitation.agreement_id == draft.id)).all()
    standing = {one.company_name: one.status_at(dates.now()) for one in invitations}
    assert standing.pop("Saltmarsh Analytics Ltd") is InvitationStatus.OPEN
    assert set(standing.values()) == {InvitationStatus.ACCEPTED}
    places = {place.supplier.name: place for place in _places(loaded, draft)}
    assert all(is_joining(place.appointment) for place in places.values())
    states = {
        name: Counter(one.state for one in tasks_of(loaded, place) if one.task.blocks)
        for name, place in places.items()
    }
    assert states["Otterburn Insight Ltd"] == {TaskState.DONE: 5}
    assert states["Kittiwake Automation Ltd"] == {TaskState.DONE: 3, TaskState.SENT_BACK: 2}
    assert states["Hedgerow Web Ltd"][TaskState.IN_PROGRESS] == 1
    sent = {name for name, place in places.items() if place.appointment.sent_at}
    assert sent == {"Otterburn Insight Ltd"}


def _places(session: Session, agreement: FrameworkAgreement) -> Iterator[finding.Place]:
    rows = session.exec(
        select(Appointment, Lot, Party)
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(Lot.agreement_id == agreement.id)
    )
    for appointment, lot, supplier in rows:
        yield finding.Place(appointment, lot, agreement, supplier)


def test_every_partner_has_confirmed_its_facts_and_one_is_asked_again(loaded: Session):
    partners = [place.supplier for place in _places(loaded, the_agreement(loaded))]
    assert len(partners) == 9
    said = {}
    for one in partners:
        last = last_confirmed(loaded, one.id)
        assert last is not None, one.name
        said[one.name] = dates.as_london(last[0].at).date()
        kinds = set(loaded.exec(select(PartyContact.kind).where(PartyContact.supplier_id == one.id)))
        assert kinds == set(ContactKind), one.name
    long_ago = {name for name, day in said.items() if day < dates.add_months(TODAY, -12)}
    assert long_ago == {"Hedgerow Web Ltd", "Ironbark Security Ltd"}
    assert len(loaded.exec(select(FactsConfirmed)).all()) > len(partners)


def test_partners_have_colleagues_of_both_kinds(loaded: Session):
    carys = by_name(loaded, "Carys Llwyd-Ŵyn")
    supplier_id = loaded.exec(select(Party.id).where(Party.name == "Fieldfare Design CIC")).one()
    assert {(one.name, role) for one, role in colleagues_of(loaded, carys, supplier_id)} == {
        ("Carys Llwyd-Ŵyn", Role.PARTNER_ADMINISTRATOR),
        ("Rhodri Penn", Role.PARTNER_ADMINISTRATOR),
        ("Bethan Morys", Role.PARTNER_USER),
    }


def test_evidence_of_partners_has_files_and_stands_everywhere_but_struck_out(loaded: Session):
    own = loaded.exec(select(Evidence).where(col(Evidence.by_partner))).all()
    assert Counter(one.standing for one in own) == {
        Standing.CHECKED: 7,
        Standing.TO_CHECK: 2,
        Standing.SENT_BACK: 1,
    }
    for one in own:
        assert one.document_id is not None
        assert loaded.get_one(StoredDocument, one.document_id).content.startswith(b"%PDF-")
    lapsing = [one for one in own if (one.expires_on - TODAY).days == 21]
    assert [one.kind for one in lapsing] == [EvidenceKind.CYBER_INSURANCE]


def test_rates_wait_were_sent_back_and_rose_by_the_clause_of_their_lot(loaded: Session):
    draft = loaded.exec(select(FrameworkAgreement.id).where(FrameworkAgreement.reference == "DIP1")).one()
    found = loaded.exec(
        select(RateProposal.id, Lot.agreement_id)
        .join(Appointment, col(Appointment.id) == col(RateProposal.appointment_id))
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
    ).all()
    live = Counter(loaded.get_one(RateProposal, one).status for one, agreement in found if agreement != draft)
    assert live == {
        RateProposalStatus.ACCEPTED: 1,
        RateProposalStatus.RETURNED: 1,
        RateProposalStatus.SUBMITTED: 1,
    }
    assert lot_of(loaded, 7).rate_rise_bp == 300
    second = loaded.exec(select(RateCard).where(RateCard.version == 2)).one()
    place = loaded.get_one(Appointment, second.appointment_id)
    assert loaded.get_one(Party, place.supplier_id).name == "Bluestone Delivery Ltd"
    (_, newest), (_, first) = finding.rate_cards(loaded, place.id)
    assert all(newest[key] > first[key] for key in first)


def test_every_partner_has_people_and_versions_stand_everywhere(loaded: Session):
    places = {place.appointment.id: place.supplier.name for place in _places(loaded, the_agreement(loaded))}
    versions = loaded.exec(select(Skillset).where(col(Skillset.appointment_id).in_(places))).all()
    standing = {places[one.appointment_id]: one.status for one in versions if one.version == 2}
    assert standing == {
        "Hedgerow Web Ltd": SkillsetStatus.SUBMITTED,
        "Bluestone Delivery Ltd": SkillsetStatus.RETURNED,
        "Fieldfare Design CIC": SkillsetStatus.DRAFT,
    }
    accepted = [one for one in versions if one.status is SkillsetStatus.ACCEPTED]
    assert {places[one.appointment_id] for one in accepted} == set(places.values())
    people = loaded.exec(
        select(SkillsetPerson).where(col(SkillsetPerson.skillset_id).in_([one.id for one in accepted]))
    ).all()
    assert len(people) == 43
    assert sum(one.name is None or not one.name for one in people) == 6
    assert {one.clearance for one in people} == set(Clearance)
    ids = [one.id for one in people]
    skills = loaded.exec(select(SkillsetSkill.key).where(col(SkillsetSkill.person_id).in_(ids))).all()
    where = loaded.exec(select(SkillsetPlace.place).where(col(SkillsetPlace.person_id).in_(ids))).all()
    assert len(set(skills)) >= 25
    assert len(set(where)) >= 5


def test_the_matrix_opens_with_two_gaps(loaded: Session):
    found = matrix(loaded, finding.lots_of(loaded, the_agreement(loaded)), TODAY)
    assert [row.skill for row in found.rows if not row.suppliers] == [
        "Mainframe data extraction",
        "Research in British Sign Language",
    ]
    assert [row.suppliers for row in found.rows[:3]] == [0, 0, 1]
    assert not found.without_skillset


def test_one_question_is_answered_and_one_waits(loaded: Session):
    asked = loaded.exec(select(Question)).all()
    assert sorted(bool(one.answered_at) for one in asked) == [False, True]
    waiting = next(one for one in asked if not one.answered_at)
    call_off = loaded.get_one(CallOff, waiting.call_off_id)
    assert [one.may_be_answered for one in questions_of(loaded, call_off)] == [True]
    assert loaded.get_one(Offer, waiting.offer_id).status is OfferStatus.OFFERED


def test_partners_are_told_why_and_reply(loaded: Session):
    told = loaded.exec(select(Feedback)).all()
    assert {one.moment for one in told} == set(Moment)
    assert sum(bool(one.reply) for one in told) == 2
    assert loaded.exec(select(Offer).where(Offer.decline_reason != "")).all()


def test_turns_on_the_lot_with_several_partners_reach_all_three(loaded: Session):
    found = turns(loaded, by_name(loaded, OWNER), lot_of(loaded, 7), the_agreement(loaded))
    assert len(found.tallies) == 3
    assert all(one.counts[Turn.WON] for one in found.tallies)
    assert found.total.counts[Turn.DECLINED] == 1
    assert found.total.counts[Turn.WAITING] == 1


def test_one_change_of_people_is_agreed_and_one_waits(loaded: Session):
    found = loaded.exec(select(Substitution)).all()
    assert sorted(one.status for one in found) == [SubstitutionStatus.CONSENTED, SubstitutionStatus.PROPOSED]


def test_coming_work_stands_in_every_stage(loaded: Session):
    items = loaded.exec(select(PipelineItem)).all()
    # The one that became a request is a draft yet, and so still being prepared.
    assert {one.stage for one in items} == set(Stage) - {Stage.REQUESTED}
    assert Counter(one.is_shared for one in items) == {True: 11, False: 1}
    assert {loaded.get_one(Party, one.authority_id).name for one in items} == {
        "Northmere City Council",
        "Eastwold Borough Council",
    }
    asked = loaded.get_one(CallOff, loaded.exec(select(PlannedCallOff)).one().call_off_id)
    assert asked.title == "Show what is in the ground before we dig"
    assert {one.about.partition(":")[0] for one in loaded.exec(select(Follow))} == {
        "item",
        "lot",
        "agreement",
    }
    visions = loaded.exec(select(Vision).where(col(Vision.published_at).is_not(None))).all()
    assert len({(one.authority_id, one.about.partition(":")[0]) for one in visions}) == 4


def test_proposals_are_answered_waiting_and_in_draft(loaded: Session):
    found = loaded.exec(select(Proposal)).all()
    assert Counter(one.waits for one in found if one.sent_at) == {True: 2, False: 1}
    assert [one.title for one in found if one.sent_at is None] == ["Screens that say when they are wrong"]


def test_promises_are_offered_agreed_delivered_kept_and_late(loaded: Session):
    found = {
        one.status
        for name in ("Amara Bello", "Kofi Mensah")
        for one in promises(loaded, by_name(loaded, name))
    }
    assert found == {
        PromiseStatus.OFFERED,
        PromiseStatus.AGREED,
        PromiseStatus.DELIVERED,
        PromiseStatus.KEPT,
        PromiseStatus.LATE,
    }


def test_returns_of_the_past_agree_but_for_one_explained_and_one_open(loaded: Session):
    month, found = date(2025, 6, 1), Counter[tuple[date, Match]]()
    while month < date(2026, 11, 1):
        for who in FINANCE:
            found.update((month, row.match) for row in council_rows(loaded, by_name(loaded, who), month))
        month = dates.add_months(month, 1)
    unlike = {key: times for key, times in found.items() if key[1] is not Match.AGREES}
    assert unlike == {
        (date(2026, 9, 1), Match.EXPLAINED): 1,
        (date(2026, 10, 1), Match.DIFFERS): 1,
        (date(2026, 10, 1), Match.SILENT): 1,
    }
    assert found.total() - sum(unlike.values()) > 100


def test_one_partner_is_silent_one_corrected_and_no_business_is_an_answer(loaded: Session):
    last = loaded.exec(select(MonthlyReturn.supplier_id).where(MonthlyReturn.month == date(2026, 10, 1)))
    there = {loaded.get_one(Party, one).name for one in last}
    assert "Meridian Public Services plc" not in there
    assert len(there) == 7
    assert loaded.exec(select(ReturnVersion).where(ReturnVersion.number > 1)).one().reason
    assert loaded.exec(select(ReturnLine).where(col(ReturnLine.no_business))).all()
    assert loaded.exec(select(ReturnNote)).one().settles


def test_one_correction_is_asked(loaded: Session):
    asked = loaded.exec(select(CorrectionRequest)).one()
    assert asked.answered_at is None
    assert loaded.get_one(Party, asked.supplier_id).name == "Fieldfare Design CIC"


def test_companies_that_join_are_sample_too(loaded: Session):
    found = loaded.exec(
        select(Party).where(Party.kind == PartyKind.SUPPLIER, col(Party.name).like("%Kittiwake%"))
    ).one()
    assert found.is_sample
