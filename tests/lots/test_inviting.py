"""Inviting: who may be asked, how many, by a link that works once, and what another's link gives."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.party import Party
from framework.people.permissions import Permission, Role
from framework.people.person import Person, Post
from framework.people.registering import registered_like
from framework.records.messages import Message
from lots import finding
from lots.accepting import accept, by_link, sign_up
from lots.appointing import appoint
from lots.appointment import AppointmentStatus
from lots.forgetting import erase_invited
from lots.invitation import Invitation, InvitationStatus
from lots.inviting import invite_first_user, send_again, withdraw_invitation
from lots.lot import SizeRule
from lots.opening import add_lot, remove_lot
from tests.conftest import NOW
from tests.lots.drafts import a_draft
from tests.lots.joiners import PASSPHRASE, a_lot, asked, joined, own_places
from tests.lots.test_opening import ONE, SEVEN


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


def mails(session, address="hana@heron.example"):
    return session.exec(select(Message).where(Message.to_address == address).order_by(col(Message.id))).all()


def test_an_invitation_keeps_no_secret_and_its_mail_tells_nothing_but_the_link(
    both_databases, session, cast, olu
):
    lot = a_lot(session, cast, olu)
    sent = asked(session, olu, lot)
    kept = session.get(Invitation, sent.invitation.id)
    assert sent.token not in str(kept.model_dump())
    (mail,) = mails(session)
    assert f"/invitations/{sent.token}" in mail.text
    assert lot.title not in mail.text + mail.subject
    assert "New partners" not in mail.text + mail.subject


def test_the_first_user_becomes_administrator_of_a_new_company_that_is_joining(
    both_databases, session, cast, olu
):
    lot = a_lot(session, cast, olu)
    hana, place = joined(session, olu, lot)
    assert hana.may(Permission.COLLEAGUES_MANAGE, place.supplier.id)
    assert place.supplier.name == "Heron Data Ltd"
    assert place.appointment.status_on(dates.today()) is AppointmentStatus.ONBOARDING
    assert finding.active_partners(session, lot, dates.today()) == []


def test_a_link_works_once(both_databases, session, cast, olu):
    sent = asked(session, olu, a_lot(session, cast, olu))
    sign_up(session, token=sent.token, name="Hana", password=PASSPHRASE)
    session.flush()
    assert by_link(session, sent.token) is None
    with pytest.raises(NotFound):
        sign_up(session, token=sent.token, name="Eve", password=PASSPHRASE)


def test_a_link_dies_after_seven_days_by_the_clock(session, cast, olu):
    sent = asked(session, olu, a_lot(session, cast, olu))
    with dates.at(NOW + timedelta(days=7) - timedelta(seconds=1)):
        assert by_link(session, sent.token) is not None
    with dates.at(NOW + timedelta(days=7)):
        assert by_link(session, sent.token) is None
        with pytest.raises(NotFound):
            sign_up(session, token=sent.token, name="Hana", password=PASSPHRASE)


def test_sending_again_makes_a_new_link_and_the_old_one_dies(session, cast, olu):
    sent = asked(session, olu, a_lot(session, cast, olu))
    again = send_again(session, actor=olu, invitation=sent.invitation)
    session.flush()
    assert by_link(session, sent.token) is None
    assert by_link(session, again.token) is not None
    assert len(mails(session)) == 2


def test_a_withdrawn_link_is_dead_and_cannot_be_sent_again(session, cast, olu):
    sent = asked(session, olu, a_lot(session, cast, olu))
    withdraw_invitation(session, actor=olu, invitation=sent.invitation)
    session.flush()
    assert by_link(session, sent.token) is None
    with pytest.raises(Refused):
        send_again(session, actor=olu, invitation=sent.invitation)


def test_open_invitations_count_towards_the_lots_partner_rule(session, cast, olu):
    lot = a_lot(session, cast, olu)
    first = asked(session, olu, lot)
    with pytest.raises(Refused) as refused:
        asked(session, olu, lot, company_name="Ibis Ltd", email="ida@ibis.example")
    assert refused.value.refusals[0].rule == "LOT-PARTNERS"
    assert "Heron Data Ltd is invited to it" in str(refused.value)
    with pytest.raises(Refused):
        appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Elm Apps"])
    withdraw_invitation(session, actor=olu, invitation=first.invitation)
    session.flush()
    asked(session, olu, lot, company_name="Ibis Ltd", email="ida@ibis.example")


def test_an_invitation_that_ran_out_keeps_no_place_and_is_checked_when_it_is_sent_again(session, cast, olu):
    lot = a_lot(session, cast, olu)
    first = asked(session, olu, lot)
    with dates.at(NOW + timedelta(days=8)):
        asked(session, olu, lot, company_name="Ibis Ltd", email="ida@ibis.example")
        with pytest.raises(Refused) as refused:
            send_again(session, actor=olu, invitation=first.invitation)
        assert "Ibis Ltd is invited to it" in str(refused.value)


def test_a_company_that_joins_counts_towards_the_partner_rule(session, cast, olu):
    lot = a_lot(session, cast, olu)
    joined(session, olu, lot)
    with pytest.raises(Refused) as refused:
        appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Elm Apps"])
    assert "Heron Data Ltd is on it" in str(refused.value)


def test_the_partner_rule_holds_again_when_the_invitation_is_accepted(session, cast, olu):
    lot = a_lot(session, cast, olu, SEVEN)
    sent = asked(session, olu, lot)
    appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Elm Apps"])
    lot.max_partners = 1
    session.add(lot)
    session.flush()
    with pytest.raises(Refused) as refused:
        sign_up(session, token=sent.token, name="Hana", password=PASSPHRASE)
    assert "all the partners that it takes" in str(refused.value)
    assert "Elm" not in str(refused.value)


def test_nobody_is_invited_to_a_closed_live_framework(session, cast, olu):
    lot = finding.lot(session, olu, "DP21-7")
    with pytest.raises(Refused) as refused:
        asked(session, olu, lot)
    assert "RULE-09" in {one.rule for one in refused.value.refusals}


def test_an_open_framework_that_lives_takes_new_suppliers(session, cast, olu):
    agreement = a_draft(session, cast, is_open_framework=True)
    lot = add_lot(session, actor=olu, agreement=agreement, facts=ONE)
    agreement.submitted_at = agreement.confirmed_at = dates.now()
    session.add(agreement)
    session.flush()
    assert asked(session, olu, lot).token


def test_a_draft_confirmed_meanwhile_takes_nobody_by_an_old_link(session, cast, olu):
    lot = a_lot(session, cast, olu)
    sent = asked(session, olu, lot)
    agreement = by_link(session, sent.token).agreement
    agreement.submitted_at = agreement.confirmed_at = dates.now()
    session.add(agreement)
    session.flush()
    with pytest.raises(Refused) as refused:
        sign_up(session, token=sent.token, name="Hana", password=PASSPHRASE)
    assert refused.value.refusals[0].rule == "RULE-09"


def test_an_excluded_supplier_and_one_of_the_wrong_size_are_not_invited(session, cast, olu):
    facts = replace(SEVEN, size_rule=SizeRule.SME_ONLY)
    lot = a_lot(session, cast, olu, facts)
    quill = session.get(Party, cast.party["Quill Works"])
    quill.excluded, quill.staff = True, 250
    session.add(quill)
    session.flush()
    with pytest.raises(Refused) as refused:
        asked(session, olu, lot, supplier_id=quill.id, email="qi@example.org")
    assert {one.rule for one in refused.value.refusals} == {"RULE-08", "RULE-54"}


@pytest.mark.parametrize("name", ["quill works", "Quill  Works Ltd.", "QUILL WORKS LIMITED"])
def test_a_company_that_is_registered_is_offered_and_not_doubled(session, cast, olu, name):
    lot = a_lot(session, cast, olu)
    with pytest.raises(Refused) as refused:
        asked(session, olu, lot, company_name=name)
    assert "Quill Works is already registered" in str(refused.value)
    assert registered_like(session, name).id == cast.party["Quill Works"]


@pytest.mark.parametrize("address", ["asha@example.org", "opal@example.org", "QI@example.org"])
def test_no_address_of_a_council_an_operator_or_another_company_is_invited(session, cast, olu, address):
    with pytest.raises(Refused) as refused:
        asked(session, olu, a_lot(session, cast, olu), email=address)
    assert refused.value.refusals[0].field == "email"


def test_a_known_supplier_is_invited_by_the_address_of_its_own_people_alone(session, cast, olu):
    lot = a_lot(session, cast, olu)
    quill = cast.party["Quill Works"]
    with pytest.raises(Refused):
        asked(session, olu, lot, supplier_id=quill, email="eve@evil.example")
    sent = asked(session, olu, lot, supplier_id=quill, email="qi@example.org")
    with pytest.raises(NotFound):
        accept(session, actor=cast.visitor(session, "Tess"), token=sent.token)
    qi = cast.visitor(session, "Qi")
    accept(session, actor=qi, token=sent.token)
    session.flush()
    assert lot.id in {place.lot.id for place in own_places(session, qi)}
    assert len(people.posts_of(session, qi.person_id)) == 1


def test_a_supplier_of_another_authority_is_nobody_elses_to_open(session, cast, olu):
    zed = replace(cast.visitor(session, "Zed"))
    theirs = a_draft(session, cast, reference="ELSE", lead_authority_id=cast.party["Elsewhere"])
    session.add(
        Post(
            person_id=cast.person["Zed"],
            party_id=cast.party["Elsewhere"],
            role=Role.FRAMEWORK_OWNER,
            starts_on=dates.today(),
        )
    )
    session.flush()
    zed = cast.visitor(session, "Zed")
    lot = add_lot(session, actor=zed, agreement=theirs, facts=ONE)
    # Elm Apps has no people yet, but works under Northbank's agreement.
    with pytest.raises(Refused) as refused:
        asked(session, zed, lot, supplier_id=cast.party["Elm Apps"], email="eve@evil.example")
    assert "another authority" in str(refused.value)


def test_a_link_for_one_company_never_opens_one_that_was_registered_since(session, cast, olu):
    sent = asked(session, olu, a_lot(session, cast, olu))
    session.add(Party(kind="supplier", name="HERON DATA LTD", short_name="HERON"))
    session.flush()
    with pytest.raises(Refused) as refused:
        sign_up(session, token=sent.token, name="Hana", password=PASSPHRASE)
    assert "registered since" in str(refused.value)


def test_the_first_user_of_a_partner_on_a_live_agreement_is_invited_from_its_place(session, cast, olu):
    place = finding.appointment(session, olu, cast.appointment[5, "Elm Apps"]).appointment
    before = place.invited_at, place.active_from
    sent = invite_first_user(
        session, actor=olu, appointment=place, contact_name="Ed Elm", email="ed@elm.example"
    )
    person = sign_up(session, token=sent.token, name="Ed Elm", password=PASSPHRASE)
    session.flush()
    ed = people.visitor(session, person.id)
    assert ed.may(Permission.COLLEAGUES_MANAGE, cast.party["Elm Apps"])
    session.refresh(place)
    assert (place.invited_at, place.active_from) == before
    with pytest.raises(Refused):
        invite_first_user(session, actor=olu, appointment=place, contact_name="Eve", email="eve@elm.example")


def test_a_second_first_user_is_not_let_in_by_an_old_link(session, cast, olu):
    place = finding.appointment(session, olu, cast.appointment[5, "Elm Apps"]).appointment
    one = invite_first_user(session, actor=olu, appointment=place, contact_name="Ed", email="ed@elm.example")
    two = invite_first_user(session, actor=olu, appointment=place, contact_name="Di", email="di@elm.example")
    sign_up(session, token=one.token, name="Ed", password=PASSPHRASE)
    session.flush()
    with pytest.raises(Refused) as refused:
        sign_up(session, token=two.token, name="Di", password=PASSPHRASE)
    assert "add you as a colleague" in str(refused.value)


def test_one_invitation_may_be_to_several_lots(session, cast, olu):
    agreement = a_draft(session, cast)
    two = replace(ONE, number=2, ceiling=Money.pounds(100_000))
    lots = [add_lot(session, actor=olu, agreement=agreement, facts=one) for one in (ONE, two)]
    person = sign_up(session, token=asked(session, olu, lots).token, name="Hana", password=PASSPHRASE)
    session.flush()
    hana = people.visitor(session, person.id)
    assert [place.lot.number for place in own_places(session, hana)] == [1, 2]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"email": "hana@heron.example\nBcc: all@evil.example"}, "email"),
        ({"email": "<hana@heron.example>"}, "email"),
        ({"email": "hana"}, "email"),
        ({"contact_name": " "}, "contact_name"),
        ({"company_name": ""}, "company_name"),
        ({"company_name": "x" * 201}, "company_name"),
    ],
)
def test_an_invitation_that_is_not_whole_is_refused_beside_its_field(session, cast, olu, said, field):
    with pytest.raises(Refused) as refused:
        asked(session, olu, a_lot(session, cast, olu), **said)
    assert [one.field for one in refused.value.refusals] == [field]


def test_a_name_with_a_line_end_puts_no_line_into_the_mail(session, cast, olu):
    asked(session, olu, a_lot(session, cast, olu), contact_name="Hana\r\nBcc: all@evil.example")
    (mail,) = mails(session)
    assert mail.text.splitlines()[0] == "Hello Hana Bcc: all@evil.example,"
    assert "\n" not in mail.subject


def test_lots_of_another_agreement_are_not_found(session, cast, olu):
    lot = a_lot(session, cast, olu)
    other = finding.lot(session, olu, "DP21-1")
    with pytest.raises(NotFound):
        asked(session, olu, [lot, other])


def test_only_the_framework_owner_invites_and_withdraws(session, cast, olu):
    lot = a_lot(session, cast, olu)
    sent = asked(session, olu, lot)
    for name in ("Asha", "Cara", "Qi"):
        actor = cast.visitor(session, name)
        with pytest.raises(NotFound):
            asked(session, actor, lot)
        with pytest.raises(NotFound):
            withdraw_invitation(session, actor=actor, invitation=sent.invitation)


def test_a_lot_with_an_open_invitation_is_not_taken_out(session, cast, olu):
    lot = a_lot(session, cast, olu)
    sent = asked(session, olu, lot)
    with pytest.raises(Refused):
        remove_lot(session, actor=olu, lot=lot)
    withdraw_invitation(session, actor=olu, invitation=sent.invitation)
    session.flush()
    remove_lot(session, actor=olu, lot=lot)
    session.flush()
    assert sent.invitation.status_at(dates.now()) is InvitationStatus.WITHDRAWN


def test_sign_up_follows_the_rules_of_every_password(session, cast, olu):
    sent = asked(session, olu, a_lot(session, cast, olu))
    for password in ("short", "x" * 129, "hana@heron.example"):
        with pytest.raises(Refused) as refused:
            sign_up(session, token=sent.token, name="Hana", password=password)
        assert refused.value.refusals[0].field == "password"
        session.rollback()
        sent = asked(session, olu, a_lot(session, cast, cast.visitor(session, "Olu")))
    assert session.exec(select(Person).where(Person.email == "hana@heron.example")).first() is None


def test_whom_an_invitation_went_to_is_erased_a_year_after_its_link_stopped(session, cast, olu):
    sent = asked(session, olu, a_lot(session, cast, olu))
    session.flush()
    with dates.at(NOW + timedelta(days=365 + 6)):
        assert list(erase_invited(session, 10)) == []
    with dates.at(NOW + timedelta(days=365 + 8)):
        (erased,) = erase_invited(session, 10)
        session.flush()
        assert list(erase_invited(session, 10)) == []
    assert erased.people == 1
    assert "hana" not in (sent.invitation.email + sent.invitation.contact_name).lower()
