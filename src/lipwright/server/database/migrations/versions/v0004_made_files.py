"""The log of what was made, and the number in the watermark of each project."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQLITE_TRIGGER = """
CREATE TRIGGER made_files_stay BEFORE UPDATE ON made_files
BEGIN SELECT RAISE(ABORT, 'rows of made_files are never changed'); END
"""
_POSTGRES_FUNCTION = """
CREATE FUNCTION made_files_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of made_files are never changed'; END $$
"""
_POSTGRES_TRIGGER = """
CREATE TRIGGER made_files_stay BEFORE UPDATE ON made_files
FOR EACH ROW EXECUTE FUNCTION made_files_stay()
"""


def upgrade() -> None:
    op.create_table(
        "made_files",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("made_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("perceptual_hash", sa.String(length=16), nullable=True),
        sa.Column("installation", sa.Integer(), nullable=True),
        sa.Column("watermark_number", sa.BigInteger(), nullable=True),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_made_files")),
    )
    for column in ("made_at_ms", "project_id", "sha256", "watermark_number"):
        op.create_index(op.f(f"ix_made_files_{column}"), "made_files", [column], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE_TRIGGER)
    else:
        op.execute(_POSTGRES_FUNCTION)
        op.execute(_POSTGRES_TRIGGER)
    op.add_column("projects", sa.Column("watermark_number", sa.BigInteger(), nullable=True))
    op.create_index("ix_projects_watermark_number", "projects", ["watermark_number"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_projects_watermark_number", table_name="projects")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_column("watermark_number")
    op.drop_table("made_files")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION made_files_stay")
