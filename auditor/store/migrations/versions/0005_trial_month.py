"""What runs by itself: kinds of runs, lives of findings, slots, re-tests, messages, pruned outputs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("runs", sa.Column("kind", sa.String(), nullable=False, server_default="audit"))
    _lives()
    _slots()
    _records()


def _slots() -> None:
    op.create_table(
        "anchors",
        sa.Column("schedule", sa.String(), primary_key=True),
        sa.Column("times", sa.String(), nullable=False, comment="cron expression and time zone"),
        sa.Column("since", sa.String(), nullable=False, comment="times after this instant are asked for"),
    )
    op.create_table(
        "slots",
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("started_at", sa.String()),
        sa.Column("finished_at", sa.String()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("schedule", "at"),
    )


def _records() -> None:
    op.create_table(
        "retests",
        sa.Column("run", sa.String(), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("day", sa.String(), nullable=False, comment="local day on which it counts"),
        sa.Column("content", sa.Text(), nullable=False, comment="who asked, and what came of it, JSON"),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("opd", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False, comment="the message in every form, canonical JSON"),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.String()),
        sa.Column("sent_at", sa.String()),
        sa.Column("problem", sa.Text(), nullable=False),
    )
    op.create_table(
        "prunings",
        sa.Column("digest", sa.String(length=64), primary_key=True),
        sa.Column("pruned_at", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
    )


def _lives() -> None:
    """Add what the life of a finding needs; what is known of findings so far fills it."""
    for name in ("opened_at", "fixed_at", "moved_from"):
        op.add_column("findings", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("findings", sa.Column("times_fixed", sa.Integer(), nullable=False, server_default="0"))
    for name in ("observed", "observed_at"):
        op.add_column("finding_events", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE findings SET fixed_at = coalesce((SELECT started_at FROM runs WHERE runs.id = fixed_run), '')"
    )
    op.execute(
        "UPDATE findings SET times_fixed = (SELECT count(*) FROM finding_events "
        "WHERE finding = findings.id AND finding_events.status = 'fixed')"
    )
    op.execute(
        "UPDATE finding_events SET observed_at = (SELECT started_at FROM runs WHERE runs.id = run), "
        "observed = CASE status WHEN 'fixed' THEN 'settled' WHEN 'not_measured' THEN 'not_measured' "
        "WHEN 'waived' THEN 'accepted' ELSE 'failing' END"
    )
    op.execute("UPDATE findings SET opened_at = first_seen")
    # What fails again opened with the first run that saw so after one that had found it fixed.
    op.execute(
        "UPDATE findings SET opened_at = again.began FROM (SELECT finding, max(observed_at) AS began FROM "
        "(SELECT finding, observed, observed_at, lag(observed) OVER "
        "(PARTITION BY finding ORDER BY observed_at, run) AS earlier FROM finding_events) AS seen "
        "WHERE earlier = 'settled' AND observed IN ('failing', 'accepted') GROUP BY finding) AS again "
        "WHERE again.finding = findings.id"
    )
