"""Read XCCDF results (1.1 and 1.2), alone or inside an ARF report, as OpenSCAP writes them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import JSON, Facts
from scanners.imported.report import (
    MAXIMUM_ROWS,
    Part,
    Report,
    Unreadable,
    children,
    line_of,
    tag_of,
    text_of,
    xml_root,
)

_SPACES = tuple(f"http://checklists.nist.gov/xccdf/{version}" for version in ("1.1", "1.2"))
_ARF = "http://scap.nist.gov/schema/asset-reporting-format/1.1"
_ISO_2013 = re.compile(r"iso\.org/.*54534")
"""Address of the catalogue page of ISO/IEC 27001:2013, by which content marks its references."""
_CONTROL = re.compile(r"A(?:\.[0-9]{1,2}){1,3}")
_PASSED = ("pass", "fixed")
_OPEN = ("error", "unknown")
_RESULTS = frozenset(
    {*_PASSED, *_OPEN, "fail", "notapplicable", "notchecked", "notselected", "informational"}
)
_SEVERITIES = frozenset({"unknown", "info", "low", "medium", "high"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """What the content says of a rule."""

    title: str = ""
    severity: str = "unknown"
    controls: tuple[str, ...] = ()


def read(content: bytes) -> Report:
    """Return the one part of the newest result in a report; raise Unreadable.

    A report in which no rule could be evaluated is a part with a failure: it holds no evidence.
    """
    root = xml_root(content, "XCCDF or ARF report", doctype=False)
    result = _newest(root)
    started, finished = (_instant(result, f"{edge}-time") for edge in ("start", "end"))
    if (started.tzinfo is None) != (finished.tzinfo is None):
        raise Unreadable("only one of start-time and end-time names its zone; evaluate again")
    if finished < started:
        raise Unreadable("the result ends before it starts; correct the clock and evaluate again")
    rules = {one.get("id", ""): _rule(one) for one in root.iter() if tag_of(one) == "Rule"}
    facts, failure = _found(result, rules)
    tool, version = _tool(result)
    host = text_of(next(children(result, "target"), None))
    part = Part("openscap", "", started, finished, facts, failure)
    addresses: list[JSON] = [*(text_of(one) for one in children(result, "target-address"))]
    return Report(tool, version, (part,), host=host, settings={"target_addresses": addresses[:MAXIMUM_ROWS]})


def _newest(root: Element) -> Element:
    names = {f"{{{space}}}{tag}" for space in _SPACES for tag in ("Benchmark", "TestResult")}
    if root.tag not in names | {f"{{{_ARF}}}asset-report-collection"}:
        raise Unreadable(
            f"no XCCDF or ARF report: the document is <{line_of(tag_of(root))[:40]}>; name the file that"
            " oscap xccdf eval --results or --results-arf wrote"
        )
    results = [one for one in root.iter() if one.tag in {f"{{{space}}}TestResult" for space in _SPACES}]
    if not results:
        raise Unreadable("no result stands in it, only rules; name the file of --results or --results-arf")
    return max(results, key=lambda one: one.get("end-time", ""))


def _instant(result: Element, key: str) -> datetime:
    # The start may be left out; the end never is.
    text = result.get(key) or result.get("end-time") or ""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"{key} is no date, so its age is not known; evaluate again") from None


def _tool(result: Element) -> tuple[str, str]:
    """Return product and version of `cpe:/a:redhat:openscap:1.3.7`."""
    parts = result.get("test-system", "").split(":")
    known = parts[0] == "cpe" and len(parts) >= 4
    return (line_of(parts[3]), line_of(parts[4]) if len(parts) > 4 else "") if known else ("xccdf", "")


def _rule(rule: Element) -> _Rule:
    controls = [
        text
        for one in children(rule, "reference")
        if _ISO_2013.search(one.get("href", "")) and _CONTROL.fullmatch(text := text_of(one))
    ]
    title = text_of(next(children(rule, "title"), None))
    return _Rule(title, _severity(rule.get("severity")), tuple(sorted(set(controls), key=_by_number)))


def _by_number(control: str) -> list[int]:
    return [int(one) for one in control.split(".")[1:]]


def _severity(text: str | None) -> str:
    return text if text in _SEVERITIES and text is not None else "unknown"


def _outcomes(result: Element) -> Iterator[tuple[Element, str, str]]:
    """Give element, rule and outcome of each rule that was selected; raise Unreadable."""
    seen = Counter[str]()
    for one in children(result, "rule-result"):
        rule, outcome = one.get("idref", ""), text_of(next(children(one, "result"), None))
        if not rule or outcome not in _RESULTS:
            raise Unreadable(
                f"the rule {line_of(rule)[:100] or 'without a name'} has the impossible result"
                f" {outcome[:40] or '(none)'}; hand in the file as the tool wrote it"
            )
        seen[rule] += 1
        if outcome != "notselected":
            yield one, rule, outcome
    if not seen:
        raise Unreadable(
            "the result names no rule at all; choose a profile with --profile and evaluate again"
        )


def _found(result: Element, rules: Mapping[str, _Rule]) -> tuple[Facts, Failure | None]:
    outcomes = [*_outcomes(result)]
    counted = Counter(outcome for _, _, outcome in outcomes)
    evaluated = counted["fail"] + sum(counted[one] for one in _PASSED)
    failed = [_failed(one, rule, rules) for one, rule, outcome in outcomes if outcome == "fail"]
    open_rules = sorted({_short(rule) for _, rule, outcome in outcomes if outcome in _OPEN})
    facts: dict[str, JSON] = {
        "openscap.target": text_of(next(children(result, "target"), None)),
        "openscap.benchmark": _of(result, "benchmark", "id"),
        "openscap.profile": _of(result, "profile", "idref"),
        "openscap.evaluated": evaluated,
        "openscap.not_applicable": counted["notapplicable"],
        "openscap.not_checked": counted["notchecked"],
        "openscap.errors": [*open_rules[:MAXIMUM_ROWS]],
        "openscap.references": [*_references(outcomes, rules)][:MAXIMUM_ROWS],
    }
    failure = _why_nothing(evaluated, counted, open_rules) if not failed else None
    if failure is None:
        facts["openscap.failed"] = [*failed[:MAXIMUM_ROWS]]
        facts["openscap.failed_rules"] = [str(one["rule"]) for one in failed[:MAXIMUM_ROWS]]
    return facts, failure


def _why_nothing(evaluated: int, counted: Counter[str], open_rules: list[str]) -> Failure | None:
    """Return why that no rule failed proves nothing; None where it does."""
    if not evaluated and counted["notapplicable"]:
        detail = f"all {counted['notapplicable']} rules are for another system than this one"
        return Failure(FailureKind.NO_EVIDENCE, detail)
    if not evaluated:
        return Failure(FailureKind.NO_EVIDENCE, "no rule was evaluated")
    if open_rules:
        return Failure(FailureKind.NO_EVIDENCE, f"{len(open_rules)} rules could not be evaluated")
    return None


def _failed(one: Element, rule: str, rules: Mapping[str, _Rule]) -> dict[str, JSON]:
    known = rules.get(rule, _Rule())
    severity = _severity(one.get("severity"))
    return {
        "rule": _short(rule),
        "severity": known.severity if severity == "unknown" else severity,
        "title": known.title,
    }


def _references(
    outcomes: list[tuple[Element, str, str]], rules: Mapping[str, _Rule]
) -> Iterator[dict[str, JSON]]:
    """Give the controls of ISO/IEC 27001:2013 that the content itself names for a rule: a hint, no more."""
    for _, rule, outcome in outcomes:
        known = rules.get(rule, _Rule())
        if known.controls:
            yield {
                "rule": _short(rule),
                "controls": " ".join(known.controls),
                "result": outcome,
                "strength": "hint",
            }


def _short(rule: str) -> str:
    """Return an id without the prefix that everything of its publisher shares."""
    return line_of(re.sub(r"^xccdf_[^_]+_(?:rule|benchmark|profile)_", "", rule))


def _of(result: Element, tag: str, key: str) -> str:
    found = next(children(result, tag), None)
    return _short(found.get(key, "")) if found is not None else ""
