"""whether new accesses are sent with pictures, for each account"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bureau_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("access_papers", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("bureau_account", schema=None) as batch_op:
        batch_op.alter_column("access_papers", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("bureau_account", schema=None) as batch_op:
        batch_op.drop_column("access_papers")
