"""A partner keeps its own facts, contacts and colleagues, and nobody else's."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.regions import Region
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.colleagues import add_colleague, colleagues_of, end_colleague
from framework.people.contacting import ContactFacts, contacts_of, keep_contacts
from framework.people.keeping import (
    CompanyFacts,
    ask_for_name,
    confirm_facts,
    decide_name,
    keep_facts,
    last_confirmed,
    waiting_change,
)
from framework.people.party import LivingWage, Party, PartyKind
from framework.people.party_contact import ContactKind
from framework.people.permissions import Permission, Role
from framework.people.person import Post
from lots.covering import slavery_warning
from tests.conftest import NOW

FACTS = CompanyFacts(
    address="1 Mill Lane", vat_number="GB123456789", region=Region.LONDON, living_wage=LivingWage.ACCREDITED
)


def administrator(session, cast, name):
    party = {"Qi": "Quill Works", "Faye": "Fennel Web"}[name]
    session.add(
        Post(
            person_id=cast.person[name],
            party_id=cast.party[party],
            role=Role.PARTNER_ADMINISTRATOR,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    return cast.visitor(session, name)


@pytest.fixture
def qi(session, cast):
    return administrator(session, cast, "Qi")


@pytest.fixture
def quill(session, cast):
    return session.get(Party, cast.party["Quill Works"])


@pytest.fixture
def newcomer(session, cast):
    """A company that was never appointed, with Nia as its administrator."""
    party = Party(kind=PartyKind.SUPPLIER, name="Newt Ltd", short_name="Newt")
    session.add(party)
    session.flush()
    session.add(
        Post(
            person_id=cast.person["Stranger"],
            party_id=party.id,
            role=Role.PARTNER_ADMINISTRATOR,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    return party, cast.visitor(session, "Stranger")


@pytest.mark.parametrize(("typed", "kept"), [("557725", "00557725"), ("sc 268016", "SC268016")])
def test_a_company_number_keeps_its_zeros_and_letters(both_databases, session, newcomer, typed, kept):
    # T-79.
    party, nia = newcomer
    keep_facts(
        session,
        actor=nia,
        supplier_id=party.id,
        facts=replace(FACTS, name="Newt Ltd", company_number=typed),
    )
    assert party.company_number == kept


def test_a_partner_of_a_lot_does_not_change_its_legal_name_by_itself(session, qi, quill):
    keep_facts(
        session,
        actor=qi,
        supplier_id=quill.id,
        facts=replace(FACTS, name="Other Ltd", company_number="99999999"),
    )
    assert quill.name == "Quill Works"
    assert quill.company_number != "99999999"
    assert quill.region is Region.LONDON


def test_another_companys_facts_are_not_found(session, cast, qi):
    for action in (
        lambda: keep_facts(session, actor=qi, supplier_id=cast.party["Fennel Web"], facts=FACTS),
        lambda: confirm_facts(session, actor=qi, supplier_id=cast.party["Fennel Web"]),
        lambda: keep_contacts(session, actor=qi, supplier_id=cast.party["Fennel Web"], contacts={}),
        lambda: colleagues_of(session, qi, cast.party["Fennel Web"]),
        lambda: end_colleague(
            session, actor=qi, supplier_id=cast.party["Fennel Web"], person_id=cast.person["Faye"]
        ),
    ):
        with pytest.raises(NotFound):
            action()


@pytest.mark.parametrize("said", [{"name": "QUILL works"}, {"company_number": "8"}])
def test_a_newcomer_cannot_take_anothers_name_or_number_nor_learn_whose_it_is(session, cast, newcomer, said):
    party, nia = newcomer
    taken = session.get(Party, cast.party["Quill Works"])
    taken.company_number = "00000008"
    session.add(taken)
    session.flush()
    with pytest.raises(Refused) as refused:
        keep_facts(
            session,
            actor=nia,
            supplier_id=party.id,
            facts=replace(FACTS, **{"name": "Newt Ltd", **said}),
        )
    assert "cannot be used. Ask the framework owner" in str(refused.value)
    assert "registered" not in str(refused.value)
    assert "Quill" not in str(refused.value)


def test_still_right_is_kept_with_day_and_person_and_asked_again_after_a_year(session, qi, quill):
    assert last_confirmed(session, quill.id) is None
    confirm_facts(session, actor=qi, supplier_id=quill.id)
    session.flush()
    said, who = last_confirmed(session, quill.id)
    assert (said.at, who) == (dates.now(), "Qi")
    confirm_facts(session, actor=qi, supplier_id=quill.id)
    with dates.at(NOW + timedelta(days=366)):
        confirm_facts(session, actor=qi, supplier_id=quill.id)
        session.flush()
        assert last_confirmed(session, quill.id)[0].at == dates.now()


def test_facts_that_lack_something_are_not_said_to_be_right(session, qi, quill):
    quill.region, quill.turnover_pence, quill.balance_sheet_pence = None, None, None
    with pytest.raises(Refused) as refused:
        confirm_facts(session, actor=qi, supplier_id=quill.id)
    assert "a figure that the size rests on; the region" in str(refused.value)
    assert last_confirmed(session, quill.id) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("gb 123 4567 89", "GB123456789"), ("XI123456789012", "XI123456789012"), ("123456789", "GB123456789")],
)
def test_a_vat_number_is_kept_plain(session, qi, quill, typed, stored):
    keep_facts(session, actor=qi, supplier_id=quill.id, facts=replace(FACTS, vat_number=typed))
    assert quill.vat_number == stored


def test_what_is_no_vat_number_is_refused_beside_its_field(session, qi, quill):
    with pytest.raises(Refused) as refused:
        keep_facts(session, actor=qi, supplier_id=quill.id, facts=replace(FACTS, vat_number="nonsense"))
    assert [one.field for one in refused.value.refusals] == ["vat_number"]
    assert quill.vat_number is None


@pytest.mark.parametrize(
    ("turnover", "on", "missing"),
    [
        ("35999999.99", None, False),
        ("36000000", None, True),
        ("36000000", date(2022, 1, 1), False),
        ("36000000", date(2021, 5, 22), True),
    ],
)
def test_a_modern_slavery_statement_is_asked_from_36_million_and_lasts_18_months(
    quill, turnover, on, missing
):
    # RULE-56.
    quill.turnover_pence = Money.pounds(turnover).pence
    quill.modern_slavery_on, quill.modern_slavery_address = on, "https://quill.example/s" if on else None
    assert (slavery_warning(quill, [], date(2022, 11, 22)) is not None) is missing


def test_a_new_legal_name_waits_for_a_framework_owner(both_databases, session, cast, qi, quill):
    change = ask_for_name(
        session,
        actor=qi,
        supplier_id=quill.id,
        name="Quill & Sons",
        company_number=quill.company_number,
        reason="New name",
    )
    assert quill.name == "Quill Works"
    for name in ("Asha", "Qi", "Zed"):
        with pytest.raises(NotFound):
            decide_name(session, actor=cast.visitor(session, name), change_id=change.id, accepted=True)
    olu = cast.visitor(session, "Olu")
    with pytest.raises(Refused):
        decide_name(session, actor=olu, change_id=change.id, accepted=False)
    decide_name(session, actor=olu, change_id=change.id, accepted=True)
    session.flush()
    assert quill.name == "Quill & Sons"
    assert waiting_change(session, quill.id) is None
    with pytest.raises(Refused):
        decide_name(session, actor=olu, change_id=change.id, accepted=True)


def test_a_later_request_for_a_name_replaces_the_one_that_waits(session, qi, quill):
    for name in ("First", "Second"):
        ask_for_name(session, actor=qi, supplier_id=quill.id, name=name, company_number="", reason="x")
        session.flush()
    assert waiting_change(session, quill.id).name == "Second"


def test_contacts_are_kept_by_kind_and_a_blank_one_goes(session, qi, quill):
    one = ContactFacts("Uma", "Uma@quill.example", "020 7946 0000")
    keep_contacts(session, actor=qi, supplier_id=quill.id, contacts={ContactKind.FINANCE: one})
    session.flush()
    assert contacts_of(session, quill.id)[ContactKind.FINANCE].email == "uma@quill.example"
    keep_contacts(session, actor=qi, supplier_id=quill.id, contacts={ContactKind.FINANCE: ContactFacts()})
    session.flush()
    assert contacts_of(session, quill.id) == {}


def test_a_contact_that_is_half_there_is_refused_beside_its_field(session, qi, quill):
    with pytest.raises(Refused) as refused:
        keep_contacts(
            session,
            actor=qi,
            supplier_id=quill.id,
            contacts={ContactKind.SECURITY: ContactFacts("", "a@b.example\nBcc: x@y.example", "one")},
        )
    assert [one.field for one in refused.value.refusals] == [
        "security-name",
        "security-email",
        "security-phone",
    ]


def test_an_administrator_adds_a_colleague_and_ends_them_without_us(both_databases, session, cast, qi, quill):
    person = add_colleague(
        session, actor=qi, supplier_id=quill.id, name="Una", email="una@quill.example", role=Role.PARTNER_USER
    )
    session.flush()
    una = people.visitor(session, person.id)
    assert una.may(Permission.OFFER_ANSWER, quill.id)
    assert not una.may(Permission.COLLEAGUES_MANAGE)
    with pytest.raises(NotFound):
        add_colleague(
            session, actor=una, supplier_id=quill.id, name="U", email="u@q.example", role=Role.PARTNER_USER
        )
    end_colleague(session, actor=qi, supplier_id=quill.id, person_id=person.id)
    session.flush()
    assert people.visitor(session, person.id).posts == ()


@pytest.mark.parametrize("email", ["asha@example.org", "tess@example.org", "opal@example.org"])
def test_nobody_who_signs_in_elsewhere_is_made_a_colleague(session, qi, quill, email):
    with pytest.raises(Refused) as refused:
        add_colleague(session, actor=qi, supplier_id=quill.id, name="X", email=email, role=Role.PARTNER_USER)
    assert refused.value.refusals[0].field == "email"


def test_nobody_ends_themselves_and_a_council_role_is_never_given(session, cast, qi, quill):
    with pytest.raises(Refused):
        end_colleague(session, actor=qi, supplier_id=quill.id, person_id=qi.person_id)
    with pytest.raises(NotFound):
        add_colleague(
            session, actor=qi, supplier_id=quill.id, name="X", email="x@q.example", role=Role.APPROVER
        )


def test_a_colleague_added_again_changes_role(session, qi, quill):
    for role in (Role.PARTNER_USER, Role.PARTNER_ADMINISTRATOR):
        person = add_colleague(
            session, actor=qi, supplier_id=quill.id, name="Una", email="una@quill.example", role=role
        )
        session.flush()
    held = [post.role for post in people.visitor(session, person.id).posts]
    assert held == [Role.PARTNER_ADMINISTRATOR]


def test_an_administrator_whose_role_was_ended_meanwhile_ends_nobody(session, cast, qi, quill):
    una = add_colleague(
        session,
        actor=qi,
        supplier_id=quill.id,
        name="Una",
        email="una@quill.example",
        role=Role.PARTNER_ADMINISTRATOR,
    )
    session.flush()
    end_colleague(
        session,
        actor=people.visitor(session, una.id),
        supplier_id=quill.id,
        person_id=qi.person_id,
    )
    session.flush()
    with pytest.raises(NotFound):
        end_colleague(session, actor=qi, supplier_id=quill.id, person_id=una.id)
