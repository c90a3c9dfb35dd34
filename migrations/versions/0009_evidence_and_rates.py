"""Evidence with its file, rate cards that partners propose, and how rates may rise."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
