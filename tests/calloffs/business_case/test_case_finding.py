"""Who finds which cases, how lists are narrowed, and which cases a call-off may rest on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from calloffs.business_case import finding
from calloffs.business_case.case import CaseStatus
from calloffs.business_case.writing import withdraw_case
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from tests.calloffs.business_case.cases import COMPLETE, decided, submitted, written
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]


def one_of_each(session: Session, cast: Cast) -> dict[CaseStatus, str]:
    """References of one case in every status today."""
    yesterday = dates.today() - timedelta(days=1)
    withdrawn = written(session, cast)
    withdraw_case(session, actor=cast.visitor(session, "Asha"), case=withdrawn, reason="No")
    with dates.on(yesterday):
        lapsed = decided(session, cast, valid_until=yesterday)
    return {
        CaseStatus.DRAFT: written(session, cast).reference,
        CaseStatus.SUBMITTED: submitted(session, cast).reference,
        CaseStatus.RETURNED: decided(session, cast, "returned").reference,
        CaseStatus.APPROVED: decided(session, cast).reference,
        CaseStatus.REJECTED: decided(session, cast, "rejected").reference,
        CaseStatus.LAPSED: lapsed.reference,
        CaseStatus.WITHDRAWN: withdrawn.reference,
    }


def test_a_status_is_the_same_in_a_select_as_on_the_case(
    both_databases: str, session: Session, cast: Cast
) -> None:
    references = one_of_each(session, cast)
    with dates.on(dates.today() - timedelta(days=1)):
        used = decided(session, cast, valid_until=dates.today())
    used.used_net_pence = 1
    session.flush()
    asha = cast.visitor(session, "Asha")
    seen = []
    for status in CaseStatus:
        rows = finding.cases(session, asha, finding.Filters(status=status)).rows
        assert {row.status for row in rows} == {status}
        assert references[status] in [row.case.reference for row in rows]
        seen += [row.case.reference for row in rows]
    assert sorted(seen) == sorted([*references.values(), used.reference])


def test_a_call_off_may_rest_on_approved_cases_with_something_left(session: Session, cast: Cast) -> None:
    references = one_of_each(session, cast)
    spent = decided(session, cast)
    spent.used_net_pence = spent.approved_net_pence
    session.flush()
    asha = cast.visitor(session, "Asha")
    usable = finding.usable_cases(session, asha, cast.party["Northbank"])
    assert [one.reference for one in usable] == [references[CaseStatus.APPROVED]]
    assert usable[0].left == Money.pounds(50_000)
    assert usable[0].valid_until is not None
    with dates.on(usable[0].valid_until + timedelta(days=1)):
        assert finding.usable_cases(session, asha, cast.party["Northbank"]) == []
    for name in ("Cara", "Zed", "Faye"):
        with pytest.raises(NotFound):
            finding.usable_cases(session, cast.visitor(session, name), cast.party["Northbank"])


def test_a_case_is_read_at_its_own_authority_and_nowhere_else(
    session: Session, cast: Cast, visit: Visit
) -> None:
    case = decided(session, cast)
    session.commit()
    for name in ("Asha", "Bram", "Finn", "Olu", "Audra"):
        assert COMPLETE.need in visit(name).get(f"/cases/{case.reference}").text
    for name in ("Cara", "Dev", "Zed", "Faye", "Ari", "Opal", "Stranger"):
        visit(name).get(f"/cases/{case.reference}", 404)
    assert "There are no business cases yet" in visit("Cara").get("/cases/").text
    for odd in ("BC-NB-9999", "9223372036854775808", "-1", "%00"):
        visit("Asha").get(f"/cases/{odd}", 404)


def test_an_auditor_reads_cases_and_is_offered_nothing_to_change(
    session: Session, cast: Cast, visit: Visit
) -> None:
    draft, waiting = written(session, cast), submitted(session, cast)
    session.commit()
    audra = visit("Audra")
    assert "Write" not in audra.get("/cases/").text
    for case in (draft, waiting):
        page = audra.get(f"/cases/{case.reference}")
        for words in ("Change the case", "Check and submit", "Withdraw", "Decide this case"):
            assert words not in page.text


def test_the_list_is_narrowed_by_status_author_and_words(session: Session, cast: Cast, visit: Visit) -> None:
    references = one_of_each(session, cast)
    other = written(session, cast, replace(COMPLETE, title="100%_Parking"))
    session.commit()
    asha = visit("Asha")
    everything = asha.get("/cases/").text
    assert all(reference in everything for reference in references.values())
    lapsed = asha.get("/cases/?status=lapsed").text
    assert references[CaseStatus.LAPSED] in lapsed
    assert references[CaseStatus.APPROVED] not in lapsed
    for words in ("parking", "100%_", other.reference.lower()):
        found = asha.get("/cases/", query_string={"words": words}).text
        assert other.reference in found
        assert references[CaseStatus.DRAFT] not in found
    assert "No business case matches" in visit("Bram").get("/cases/?mine=1").text
    assert "No business case matches" in asha.get("/cases/", query_string={"words": "_x"}).text
    for odd in ("after=abc", "after=99999999999999999999", "status=odd", "after=-1", "mine=2"):
        assert other.reference in asha.get(f"/cases/?{odd}").text


def test_a_long_list_comes_fifty_at_a_time_and_costs_the_same(
    session: Session, cast: Cast, visit: Visit
) -> None:
    asha = cast.visitor(session, "Asha")
    made = [written(session, cast).reference for _ in range(3)]
    few = statements(session, lambda: finding.cases(session, asha))
    made += [written(session, cast).reference for _ in range(50)]
    many = statements(session, lambda: finding.cases(session, asha))
    assert few == many == 1
    session.commit()
    visitor = visit("Asha")
    first = visitor.get("/cases/?mine=1")
    shown = [link.removeprefix("/cases/") for link in first.links if "/cases/BC-" in link]
    assert shown == made[:2:-1]
    older = next(link for link in first.links if "after=" in link)
    assert "mine=1" in older
    rest = [link.removeprefix("/cases/") for link in visitor.get(older).links if "/cases/BC-" in link]
    assert rest == made[2::-1]


def statements(session: Session, work: Callable[[], object]) -> int:
    session.flush()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_what_a_person_typed_is_shown_as_text_and_never_as_markup(
    session: Session, cast: Cast, visit: Visit
) -> None:
    case = written(session, cast, replace(COMPLETE, title="<b>Bold</b>", need="<script>alert(1)</script>"))
    session.commit()
    for address in ("/", "/cases/", f"/cases/{case.reference}", f"/cases/{case.reference}/check"):
        page = visit("Asha").get(address)
        assert "<b>Bold" not in page.html
        assert "<script>alert" not in page.html
        assert "<b>Bold</b>" in page.text
