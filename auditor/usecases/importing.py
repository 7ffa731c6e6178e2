"""Hand in a report of another tool: read it, place it in the inventory, store it once. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo

from auditor.documents.files import read_file
from auditor.inventory.resolve import pin_addresses
from auditor.inventory.scope import Refusal, decide
from auditor.model.document import DocumentError, Problem
from auditor.model.imported import Import, ImportKind
from auditor.model.inventory import Inventory, Kind, Server
from auditor.model.plan import IMPORTED_LOOK, Task
from auditor.store.chain import digest
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.waive import own_account
from scanners.imported import lynis, nmap, openscap
from scanners.imported.report import MAXIMUM_BYTES, Part, Report, Unreadable
from scanners.nmap_engine import without_fingerprints

_READERS: Mapping[ImportKind, Callable[[bytes], Report]] = {
    ImportKind.NMAP: nmap.read,
    ImportKind.LYNIS: lynis.read,
    ImportKind.OPENSCAP: openscap.read,
}
_CLOCKS_DIFFER = timedelta(minutes=5)
_ZONES_DIFFER = timedelta(hours=2)
"""Between the clocks of the country's three time zones, where a report does not name its own."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a file: entries that are new, those that were there, and what of it is not stored."""

    file: str
    added: tuple[Import, ...]
    known: tuple[Import, ...]
    left_out: Mapping[str, str]
    """Address → why nothing of it is stored."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files are handed in: the workspace, the inventory with its names resolved, and when."""

    workspace: Workspace
    inventory: Inventory
    now: datetime


def make_desk(workspace: Workspace, inventory: Inventory) -> Desk:
    """Return a desk for now."""
    return Desk(workspace, pin_addresses(inventory)[0], datetime.now(UTC))


def import_network(desk: Desk, path: Path, zone: str = "") -> Handed:
    """Store what nmap saw of registered servers, as seen from a zone; the scanner's own by default.

    Raise DocumentError for a file of which nothing is stored, UsageProblem for a zone that is none.
    """
    zones = {one.id for one in desk.inventory.zones}
    if zone and zone not in zones:
        raise UsageProblem(f"the inventory knows no zone named {zone}", choices_near(zone, zones))
    content, report = _read(ImportKind.NMAP, path)
    vantage = zone or desk.inventory.vantage
    placed: list[tuple[Task, Part]] = []
    left_out = dict(report.passed_over)
    for part in report.parts:
        tasks = [*_tasks_at(desk, part, vantage, left_out)]
        placed.extend((task, part) for task in tasks)
    if not placed:
        told = "; ".join(f"{address}: {why}" for address, why in [*left_out.items()][:5])
        raise _problem(path, f"nothing of it can be stored ({told}); register the servers, or scan others")
    return _store(desk, path, ImportKind.NMAP, content, report, placed, left_out)


def import_inside(desk: Desk, kind: ImportKind, path: Path, server_id: str) -> Handed:
    """Store a report about the inside of one server.

    Raise DocumentError for a file that is none, UsageProblem for a server that nobody may look into.
    """
    server, reference = allowed_inside(desk, server_id)
    content, report = _read(kind, path)
    return store_inside(desk, kind, path, server, reference, content, report)


def store_inside(
    desk: Desk,
    kind: ImportKind,
    path: Path,
    server: Server,
    reference: str,
    content: bytes,
    report: Report,
) -> Handed:
    """Store a report that was read already."""
    task = Task(kind.value, server.id, server.opd, "", authorization=reference, look=IMPORTED_LOOK)
    placed = [(task, part) for part in report.parts]
    return _store(desk, path, kind, content, report, placed, {}, tuple(_remarks(report, server)))


def allowed_inside(desk: Desk, server_id: str) -> tuple[Server, str]:
    """Return a server and the assignment that allows to look into it; raise UsageProblem."""
    known = {one.id: one for one in desk.inventory.servers() if one.kind is Kind.SERVER}
    if server_id not in known:
        raise UsageProblem(f"the inventory knows no server named {server_id}", choices_near(server_id, known))
    server = known[server_id]
    if not server.inside_address:
        raise UsageProblem(f"{server_id} has no address", "write its addresses in the inventory")
    if server.access is not None and server.access.impossible:
        raise UsageProblem(
            f"the inventory says that {server_id} cannot be looked into",
            "correct host_access: impossible, then hand in the report again",
        )
    today = local_day(desk.now, desk.inventory.organization)
    decision = decide(desk.inventory, ip_address(server.inside_address), "host", today)
    if isinstance(decision, Refusal):
        raise UsageProblem(f"{server.inside_address}: {decision.reason}", decision.detail)
    return server, decision.reference


def _read(kind: ImportKind, path: Path) -> tuple[bytes, Report]:
    content = read_file(path, "name the report", MAXIMUM_BYTES)
    return content, read_report(kind, content, path)


def read_report(kind: ImportKind, content: bytes, path: Path) -> Report:
    """Return what a report says; raise DocumentError with the place in the file."""
    try:
        return _READERS[kind](content)
    except Unreadable as error:
        raise DocumentError([Problem(str(path), error.line, error.column, error.message)]) from None


def _problem(path: Path, message: str) -> DocumentError:
    return DocumentError([Problem(str(path), 0, 0, message)])


def _tasks_at(desk: Desk, part: Part, vantage: str, left_out: dict[str, str]) -> Iterator[Task]:
    """Give a task for each server that is registered at an address and may be measured today."""
    today = local_day(desk.now, desk.inventory.organization)
    address = ip_address(part.address)
    servers = [one for one in desk.inventory.servers() if address in one.addresses]
    if not servers:
        left_out[part.address] = "not registered"
        return
    decision = decide(desk.inventory, address, "ports", today)
    if isinstance(decision, Refusal):
        left_out[part.address] = str(decision.reason)
        return
    for server in servers:
        yield Task(
            part.scanner,
            server.id,
            server.opd,
            part.address,
            authorization=decision.reference,
            options={"vantage": vantage},
            look=IMPORTED_LOOK,
        )


def _store(
    desk: Desk,
    path: Path,
    kind: ImportKind,
    content: bytes,
    report: Report,
    placed: list[tuple[Task, Part]],
    left_out: Mapping[str, str],
    remarks: tuple[str, ...] = (),
) -> Handed:
    """Store every part of a file, or none."""
    file, account = digest(content), own_account()
    kept = without_fingerprints(content) if kind is ImportKind.NMAP else content
    entries = [
        Import(
            file=file,
            kind=kind,
            task=task,
            tool=report.tool,
            tool_version=report.version,
            started_at=started,
            finished_at=finished,
            imported_at=desk.now,
            account=account,
            facts=part.facts,
            failure=part.failure,
            raw=digest(kept),
            host=report.host,
            settings=report.settings,
        )
        for task, part in placed
        for started, finished in [_times(desk, path, part)]
    ]
    desk.workspace.imports.keep_file(kept)
    added = desk.workspace.imports.add(entries)
    fresh = {one.key for one in added}
    known = tuple(one for one in entries if one.key not in fresh)
    return Handed(file, added, known, left_out, remarks)


def _times(desk: Desk, path: Path, part: Part) -> tuple[datetime, datetime]:
    """Return start and end in UTC; raise DocumentError for a time that is still to come."""
    zone = ZoneInfo(desk.inventory.organization.timezone)
    tolerated = _CLOCKS_DIFFER if part.finished_at.tzinfo else _ZONES_DIFFER
    started, finished = (
        (one if one.tzinfo else one.replace(tzinfo=zone)).astimezone(UTC)
        for one in (part.started_at, part.finished_at)
    )
    if finished > desk.now + tolerated:
        raise _problem(
            path,
            f"it was measured in the future ({finished:%Y-%m-%d %H:%M} UTC); correct the clock of the machine"
            " that measured, and measure again",
        )
    finished = min(finished, desk.now)
    return min(started, finished), finished


def _remarks(report: Report, server: Server) -> Iterator[str]:
    """Tell what may mean that a report is about another machine."""
    written = report.settings.get("target_addresses")
    told = {text for text in written if isinstance(text, str)} if isinstance(written, list) else set()
    addresses = {one for text in told if (one := _address(text)) and not _is_local(one)}
    if addresses and not addresses & {str(one) for one in server.addresses}:
        yield f"the report names {', '.join(sorted(addresses))}, none of which is registered for {server.id}"
    names = {server.id, *server.hostnames, *(name.partition(".")[0] for name in server.hostnames)}
    if report.host and report.host not in names and report.host.partition(".")[0] not in names:
        yield f"the machine calls itself {report.host}; make sure that it is {server.id}"


def _address(text: str) -> str:
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


def _is_local(text: str) -> bool:
    address = ip_address(text)
    return address.is_loopback or address.is_link_local
