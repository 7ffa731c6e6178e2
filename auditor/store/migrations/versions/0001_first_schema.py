"""The first schema: runs, evidence in a hash chain, verdicts, findings, scorecards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.Column("plan", sa.Text(), nullable=False, comment="tasks and what was skipped, canonical JSON"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "evidence",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False, comment="everything the hash covers, canonical JSON"),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("hash"),
        sa.UniqueConstraint("run", "task", name="one_evidence_per_task"),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("check", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("opd", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("first_run", sa.String(), nullable=False),
        sa.Column("last_run", sa.String(), nullable=False),
        sa.Column("first_seen", sa.String(), nullable=False),
        sa.Column("last_seen", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("fixed_run", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_run"],
            ["runs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["last_run"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "scorecards",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("opd", sa.String(), nullable=False, comment="empty for the whole organisation"),
        sa.Column("floor", sa.Float(), nullable=False),
        sa.Column("ceiling", sa.Float(), nullable=False),
        sa.Column("coverage", sa.Float(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("run", "opd"),
    )
    op.create_table(
        "verdicts",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("check", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("run", "check", "subject"),
    )
    op.create_index("verdicts_by_server", "verdicts", ["run", "server"], unique=False)
    op.create_table(
        "finding_events",
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding"],
            ["findings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["run"],
            ["runs.id"],
        ),
        sa.PrimaryKeyConstraint("finding", "run"),
    )
    op.create_table(
        "heads",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sequence"],
            ["evidence.sequence"],
        ),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_table(
        "seals",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"]),
        sa.PrimaryKeyConstraint("run"),
    )
    for verb in ("UPDATE", "DELETE"):
        _refuse_on_sqlite(verb)


def _refuse_on_sqlite(verb: str) -> None:
    """Make the database itself refuse to change evidence; PostgreSQL gets the same by a role's rights."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(
        f"CREATE TRIGGER evidence_no_{verb.lower()} BEFORE {verb} ON evidence "
        "BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END"
    )
