"""Addresses that name somebody else's row: not found, for every method, and nothing of the row in the answer."""

import itertools
import re

import pytest
from sqlmodel import SQLModel

from framework.records import database
from tests.security.world import MARK, Town


def first_of_each(kinds: dict[str, list[str]]) -> dict[str, list[str]]:
    return {kind: rows[:1] for kind, rows in kinds.items()}


def addresses(app, town: Town, kinds: dict[str, list[str]]) -> list[tuple[str, set[str], str]]:
    """Every address of the site that names one of these rows: (address, methods, endpoint)."""
    found = []
    for rule in app.url_map.iter_rules():
        family = rule.rule.split("/")[1]
        if "<" not in rule.rule or rule.endpoint == "static":
            continue
        if family not in kinds and f"{family}/{rule.rule.split('/')[2]}" not in kinds:
            continue
        named = kinds.get(f"{family}/{rule.rule.split('/')[2]}") or kinds.get(family, [])
        places = {
            "reference": named,
            "number": named if family == "spend" and re.search("imports|extracts", rule.rule) else ["1"],
            "appointment_id": town["places"],
            "from_id": town["places"],
            "authority_id": town["authorities"],
            "supplier_id": town["partners"] if family == "my-company" else named,
            "item_id": named,
            "promise_id": named,
            "delivery_id": ["1"],
            "post_id": named,
            "invitation_id": ["1"],
            "request_id": ["1"],
            "person_id": ["1"],
            "payee_id": town["authorities"],
            "payer_id": town["members"],
            "day": ["2022-10-01", "2022-10-31"],
            "evidence_id": town["evidence"],
            "proposal_id": named if family == "forward" else town["rates"],
            "kind": ["csv", "xlsx"],
            "row": ["4"],
            "source_id": town["extracts"],
            "month": ["2022-10"],
            "feed_id": named,
            "alert_id": ["1"],
            "key": ["lots", "authorities", "partners", "call-offs"],
        }
        if "/matching/" in rule.rule:
            places["number"] = town["lines"]
        names = re.findall(r"<(?:[^:>]+:)?([a-z_]+)>", rule.rule)
        for values in itertools.product(*(places[name] for name in names)):
            address = rule.rule
            for value in values:
                address = re.sub(r"<[^>]+>", value, address, count=1)
            found.append((address, rule.methods & {"GET", "POST"}, rule.endpoint))
    assert found
    return found


def northbanks(town: Town) -> dict[str, list[str]]:
    return {
        "call-offs": town["call-offs"],
        "cases": town["cases"],
        "offers": [*town["offers"], *town["quills"]],
        "documents": town["documents"],
        "agreements": town["drafts"],
        "spend/agreements": town["drafts"],
        "spend/imports": town["imports"],
        "spend/extracts": town["extracts"],
        "spend/feeds": town["feeds"],
        "spend/payments": town["live"],
        "spend/publication": town["imports"],
        "spend/matching": town["live"],
        "spend/shared": town["call-offs"],
        "spend/accruals": town["live"],
        "spend/periods": town["authorities"],
        "spend/recharges": town["authorities"],
        "forecast": town["drafts"],
        "pictures": town["drafts"],
        "people": town["posts"],
        "returns": town["partners"],
        "forward/items": town["plans"],
        "forward/proposals": [*town["fennels proposals"], *town["quills proposals"]],
        "promises": [*town["fennels promises"], *town["quills promises"]],
    }


def everything(town: Town) -> dict[str, list[str]]:
    return {
        **northbanks(town),
        "agreements": [*town["drafts"], *town["agreements"]],
        "spend/agreements": [*town["drafts"], *town["agreements"]],
        "forecast": [*town["drafts"], *town["agreements"]],
        "pictures": [*town["drafts"], *town["agreements"]],
        "lots": town["lots"],
        "partners": town["partners"],
        "returns": town["partners"],
    }


def quills_outside(town: Town) -> dict[str, list[str]]:
    return {
        **everything(town),
        "offers": town["offers"],
        "my-company": town["places"],
        "forward/items": [*town["plans on lot 4"], *town["plans"]],
        "forward/proposals": town["fennels proposals"],
        "promises": town["fennels promises"],
    }


def fennels_outside(town: Town) -> dict[str, list[str]]:
    hers = set(town["fennels"])
    return {
        **everything(town),
        "call-offs": [one for one in town["call-offs"] if one not in hers],
        "offers": town["quills"],
        "returns": town["rivals"],
        "documents": [],
        "forward/proposals": town["quills proposals"],
        "promises": town["quills promises"],
    }


# Who, and what none of which is theirs. Ellis and Sal hold every role at the wrong council: Sal's belongs to the agreement.
OUTSIDERS = {
    "Ellis": lambda town: first_of_each(everything(town)),
    "Sal": northbanks,
    "Qi": lambda town: first_of_each(quills_outside(town)),
    "Faye": fennels_outside,
    "Opal": lambda town: first_of_each(everything(town)),
}


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_reads_or_moves_a_row_that_is_not_theirs(app, town, attack, name):
    someone = attack(name)
    leaks = []
    for address, methods, _endpoint in addresses(app, town, OUTSIDERS[name](town)):
        answers = []
        if "GET" in methods:
            answers.append(("GET", someone.look(address)))
        if "POST" in methods:
            answers.append(("POST", someone.strike(address, {"outcome": "approved", "reason": "Mine"})))
        for method, answer in answers:
            if answer.status_code != 404 or MARK.encode() in answer.data:
                leaks.append(f"{name} {method} {address}: {answer.status_code}")
    assert not leaks, "\n".join(leaks)


def everything_kept(app) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for those that note who looked at what."""
    noted = {"audit_record", "audit_words", "audit_head", "tally", "sign_in"}
    with app.app_context(), database.writing() as session:
        return {
            table.name: [tuple(row) for row in session.connection().execute(table.select())]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in noted
        }


def test_looking_changes_nothing(app, town, attack):
    before = everything_kept(app)
    for name in ("Nell", "Faye"):
        someone = attack(name)
        for address, methods, _endpoint in addresses(
            app, town, {**everything(town), "my-company": town["places"]}
        ):
            if "GET" in methods and ("/call-offs/" not in address or town["live"][0] in address):
                someone.look(address)
    assert everything_kept(app) == before
