"""Home shows what waits first and where nothing does last; papers to renew stand together by partner, and none is hidden."""

from datetime import date

from sqlmodel import Session, select

from framework.definitions import dates
from lots.evidence import Evidence
from tests.cast import Cast


def test_where_nothing_waits_comes_after_what_does(visit, session: Session, cast: Cast) -> None:
    session.rollback()
    html = visit("Faye").get("/").html
    assert "No offer waits for your answer" in html
    assert html.index("Nothing waits here") < html.index("No offer waits for your answer")


def test_a_partners_papers_stand_together_and_each_is_named(visit, session: Session, cast: Cast) -> None:
    for one in session.exec(select(Evidence).where(Evidence.supplier_id == cast.party["Fennel Web"])):
        one.expires_on = date(2022, 12, 1)
        session.add(one)
    session.commit()
    session.close()
    text = visit("Olu").get("/").text
    assert text.count("Fennel Web: 3 to renew or show") == 1
    for paper in ("Employers’ liability", "Public liability", "Professional indemnity"):
        assert f"{paper} insurance lapses on 1 December 2022" in text


def test_evidence_that_was_sent_back_is_told_until_another_follows(
    visit, session: Session, cast: Cast
) -> None:
    first = session.exec(select(Evidence).where(Evidence.supplier_id == cast.party["Fennel Web"])).first()
    assert first is not None
    first.sent_back_at, first.sent_back_why = dates.now(), "The first page is missing"
    session.add(first)
    session.commit()
    session.close()
    assert "The first page is missing" in visit("Faye").get("/").text
    assert "The first page is missing" not in visit("Qi").get("/").text
