"""Batches: jobs that were ordered in one call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_batches_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_account", "batches", ["account_id", "created_at_ms"], unique=False)
    op.add_column("projects", sa.Column("batch_id", sa.String(length=64), nullable=True))
    op.add_column("projects", sa.Column("batch_place", sa.Integer(), nullable=True))
    op.add_column("projects", sa.Column("reference", sa.Text(), nullable=True))
    op.create_index(op.f("ix_projects_batch_id"), "projects", ["batch_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_projects_batch_id"), table_name="projects")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_column("reference")
        batch_op.drop_column("batch_place")
        batch_op.drop_column("batch_id")
    op.drop_index("ix_batches_account", table_name="batches")
    op.drop_table("batches")
