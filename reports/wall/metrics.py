"""Metrics in Prometheus' text format, for the textfile collector of its node exporter.

Times are timestamps, never ages: an age would stand still while nobody renews the file. Source: "Exposition
formats" of the Prometheus documentation, text format 0.0.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from auditor.model.wall import Freshness, Wall, WallOpd
from reports.visible import shown

Labels = tuple[tuple[str, str], ...]
Sample = tuple[Labels, float]
_Listed = Sequence[tuple[Labels, WallOpd]]
_Told = tuple[str, str, Sequence[Sample]]


@dataclass(frozen=True, slots=True)
class _Metric:
    """One family: every metric here is a gauge."""

    name: str
    help: str
    samples: tuple[Sample, ...]


def metrics_text(wall: Wall) -> str:
    """Return all metrics; a number that is not known has no sample."""
    return "".join(line + "\n" for one in _metrics(wall) for line in _lines(one))


def _lines(metric: _Metric) -> Iterator[str]:
    if not metric.samples:
        return
    yield f"# HELP {metric.name} {_escaped(metric.help)}"
    yield f"# TYPE {metric.name} gauge"
    for labels, value in metric.samples:
        told = ",".join(f'{name}="{_quoted(text)}"' for name, text in labels)
        yield f"{metric.name}{{{told}}} {_number(value)}" if told else f"{metric.name} {_number(value)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    """Return the inside of a label's value; what could not be seen is made visible first."""
    return _escaped(shown(text)).replace('"', '\\"')


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(float(value))


def _metrics(wall: Wall) -> Iterator[_Metric]:
    written = ((), wall.at.timestamp())
    yield _Metric("tilik_written_timestamp_seconds", "When this file was written.", (written,))
    hours = ((), float(wall.rules.stale_hours * 3600))
    yield _Metric("tilik_stale_after_seconds", "Age from which on a measurement counts as old.", (hours,))
    names = tuple(((("opd", one.id), ("name", one.name)), 1.0) for one in wall.opds)
    yield _Metric("tilik_opd_info", "Name of an agency.", names)
    yield from _standing("tilik_", "in the whole organisation", [((), wall.whole)])
    yield from _standing("tilik_opd_", "of an agency", [((("opd", one.id),), one) for one in wall.opds])
    if wall.trial is not None:
        yield _Metric(
            "tilik_trial_ends_timestamp_seconds",
            "When the last day of the trial month is over.",
            (((), _end_of(wall.trial.ends, wall.timezone).timestamp()),),
        )


def _end_of(day: date, timezone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone))


def _standing(prefix: str, whose: str, listed: _Listed) -> Iterator[_Metric]:
    for name, told, samples in (*_freshness(listed), *_levels(listed), *_findings(listed)):
        yield _Metric(prefix + name, f"{told}, {whose}.", tuple(samples))


def _freshness(listed: _Listed) -> Iterator[_Told]:
    yield (
        "newest_measurement_timestamp_seconds",
        "When anything was measured last",
        [(labels, one.newest.timestamp()) for labels, one in listed if one.newest],
    )
    yield (
        "oldest_measurement_timestamp_seconds",
        "When the server was measured that has waited longest, absent while one never was",
        [(labels, one.oldest.timestamp()) for labels, one in listed if one.oldest],
    )
    yield (
        "freshness",
        "1 for what measurements are: never made, stale, partly or fresh",
        [
            ((*labels, ("state", state.value)), float(one.freshness is state))
            for labels, one in listed
            for state in Freshness
        ],
    )
    yield "servers", "Servers that are meant to answer", [(labels, one.servers) for labels, one in listed]
    behind = [(labels, float(len(one.behind))) for labels, one in listed]
    yield "servers_behind", "Servers without a recent measurement", behind


def _levels(listed: _Listed) -> Iterator[_Told]:
    scored = [(labels, one.score) for labels, one in listed if one.score]
    when = [(labels, score.measured_at.timestamp()) for labels, score in scored]
    yield "level_timestamp_seconds", "When the audit began that the level of compliance is from", when
    for name in ("floor", "ceiling", "coverage"):
        ratios = [(labels, getattr(score, name) / 100) for labels, score in scored]
        yield f"{name}_ratio", f"Level of compliance, 0 to 1: {name}", ratios


def _findings(listed: _Listed) -> Iterator[_Told]:
    yield (
        "open_findings",
        "Findings neither fixed nor accepted, by severity",
        [
            ((*labels, ("severity", severity.value)), float(count))
            for labels, one in listed
            for severity, count in one.open.items()
        ],
    )
    overdue = [(labels, float(one.overdue)) for labels, one in listed]
    yield "overdue_findings", "Open findings past their deadline", overdue
