"""Find what a waiver is asked for: a finding, or a check with the places that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from auditor.documents.shape import nearest
from auditor.inventory.address import parse_address
from auditor.model.check import Check
from auditor.model.inventory import OWNED_BY_NAME, Server
from auditor.model.plain_text import show
from auditor.model.subject import Subject
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from auditor.usecases.waive_rules import checks_in_force
from controls.responsibility import owning_opd


@dataclass(frozen=True, slots=True)
class Wish:
    """The places asked for, as typed; empty means all. Either `finding`, or `check` and `opd`, is there."""

    check: str = ""
    opd: str = ""
    server: str = ""
    address: str = ""
    port: int = 0
    server_name: str = ""
    finding: str = ""


def scope_of(wish: Wish, workspace: Workspace, inputs: Inputs) -> Wish:
    """Return a scope whose parts are all registered; raise UsageProblem otherwise.

    An address that one server has names that server too, so that scopes can be compared.
    """
    if wish.finding:
        return _of_finding(wish, workspace, inputs)
    if not wish.check or not wish.opd:
        raise UsageProblem(
            f"{'no check' if not wish.check else 'no OPD'} is named",
            "name --check and --opd, or one finding with --finding",
        )
    if (wish.port and not wish.address) or (wish.server_name and not wish.port):
        missing = "--address" if not wish.address else "--port"
        raise UsageProblem(
            f"{'--port' if wish.port else '--name'} needs {missing}", f"name the endpoint: add {missing}"
        )
    check = known_check(wish.check, inputs)
    servers = _servers(wish, check, inputs)
    narrowed = _at_address(wish, servers) if wish.address else wish
    if narrowed.server_name:
        _check_name(narrowed, check, next(one for one in servers if one.id == narrowed.server))
    return narrowed


def known_check(name: str, inputs: Inputs) -> Check:
    """Return a check in force, or raise UsageProblem."""
    if name in inputs.policy.disabled_checks:
        raise UsageProblem(
            f"{name} is switched off by the policy", "nothing fails in it, so nothing is needed"
        )
    checks = checks_in_force(inputs)
    _refuse_unknown("check", name, checks)
    return checks[name]


def _refuse_unknown(what: str, name: str, known: Iterable[str]) -> None:
    listed = sorted(known)
    if name not in listed:
        hint = nearest(name, listed) or f"choose, for example, of: {', '.join(listed[:5])}"
        raise UsageProblem(f"there is no {what} {show(name)}", hint)


def _servers(wish: Wish, check: Check, inputs: Inputs) -> tuple[Server, ...]:
    """Return the servers that the OPD answers for in this check, or the one named."""
    inventory = inputs.inventory
    _refuse_unknown("OPD", wish.opd, [opd.id for opd in inventory.opds])
    _refuse_unknown("server", wish.server, ["", *(server.id for server in inventory.servers())])
    chosen = tuple(one for one in inventory.servers() if wish.server in ("", one.id))
    mine = tuple(one for one in chosen if wish.opd in _owners(one, check))
    if wish.server and not mine:
        owner = chosen[0].opd
        raise UsageProblem(
            f"{check.id} on {wish.server} is answered for by {owner}, not by {wish.opd}",
            f"ask with --opd {owner}",
        )
    return mine


def _owners(server: Server, check: Check) -> frozenset[str]:
    by_name = server.name_owners.values() if check.layer in OWNED_BY_NAME else ()
    return frozenset({server.opd, *by_name})


def _at_address(wish: Wish, servers: tuple[Server, ...]) -> Wish:
    try:
        address = str(parse_address(wish.address))
    except ValueError as error:
        raise UsageProblem(f"--address {error}", "write it as the inventory does") from None
    found = [one for one in servers if address in map(str, one.addresses)]
    # A server that is registered by name alone has whatever address its name resolves to.
    if not found and wish.server and not servers[0].addresses:
        found = [servers[0]]
    if not found:
        where = f"server {wish.server}" if wish.server else f"OPD {wish.opd}"
        raise UsageProblem(
            f"{address} is no registered address of {where}", "see the addresses with: auditor validate"
        )
    if len(found) > 1:
        raise UsageProblem(
            f"{address} is registered for {', '.join(one.id for one in found)}", "add --server"
        )
    return replace(wish, address=address, server=found[0].id)


def _check_name(wish: Wish, check: Check, server: Server) -> None:
    _refuse_unknown(f"host name of {server.id}", wish.server_name, server.hostnames or ("",))
    owner = owning_opd(check.layer, _subject(wish, check), server)
    if owner != wish.opd:
        raise UsageProblem(
            f"{wish.server_name} on {server.id} is answered for by {owner}, not by {wish.opd}",
            f"ask with --opd {owner}",
        )


def _subject(wish: Wish, check: Check) -> Subject:
    return Subject(check.subject, wish.server, wish.address, wish.port, server_name=wish.server_name)


def _of_finding(wish: Wish, workspace: Workspace, inputs: Inputs) -> Wish:
    if wish != Wish(finding=wish.finding):
        raise UsageProblem("--finding says already what it is about", "leave the other places out")
    record = workspace.results.findings().get(wish.finding)
    if record is None:
        raise UsageProblem(
            f"there is no finding {show(wish.finding)}", "list them with: auditor findings list"
        )
    if record.closed:
        raise UsageProblem(f"{record.id} is closed", "nothing fails there, so nothing is needed")
    check, subject = known_check(record.check, inputs), Subject.from_key(record.subject)
    if subject.server not in {one.id for one in inputs.inventory.servers()}:
        raise UsageProblem(
            f"{subject.server} of {record.id} is not registered any more", "nothing is needed for it"
        )
    return Wish(
        check=check.id,
        opd=owning_opd(check.layer, subject, inputs.inventory.server(subject.server)),
        server=subject.server,
        address=subject.address,
        port=subject.port,
        server_name=subject.server_name,
    )
