"""Lines of finance systems that were paid late: their days are days, on the page and in files."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from calloffs.clocks.tables import late_payments
from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from calloffs.tables.fact_table import Asking, Kind
from framework.definitions import dates
from tests.calloffs.matching.building import a_line
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast
from tests.visiting import Visiting


def test_days_of_a_line_paid_late_are_words_on_the_page(
    session: Session, cast: Cast, visit: Callable[..., Visiting]
) -> None:
    finn = cast.visitor(session, "Finn")
    call_off = live_call_off(session, cast, value="5,000")
    line = a_line(session, cast, invoice_number="L-1", paid=date(2022, 10, 31), received_on=date(2022, 9, 1))
    match(session, actor=finn, line=line, call_off=call_off, why=Why.BY_HAND, because="By hand")
    session.commit()
    with dates.on(date(2022, 11, 22)):
        rows = list(late_payments.TABLE.rows(Asking(session, finn)))
        days = [place for place, one in enumerate(late_payments.TABLE.columns) if one.kind is Kind.DAY]
        assert [[row.values[place] for place in days] for row in rows] == [
            [date(2022, 9, 1), date(2022, 9, 30), date(2022, 10, 31)]
        ]
        session.close()
        text = visit("Finn").get("/spend/tables/late-payments").text
    assert "31 October 2022" in text
    assert "2022-10-31" not in text
