"""Money past a value is never accepted by what was accepted before, and a file is saved, forgotten and taken back wholly or not at all."""

import pytest
from sqlmodel import select

from calloffs.call_off import CallOff
from calloffs.extracts import confirming, forgetting, listing, mending, undoing, working
from calloffs.extracts.checking import SUMS, Checked
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching import flags, matching
from calloffs.matching.flags import Flag
from calloffs.matching.following import content_changed
from calloffs.matching.spend_match import SpendMatch, Why
from calloffs.matching.undoing import undo_match
from calloffs.spend.verifying import verify
from calloffs.varying import Change, agree_variation, approve_variation, propose_variation
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, Refused
from framework.records.database import writing
from tests.calloffs.extracts.building import checked_extract
from tests.calloffs.matching.building import a_line, a_source, an_import
from tests.calloffs.spend.building import live_call_off


def matched(session, cast, line, call_off, over_why="") -> SpendMatch:
    return matching.match(
        session,
        actor=cast.visitor(session, "Finn"),
        line=line,
        call_off=call_off,
        why=Why.BY_HAND,
        because="By hand",
        over_why=over_why,
    )


def says_now(session, cast, line: SpendLine, net: str) -> None:
    """A later file corrects the line."""
    before = line.model_dump()
    line.net_pence = Money.pounds(net).pence
    line.gross_pence = line.net_pence * 6 // 5
    session.add(line)
    session.flush()
    content_changed(session, actor=cast.visitor(session, "Finn"), changed=[(line.id, before)])
    session.refresh(line)


def varied(session, cast, call_off: CallOff, value: str) -> None:
    assert call_off.ends_on is not None
    change = Change(Money.pounds(value), call_off.ends_on, "More pages", "not_substantial")
    found = propose_variation(session, actor=cast.visitor(session, "Asha"), call_off=call_off, change=change)
    approve_variation(session, actor=cast.visitor(session, "Bram"), variation=found)
    agree_variation(session, actor=cast.visitor(session, "Faye"), variation=found)


def is_out(session, line: SpendLine) -> bool:
    session.refresh(line)
    return line.call_off_id is None and Flag.OVER_VALUE in flags.of(line.flags)


def test_what_a_variation_has_covered_lets_no_other_line_past_the_value(session, cast):
    call_off = live_call_off(session, cast, value="60,000")
    matched(session, cast, a_line(session, cast, net="61,000"), call_off, "Agreed by Cara")
    varied(session, cast, call_off, "62,000")
    second = a_line(session, cast, net="500")
    matched(session, cast, second, call_off)
    says_now(session, cast, second, "2,000")
    assert is_out(session, second)
    assert call_off.invoiced_pence == Money.pounds("61,000").pence
    assert verify(session).whole


def test_what_a_line_no_longer_takes_lets_no_other_line_past_the_value(session, cast):
    call_off = live_call_off(session, cast, value="60,000")
    first, second = a_line(session, cast, net="61,000"), a_line(session, cast, net="9,000")
    matched(session, cast, first, call_off, "Agreed by Cara")
    says_now(session, cast, first, "50,000")
    matched(session, cast, second, call_off)
    says_now(session, cast, second, "11,000")
    assert is_out(session, second)
    assert call_off.invoiced_pence == Money.pounds("50,000").pence
    assert verify(session).whole


def test_what_was_accepted_stands_while_a_credit_comes_and_goes(session, cast):
    call_off = live_call_off(session, cast, value="60,000")
    matched(session, cast, a_line(session, cast, net="61,000"), call_off, "Agreed by Cara")
    credit = matched(session, cast, a_line(session, cast, net="-5,000"), call_off)
    undo_match(session, actor=cast.visitor(session, "Finn"), match=credit)
    assert call_off.invoiced_pence == Money.pounds("61,000").pence
    assert verify(session).whole


def test_a_large_file_with_a_line_on_a_closed_call_off_is_not_taken_back_in_part(app, cast):
    with app.app_context():
        with writing() as session:
            brought = an_import(session, a_source(session, cast))
            brought.undo_until = dates.today()
            lines = [a_line(session, cast, net="10", imported=brought) for _ in range(3)]
            call_off = live_call_off(session, cast)
            for one in lines[1:]:
                matched(session, cast, one, call_off)
            call_off.closed_at = dates.now()
            number = brought.id
        with pytest.raises(Refused, match="closed"), writing() as session:
            undoing.undo(
                session, actor=cast.visitor(session, "Finn"), imported=session.get_one(SpendImport, number)
            )
        working.finish(number)
        with writing() as session:
            assert session.get_one(SpendImport, number).state is ImportState.CONFIRMED
            found = session.exec(select(SpendLine).where(SpendLine.import_id == number)).all()
            assert not [one for one in found if one.withdrawn_at]
            assert verify(session).whole


def test_a_call_off_closed_while_a_file_is_taken_back_leaves_the_source_free(app, cast):
    with app.app_context():
        with writing() as session:
            brought = an_import(session, a_source(session, cast))
            brought.undo_until = dates.today()
            line = a_line(session, cast, net="10", imported=brought)
            call_off = live_call_off(session, cast)
            matched(session, cast, line, call_off)
            number, reference = brought.id, call_off.reference
            undoing.undo(session, actor=cast.visitor(session, "Finn"), imported=brought)
        with writing() as session:
            session.exec(select(CallOff).where(CallOff.reference == reference)).one().closed_at = dates.now()
        working.finish(number)
        with writing() as session:
            stood = session.get_one(SpendImport, number)
            assert stood.state is ImportState.CONFIRMED
            assert reference in stood.refusal
            assert session.get_one(SpendLine, line.id).withdrawn_at is None
            assert verify(session).whole


def test_nobody_matches_a_line_that_is_being_taken_back(app, cast):
    with app.app_context(), writing() as session:
        brought = an_import(session, a_source(session, cast))
        brought.undo_until = dates.today()
        line = a_line(session, cast, net="10", imported=brought)
        call_off = live_call_off(session, cast)
        undoing.undo(session, actor=cast.visitor(session, "Finn"), imported=brought)
        with pytest.raises(ChangedMeanwhile):
            matched(session, cast, line, call_off)


def test_a_file_confirmed_while_it_is_forgotten_loses_no_row(app, cast, monkeypatch):
    with app.app_context():
        with writing() as session:
            old = checked_extract(session, cast, "Zwischenzug")
            old.started_at = dates.now() - 2 * forgetting.KEPT_FOR
            number, rows = old.id, old.rows_new
            actor = cast.visitor(session, "Finn")
        found = forgetting._next

        def confirmed_meanwhile(session):
            chosen = found(session)
            session.rollback()
            with writing() as own:
                confirming.confirm(
                    own,
                    actor=actor,
                    imported=own.get_one(SpendImport, number),
                    is_right=True,
                    alike_seen=True,
                    without_rejects=True,
                    without_unknown=True,
                )
            return chosen

        monkeypatch.setattr(forgetting, "_next", confirmed_meanwhile)
        forgetting.forget_some()
        working.finish(number)
        with writing() as session:
            assert session.get_one(SpendImport, number).state is ImportState.CONFIRMED
            kept = session.exec(select(SpendLine).where(SpendLine.import_id == number)).all()
            assert len(kept) == rows > 0


def test_a_file_that_is_half_forgotten_cannot_be_confirmed(app, cast):
    with app.app_context():
        with writing() as session:
            old = checked_extract(session, cast, "Zwischenzug")
            old.started_at = dates.now() - 2 * forgetting.KEPT_FOR
            number = old.id
            actor = cast.visitor(session, "Finn")
        forgetting.forget_some()
        with writing() as session:
            stood = session.get_one(SpendImport, number)
            with pytest.raises(Refused, match="not waiting"):
                confirming.confirm(session, actor=actor, imported=stood, without_rejects=True, is_right=True)


def test_a_slow_reader_does_not_undo_what_was_confirmed_meanwhile(app, cast):
    with app.app_context():
        with writing() as session:
            number = checked_extract(session, cast, "Zwischenzug").id
        slow = Checked((), [], dates.now(), sums=dict.fromkeys(SUMS))
        with writing() as session:
            session.get_one(SpendImport, number).state = ImportState.CONFIRMED
        working.put_aside(number, slow)
        with writing() as session:
            assert session.get_one(SpendImport, number).state is ImportState.CONFIRMED


SECOND_THOUGHTS = {
    "forget": lambda session, actor, one, row: forgetting.drop(session, one),
    "again": lambda session, actor, one, row: confirming.check_again(session, actor=actor, imported=one),
    "mend": lambda session, actor, one, row: mending.leave_out(
        session, actor=actor, imported=one, staged=row
    ),
}


@pytest.mark.parametrize("what", SECOND_THOUGHTS)
def test_a_file_saved_meanwhile_is_neither_forgotten_nor_read_again(app, cast, what):
    with app.app_context():
        with writing() as session:
            number = checked_extract(session, cast, "Zwischenzug").id
        with writing() as late:
            stale = late.get_one(SpendImport, number)
            actor = cast.visitor(late, "Finn")
            assert stale.state is ImportState.CHECKED
            row = listing.staged_row(late, stale, 4)
            late.expunge_all()  # what it saw is old from here on
        with writing() as session:
            confirming.confirm(
                session,
                actor=actor,
                imported=session.get_one(SpendImport, number),
                is_right=True,
                alike_seen=True,
                without_rejects=True,
                without_unknown=True,
            )
            confirming.save_all(session, session.get_one(SpendImport, number))

        def think_again() -> None:
            with writing() as late:
                late.add_all([stale, row])
                SECOND_THOUGHTS[what](late, actor, stale, row)

        with pytest.raises((ChangedMeanwhile, Refused)):
            think_again()
        with writing() as session:
            assert session.get_one(SpendImport, number).state is ImportState.CONFIRMED
