"""Invitations, contacts of a partner and more of its company facts."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "facts_confirmed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_facts_confirmed_by_id_person")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["party.id"], name=op.f("fk_facts_confirmed_supplier_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts_confirmed")),
    )
    with op.batch_alter_table("facts_confirmed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facts_confirmed_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "name_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("company_number", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (accepted IS NULL)", name=op.f("ck_name_change_decided_whole")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_name_change_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_name_change_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_name_change_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_change")),
    )
    with op.batch_alter_table("name_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_name_change_supplier_id"), ["supplier_id"], unique=False)
        batch_op.create_index(
            "ix_name_change_waiting",
            ["supplier_id"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "party_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "contract_manager",
                "finance",
                "data_protection",
                "security",
                "signatory",
                name="contactkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["party.id"], name=op.f("fk_party_contact_supplier_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_contact")),
        sa.UniqueConstraint("supplier_id", "kind", name=op.f("uq_party_contact_supplier_id_kind")),
    )
    with op.batch_alter_table("party_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_contact_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_excluded",
                "no_conflicts",
                "terms_read",
                name="declarationkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_declaration_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_declaration_made_by_id_person")),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_declaration_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint(
            "supplier_id", "agreement_id", "kind", name=op.f("uq_declaration_supplier_id_agreement_id_kind")
        ),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("company_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("contact_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("gives_places", sa.Boolean(), nullable=False),
        sa.Column("token_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("times_sent", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_invitation_ends_once")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_invitation_accepted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_invitation_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id_person")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_invitation_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(
            "ix_invitation_open",
            ["agreement_id"],
            unique=False,
            sqlite_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_invitation_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "invitation_lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_lot_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_invitation_lot_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_lot")),
        sa.UniqueConstraint("invitation_id", "lot_id", name=op.f("uq_invitation_lot_invitation_id_lot_id")),
    )
    with op.batch_alter_table("invitation_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_lot_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_lot_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "place_ending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("ended_as", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("proposed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (agreed IS NULL)", name=op.f("ck_place_ending_decided_whole")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_place_ending_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_place_ending_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_place_ending_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_ending")),
    )
    with op.batch_alter_table("place_ending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_ending_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(
            "ix_place_ending_waiting",
            ["appointment_id"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "sent_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("task", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("mended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_sent_back_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_sent_back_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_back")),
    )
    with op.batch_alter_table("sent_back", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_back_appointment_id"), ["appointment_id"], unique=False)

    op.create_table(
        "exit_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ending_id", sa.Integer(), nullable=False),
        sa.Column("call_off_reference", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["ending_id"], ["place_ending.id"], name=op.f("fk_exit_plan_ending_id_place_ending")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_plan")),
        sa.UniqueConstraint(
            "ending_id", "call_off_reference", name=op.f("uq_exit_plan_ending_id_call_off_reference")
        ),
    )
    with op.batch_alter_table("exit_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exit_plan_ending_id"), ["ending_id"], unique=False)

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invited_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("signed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("countersigned_on", sa.Date(), nullable=True))

    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("vcse_number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "region",
                sa.Enum(
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
                    "abroad",
                    name="region",
                    native_enum=False,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "living_wage",
                sa.Enum("no", "pays", "accredited", name="livingwage", native_enum=False, length=32),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("modern_slavery_address", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True)
        )
        batch_op.add_column(sa.Column("modern_slavery_on", sa.Date(), nullable=True))

    _first_user_becomes_administrator()


def downgrade() -> None:
    post = _posts()
    op.execute(post.update().where(post.c.role == "partner_administrator").values(role="partner_user"))
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_column("modern_slavery_on")
        batch_op.drop_column("modern_slavery_address")
        batch_op.drop_column("living_wage")
        batch_op.drop_column("region")
        batch_op.drop_column("vcse_number")

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_column("countersigned_on")
        batch_op.drop_column("signed_on")
        batch_op.drop_column("sent_at")
        batch_op.drop_column("invited_at")

    op.drop_table("exit_plan")
    op.drop_table("sent_back")
    op.drop_table("place_ending")
    op.drop_table("invitation_lot")
    op.drop_table("invitation")
    op.drop_table("declaration")
    op.drop_table("party_contact")
    op.drop_table("name_change")
    op.drop_table("facts_confirmed")


def _posts() -> sa.TableClause:
    return sa.table(
        "post",
        sa.column("id", sa.Integer),
        sa.column("party_id", sa.Integer),
        sa.column("role", sa.String),
        sa.column("starts_on", sa.Date),
        sa.column("ends_on", sa.Date),
    )


def _first_user_becomes_administrator() -> None:
    # Each partner needs somebody who adds and ends its colleagues: whoever has been there longest, and still is.
    post = _posts()
    rows = op.get_bind().execute(
        sa.select(post.c.party_id, post.c.id)
        .where(
            post.c.role == "partner_user",
            sa.or_(post.c.ends_on.is_(None), post.c.ends_on >= sa.func.current_date()),
        )
        .order_by(post.c.party_id, post.c.starts_on, post.c.id)
    )
    first: dict[int, int] = {}
    for party_id, post_id in rows:
        first.setdefault(party_id, post_id)
    if first:
        op.execute(
            post.update().where(post.c.id.in_(list(first.values()))).values(role="partner_administrator")
        )
