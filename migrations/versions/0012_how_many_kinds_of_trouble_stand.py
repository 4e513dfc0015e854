"""how many kinds of trouble at the bureau stand"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bureau_alert_count",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_alert_count")),
    )
    op.execute(
        "INSERT INTO bureau_alert_count (id, standing) SELECT 1, count(*) FROM"
        " (SELECT DISTINCT account_id, kind FROM bureau_alert WHERE settled_at IS NULL) AS told HAVING count(*) > 0"
    )


def downgrade() -> None:
    op.drop_table("bureau_alert_count")
