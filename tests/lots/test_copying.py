"""A partner on several lots begins on one with its rates, or its people, of another of its own."""

from datetime import date

import pytest
from sqlmodel import Session, delete, func, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.permissions import Role
from framework.people.person import Post
from framework.records import database, once
from lots import copying, rate_finding
from lots.entering_people import put_people
from lots.rate_card import Rate, RateCard
from lots.rate_proposal import RateProposal
from lots.rate_proposing import save_proposal, withdraw_proposal
from lots.skillset import Skillset, SkillsetPerson
from lots.skillset_check import SkillsetCheck
from lots.skillset_finding import people_of, versions
from lots.submitting import start_skillset
from tests.lots.people import accepted, facts, place_of


@pytest.fixture
def four(cast):
    return cast.appointment[4, "Fennel Web"]


@pytest.fixture
def seven(cast):
    return cast.appointment[7, "Fennel Web"]


@pytest.fixture
def count(app):
    def rows(model):
        with app.app_context():
            found = database.current().exec(select(func.count()).select_from(model)).one()
            database.current().close()
            return found

    return rows


def another_version(session: Session, appointment_id: int, rates: dict[tuple[str, int], int]) -> None:
    card = RateCard(
        appointment_id=appointment_id,
        version=2,
        from_on=date(2022, 11, 1),
        created_at=dates.now(),
        hours_per_day_hundredths=800,
    )
    session.add(card)
    session.flush()
    for (role, level), pounds in rates.items():
        session.add(
            Rate(rate_card_id=card.id, role=role, level=level, day_rate_pence=Money.pounds(pounds).pence)
        )
    session.flush()


def without_cards(session: Session, appointment_id: int) -> None:
    mine = select(RateCard.id).where(RateCard.appointment_id == appointment_id)
    session.exec(delete(Rate).where(Rate.rate_card_id.in_(mine)))  # type: ignore[attr-defined]
    session.exec(delete(RateCard).where(RateCard.appointment_id == appointment_id))  # type: ignore[arg-type]
    session.flush()


# Rates


def test_rates_of_another_lot_fill_the_table_with_what_would_be_capped_and_what_would_go(
    session, visit, four, seven, count
):
    another_version(session, seven, {("Designer", 4): 940, ("Designer", 3): 590, ("Tester", 2): 300})
    session.commit()
    faye = visit("Faye")
    page = faye.get(f"/my-company/rates/{four}/propose")
    assert "Copy from lot DP21-7 (version 2)" in page.text
    address = f"/my-company/rates/{four}/copy/{seven}"
    assert address in page.links
    page = faye.get(address)
    assert "Copied from lot DP21-7 (version 2)" in page.text
    assert "2 rows read: 1 ready, 1 to mend. Nothing is saved yet." in page.text
    assert "Row 1, Level 4 (“940.00”): £940.00 is more than the £935.00 of rate card version 1" in page.text
    for gone in ("Developer, level 4", "Developer, level 5", "Delivery manager, level 5"):
        assert gone in page.text
    assert "Designer, level 3" not in page.text
    assert count(RateProposal) == 0
    held = page.values()
    assert held["hours_per_day"] == "8"
    capped = next(name for name, value in held.items() if value == "940.00")
    page = faye.send(page, {"from_on": ["1", "12", "2022"], "hours_per_day": "7.5", capped: "935"})
    shown = faye.follow(page)
    assert "£590.00 Fall from £600.00" in shown.text
    assert "Tester" in shown.text
    assert count(RateProposal) == 1
    assert "Copy from" not in faye.get(f"/my-company/rates/{four}/propose").text


def test_rates_that_are_not_a_card_yet_are_copied_as_they_stand_and_withdrawn_ones_are_not(
    session, cast, four, seven
):
    faye = cast.visitor(session, "Faye")
    here, there = place_of(session, cast, 4), place_of(session, cast, 7)
    without_cards(session, seven)
    assert copying.sources_of_rates(session, faye, here) == []
    lines = [("Tester", 2, Money.pounds(300))]
    draft = save_proposal(session, actor=faye, place=there, from_on=None, rates=lines, basis_version=0)
    (source,) = copying.sources_of_rates(session, faye, here)
    assert source.called == "lot DP21-7 (draft)"
    assert copying.rates_of(session, faye, here, seven).lines == lines
    withdraw_proposal(session, actor=faye, place=there, proposal=draft)
    assert copying.sources_of_rates(session, faye, here) == []


def test_a_lot_without_a_card_takes_every_rate_of_another(session, cast, visit, four, seven):
    without_cards(session, four)
    session.commit()
    faye = visit("Faye")
    page = faye.get(f"/my-company/rates/{four}/copy/{seven}")
    assert "3 rows read: 3 ready, 0 to mend" in page.text
    assert page.errors == []
    faye.follow(faye.send(page, {}))
    place = place_of(session, cast, 4)
    proposal = rate_finding.open_proposal(session, four)
    assert len(rate_finding.lines_of(session, proposal)) == 5
    assert copying.rates_of(session, cast.visitor(session, "Faye"), place, seven).left_out == []


# People


def test_people_of_another_lot_are_checked_against_this_lots_card_before_anybody_is_put_in(
    session, cast, visit, four, seven, count
):
    another_version(session, seven, {("Designer", 4): 940, ("Tester", 2): 300})
    accepted(
        session,
        cast,
        [facts(), facts(name="Capped", day_rate=Money.pounds(940)), facts(name="", role="Tester", level=2)],
        lot=7,
    )
    session.commit()
    faye = visit("Faye")
    page = faye.get(f"/my-company/people/{four}")
    assert "Copy from lot DP21-7 (version 1)" in page.text
    page = faye.follow(faye.send(page, {"from": seven}, to=f"/my-company/people/{four}/copy"))
    assert "Copied from lot DP21-7 (version 1)" in page.text
    assert "1 ready and 2 to mend" in page.text
    assert "Tester, level 2 is not on version 1 of your rate card for this lot" in page.text
    assert "Enter £935.00 or less" in page.text
    assert (count(Skillset), count(SkillsetPerson), count(SkillsetCheck)) == (1, 3, 1)
    rate = next(name for name, value in page.values(page_check(page)).items() if value == "940.00")
    page = faye.follow(faye.send(page, {rate: "935", "then": "check"}, to=page_check(page)))
    assert "2 ready and 1 to mend" in page.text
    page = faye.follow(faye.send(page, {"then": "confirm"}, to=page_check(page)))
    assert "Version 1, 2 people" in page.text
    assert "Copy from" not in page.text
    copied = people_of(session, versions(session, four).open)
    assert [one.name for one in copied] == ["Gwen Ŵyn", "Capped"]
    assert count(SkillsetCheck) == 0


def page_check(page):
    return next(
        one.get("action")
        for one in page.all("form")
        if "/checks/" in (one.get("action") or "") and not one.get("action").endswith("/drop")
    )


def test_an_empty_draft_may_still_be_begun_by_copying_and_an_empty_lot_offers_nothing(
    session, cast, visit, four
):
    faye, here, there = cast.visitor(session, "Faye"), place_of(session, cast, 4), place_of(session, cast, 7)
    start_skillset(session, actor=faye, place=here)
    start_skillset(session, actor=faye, place=there)
    assert copying.sources_of_people(session, faye, here) == []
    put_people(session, actor=faye, place=there, people=[facts()])
    session.commit()
    page = visit("Faye").get(f"/my-company/people/{four}")
    assert "Copy from lot DP21-7 (version 1)" in page.text


# Nobody else's


@pytest.mark.parametrize("name", ["Qi", "Tess", "Olu", "Asha", "Zed"])
def test_nobody_else_copies_anything(session, cast, visit, four, seven, name, count):
    accepted(session, cast, [facts()], lot=7)
    session.commit()
    other = visit(name)
    other.get(f"/my-company/rates/{four}/copy/{seven}", status=404)
    keys = {one.get("name"): one.get("value") for one in other.get("/").all("input") if one.get("name")}
    other.post(f"/my-company/people/{four}/copy", {**keys, "once": once.new_key(), "from": str(seven)}, 404)
    assert count(SkillsetCheck) == 0


def test_a_place_gives_nothing_to_itself_and_nothing_to_another_company_of_the_same_person(
    session, cast, visit, four, count
):
    rival = cast.appointment[7, "Quill Works"]
    session.add(
        Post(
            person_id=cast.person["Faye"],
            party_id=cast.party["Quill Works"],
            role=Role.PARTNER_USER,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    accepted(session, cast, [facts()], lot=4)
    session.commit()
    faye = cast.visitor(session, "Faye")
    both = place_of(session, cast, 4), place_of(session, cast, 7, "Quill Works")
    assert both[1].supplier.name == "Quill Works"
    for find in (copying.rates_of, copying.people_of):
        for here, there in ((both[0], rival), (both[1], four), (both[0], four)):
            with pytest.raises(NotFound):
                find(session, faye, here, there)
    visiting = visit("Faye")
    visiting.get(f"/my-company/rates/{rival}/copy/{four}", status=404)
    assert "Copy from" not in visiting.get(f"/my-company/people/{rival}").text
    assert count(SkillsetCheck) == 0
