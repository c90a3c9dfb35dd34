"""Invitations, contacts of a partner and more of its company facts."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
