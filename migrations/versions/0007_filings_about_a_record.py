"""filings about a record: their subject, what they wait for, the filing password

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("filing") as table:
        table.add_column(sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        table.add_column(sa.Column("subject_key", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        table.create_foreign_key(op.f("fk_filing_subject_id_subject"), "subject", ["subject_id"], ["id"])
        table.create_foreign_key(op.f("fk_filing_after_id_filing"), "filing", ["after_id"], ["id"])
        table.create_index(op.f("ix_filing_subject_id"), ["subject_id"])
        table.create_index(op.f("ix_filing_subject_key"), ["subject_key"])
        table.create_index(op.f("ix_filing_after_id"), ["after_id"])
    op.create_table(
        "filing_password",
        sa.Column("filing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("said", sa.String(255), nullable=False),
        sa.Column("wrong_times", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uid", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_filing_password_filing_id_filing")),
        sa.PrimaryKeyConstraint("filing_id", name=op.f("pk_filing_password")),
        sa.UniqueConstraint("uid", name=op.f("uq_filing_password_uid")),
    )


def downgrade() -> None:
    op.drop_table("filing_password")
    with op.batch_alter_table("filing") as table:
        for name in ("after_id", "subject_key", "subject_id"):
            table.drop_index(op.f(f"ix_filing_{name}"))
        table.drop_constraint(op.f("fk_filing_after_id_filing"), type_="foreignkey")
        table.drop_constraint(op.f("fk_filing_subject_id_subject"), type_="foreignkey")
        for name in ("after_id", "subject_key", "subject_id"):
            table.drop_column(name)
