"""whose it is to act on a mark: the host's, or the provider's own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OURS = (
    "1028", "1045", "1053", "1054", "1056", "1057", "1061",
    "5001", "5002", "5003", "5004", "5005", "5006", "5007", "5009", "5011",
)  # fmt: skip
"""The bureau's codes on which only the provider can act, as they were when this was written."""


def upgrade() -> None:
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("audience", sa.String(length=8), nullable=False, server_default="host"))
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.alter_column("audience", existing_type=sa.String(length=8), server_default=None)
    mark = sa.table("mark", sa.column("source"), sa.column("code"), sa.column("audience"))
    op.execute(mark.update().where(mark.c.source == "bureau", mark.c.code.in_(OURS)).values(audience="provider"))


def downgrade() -> None:
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_column("audience")
