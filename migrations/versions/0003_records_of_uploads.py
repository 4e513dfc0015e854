"""records of uploads: one row for each record element instead of one filing for each file"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CARRY_OVER = """
INSERT INTO bureau_record (
    upload_id, position, filing_id, revision, path, operation_type, record_key, outcome, said, decided_at
)
SELECT u.id, 0, u.filing_id, u.revision, 'subject', u.operation_type, u.record_key,
    CASE WHEN f.state = 'approved' THEN 'approved' WHEN f.state = 'bureau_returned' THEN 'refused' ELSE '' END, '',
    CASE WHEN f.state IN ('approved', 'bureau_returned') THEN f.state_since END
FROM bureau_upload u JOIN filing f ON f.id = u.filing_id
"""
CARRY_NAMES = """
INSERT INTO bureau_record_name (record_id, reading, value)
SELECT id, 'record', record_key FROM bureau_record
"""
CARRY_BACK = """
UPDATE bureau_upload SET
    operation_type = r.operation_type, record_key = r.record_key, filing_id = r.filing_id, revision = r.revision
FROM bureau_record r WHERE r.upload_id = bureau_upload.id AND r.position = 0
"""


def upgrade() -> None:
    op.create_table(
        "bureau_record",
        sa.Column("id", BIG, nullable=False),
        sa.Column("upload_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filing_id", BIG, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.String(length=160), nullable=False),
        sa.Column("operation_type", sa.String(length=4), nullable=False),
        sa.Column("record_key", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_bureau_record_filing_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["bureau_upload.id"], name=op.f("fk_bureau_record_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_record")),
        sa.UniqueConstraint("upload_id", "position", name=op.f("uq_bureau_record_upload_id_position")),
    )
    with op.batch_alter_table("bureau_record", schema=None) as batch_op:
        batch_op.create_index("ix_bureau_record_filing", ["filing_id", "id"], unique=False)
        batch_op.create_index("ix_bureau_record_key", ["operation_type", "record_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_bureau_record_task_id"), ["task_id"], unique=False)
    op.create_table(
        "bureau_record_name",
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("reading", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["bureau_record.id"], name=op.f("fk_bureau_record_name_record_id")),
        sa.PrimaryKeyConstraint("record_id", "reading", "value", name=op.f("pk_bureau_record_name")),
    )
    with op.batch_alter_table("bureau_record_name", schema=None) as batch_op:
        batch_op.create_index("ix_bureau_record_name_value", ["value", "reading"], unique=False)
    op.execute(CARRY_OVER)
    op.execute(CARRY_NAMES)
    with op.batch_alter_table("bureau_upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file_code", sa.Integer(), nullable=True))
        batch_op.drop_index("ix_bureau_upload_filing")
        batch_op.drop_index("ix_bureau_upload_key")
        batch_op.drop_index("ix_bureau_upload_state")
        batch_op.create_index("ix_bureau_upload_state", ["state", "id"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_bureau_upload_filing_id"), type_="foreignkey")
        for name in ("operation_type", "record_key", "filing_id", "revision"):
            batch_op.drop_column(name)
    with op.batch_alter_table("bureau_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("record_id", BIG, nullable=True))
        batch_op.create_index(batch_op.f("ix_bureau_result_record_id"), ["record_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_bureau_result_record_id"), "bureau_record", ["record_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("bureau_result", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_bureau_result_record_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_bureau_result_record_id"))
        batch_op.drop_column("record_id")
    with op.batch_alter_table("bureau_upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("operation_type", sa.String(length=4), nullable=True))
        batch_op.add_column(sa.Column("record_key", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("filing_id", BIG, nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
        batch_op.drop_column("file_code")
    op.execute(CARRY_BACK)
    with op.batch_alter_table("bureau_upload", schema=None) as batch_op:
        batch_op.alter_column("operation_type", existing_type=sa.String(length=4), nullable=False)
        batch_op.alter_column("record_key", existing_type=sa.String(length=255), nullable=False)
        batch_op.alter_column("filing_id", existing_type=BIG, nullable=False)
        batch_op.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_bureau_upload_filing_id"), "filing", ["filing_id"], ["id"])
        batch_op.drop_index("ix_bureau_upload_state")
        batch_op.create_index("ix_bureau_upload_state", ["state"], unique=False)
        batch_op.create_index("ix_bureau_upload_key", ["account_id", "operation_type", "record_key"], unique=False)
        batch_op.create_index("ix_bureau_upload_filing", ["filing_id", "id"], unique=False)
    op.drop_table("bureau_record_name")
    op.drop_table("bureau_record")
