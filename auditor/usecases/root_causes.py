"""Group what is open by the change that closes it, and add what a worksheet tells beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditor.model.evidence import Evidence
from auditor.model.facts import JSON
from auditor.model.finding import Finding
from auditor.model.report import ReportData
from auditor.usecases.next_audits import next_audits
from controls.loading import Catalogue
from controls.root_causes import Place, identity_of, root_causes
from reports.remedies import SERVICES, SOFTWARE, remedies_for

_Port = tuple[str, str, int]
"""Server, address and port."""
_HEADER_NAME = re.compile(r"[^/\s(;]+")
"""The part of a header that names the program, before its version and its remarks."""


def with_worksheets(data: ReportData, catalogue: Catalogue) -> ReportData:
    """Return data together with its root causes, which texts were tried, and when what is measured again."""
    run = data.run
    return replace(
        with_root_causes(data),
        next_audits=next_audits(data.policy, data.inventory, run.finished_at or run.started_at),
        proofs=catalogue.proofs,
        not_proven=catalogue.not_proven,
    )


def with_root_causes(data: ReportData) -> ReportData:
    """Return data together with its root causes."""
    servers = {server.id: server for server in data.inventory.servers()}
    programs = programs_seen(data.evidence.values())
    places = {one.id: _place(one, data, programs) for one in data.findings}
    return replace(data, causes=root_causes(data.findings, data.checks, servers, data.policy, places))


def _place(finding: Finding, data: ReportData, programs: Mapping[_Port, str]) -> Place:
    rows = (data.evidence[row] for row in finding.evidence if row in data.evidence)
    subject = finding.subject
    program = programs.get((subject.server, subject.address, subject.port), "")
    return Place(remedies_for(finding, data), identity_of(finding, rows), program)


def programs_seen(rows: Iterable[Evidence]) -> dict[_Port, str]:
    """Return server, address and port → the program that names itself there, spelled the same on every port.

    A header is believed only where the service itself was not recognised: it may be of a proxy in front.
    """
    ordered = sorted(rows, key=lambda one: one.sequence)
    headers = dict(found for row in ordered for found in _by_header(row))
    return headers | dict(found for row in ordered for found in _by_service(row))


def _by_service(row: Evidence) -> Iterator[tuple[_Port, str]]:
    records = row.facts.get(SERVICES)
    for record in records if isinstance(records, Sequence) else ():
        if isinstance(record, Mapping):
            product, port = record.get("service.product"), record.get("service.port")
            if isinstance(product, str) and product and isinstance(port, int):
                yield (row.task.server, row.task.address, port), _spelled(product)


def _by_header(row: Evidence) -> Iterator[tuple[_Port, str]]:
    text: JSON = row.facts.get("http.server")
    name = _HEADER_NAME.match(text) if isinstance(text, str) else None
    if name and isinstance(text, str):
        recognised = _recognised(text)
        yield (row.task.server, row.task.address, row.task.port), recognised or name[0].casefold()


def _spelled(product: str) -> str:
    return _recognised(product) or product.casefold()


def _recognised(text: str) -> str:
    return next((software for software, pattern in SOFTWARE.items() if pattern.search(text)), "")
