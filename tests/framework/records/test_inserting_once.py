"""Inserting once, on both databases: the first is told that it was first, the second that it was not."""

import pytest
from sqlmodel import Session

from framework.records import jobs, messages, once


@pytest.mark.usefixtures("both_databases")
def test_a_form_key_is_spent_by_the_first_sender_alone(session: Session) -> None:
    key = once.new_key()
    assert [once.spend(session, key, None), once.spend(session, key, None)] == [True, False]


@pytest.mark.usefixtures("both_databases")
def test_a_message_and_a_job_are_taken_once(session: Session) -> None:
    def queue() -> bool:
        return messages.queue(session, key="k", to_address="a@example.org", subject="S", text="T")

    assert [queue(), queue()] == [True, False]
    assert [jobs.run_once(session, "tick", "1"), jobs.run_once(session, "tick", "1")] == [True, False]
