"""several accounts, provinces held back, decisions that came another way, files that don't open"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("bureau_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("serves", sa.String(length=255), nullable=False, server_default=""))
    with op.batch_alter_table("bureau_account", schema=None) as batch_op:
        batch_op.alter_column("serves", existing_type=sa.String(length=255), server_default=None)
    with op.batch_alter_table("bureau_download", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unopened", sa.String(length=16), nullable=False, server_default=""))
    with op.batch_alter_table("bureau_download", schema=None) as batch_op:
        batch_op.alter_column("unopened", existing_type=sa.String(length=16), server_default=None)
    op.create_table(
        "bureau_held_province",
        sa.Column("province", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_bureau_held_province_by_id")),
        sa.PrimaryKeyConstraint("province", name=op.f("pk_bureau_held_province")),
    )
    op.create_table(
        "bureau_settlement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("filing_id", BIG, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", BIG, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name=op.f("fk_bureau_settlement_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_bureau_settlement_asked_by_id")),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_bureau_settlement_filing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_settlement")),
    )
    with op.batch_alter_table("bureau_settlement", schema=None) as batch_op:
        batch_op.create_index("ix_bureau_settlement_filing", ["filing_id", "id"], unique=False)
        batch_op.create_index("ix_bureau_settlement_open", ["answered_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("bureau_settlement")
    op.drop_table("bureau_held_province")
    with op.batch_alter_table("bureau_download", schema=None) as batch_op:
        batch_op.drop_column("unopened")
    with op.batch_alter_table("bureau_account", schema=None) as batch_op:
        batch_op.drop_column("serves")
