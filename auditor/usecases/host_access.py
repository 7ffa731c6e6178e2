"""What a server needs to be looked at from inside, and whether the way in works."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from auditor.inventory.access_shape import check_host_key
from auditor.inventory.address import parse_address
from auditor.inventory.resolve import pin_addresses
from auditor.inventory.scope import Refusal, decide
from auditor.model.evidence import Failure, FailureKind, Observation
from auditor.model.facts import JSON
from auditor.model.host_access import Credential
from auditor.model.inventory import Authorization, Inventory, Server
from auditor.model.plan import Task
from auditor.store.runs import RunInputs
from auditor.usecases.calendar import local_day
from auditor.usecases.credentials import Ask, Opened, nobody, open_credentials
from auditor.usecases.doctor import Examined
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from auditor.usecases.planning import limits_for, looks_inside
from auditor.usecases.task_settings import settings_for
from controls.reasons import NO_WAY_IN
from reports.host_access import HostAccessGuide, RootCommand, host_access_script
from scanners.host.areas import AREAS
from scanners.host.script import sudo_defaults, sudo_rules

_ADVICE = {
    FailureKind.HOST_KEY_CHANGED: "compare host_keys with /etc/ssh/ssh_host_*_key.pub at the server's own"
    " console; a difference that nobody explains is an attack",
    FailureKind.LOGIN_REFUSED: "run what 'auditor host-access' prints on the server; look into its sshd log",
    FailureKind.NO_CREDENTIAL: "correct credentials in the inventory",
    FailureKind.REFUSED: "sshd does not listen there: correct host_access: port, or start it",
    FailureKind.TIMEOUT: "let the firewall pass the auditor to sshd",
    FailureKind.UNREACHABLE: "let the firewall pass the auditor to sshd",
}


@dataclass(frozen=True, slots=True)
class _Way:
    """A server, how it is looked into, and the assignment that allows it."""

    server: Server
    credential: Credential
    authorization: Authorization


def access_script(
    inputs: Inputs,
    server_id: str,
    now: datetime,
    sources: tuple[str, ...] = (),
    public_key: str = "",
    language: str = "",
    ask: Ask = nobody,
) -> str:
    """Return the script that a server's owner runs; raise UsageProblem.

    `sources` are canonical addresses that the auditor comes from; without `public_key` it is read from the
    credential's private key.
    """
    way = _way(inputs, server_id, now, setting_up=True)
    key = public_key or _public_key(way.credential, ask)
    guide = HostAccessGuide(
        server=way.server.id,
        organization=inputs.inventory.organization.name,
        reference=way.authorization.reference,
        user=way.credential.user,
        public_key=key,
        sources=sources,
        until=way.authorization.valid_until,
        sudo_defaults=sudo_defaults(way.credential.user),
        commands=tuple(RootCommand(one.key, one.program, one.argument) for one in sudo_rules(AREAS))
        if way.credential.sudo
        else (),
        timezone=inputs.inventory.organization.timezone,
    )
    return host_access_script(guide, language or inputs.policy.language)


def read_sources(written: Iterable[str]) -> tuple[str, ...]:
    """Return canonical addresses; raise UsageProblem for what is none."""
    found: list[str] = []
    for text in written:
        try:
            found.append(str(parse_address(text)))
        except ValueError as error:
            raise UsageProblem(f"--from: {error}", "write the address that the auditor comes from") from None
    return tuple(dict.fromkeys(found))


def read_public_key(path: Path) -> str:
    """Return type and key of a public key file; raise UsageProblem."""
    try:
        return check_host_key(path.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise UsageProblem(f"{path}: {error.strerror}", "name the file of the public key") from None
    except ValueError:
        raise UsageProblem(
            f"{path} holds no OpenSSH public key", "name the file that ends in .pub, as ssh-keygen wrote it"
        ) from None


def _public_key(credential: Credential, ask: Ask) -> str:
    import asyncssh

    opened = _opened(credential, ask)
    if opened.problem:
        raise UsageProblem(
            opened.problem, "correct it, or name the public key: auditor host-access SERVER --public-key FILE"
        )
    public = asyncssh.import_private_key(opened.key).convert_to_public()
    return " ".join(bytes(public.export_public_key("openssh")).decode().split()[:2])


def try_access(inputs: Inputs, server_id: str, now: datetime, ask: Ask = nobody) -> tuple[Examined, ...]:
    """Log in once, collect once, and say part by part what works and what to do about the rest.

    Raise UsageProblem where nothing may be sent, or nothing is set up.
    """
    way = _way(inputs, server_id, now)
    opened = _opened(way.credential, ask)
    if opened.problem:
        return (Examined("private key", False, opened.problem, "correct that, then try again"),)
    observation = _collected(inputs, way, opened)
    return (
        Examined("private key", True, way.credential.id, ""),
        _connection(observation),
        *(_parts(observation, way.credential) if observation.facts else ()),
    )


def _way(inputs: Inputs, server_id: str, now: datetime, *, setting_up: bool = False) -> _Way:
    inventory, _ = pin_addresses(inputs.inventory)
    try:
        server = inventory.server(server_id)
    except KeyError:
        raise UsageProblem(
            f"the inventory knows no server named {server_id}", "see the ids with: auditor validate"
        ) from None
    credential = _credential(inventory, server, setting_up=setting_up)
    if credential is None:
        raise UsageProblem(
            f"{server_id} has no host_access with a credential",
            "write it in the inventory: host_access: {credential: ID}, and the credential under credentials;"
            " the host keys can follow once its owner has sent them",
        )
    address = server.inside_address
    if not address:
        raise UsageProblem(f"{server_id} has no address", "write its addresses in the inventory")
    decision = decide(inventory, ip_address(address), "host", local_day(now, inventory.organization))
    if isinstance(decision, Refusal):
        raise UsageProblem(f"{address}: {decision.reason}", decision.detail)
    return _Way(server, credential, decision)


def _credential(inventory: Inventory, server: Server, *, setting_up: bool) -> Credential | None:
    """Return the credential of a server; while it is set up, the only one there is will do."""
    if server.access is not None:
        return inventory.credentials.get(server.access.credential)
    if setting_up and len(inventory.credentials) == 1:
        return next(iter(inventory.credentials.values()))
    return None


def _opened(credential: Credential, ask: Ask) -> Opened:
    return open_credentials([credential], ask)[credential.id]


def _collected(inputs: Inputs, way: _Way, opened: Opened) -> Observation:
    from scanners.host.scanner import HostScanner

    task = _task(inputs.inventory, inputs, way)
    return HostScanner().scan_as(task, limits_for(task, inputs.policy), lambda: None, opened.key)


def _task(inventory: Inventory, inputs: Inputs, way: _Way) -> Task:
    server, access = way.server, way.server.access
    first = Task(
        "ports", server.id, server.opd, server.inside_address, authorization=way.authorization.reference
    )
    pinned, _ = pin_addresses(inventory)
    options: dict[str, JSON] = dict(settings_for(first, pinned, inputs.policy).inside or {})
    return replace(first, scanner="host", port=access.port if access else 0, options=options)


def _connection(observation: Observation) -> Examined:
    failure = observation.failure
    if failure is None:
        return Examined("login", True, f"{observation.settings['host_key']}", "")
    if failure.kind is FailureKind.TIMEOUT and observation.settings.get("host_key"):
        slow = "the login works, its commands are slow: is sudo quick there (own host name in /etc/hosts)?"
        return Examined("login", True, _told(failure), slow)
    return Examined(
        "login", False, _told(failure), _ADVICE.get(failure.kind, "try again; then see the log of sshd")
    )


def _told(failure: Failure) -> str:
    return f"{failure.kind.value}: {failure.detail}" if failure.detail else failure.kind.value


def _parts(observation: Observation, credential: Credential) -> list[Examined]:
    facts = observation.facts
    listed = facts.get("host.unread")
    unread = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    reasons = {
        str(one["reason"]): sum(1 for other in unread if other["reason"] == one["reason"]) for one in unread
    }
    read = sum(1 for name in facts if name.startswith("host.")) - 1
    root = facts.get("host.root") is True
    asked = "run what 'auditor host-access' prints on the server"
    found = [
        Examined("system", True, str(facts.get("host.os_name", "")), ""),
        Examined(
            "commands as root",
            root,
            "allowed" if root else "not allowed",
            "" if root else asked if credential.sudo else "write sudo: true in the credential, then " + asked,
        ),
        Examined("facts read", True, str(read), ""),
    ]
    for reason, count in sorted(reasons.items()):
        advice = asked if reason == "needs root" else "their checks stay unknown, with this reason"
        found.append(Examined(f"facts not read: {reason}", reason != "needs root", str(count), advice))
    return found


@dataclass(frozen=True, slots=True)
class PlannedLook:
    """Whether a server will be looked into, by what, or why not."""

    server: Server
    looks: bool
    why: str


def planned_looks(planned: RunInputs) -> tuple[PlannedLook, ...]:
    """Return whether the inside of each planned server will be looked at; none where nobody expects it."""
    inventory = planned.inventory
    if not looks_inside(inventory):
        return ()
    refused = {one.server for one in planned.plan.skipped if one.scanner == "host"}
    ids = dict.fromkeys(task.server for task in planned.plan.tasks if task.scanner == "ports")
    return tuple(_planned_look(inventory, inventory.server(one)) for one in ids if one not in refused)


def _planned_look(inventory: Inventory, server: Server) -> PlannedLook:
    access = server.access
    if access is None:
        return PlannedLook(server, False, NO_WAY_IN["en"])
    if access.impossible:
        return PlannedLook(server, False, access.impossible)
    if access.local:
        return PlannedLook(server, True, "on this machine")
    credential = inventory.credentials[access.credential]
    return PlannedLook(server, True, f"as {credential.user} with {credential.id}")
