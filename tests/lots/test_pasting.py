"""Lots pasted from a spreadsheet: all of them or none, and every fault by row, column and value."""

from datetime import date

import pytest

from framework.definitions.money import Money
from framework.definitions.rules import Refused
from lots import finding
from lots.lot import AwardMethod, DirectAwardBasis, Mechanism
from lots.pasting import paste_lots
from tests.lots.drafts import a_draft, a_past_agreement

SEVEN = "\n".join(
    [
        "Number\tTitle\tCeiling\tMost partners\tAward method\tLong-stop\tMechanism",
        *(f"{number}\tLot number {number}\t£100,000\t1\tdirect\t31/01/2028\t" for number in range(1, 7)),
        "7\tGeneral\t400,000.00\t3\teither\t31 January 2028\tranked",
    ]
)


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


def test_seven_lots_in_one_paste(session, cast, olu):
    draft = a_draft(session, cast)
    lots = paste_lots(session, actor=olu, agreement=draft, text=SEVEN)
    assert [lot.reference for lot in lots] == [f"NEW-{number}" for number in range(1, 8)]
    assert sum(lot.ceiling_pence or 0 for lot in lots) == Money.pounds(1_000_000).pence
    assert lots[0].direct_award_basis is DirectAwardBasis.SINGLE_SUPPLIER
    general = lots[6]
    assert (general.award_method, general.mechanism, general.max_partners) == (
        AwardMethod.EITHER,
        Mechanism.RANKED,
        3,
    )
    assert general.long_stop_on == date(2028, 1, 31)


def test_commas_part_the_columns_where_there_are_no_tabs(session, cast, olu):
    text = '1,"Web, and more","100,000",1,Direct award,2028-01-31\r\n2,Cyber,100000,2,competition,31/01/2028'
    lots = paste_lots(session, actor=olu, agreement=a_draft(session, cast), text=text)
    assert [lot.title for lot in lots] == ["Web, and more", "Cyber"]
    assert lots[1].direct_award_basis is DirectAwardBasis.NONE


def test_three_bad_rows_of_ten_are_told_by_row_column_and_value_and_nothing_is_added(session, cast, olu):
    draft = a_draft(session, cast)
    rows = [f"{number}\tLot {number}\t50,000\t1\tdirect\t31/01/2028" for number in range(1, 11)]
    rows[2] = "3\tLot 3\t1.2m\t1\tdirect\t31/01/2028"
    rows[5] = "6\tLot 6\t50,000\t1\tby magic\t31/02/2028"
    rows[8] = "8\tLot 9\t50,000\t1\tdirect\t31/01/2028"
    with pytest.raises(Refused) as refused:
        paste_lots(session, actor=olu, agreement=draft, text="\n".join(rows))
    told = [one.sentence.split(":")[0] for one in refused.value.refusals]
    assert told == [
        "Row 3, Ceiling (“1.2m”)",
        "Row 6, Award method (“by magic”)",
        "Row 6, Long-stop (“31/02/2028”)",
        "Row 9, Number (“8”)",
    ]
    session.rollback()


def test_rows_are_judged_together_against_the_agreements_ceiling(session, cast, olu):
    text = "1\tOne\t900,000\t1\tdirect\t31/01/2028\n2\tTwo\t100,000.01\t1\tdirect\t31/01/2028"
    with pytest.raises(Refused) as refused:
        paste_lots(session, actor=olu, agreement=a_draft(session, cast), text=text)
    (one,) = refused.value.refusals
    assert one.sentence.startswith("Row 2, Ceiling (“100,000.01”): the other lots leave £100,000.00")
    session.rollback()


@pytest.mark.parametrize("text", ["", "   \n\t\n", "\n".join("1\tx" for _ in range(201)), '"' * 3 + "\x00"])
def test_what_is_no_table_is_refused_in_words(session, cast, olu, text):
    with pytest.raises(Refused):
        paste_lots(session, actor=olu, agreement=a_draft(session, cast), text=text)
    session.rollback()


def test_several_partners_by_direct_award_need_a_mechanism(session, cast, olu):
    with pytest.raises(Refused) as refused:
        paste_lots(
            session,
            actor=olu,
            agreement=a_draft(session, cast),
            text="1\tOne\t1\t3\tdirect\t31/01/2028\n2\tTwo\t1\t3\tdirect\t31/01/2028\tcoin",
        )
    assert [one.sentence.split(":")[0] for one in refused.value.refusals] == [
        "Row 1, Mechanism (blank)",
        "Row 2, Mechanism (“coin”)",
    ]
    session.rollback()


def test_a_past_agreements_lots_may_leave_cells_blank(session, cast, olu):
    past = a_past_agreement(session, cast)
    lots = paste_lots(session, actor=olu, agreement=past, text="1\tOne\t\t1\tdirect\t\n7\tTwo\t\t3\teither")
    assert [lot.ceiling for lot in lots] == [None, None]
    assert finding.total(past, lots).unknown == 2
