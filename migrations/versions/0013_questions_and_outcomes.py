"""Questions about an offer, and feedback to partners."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column(
            "moment", sa.Enum("award", "close", name="moment", native_enum=False, length=32), nullable=False
        ),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("given_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("reply", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("replied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_feedback_given_by_id_person")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_feedback_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["replied_by_id"], ["person.id"], name=op.f("fk_feedback_replied_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("offer_id", "moment", name=op.f("uq_feedback_offer_id_moment")),
    )
    op.create_table(
        "offer_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("to_all", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_offer_question_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_offer_question_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_offer_question_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_question_offer_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_question")),
    )
    with op.batch_alter_table("offer_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_question_call_off_id"), ["call_off_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_question_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(
            "ix_offer_question_waiting",
            ["call_off_id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("offer_question", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_offer_question_waiting",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_offer_question_offer_id"))
        batch_op.drop_index(batch_op.f("ix_offer_question_call_off_id"))

    op.drop_table("offer_question")
    op.drop_table("feedback")
