"""A person who signs in, and the posts that say what they may do and where."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.people.permissions import Role
from framework.records.columns import Pence, one_of


class Person(SQLModel, table=True):
    """Someone who signs in. What they may do comes from their posts alone."""

    __tablename__ = "person"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    email: str = Field(max_length=254, unique=True)
    password: str | None = Field(default=None, max_length=255)
    active: bool = True
    fs_uniquifier: str = Field(max_length=64, unique=True)
    created_at: datetime
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    is_operator: bool = False
    is_sample: bool = False
    feed_token: str | None = Field(default=None, max_length=64, unique=True)
    """Secret part of this person's calendar address; renewed on request."""


class Post(SQLModel, table=True):
    """A role that a person holds at an authority or a supplier, from one day to another, both included."""

    __tablename__ = "post"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    party_id: int = Field(foreign_key="party.id", index=True)
    role: Role = Field(sa_type=one_of(Role))
    limit_pence: int | None = Field(default=None, sa_type=Pence)
    """Most that the holder may approve or sign, net of VAT; only approvers have one."""
    starts_on: date
    ends_on: date | None = None

    __table_args__ = (
        sa.CheckConstraint("limit_pence IS NULL OR limit_pence >= 0", name="limit_not_negative"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )


class SignIn(SQLModel, table=True):
    """One device signed in. The cookie names this row; ending the row ends the visit, whatever the cookie says."""

    __tablename__ = "sign_in"

    id: int = Field(default=None, primary_key=True)
    token_digest: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None = None
    ended_why: str | None = Field(default=None, max_length=60)
