"""A rule says no in a sentence, and every rule is heard before anything is refused."""

from __future__ import annotations

import pickle

import pytest

from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused, refuse, require

LEFT = Refusal("Lot 4 has £50.00 left under its ceiling", "value", "RULE-32", Money.pounds(50))


def test_every_rule_answers_and_all_refusals_come_back_in_order() -> None:
    several = [Refusal("Enter a title", "title"), Refusal("Enter a reason", "reason")]
    with pytest.raises(Refused) as refused:
        require("an intent", [lambda _: None, lambda _: LEFT, lambda _: [], lambda _: several])
    assert refused.value.refusals == (LEFT, *several)
    assert str(refused.value) == "Lot 4 has £50.00 left under its ceiling Enter a title Enter a reason"


def test_nothing_is_refused_when_no_rule_is_against_it() -> None:
    seen: list[str] = []
    require("an intent", [seen.append, lambda _: []])
    assert seen == ["an intent"]


def test_refusing_at_once_keeps_the_field_the_rule_and_the_money_left() -> None:
    with pytest.raises(Refused) as refused:
        refuse(LEFT.sentence, field="value", rule="RULE-32", left=Money.pounds(50))
    assert refused.value.refusals == (LEFT,)


def test_a_refusal_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="at least one reason"):
        Refused()


def test_someone_acting_first_is_a_refusal_that_asks_to_look_again() -> None:
    changed = ChangedMeanwhile()
    assert isinstance(changed, Refused)
    assert "Someone else changed this" in str(changed)
    assert ChangedMeanwhile(LEFT).refusals == (LEFT,)


def test_a_refusal_survives_the_way_from_one_process_to_another() -> None:
    for exception in (Refused(LEFT), ChangedMeanwhile()):
        there = pickle.loads(pickle.dumps(exception))
        assert there.refusals == exception.refusals


def test_not_found_is_no_refusal_so_it_can_never_explain_itself() -> None:
    assert not issubclass(NotFound, Refused)
