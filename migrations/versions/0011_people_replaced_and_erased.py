"""Substitutes on live call-offs, and when personal data was erased."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
