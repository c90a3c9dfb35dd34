"""Every door has a lock, every action a sentence, every permission a holder."""

import ast
import re

import pytest

from framework.people.permissions import GRANTS, OPERATOR_GRANTS, Permission, Role
from framework.records import timeline
from tests.house.reading import name_of, sources, tree_of


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_says_who_may_open_it(app):
    without = [
        rule.rule for rule in rules(app) if not hasattr(app.view_functions[rule.endpoint], "permission")
    ]
    assert not without, f"no lock: {without}"


def test_only_these_doors_are_open_to_all(app):
    opened = {rule.endpoint for rule in rules(app) if app.view_functions[rule.endpoint].permission is None}
    assert opened <= {
        "feeds.read",  # neither can a spreadsheet
        "coming.feed",  # a calendar program cannot sign in; the secret address is its key
        "health.alive",
        "health.ready",
        "invitation.join",  # the secret of the link is the key to both
        "invitation.show",
        "signing_in.forgotten",
        "signing_in.form",
        "signing_in.out",
        "signing_in.set_password",
        "style.authority",
    }


def test_nobody_who_is_not_signed_in_gets_past_a_lock(app, visit):
    nobody = visit("")
    for rule in rules(app):
        if app.view_functions[rule.endpoint].permission is None or "GET" not in rule.methods:
            continue
        address = re.sub(r"<(?:int[^:>]*:)[^>]+>", "1", rule.rule)
        address = re.sub(r"<[^>]+>", "anything", address)
        answer = nobody.client.get(address)
        assert (answer.status_code, answer.headers.get("Location", "")[:8]) == (303, "/sign-in"), address


def test_a_signed_in_stranger_sees_nothing_but_not_found(app, visit):
    stranger = visit("Stranger")
    for rule in rules(app):
        if app.view_functions[rule.endpoint].permission is None or "GET" not in rule.methods:
            continue
        address = re.sub(r"<(?:int[^:>]*:)[^>]+>", "1", rule.rule)
        address = re.sub(r"<[^>]+>", "DP21", address)
        assert stranger.client.get(address).status_code == 404, address


@pytest.mark.parametrize(
    "number", ["0", "-1", "9223372036854775808", "99999999999999999999999", "abc", "1.5", "%00"]
)
def test_an_id_that_cannot_be_is_not_found(app, visit, number):
    for name in ("Olu", "Faye"):
        someone = visit(name)
        for rule in rules(app):
            if (
                "<" not in rule.rule
                or "GET" not in rule.methods
                or rule.endpoint in ("signing_in.set_password",)
            ):
                continue
            view = app.view_functions[rule.endpoint]
            if view.permission is None:
                continue
            address = re.sub(r"<[^>]+>", number, rule.rule)
            assert someone.client.get(address).status_code == 404, address


def test_every_permission_is_held_by_someone():
    held = set().union(*GRANTS.values(), OPERATOR_GRANTS)
    assert held == set(Permission)


def test_the_words_of_permissions_are_in_alphabetical_order():
    names = [one.name for one in Permission]
    assert names == sorted(names)


def test_an_auditor_changes_nothing():
    assert all(one.value.endswith(":read") for one in GRANTS[Role.AUDITOR])


def test_every_action_that_is_recorded_has_its_sentence(app):
    recorded = set()
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call):
                continue
            for keyword in node.keywords:
                if (
                    keyword.arg == "action"
                    and isinstance(keyword.value, ast.Constant)
                    and isinstance(keyword.value.value, str)
                ):
                    recorded.add((keyword.value.value, name_of(path)))
    assert recorded
    missing = sorted(one for one in recorded if one[0] not in timeline.SENTENCES)
    assert not missing, f"no sentence for {missing}"
