"""how far a synchronisation got, and which access was cancelled"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bureau_download", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("bureau_download", schema=None) as batch_op:
        batch_op.alter_column("taken", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("register_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bureau_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("register_event", schema=None) as batch_op:
        batch_op.drop_column("bureau_id")
    with op.batch_alter_table("bureau_download", schema=None) as batch_op:
        batch_op.drop_column("taken")
