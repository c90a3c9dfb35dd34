"""Declarations: what a joining partner says for itself about one agreement, by whom and when."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import one_of

VALID_FOR = timedelta(days=365)
"""How long a declaration stands before it has to be made again."""


class DeclarationKind(StrEnum):
    NOT_EXCLUDED = "not_excluded"
    NO_CONFLICTS = "no_conflicts"
    TERMS_READ = "terms_read"

    @property
    def words(self) -> str:
        return {
            DeclarationKind.NOT_EXCLUDED: "No ground for exclusion from public contracts applies to us",
            DeclarationKind.NO_CONFLICTS: "We know of no conflict of interest with the councils of this agreement",
            DeclarationKind.TERMS_READ: "We have read the agreement’s terms and accept them",
        }[self]


class Declaration(SQLModel, table=True):
    """One declaration, made by somebody who acts for the supplier. A later one of the same kind replaces it."""

    __tablename__ = "declaration"

    id: int = Field(default=None, primary_key=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    kind: DeclarationKind = Field(sa_type=one_of(DeclarationKind))
    made_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (sa.UniqueConstraint("supplier_id", "agreement_id", "kind"),)

    def is_in_date_at(self, moment: datetime) -> bool:
        """Whether it still stands: for a year after it was made."""
        return moment < self.made_at + VALID_FOR
