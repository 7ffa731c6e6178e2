"""Texts, identifiers and addresses as SARIF wants them."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model.facts import JSON
from auditor.model.subject import Subject
from reports.uuids import URLS, named, text_of
from reports.visible import shown

# In a message, braces hold places to fill in and brackets make links (3.11.5, 3.11.6).
_MESSAGE = str.maketrans({"{": "{{", "}": "}}", "[": "\\[", "]": "\\]", "\\": "\\\\"})


def filled(values: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return an object without what is not there; zeros, empty lists and no stay."""
    return {key: value for key, value in values.items() if value is not None and value != ""}


def text(value: str) -> dict[str, JSON]:
    """Return a text that is shown as it is: of a rule, a tool or a control."""
    return {"text": shown(value).strip() or "–"}


def message(value: str) -> dict[str, JSON]:
    """Return a message that shows exactly the text, whatever a server or a person wrote."""
    return {"text": (shown(value).strip() or "–").translate(_MESSAGE)}


def guid(*parts: str) -> str:
    """Return the same identifier for the same thing every time."""
    return text_of(named(URLS, "urn:tilik:sarif", *parts))


def place(subject: Subject) -> dict[str, JSON]:
    """Return where a finding is: the server, and within it the address, port and name that were measured."""
    address = f"[{subject.address}]" if ":" in subject.address else subject.address
    port = f":{subject.port}/{subject.transport}" if subject.port else ""
    details = "/".join(filter(None, (f"{address}{port}", subject.server_name, subject.variant)))
    server = {"name": shown(subject.server), "kind": "server"}
    endpoint = filled(
        {
            "name": shown(details or subject.server),
            "fullyQualifiedName": shown("/".join(filter(None, (subject.server, details)))),
            "kind": subject.kind.value,
        }
    )
    return {"logicalLocations": [endpoint, server]}
