"""A file of invoices that was read and checked, kept for its owner until it is confirmed or a day has passed."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import Pence


class CheckedFile(SQLModel, table=True):
    """The bytes as they came, and what the owner was shown: how many rows would be kept and what they add up to, net of VAT."""

    __tablename__ = "checked_file"

    id: int = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="person.id", index=True)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    content: bytes = Field(sa_type=sa.LargeBinary)
    """Emptied when the file is confirmed."""
    good_rows: int
    good_net_pence: int = Field(sa_type=Pence)
    checked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None
