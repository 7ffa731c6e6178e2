"""The shipped catalogue, loaded once for all tests that only look at it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from auditor.model.check import Check
from auditor.model.framework import Framework
from controls.judge import CompiledCheck, compile_check
from controls.loading import Catalogue, load_catalogue
from tests.controls.expressions import KNOWN


@cache
def shipped() -> Catalogue:
    """Return the catalogue as it is shipped."""
    return load_catalogue()


@cache
def compiled_catalogue() -> tuple[CompiledCheck, ...]:
    """Return every shipped check, compiled with its default parameters."""
    return tuple(compile_check(check, KNOWN) for check in shipped().checks.values())


def framework(edition: str) -> Framework:
    """Return one shipped edition."""
    return shipped().frameworks[edition]


def changed(check_id: str, **changes: Any) -> Check:
    """Return a shipped check with something changed in it."""
    return replace(shipped().checks[check_id], **changes)
