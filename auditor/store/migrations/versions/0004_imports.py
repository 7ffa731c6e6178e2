"""Reports of other tools that were handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False, comment="what the file says to the task, canonical JSON"),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("file", "task"),
    )
    for verb in ("UPDATE", "DELETE"):
        _refuse_on_sqlite(verb)


def _refuse_on_sqlite(verb: str) -> None:
    """Make the database itself refuse to change an entry; PostgreSQL gets the same by a role's rights."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(
        f"CREATE TRIGGER imports_no_{verb.lower()} BEFORE {verb} ON imports "
        "BEGIN SELECT RAISE(ABORT, 'imports are append-only'); END"
    )
