"""A stored document: bytes made or received once, kept with their hash and never changed."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class StoredDocument(SQLModel, table=True):
    """A file as bytes. A paper of ours also keeps the frozen snapshot it was made from and that snapshot's hash."""

    __tablename__ = "stored_document"

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    reference: str = Field(max_length=80, unique=True)
    title: str = Field(max_length=200)
    file_name: str = Field(max_length=120)
    media_type: str = Field(max_length=80)
    subject_kind: str = Field(max_length=30)
    subject_id: int
    content: bytes = Field(sa_type=sa.LargeBinary)
    size: int
    sha256: str = Field(max_length=64)
    snapshot: str = ""
    """Canonical JSON that the paper was made from; empty for a file that was received."""
    data_sha256: str = Field(default="", max_length=64)
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (sa.Index("ix_stored_document_subject", "subject_kind", "subject_id"),)
