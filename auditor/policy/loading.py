"""From policies.yaml, laid over the shipped default, to the Policy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from importlib import resources
from pathlib import Path

from auditor.documents.files import read_file
from auditor.documents.shape import match_shape
from auditor.model.check import Parameter
from auditor.model.document import Document, DocumentError, parse_document
from auditor.model.facts import JSON
from auditor.model.policy import Policy
from auditor.policy.anchors import Anchor, read_anchors
from auditor.policy.convert import to_policy
from auditor.policy.local_checks import place_of_local_checks
from auditor.policy.meaning import check_choices, check_meaning
from auditor.policy.operation_meaning import check_operation
from auditor.policy.roadmap_meaning import check_roadmap
from auditor.policy.shape import PolicyShape

DEFAULT_NAME = "policies.yaml"
_ADVICE = "name the right one, or write a first one with 'auditor init'"


def load_policy(
    path: Path | None = None,
    *,
    check_parameters: Mapping[str, Mapping[str, Parameter]] | None = None,
    known_checks: Collection[str] | None = None,
) -> Policy:
    """Load a policy laid over the shipped default, or the default alone when `path` is None.

    With `known_checks` or `check_parameters` (check id → parameter name → parameter), choices for single
    checks are compared with them. Raise DocumentError with every problem, located in the file at `path`.
    """
    default = parse_document(default_policy(), DEFAULT_NAME)
    own = default if path is None else parse_document(read_file(path, _ADVICE), str(path))
    data = default.data if path is None else overlay(default.data, own.data)
    shape, problems = match_shape(PolicyShape, data, own)
    readable = shape or _readable_part(data, default.data, own)
    known = known_checks if known_checks is not None else check_parameters
    folder = path.parent if path else Path()
    anchors, wrong_anchors = read_anchors(readable.trust_anchors, folder, own)
    local_checks, wrong_folder = place_of_local_checks(readable.local_checks, folder, own)
    problems += tuple(check_meaning(readable, own))
    problems += tuple(check_operation(readable, own))
    problems += tuple(check_roadmap(readable.roadmap, own))
    problems += tuple(check_choices(readable, own, known, check_parameters))
    problems += wrong_anchors + wrong_folder
    if shape is None or problems:
        raise DocumentError(problems)
    return to_policy(shape, anchors, local_checks, _digest(data, anchors))


def _readable_part(data: JSON, default: JSON, own: Document) -> PolicyShape:
    """Return the default with every key in its place that fits by itself.

    One misspelt key must not hide what the others mean together.
    """
    base = default if isinstance(default, dict) else {}
    written = data if isinstance(data, dict) else {}
    fitting = {
        key: value for key, value in written.items() if match_shape(PolicyShape, {**base, key: value}, own)[0]
    }
    shape, problems = match_shape(PolicyShape, {**base, **fitting}, own)
    if shape is None:
        raise DocumentError(problems)
    return shape


def default_policy() -> bytes:
    """Return the shipped default: packaged in an installation, at the top of the source tree otherwise."""
    packaged = resources.files("auditor.policy") / DEFAULT_NAME
    if packaged.is_file():
        return packaged.read_bytes()
    return (Path(__file__).resolve().parents[2] / DEFAULT_NAME).read_bytes()


def overlay(below: JSON, above: JSON) -> JSON:
    """Return `below` with the keys of `above` in their place; an empty file changes nothing."""
    if above is None:
        return below
    return _overlay(below, above)


def _overlay(below: JSON, above: JSON) -> JSON:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    merged = {key: _overlay(below[key], value) if key in below else value for key, value in above.items()}
    return {**below, **merged}


def _digest(data: JSON, anchors: Mapping[str, Anchor]) -> str:
    """Return the SHA-256 of what was chosen; an exchanged CA is another policy, its folder is not."""
    chosen: JSON = {
        "policy": data,
        "trust_anchors": {zone: anchor.digest for zone, anchor in anchors.items()},
    }
    canonical = json.dumps(chosen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
