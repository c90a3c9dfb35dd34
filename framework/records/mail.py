"""The mail room: sends what is queued over SMTP, each message once, however many rooms are at work.

A message is claimed before it is sent, so two rooms never send the same one. If a room dies between the mail server's answer and its
own note of it, the message goes again after a while with the same Message-ID, by which mail programs know it for a copy.
"""

import smtplib
import socket
import ssl
import uuid
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlmodel import Session

from framework.definitions import dates
from framework.records.columns import table_of
from framework.records.database import writing
from framework.records.messages import Message
from framework.records.settings import Settings

MOST_TRIES = 8
STALE = timedelta(minutes=10)
_TIMEOUT = 20
_THIS_ONE_ALONE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError)


def send_waiting(settings: Settings, most: int = 500) -> int:
    """Send what waits, at most so many; returns how many went. Without SMTP_URL everything stays queued."""
    if settings.smtp_url is None:
        return 0
    me = f"{socket.gethostname()}:{uuid.uuid4().hex[:12]}"
    sent = 0
    server: smtplib.SMTP | None = None
    try:
        while sent < most:
            with writing() as session:
                claimed = _claim(session, me)
            if claimed is None:
                break
            try:
                letter = _letter(claimed, settings)
            except Exception as wrong:
                # A text that no letter can be made of must not keep the others from their turn.
                with writing() as session:
                    _put_back(session, claimed.id, me, f"No letter can be made of it: {wrong!r}")
                continue
            try:
                server = server or _connect(settings.smtp_url)
                server.send_message(letter)
            except (OSError, smtplib.SMTPException) as wrong:
                _hang_up(server)
                server = None
                with writing() as session:
                    _put_back(session, claimed.id, me, str(wrong))
                if not isinstance(wrong, _THIS_ONE_ALONE):
                    break
            else:
                with writing() as session:
                    _mark_sent(session, claimed.id, me)
                sent += 1
    finally:
        _hang_up(server)
    return sent


def _claim(session: Session, me: str) -> sa.Row[tuple[int]] | None:
    table = table_of(Message)
    now = dates.now()
    # Each further try waits longer, so that one bad address does not keep the others from their turn.
    ready = sa.or_(
        sa.and_(
            table.c.status == "queued", sa.or_(table.c.claimed_at.is_(None), table.c.claimed_at < now - STALE)
        ),
        sa.and_(table.c.status == "sending", table.c.claimed_at < now - STALE),
    )
    next_one = (
        sa.select(table.c.id)
        .where(ready)
        .order_by(table.c.queued_at, table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    chosen = session.connection().execute(next_one).scalar_one_or_none()
    if chosen is None:
        return None
    fresh_id = f"<{uuid.uuid4().hex}@framework-tracker>"
    return (
        session.connection()
        .execute(
            table.update()
            .where(table.c.id == chosen)
            .values(
                status="sending",
                claimed_by=me,
                claimed_at=now,
                tries=table.c.tries + 1,
                message_id=sa.func.coalesce(table.c.message_id, fresh_id),
            )
            .returning(table)
        )
        .one()
    )


def _mark_sent(session: Session, message: int, me: str) -> None:
    table = table_of(Message)
    mine = sa.and_(table.c.id == message, table.c.claimed_by == me)
    session.connection().execute(
        table.update().where(mine).values(status="sent", sent_at=dates.now(), last_error="")
    )


def _put_back(session: Session, message: int, me: str, error: str) -> None:
    table = table_of(Message)
    mine = sa.and_(table.c.id == message, table.c.claimed_by == me)
    status = sa.case((table.c.tries >= MOST_TRIES, "failed"), else_="queued")
    session.connection().execute(table.update().where(mine).values(status=status, last_error=error[:500]))


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=_TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=_TIMEOUT)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _hang_up(server: smtplib.SMTP | None) -> None:
    if server is not None:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def _letter(message: sa.Row[tuple[int]], settings: Settings) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = settings.mail_from
    letter["To"] = message.to_address
    letter["Subject"] = " ".join(message.subject.split())
    letter["Date"] = format_datetime(dates.now())
    letter["Message-ID"] = message.message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(_with_addresses(message.text, settings.public_url))
    return letter


def _with_addresses(text: str, public_url: str) -> str:
    """A line that is a path of ours becomes a whole address; the queue holds none, so that the site may move."""
    return (
        "\n".join(f"{public_url}{line}" if line.startswith("/") else line for line in text.splitlines())
        + "\n"
    )
