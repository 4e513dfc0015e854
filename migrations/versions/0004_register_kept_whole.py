"""the register keeps every id, parts of names, and whose a subject is"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def by_code_point(length: int) -> sa.String:
    """As in the models."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "name_part",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("website_id", BIG, nullable=True),
        sa.Column("text", by_code_point(32), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_name_part_subject_id")),
        sa.ForeignKeyConstraint(["website_id"], ["website.id"], name=op.f("fk_name_part_website_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_part")),
    )
    with op.batch_alter_table("name_part", schema=None) as batch_op:
        batch_op.create_index("ix_name_part_text", ["text", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_part_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_part_website_id"), ["website_id"], unique=False)
    op.create_table(
        "subject_host",
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_subject_host_account_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_subject_host_subject_id")),
        sa.PrimaryKeyConstraint("subject_id", "account_id", name=op.f("pk_subject_host")),
    )
    with op.batch_alter_table("subject_host", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_host_account_id"), ["account_id"], unique=False)
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.add_column(sa.Column("isp_id", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("website", schema=None) as batch_op:
        batch_op.add_column(sa.Column("isp_id", sa.BigInteger(), nullable=True))
        # What is there came from the bureau, which tells of every access.
        batch_op.add_column(sa.Column("all_accesses", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("website", schema=None) as batch_op:
        batch_op.alter_column("all_accesses", server_default=None)
    with op.batch_alter_table("domain", schema=None) as batch_op:
        batch_op.add_column(sa.Column("isp_id", sa.BigInteger(), nullable=True))
        batch_op.alter_column("reversed", existing_type=sa.String(length=128), type_=by_code_point(128))
    with op.batch_alter_table("access", schema=None) as batch_op:
        batch_op.add_column(sa.Column("isp_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("provider_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_access_bureau_id"), ["bureau_id"], unique=False)
    with op.batch_alter_table("register_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(length=16), nullable=False, server_default="bureau"))
        batch_op.add_column(sa.Column("about", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("register_event", schema=None) as batch_op:
        batch_op.alter_column("source", server_default=None)
        batch_op.alter_column("about", server_default=None)
    _fill_name_parts()
    # Who filed it has it.
    op.execute(
        "INSERT INTO subject_host (subject_id, account_id, since, by) "
        "SELECT e.subject_id, h.account_id, MIN(e.at), 'filing' FROM register_event e "
        "JOIN filing_host h ON h.filing_id = e.filing_id GROUP BY e.subject_id, h.account_id"
    )


def _fill_name_parts() -> None:
    connection = op.get_bind()
    column = sa.column
    parts = sa.table("name_part", column("subject_id"), column("website_id"), column("text"))
    subject = sa.table("subject", column("id"), column("name"))
    website = sa.table("website", column("id"), column("subject_id"), column("name"))
    named = sa.union_all(
        sa.select(subject.c.id, sa.null().label("website_id"), subject.c.name),
        sa.select(website.c.subject_id, website.c.id, website.c.name),
    )
    for subject_id, website_id, name in connection.execute(named).all():
        folded = "".join(unicodedata.normalize("NFKC", name).casefold().split())
        ends = dict.fromkeys(folded[i : i + 32] for i in range(min(len(folded) - 1, 64)))
        rows = [{"subject_id": subject_id, "website_id": website_id, "text": end} for end in ends]
        if rows:
            connection.execute(parts.insert(), rows)


def downgrade() -> None:
    with op.batch_alter_table("register_event", schema=None) as batch_op:
        batch_op.drop_column("about")
        batch_op.drop_column("source")
        batch_op.drop_column("by_id")
    with op.batch_alter_table("access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_bureau_id"))
        batch_op.drop_column("provider_id")
        batch_op.drop_column("isp_id")
    with op.batch_alter_table("domain", schema=None) as batch_op:
        batch_op.alter_column("reversed", existing_type=by_code_point(128), type_=sa.String(length=128))
        batch_op.drop_column("isp_id")
    with op.batch_alter_table("website", schema=None) as batch_op:
        batch_op.drop_column("all_accesses")
        batch_op.drop_column("isp_id")
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_column("isp_id")
    op.drop_table("subject_host")
    op.drop_table("name_part")
