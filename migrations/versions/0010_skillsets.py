"""Skillsets: people, their skills and places."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "skillset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("return_reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_skillset_accepted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_skillset_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_skillset_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by_id"], ["person.id"], name=op.f("fk_skillset_returned_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_skillset_submitted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skillset")),
        sa.UniqueConstraint("appointment_id", "version", name=op.f("uq_skillset_appointment_id_version")),
    )
    with op.batch_alter_table("skillset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skillset_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(
            "ix_skillset_waiting",
            ["submitted_at"],
            unique=False,
            sqlite_where=sa.text("submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL"),
            postgresql_where=sa.text(
                "submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL"
            ),
        )
        batch_op.create_index(
            "uq_skillset_in_force",
            ["appointment_id"],
            unique=True,
            sqlite_where=sa.text("accepted_at IS NOT NULL AND superseded_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NOT NULL AND superseded_at IS NULL"),
        )

    op.create_table(
        "skillset_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("rows_ready", sa.Integer(), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_skillset_check_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_skillset_check_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skillset_check")),
    )
    with op.batch_alter_table("skillset_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_skillset_check_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_skillset_check_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_skillset_check_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "skillset_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("skillset_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("day_rate_pence", sa.BigInteger(), nullable=True),
        sa.Column("quarter_days_a_week", sa.Integer(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("available_to", sa.Date(), nullable=True),
        sa.Column(
            "clearance",
            sa.Enum("none", "bpss", "sc", "dv", name="clearance", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("clearance_on", sa.Date(), nullable=True),
        sa.Column(
            "employment",
            sa.Enum(
                "employee",
                "subcontractor",
                "subcontractors_employee",
                name="employment",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "off_payroll",
            sa.Enum("contracted_out", "own_company", name="offpayroll", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "available_to IS NULL OR available_to >= available_from",
            name=op.f("ck_skillset_person_available"),
        ),
        sa.CheckConstraint(
            "day_rate_pence IS NULL OR day_rate_pence > 0",
            name=op.f("ck_skillset_person_day_rate_above_nothing"),
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name=op.f("ck_skillset_person_level_one_to_seven")),
        sa.CheckConstraint(
            "quarter_days_a_week BETWEEN 1 AND 28", name=op.f("ck_skillset_person_week_sensible")
        ),
        sa.ForeignKeyConstraint(
            ["skillset_id"], ["skillset.id"], name=op.f("fk_skillset_person_skillset_id_skillset")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skillset_person")),
        sa.UniqueConstraint("skillset_id", "number", name=op.f("uq_skillset_person_skillset_id_number")),
    )
    with op.batch_alter_table("skillset_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skillset_person_skillset_id"), ["skillset_id"], unique=False)

    op.create_table(
        "skillset_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "place",
            sa.Enum(
                "offsite",
                "north_east",
                "north_west",
                "yorkshire",
                "east_midlands",
                "west_midlands",
                "east",
                "london",
                "south_east",
                "south_west",
                "scotland",
                "wales",
                "northern_ireland",
                name="place",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["skillset_person.id"], name=op.f("fk_skillset_place_person_id_skillset_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skillset_place")),
        sa.UniqueConstraint("person_id", "place", name=op.f("uq_skillset_place_person_id_place")),
    )
    with op.batch_alter_table("skillset_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skillset_place_person_id"), ["person_id"], unique=False)

    op.create_table(
        "skillset_skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "depth",
            sa.Enum(
                "awareness", "working", "practitioner", "expert", name="depth", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["skillset_person.id"], name=op.f("fk_skillset_skill_person_id_skillset_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skillset_skill")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_skillset_skill_person_id_key")),
    )
    with op.batch_alter_table("skillset_skill", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skillset_skill_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_skillset_skill_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("skillset_skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skillset_skill_person_id"))
        batch_op.drop_index(batch_op.f("ix_skillset_skill_key"))

    op.drop_table("skillset_skill")
    with op.batch_alter_table("skillset_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skillset_place_person_id"))

    op.drop_table("skillset_place")
    with op.batch_alter_table("skillset_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skillset_person_skillset_id"))

    op.drop_table("skillset_person")
    with op.batch_alter_table("skillset_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skillset_check_owner_id"))
        batch_op.drop_index(batch_op.f("ix_skillset_check_expires_at"))
        batch_op.drop_index(batch_op.f("ix_skillset_check_appointment_id"))

    op.drop_table("skillset_check")
    with op.batch_alter_table("skillset", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_skillset_in_force",
            sqlite_where=sa.text("accepted_at IS NOT NULL AND superseded_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NOT NULL AND superseded_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_skillset_waiting",
            sqlite_where=sa.text("submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL"),
            postgresql_where=sa.text(
                "submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_skillset_appointment_id"))

    op.drop_table("skillset")
