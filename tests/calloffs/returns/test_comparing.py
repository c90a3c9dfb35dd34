"""Both sides' figures: net with net, by call-off and month, and settled only for the figures that were explained."""

from datetime import date

import pytest

from calloffs.returns.comparing import (
    Match,
    by_lot,
    council_rows,
    council_summary,
    numbers,
    one_row,
    partner_rows,
)
from calloffs.spend.invoicing import record_invoice
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Basis, Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from tests.calloffs.returns.building import OCTOBER, give, line, noted
from tests.calloffs.spend.building import bill, live_call_off


def _billed(session, cast, call_off, number, net, dated=date(2022, 10, 31), by="Finn"):
    actor = cast.visitor(session, by)
    record_invoice(session, actor=actor, call_off=call_off, facts=bill(number, net, dated=dated))


@pytest.mark.usefixtures("both_databases")
def test_invoices_and_credits_dated_in_the_month_are_the_councils_side(session, cast):
    own = live_call_off(session, cast)
    for number, net, day in (
        ("A", "100.01", date(2022, 9, 30)),
        ("B", "200.02", date(2022, 10, 1)),
        ("C", "400.04", date(2022, 10, 31)),
        ("D", "800.08", date(2022, 11, 1)),
    ):
        _billed(session, cast, own, number, net, day)
    _billed(session, cast, own, "E", "-50.00")
    assert one_row(session, own, OCTOBER).recorded == Money.pounds("550.06")
    assert one_row(session, own, OCTOBER).match is Match.SILENT
    give(session, cast, line(own, "550.05"))
    row = one_row(session, own, OCTOBER)
    assert (row.match, row.difference) == (Match.DIFFERS, Money(-1))


def test_net_stands_beside_net_though_the_agreement_counts_vat(session, cast):
    session.get_one(FrameworkAgreement, cast.agreement).basis = Basis.GROSS
    own = live_call_off(session, cast)
    _billed(session, cast, own, "A", "1,000")
    give(session, cast, line(own, "1,000"))
    assert one_row(session, own, OCTOBER).match is Match.AGREES


@pytest.mark.usefixtures("both_databases")
def test_the_largest_difference_comes_first_and_what_is_explained_last(session, cast):
    near, far, agrees, explained = (live_call_off(session, cast) for _ in range(4))
    silent = live_call_off(session, cast, lot=7, partner="Quill Works")
    _billed(session, cast, agrees, "A", "70")
    _billed(session, cast, silent, "B", "90")
    give(session, cast, line(near, "5"), line(far, "-500"), line(agrees, "70"), line(explained, "9,000"))
    noted(session, cast, explained, settles=True)
    finn = cast.visitor(session, "Finn")
    rows = council_rows(session, finn, OCTOBER)
    assert [one.reference for one in rows] == [
        one.reference for one in (far, near, silent, explained, agrees)
    ]
    assert [one.match.value for one in rows] == ["differs", "differs", "silent", "explained", "agrees"]
    summary = council_summary(session, finn, OCTOBER)
    assert (summary.asked, summary.given, summary.missing, summary.differing) == (5, 4, 1, 2)
    assert (summary.said, summary.recorded) == (Money.pounds("8,575"), Money.pounds("160"))
    assert council_rows(session, finn, OCTOBER, most=1) == rows[:1]


def test_explained_holds_for_the_two_figures_and_no_longer(session, cast):
    own = live_call_off(session, cast)
    give(session, cast, line(own, "100"))
    noted(session, cast, own, settles=True)
    assert one_row(session, own, OCTOBER).match is Match.EXPLAINED
    _billed(session, cast, own, "A", "40")
    assert one_row(session, own, OCTOBER).match is Match.DIFFERS
    give(session, cast, line(own, "40"), reason="Half of it is November’s")
    assert one_row(session, own, OCTOBER).match is Match.AGREES


def test_notes_have_words_and_only_the_council_settles_what_differs(session, cast):
    own = live_call_off(session, cast)
    with pytest.raises(Refused, match="no open difference"):
        noted(session, cast, own, settles=True)
    give(session, cast, line(own))
    with pytest.raises(Refused, match="Only the council"):
        noted(session, cast, own, by="Faye", settles=True)
    with pytest.raises(Refused, match="what explains"):
        noted(session, cast, own, words=" ")
    with pytest.raises(ChangedMeanwhile):
        noted(session, cast, own, figures=(Money.zero(), Money.zero()))
    for name in ("Qi", "Fern", "Audra", "Bram", "Stranger"):
        with pytest.raises(NotFound):
            noted(session, cast, own, by=name)


def test_invoice_numbers_that_one_side_alone_has_are_named(session, cast):
    own = live_call_off(session, cast)
    _billed(session, cast, own, "INV-1", "10")
    _billed(session, cast, own, "INV-2", "20")
    _billed(session, cast, own, "INV-3", "30", date(2022, 11, 2))
    found = numbers(session, own.id, OCTOBER, ["inv 1", "inv-1", "INV-3", "INV-4"])
    assert found.partner_only == (("inv 1", None), ("INV-3", date(2022, 11, 2)), ("INV-4", None))
    assert found.council_only == (("INV-2", Money.pounds(20)),)


def test_each_reads_what_is_its_own(session, cast):
    norths = live_call_off(session, cast)
    souths = live_call_off(session, cast, authority="Southmere")
    live_call_off(session, cast, lot=7, partner="Quill Works")
    give(session, cast, line(norths), line(souths))
    fennel, quill = cast.party["Fennel Web"], cast.party["Quill Works"]

    def read(name):
        return {one.reference for one in council_rows(session, cast.visitor(session, name), OCTOBER)}

    assert norths.reference in read("Finn")
    assert read("Fern") == {souths.reference}
    assert read("Zed") == read("Faye") == read("Stranger") == set()
    faye, qi = (cast.visitor(session, name) for name in ("Faye", "Qi"))
    assert {one.reference for one in partner_rows(session, faye, fennel, OCTOBER)} == {
        norths.reference,
        souths.reference,
    }
    assert partner_rows(session, qi, fennel, OCTOBER) == partner_rows(session, faye, quill, OCTOBER) == []
    lots = by_lot(session, cast.visitor(session, "Olu"), OCTOBER)
    assert [(one.lot, one.asked, one.given, one.silent) for one in lots] == [
        ("DP21-4", 2, 2, ()),
        ("DP21-7", 1, 0, ("Quill Works",)),
    ]
    assert by_lot(session, cast.visitor(session, "Fern"), OCTOBER) == []


def test_an_invoice_of_a_month_in_which_the_call_off_did_not_run_is_shown_and_no_difference(session, cast):
    own = live_call_off(session, cast, ends=date(2022, 9, 30))
    _billed(session, cast, own, "A", "10")
    row = one_row(session, own, OCTOBER)
    assert (row.match, row.when) == (Match.NOT_ASKED, "Not asked: it did not run in this month")
    assert one_row(session, own, date(2022, 8, 1)) is None
    assert council_summary(session, cast.visitor(session, "Finn"), OCTOBER).differing == 0
