"""Decisions of people, and what each assessment rested on.

Scorecards of before are taken away with their seals: they hold fewer numbers than a card shows now. Evidence
and verdicts stay, so that `auditor assess RUN` makes them again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False, comment="everything the hash covers, canonical JSON"),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("decisions_by_about", "decisions", ["about"])
    op.create_table(
        "footings",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"]),
        sa.PrimaryKeyConstraint("run"),
    )
    op.execute("DELETE FROM seals")
    op.execute("DELETE FROM scorecards")
    op.execute("UPDATE runs SET status = 'collected' WHERE status = 'complete'")
    for verb in ("UPDATE", "DELETE"):
        _refuse_on_sqlite(verb)


def _refuse_on_sqlite(verb: str) -> None:
    """Make the database itself refuse to change a decision; PostgreSQL gets the same by a role's rights."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(
        f"CREATE TRIGGER decisions_no_{verb.lower()} BEFORE {verb} ON decisions "
        "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END"
    )
