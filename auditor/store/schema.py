"""Tables. Evidence and its chain are append-only; triggers in the first migration refuse anything else."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("finished_at", String),
    Column("scope", Text, nullable=False),
    Column("provenance", Text, nullable=False),
    Column("inputs", Text, nullable=False, comment="inventory and policy as they were, canonical JSON"),
    Column("plan", Text, nullable=False, comment="tasks and what was skipped, canonical JSON"),
    Column("kind", String, nullable=False, server_default="audit"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("run", String, ForeignKey("runs.id"), nullable=False),
    Column("task", String, nullable=False),
    Column("row", Text, nullable=False, comment="everything the hash covers, canonical JSON"),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    UniqueConstraint("run", "task", name="one_evidence_per_task"),
)

heads = Table(
    "heads",
    metadata,
    Column("sequence", Integer, ForeignKey("evidence.sequence"), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("signed_at", String, nullable=False),
    Column("public_key", String, nullable=False),
    Column("signature", String, nullable=False),
)

seals = Table(
    "seals",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("digest", String(64), nullable=False, comment="over the run's inputs, verdicts and scorecards"),
    Column("signed_at", String, nullable=False),
    Column("public_key", String, nullable=False),
    Column("signature", String, nullable=False),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("check", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("server", String, nullable=False),
    Column("content", Text, nullable=False),
    Index("verdicts_by_server", "run", "server"),
)

findings = Table(
    "findings",
    metadata,
    Column("id", String, primary_key=True),
    Column("check", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("opd", String, nullable=False),
    Column("status", String, nullable=False),
    Column("first_run", String, ForeignKey("runs.id"), nullable=False),
    Column("last_run", String, ForeignKey("runs.id"), nullable=False),
    Column("first_seen", String, nullable=False),
    Column("last_seen", String, nullable=False),
    Column("due", String, nullable=False),
    Column("fixed_run", String, nullable=False, comment="the run that closed it; empty while it is open"),
    Column("opened_at", String, nullable=False, server_default="", comment="when it last began to fail"),
    Column("fixed_at", String, nullable=False, server_default="", comment="when it was closed; else empty"),
    Column("moved_from", String, nullable=False, server_default="", comment="subjects it had before, JSON"),
    Column("times_fixed", Integer, nullable=False, server_default="0"),
)

finding_events = Table(
    "finding_events",
    metadata,
    Column("finding", String, ForeignKey("findings.id"), primary_key=True),
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("status", String, nullable=False),
    Column("at", String, nullable=False),
    Column("observed", String, nullable=False, server_default="", comment="what the run saw of it"),
    Column("observed_at", String, nullable=False, server_default="", comment="start of the run"),
)

scorecards = Table(
    "scorecards",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("opd", String, primary_key=True, comment="empty for the whole organisation"),
    Column("floor", Float, nullable=False),
    Column("ceiling", Float, nullable=False),
    Column("coverage", Float, nullable=False),
    Column("letter", String, nullable=False),
    Column("content", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False, comment="id of the attestation, applicability or waiver"),
    Column("row", Text, nullable=False, comment="everything the hash covers, canonical JSON"),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("public_key", String, nullable=False),
    Column("signature", String, nullable=False),
    Index("decisions_by_about", "about"),
)

footings = Table(
    "footings",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("content", Text, nullable=False, comment="rules, waived failures and decisions of an assessment"),
)

imports = Table(
    "imports",
    metadata,
    Column("file", String(64), primary_key=True),
    Column("task", String, primary_key=True),
    Column("row", Text, nullable=False, comment="what the file says to the task, canonical JSON"),
    Column("public_key", String, nullable=False),
    Column("signature", String, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String, primary_key=True, comment="evidence, decisions, findings, or run: with an id"),
    Column("content", String, nullable=False),
    Column("signed_at", String, nullable=False),
    Column("public_key", String, nullable=False),
    Column("signature", String, nullable=False),
)

anchors = Table(
    "anchors",
    metadata,
    Column("schedule", String, primary_key=True),
    Column("times", String, nullable=False, comment="cron expression and time zone"),
    Column("since", String, nullable=False, comment="times after this instant are asked for"),
)

slots = Table(
    "slots",
    metadata,
    Column("schedule", String, primary_key=True),
    Column("at", String, primary_key=True),
    Column("work", String, nullable=False),
    Column("status", String, nullable=False),
    Column("run", String, nullable=False),
    Column("started_at", String),
    Column("finished_at", String),
    Column("reason", Text, nullable=False),
)

retests = Table(
    "retests",
    metadata,
    Column("run", String, ForeignKey("runs.id"), primary_key=True),
    Column("day", String, nullable=False, comment="local day on which it counts"),
    Column("content", Text, nullable=False, comment="who asked, and what came of it, JSON"),
    Column("public_key", String, nullable=False),
    Column("signature", String, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("to", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("opd", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("content", Text, nullable=False, comment="the message in every form, canonical JSON"),
    Column("created_at", String, nullable=False),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", String),
    Column("sent_at", String),
    Column("problem", Text, nullable=False),
)

prunings = Table(
    "prunings",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("pruned_at", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("public_key", String, nullable=False),
    Column("signature", String, nullable=False),
)
