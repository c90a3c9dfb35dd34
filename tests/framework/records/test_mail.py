"""The mail room: real SMTP, each message once, nothing lost."""

import multiprocessing
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from app import create_app
from framework.definitions import dates
from framework.records import mail, messages
from framework.records.database import writing
from framework.records.messages import Message
from framework.records.settings import Settings
from tests.conftest import NOW


class Postbox:
    """Keeps what arrives; refuses what is addressed to refused@example.org."""

    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("refused"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def postbox():
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def with_mail(settings, url):
    return Settings(**{**settings.__dict__, "smtp_url": url, "public_url": "https://tracker.example"})


def write(app, count=1, to="asha@example.org"):
    with app.app_context(), writing() as session:
        for index in range(count):
            messages.queue(
                session,
                key=f"test:{to}:{index}",
                to_address=to,
                subject=f"Number {index}",
                text="Hello\n\n/call-offs/X\n",
            )


def test_a_message_goes_with_whole_addresses_and_only_once(app, settings, postbox):
    write(app)
    with app.app_context():
        assert mail.send_waiting(with_mail(settings, postbox.url)) == 1
        assert mail.send_waiting(with_mail(settings, postbox.url)) == 0
    [(to, letter)] = postbox.letters
    assert to == ["asha@example.org"]
    assert "https://tracker.example/call-offs/X" in letter
    assert "Subject: Number 0" in letter


def test_the_same_key_is_queued_once(app):
    write(app)
    with app.app_context(), writing() as session:
        assert not messages.queue(
            session, key="test:asha@example.org:0", to_address="x@example.org", subject="s", text="t"
        )


def test_without_a_mail_server_everything_waits(app, settings):
    write(app)
    with app.app_context():
        assert mail.send_waiting(settings) == 0


def test_a_mail_server_that_is_down_loses_nothing(app, settings, postbox):
    write(app)
    with app.app_context():
        assert mail.send_waiting(with_mail(settings, "smtp://127.0.0.1:1")) == 0
        with dates.at(NOW + timedelta(hours=1)):
            assert mail.send_waiting(with_mail(settings, postbox.url)) == 1


def test_one_bad_address_does_not_stop_the_others_and_is_given_up_in_the_end(app, settings, postbox):
    write(app, to="refused@example.org")
    write(app, to="asha@example.org")
    with app.app_context():
        assert mail.send_waiting(with_mail(settings, postbox.url)) == 1
        for hour in range(1, 12):
            with dates.at(NOW + timedelta(hours=hour)):
                mail.send_waiting(with_mail(settings, postbox.url))
        with writing() as session:
            refused = session.exec(select(Message).where(Message.to_address == "refused@example.org")).one()
            assert (refused.status, refused.tries) == ("failed", mail.MOST_TRIES)
            assert "550" in refused.last_error


def test_a_room_that_died_after_sending_sends_the_same_message_id_again(app, settings, postbox):
    write(app)
    with app.app_context():
        with writing() as session:
            claimed = mail._claim(session, "a room that died")
        assert mail.send_waiting(with_mail(settings, postbox.url)) == 0
        with dates.at(NOW + timedelta(minutes=11)):
            assert mail.send_waiting(with_mail(settings, postbox.url)) == 1
    assert claimed.message_id in postbox.letters[0][1]


def test_a_line_end_in_a_subject_adds_no_header(app, settings, postbox):
    with app.app_context():
        with writing() as session:
            messages.queue(
                session, key="k", to_address="a@example.org", subject="Hi\nBcc: all@example.org", text="t"
            )
        mail.send_waiting(with_mail(settings, postbox.url))
    assert "\nBcc:" not in postbox.letters[0][1]


def work(settings):
    app = create_app(settings)
    with app.app_context(), dates.at(NOW):
        mail.send_waiting(settings)


@pytest.mark.race
def test_three_rooms_at_once_send_each_message_once(app, settings, postbox, both_databases):
    write(app, count=30)
    context = multiprocessing.get_context("spawn")
    rooms = [context.Process(target=work, args=(with_mail(settings, postbox.url),)) for _ in range(3)]
    for room in rooms:
        room.start()
    for room in rooms:
        room.join(60)
    subjects = sorted(
        next(line for line in letter.splitlines() if line.startswith("Subject"))
        for _, letter in postbox.letters
    )
    assert len(subjects) == 30
    assert len(set(subjects)) == 30
