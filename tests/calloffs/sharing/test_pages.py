"""Sharing and recharging as people do it: pages, steps, and nothing for anybody else."""

from datetime import date

import pytest
import sqlalchemy as sa

from calloffs.sharing.sharing import shares_of
from tests.calloffs.sharing.sharing_made import proposed, shared
from tests.calloffs.spend.building import live_call_off

SEPTEMBER = date(2022, 9, 10)


@pytest.fixture
def made(session, cast):
    call_off = shared(session, cast, (SEPTEMBER, 10_001))
    session.commit()
    session.close()
    return call_off.reference


def test_a_call_off_is_shared_from_its_own_page_and_agreed_from_home(session, cast, visit):
    call_off = live_call_off(session, cast)
    reference, own_id = call_off.reference, call_off.id
    session.commit()
    session.close()
    asha, fern = visit("Asha"), visit("Fern")
    address = f"/spend/shared/{reference}"
    assert "Your authority bears all of it" in asha.get(f"/call-offs/{reference}").text
    north, south = (f"share_{cast.party[name]}" for name in ("Northbank", "Southmere"))
    wrong = {north: "60", south: "4x", "reason": "Both use it"}
    kept = asha.send(f"{address}/propose", wrong, status=422)
    assert kept.values(f"{address}/propose")[south] == "4x"
    day = {"from_on": ["1", "9", "2022"]}
    short = asha.send(f"{address}/propose", {**wrong, south: "39.99", **day}, status=422)
    assert "The shares must add up to 100%. These add up to 99.99%" in short.errors
    fern.get(address, 404)
    asha.send(f"{address}/propose", {**wrong, south: "40", **day})
    assert "Shares to agree" in fern.get("/").text
    shown = fern.get(address)
    for words in (reference, "Northbank 60%, Southmere 40%", "Both use it", "Fennel Web", "£60,000.00"):
        assert words in shown.text
    fern.get(f"/call-offs/{reference}", 404)
    refused = fern.send(shown, {"agrees": "no"}, to=f"{address}/answer", status=422)
    assert "Enter why you refuse these shares" in refused.errors
    fern.send(shown.response.request.path, {"agrees": "yes"}, to=f"{address}/answer")
    assert "Shares to agree" not in fern.get("/").text
    with session:
        assert dict(shares_of(session, own_id))[cast.party["Southmere"]] == 4_000
    assert "Northbank 60%" in asha.get(f"/call-offs/{reference}").text


def test_nobody_but_the_two_councils_sees_or_moves_a_sharing(made, visit):
    for name in ("Zed", "Zoe", "Faye", "Stranger"):
        someone = visit(name)
        for rest in ("", "/propose"):
            someone.get(f"/spend/shared/{made}{rest}", 404)
    fern, cara, audra = visit("Fern"), visit("Cara"), visit("Audra")
    fern.get(f"/spend/shared/{made}/propose", 404)
    audra.get(f"/spend/shared/{made}/propose", 404)
    assert "£40.00" in cara.get(f"/spend/shared/{made}").text
    assert made in cara.get("/spend/shared/").text
    assert made not in visit("Zed").get("/spend/shared/").text


def test_a_refused_proposal_is_no_longer_the_other_councils_to_read(session, cast, visit):
    call_off = live_call_off(session, cast)
    proposed(session, cast, call_off)
    session.commit()
    session.close()
    fern, address = visit("Fern"), f"/spend/shared/{call_off.reference}"
    fern.send(address, {"agrees": "no", "reason": "Not ours"}, to=f"{address}/answer")
    fern.get(address, 404)
    told = visit("Asha").get(address).text
    assert "Not ours" in told
    assert "Refused" in told


def test_finance_7_two_steps_from_spend_to_the_split_with_its_rule(made, visit, cast):
    finn = visit("Finn")
    assert "/spend/recharges/" in finn.get("/spend/").links
    shown = finn.get("/spend/recharges/")
    assert "the odd penny stays with the authority that buys" in shown.text
    pair = f"/spend/recharges/{cast.party['Northbank']}/{cast.party['Southmere']}"
    assert pair in shown.links
    assert "Southmere pays 40% of £100.01; the odd penny stays with Northbank" in finn.get(pair).text
    table = next(one for one in shown.links if one.startswith("/spend/tables/recharges?"))
    assert "£40.00" in finn.get(table).text


def test_a_statement_is_marked_as_raised_and_the_other_council_reads_it(made, visit, cast):
    finn, fern = visit("Finn"), visit("Fern")
    pair = f"/spend/recharges/{cast.party['Northbank']}/{cast.party['Southmere']}"
    bad = finn.send(pair, {"invoice_number": "SI 1"}, to=f"{pair}/raise", status=422)
    assert "Enter the day of your invoice" in bad.errors
    assert bad.values(f"{pair}/raise")["invoice_number"] == "SI 1"
    day = {"raised_on": ["21", "11", "2022"]}
    finn.send(pair, {"invoice_number": "SI 1", **day}, to=f"{pair}/raise")
    told = fern.get(pair).text
    assert "Statement 1: invoice SI 1 of 21 November 2022" in told
    assert "Nothing of a period that is over is left" in told
    for name in ("Zoe", "Faye"):
        visit(name).get(pair, 404)


def test_an_agreement_that_counts_with_vat_shows_both_bases_apart(made, session, cast, visit):
    with session:
        session.connection().execute(sa.text("UPDATE framework_agreement SET basis = 'gross'"))
        session.commit()
    finn = visit("Finn")
    shown = finn.get(f"/spend/shared/{made}").text
    assert "Split, net of VAT As at" in shown
    assert "Split as the agreement counts: including VAT" in shown
    period = finn.get(f"/spend/periods/{cast.party['Northbank']}/2022-09-01").text
    assert "Period 6 of 2022/23, net of VAT" in period
    assert "Period 6 of 2022/23, as the agreement counts: including VAT" in period
