"""Rate cards: blank cells are not offered, and what was promised never rises."""

from datetime import date

import pytest

from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from lots import finding
from lots.appointing import appoint
from lots.opening import add_lot
from lots.rating import enter_rate_card
from tests.lots.drafts import a_draft
from tests.lots.test_opening import ONE

TODAY = date(2022, 11, 22)


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


@pytest.fixture
def fennel(cast, session, olu):
    return finding.appointment(session, olu, cast.appointment[4, "Fennel Web"]).appointment


def in_force(session, place, day):
    found = finding.rate_card_in_force(session, place.id, day)
    assert found is not None
    return found


def test_before_the_first_card_there_is_none(session, fennel):
    assert finding.rate_card_in_force(session, fennel.id, date(2021, 5, 31)) is None


def test_a_blank_cell_is_not_offered(session, fennel):
    card, rates = in_force(session, fennel, TODAY)
    assert card.version == 1
    assert rates["Designer", 4] == Money.pounds(935)
    assert ("Designer", 5) not in rates


def test_a_new_version_may_lower_rates_and_add_to_them(session, olu, fennel):
    wanted = [("Designer", 4, Money.pounds(935)), ("Designer", 3, Money.pounds(599)), ("Tester", 2, Money(1))]
    card = enter_rate_card(session, actor=olu, appointment=fennel, from_on=date(2022, 12, 1), rates=wanted)
    assert card.version == 2
    assert in_force(session, fennel, date(2022, 11, 30))[0].version == 1
    newest, rates = in_force(session, fennel, date(2022, 12, 1))
    assert newest == card
    assert rates == {(role, level): rate for role, level, rate in wanted}


def test_a_rise_by_a_pound_is_refused_naming_role_cap_and_version(both_databases, session, olu, fennel):
    with pytest.raises(Refused) as refused:
        enter_rate_card(
            session,
            actor=olu,
            appointment=fennel,
            from_on=TODAY,
            rates=[("designer", 4, Money.pounds(936)), ("Designer", 3, Money.pounds(600))],
        )
    (one,) = refused.value.refusals
    assert one.rule == "RULE-78"
    assert one.left == Money.pounds(935)
    for word in ("designer, level 4", "£936.00", "£935.00", "version 1"):
        assert word in one.sentence


def test_a_rate_that_went_down_does_not_come_back_up(session, olu, fennel):
    for day, pounds in ((date(2022, 12, 1), 900), (date(2023, 1, 1), 850)):
        rates = [("Designer", 4, Money.pounds(pounds))]
        enter_rate_card(session, actor=olu, appointment=fennel, from_on=day, rates=rates)
    with pytest.raises(Refused) as refused:
        enter_rate_card(
            session,
            actor=olu,
            appointment=fennel,
            from_on=date(2023, 2, 1),
            rates=[("Designer", 4, Money.pounds(900)), ("Designer", 3, Money.pounds(601))],
        )
    assert [one.left for one in refused.value.refusals] == [Money.pounds(850), Money.pounds(600)]


def test_versions_follow_each_other_and_never_reach_back(session, olu, fennel):
    rates = [("Designer", 4, Money.pounds(900))]
    for day in (date(2021, 6, 1), date(2022, 11, 21)):
        with pytest.raises(Refused) as refused:
            enter_rate_card(session, actor=olu, appointment=fennel, from_on=day, rates=rates)
        assert refused.value.refusals[0].field == "from_on"
    enter_rate_card(session, actor=olu, appointment=fennel, from_on=TODAY, rates=rates)


@pytest.mark.parametrize(
    "rates",
    [
        [],
        [("Designer", 8, Money.pounds(1))],
        [("Designer", 3, Money.zero())],
        [("", 3, Money.pounds(1))],
        [("Designer", 3, Money.pounds(2)), ("designer ", 3, Money.pounds(1))],
    ],
)
def test_a_card_that_cannot_be_read_is_refused(session, olu, fennel, rates):
    with pytest.raises(Refused):
        enter_rate_card(session, actor=olu, appointment=fennel, from_on=TODAY, rates=rates)


def test_the_card_of_a_draft_is_written_over_even_upwards(session, cast, olu):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=ONE)
    place = appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Quill Works"])
    with pytest.raises(Refused) as refused:
        enter_rate_card(
            session,
            actor=olu,
            appointment=place,
            from_on=date(2022, 12, 2),
            rates=[("Designer", 3, Money.pounds(600))],
        )
    assert "1 December 2022" in str(refused.value)
    for pounds in (600, 650):
        enter_rate_card(
            session,
            actor=olu,
            appointment=place,
            from_on=date(2022, 12, 1),
            rates=[("Designer", 3, Money.pounds(pounds))],
            hours_per_day_hundredths=800,
        )
    ((card, rates),) = finding.rate_cards(session, place.id)
    assert (card.version, card.hours_per_day_hundredths) == (1, 800)
    assert rates == {("Designer", 3): Money.pounds(650)}


def test_rivals_do_not_find_each_others_places(session, cast, olu, fennel):
    assert finding.appointment(session, cast.visitor(session, "Faye"), fennel.id).appointment == fennel
    assert finding.appointment(session, cast.visitor(session, "Cara"), fennel.id).appointment == fennel
    for name in ("Qi", "Tess", "Zed", "Stranger", "Opal", "Ari"):
        with pytest.raises(NotFound):
            finding.appointment(session, cast.visitor(session, name), fennel.id)
