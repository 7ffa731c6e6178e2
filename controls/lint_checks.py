"""What a check must be beyond its shape, its expressions aside: controls, texts, parameters, advice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.model.check import Check, Parameter, Text
from auditor.model.facts import JSON, FactSpec
from auditor.model.framework import Framework, MachineCoverage
from auditor.model.plain_text import show
from auditor.model.problem import Path
from controls.expression import referenced_names
from controls.judge import is_looser
from controls.lint_rules import Broken
from controls.wording import PLACEHOLDER

SOFTWARE = frozenset(
    (
        *("nginx", "apache", "openssh", "postfix", "dovecot", "vsftpd", "redis", "postgresql", "mariadb"),
        *("bind", "memcached", "mongodb", "samba", "openldap", "rsync", "php", "docker", "debian", "rhel"),
        *("system", "any"),
    )
)
"""Software that reports recognise in evidence, and the two words for the rest."""
MAXIMUM_HOURS = 80
_VERIFY = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)\}")
_VERIFY_KNOWN = ("address", "port", "server_name")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_problems(
    check: Check, frameworks: Mapping[str, Framework], vocabulary: Mapping[str, FactSpec]
) -> Iterator[Broken]:
    """Yield every broken rule that shows without judging anything."""
    yield from _control_problems(check, frameworks)
    yield from _text_problems(check)
    for name in ("observed", "expected"):
        yield from _placeholder_problems(check, name, vocabulary)
    yield from _parameter_problems(check)
    yield from _advice_problems(check)


def text_problems(text: Text, path: Path, *, translated: bool = True) -> Iterator[Broken]:
    """Yield what is wrong with a text in two languages; `translated`: they may not be the same."""
    for language, words in text.items():
        if not words.strip():
            yield Broken("text-present", (*path, language), "a blank text; write it")
    if translated and text["en"] == text["id"]:
        yield Broken("text-translated", (*path, "id"), "the same in both languages; translate it")


def _control_problems(check: Check, frameworks: Mapping[str, Framework]) -> Iterator[Broken]:
    for edition, framework in frameworks.items():
        coverage = {control.id: control.coverage for control in framework.controls}
        links = check.controls[edition]
        place: Path = ("controls", edition)
        seen: set[str] = set()
        for key, listed in (("implements", links.implements), ("related", links.related)):
            for index, control in enumerate(listed):
                path = (*place, key, index)
                if control not in coverage:
                    yield Broken("control-exists", path, f"{control} is no control of {edition}")
                elif control in seen:
                    yield Broken("control-once", path, f"{control} is named twice; keep the better fit")
                elif key == "implements" and coverage[control] is MachineCoverage.ATTESTATION:
                    message = f"only people can attest {control}; write it under related"
                    yield Broken("control-judgeable", path, message)
                seen.add(control)
        if not seen:
            message = f"no control of {edition}; name the best fit under implements, or one under related"
            yield Broken("control-named", place, message)


def _text_problems(check: Check) -> Iterator[Broken]:
    yield from text_problems(check.title, ("title",))
    # What is observed may be a bare header, the same in every language.
    yield from text_problems(check.observed, ("observed",), translated=False)
    yield from text_problems(check.expected, ("expected",), translated=False)
    yield from text_problems(check.why, ("why",))
    for index, remedy in enumerate(check.remediation):
        yield from text_problems(remedy.steps, ("remediation", index, "steps"))


def _placeholder_problems(check: Check, name: str, vocabulary: Mapping[str, FactSpec]) -> Iterator[Broken]:
    text: Text = getattr(check, name)
    known = {*vocabulary, *(f"param.{parameter.name}" for parameter in check.parameters)}
    shown = {language: set(PLACEHOLDER.findall(words)) for language, words in text.items()}
    for language, words in text.items():
        for unknown in sorted(shown[language] - known):
            message = f"{{{unknown}}} is neither a fact nor a parameter"
            yield Broken("placeholder", (name, language), message)
        if re.search(r"[{}]", PLACEHOLDER.sub("", words)):
            message = "braces that hold no dotted name, such as {service.product}; write one, or other signs"
            yield Broken("placeholder-form", (name, language), message)
    for one in sorted(shown["en"] ^ shown["id"]):
        language = "id" if one in shown["en"] else "en"
        yield Broken("placeholder-same", (name, language), f"{{{one}}} is shown in one language only")


def _parameter_problems(check: Check) -> Iterator[Broken]:
    used = {*referenced_names(check.applies), *referenced_names(check.passes)}
    for parameter in check.parameters:
        path: Path = ("parameters", parameter.name)
        if not _NAME.fullmatch(parameter.name):
            message = f"{show(parameter.name)} cannot be asked for; write a name such as minimum_days"
            yield Broken("parameter-name", path, message, key=True)
            continue
        if f"param.{parameter.name}" not in used:
            yield Broken("parameter-used", path, f"no expression asks param.{parameter.name}", key=True)
        yield from _value_problems(parameter, path)


def _value_problems(parameter: Parameter, path: Path) -> Iterator[Broken]:
    if not parameter.unit.strip():
        yield Broken("text-present", (*path, "unit"), "a blank unit; write for example day, bit or name")
    kind = _kind(parameter.default)
    if not kind or _kind(parameter.loosest) not in (kind, *(("list",) if kind.startswith("list") else ())):
        message = "default and loosest must both be numbers, texts, true or false, or lists of one kind"
        yield Broken("parameter-kind", path, message)
    elif is_looser(parameter, parameter.default):
        message = f"the default of {parameter.name} is looser than the control tolerates"
        yield Broken("parameter-default", (*path, "default"), message)


def _kind(value: JSON) -> str:
    """Return the kind of a value; "" for one that an expression cannot ask."""
    if isinstance(value, list):
        kinds = {_kind(entry) for entry in value}
        if len(kinds) > 1 or not kinds <= {"int", "str"}:
            return ""
        return "list of " + kinds.pop() if kinds else "list"
    return type(value).__name__ if isinstance(value, bool | int | float | str) else ""


def _advice_problems(check: Check) -> Iterator[Broken]:
    for index, reference in enumerate(check.references):
        if not reference.source.strip():
            path: Path = ("references", index, "source")
            yield Broken("reference-present", path, "a blank source; name the paper it is written in")
    seen: set[str] = set()
    for index, remedy in enumerate(check.remediation):
        path = ("remediation", index)
        if remedy.software in seen:
            message = f"a second remedy for {remedy.software}; make them one"
            yield Broken("remedy-once", (*path, "software"), message)
        seen.add(remedy.software)
        if remedy.software not in SOFTWARE:
            message = f"{remedy.software} is not recognised in evidence; write system or any"
            yield Broken("remedy-software", (*path, "software"), message)
        yield from _verify_problems(remedy.verify, (*path, "verify"))
    if check.effort_hours > MAXIMUM_HOURS:
        message = f"{check.effort_hours:g} hours; write what one server takes, at most {MAXIMUM_HOURS}"
        yield Broken("effort-believable", ("effort_hours",), message)


def _verify_problems(verify: str, path: Path) -> Iterator[Broken]:
    if not verify.strip():
        yield Broken("remedy-verify", path, "a blank command; write one that shows the correction")
    for name in _VERIFY.findall(verify):
        if name not in _VERIFY_KNOWN:
            known = ", ".join(f"{{{one}}}" for one in _VERIFY_KNOWN)
            yield Broken("remedy-verify", path, f"{{{name}}} is filled in by nobody; known are {known}")
