"""Measure one SSH port before any login: at most one connection per question, one after the other."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import asyncssh

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON, FactSpec
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.dialling import Deadline, Dialer, Wait, failure_kind
from scanners.ssh import library
from scanners.ssh.algorithms import host_keys_offered
from scanners.ssh.facts import FACTS
from scanners.ssh.greeting import GreetingReader, NotSshError
from scanners.ssh.modulus import GROUP_EXCHANGES, small_group
from scanners.ssh.parse import (
    KeyExchange,
    SshParseError,
    host_key_facts,
    identification_facts,
    key_exchange_facts,
    parse_group,
    parse_identification,
    parse_key_exchange,
)
from scanners.ssh.reuse import Reused, reused

_OLD_PROTOCOLS = ("1.3", "1.5")
"""Versions that exchange no SSH_MSG_KEXINIT: nothing more can be asked of them."""
_MODULUS = "ssh.group_exchange_bits"
_METHODS = "ssh.authentication_methods"
_BANNER = "ssh.banner"
_HOST_KEYS = "ssh.host_keys"


@dataclass(slots=True)
class _Findings:
    """What has been learnt so far."""

    facts: dict[str, JSON] = field(default_factory=dict)
    raw: list[RawOutput] = field(default_factory=list)
    failure: Failure | None = None
    reused: Reused = field(default_factory=Reused)


class SshScanner:
    """Observe identification, algorithms, host keys, login methods, banner and the group exchange's modulus.

    Option `spacing_seconds` (default 0) is waited between two connections, on top of the pace. Option
    `previous` holds what an earlier measurement found (see `reuse`); while greeting and offer are the same,
    its facts stand and are not asked for again.
    """

    def __init__(self, wait: Wait = time.sleep) -> None:
        self.name = "ssh"
        self.facts: tuple[FactSpec, ...] = FACTS
        self.wait = wait

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Measure one port; what could not be learnt stays missing."""
        spacing = _spacing_seconds(task.options)
        deadline = Deadline.after(limits.timeout_seconds)
        dialer = Dialer(task.address, task.port, limits, pace, deadline, spacing, self.wait)
        found = _Findings()
        try:
            offered = _greet(dialer, found, task.options.get("previous"))
        except NotSshError as error:
            found.failure = Failure(FailureKind.PROTOCOL, f"not SSH: {error}")
        except SshParseError as error:
            found.failure = Failure(FailureKind.PROTOCOL, str(error))
        except OSError as error:
            found.failure = Failure(failure_kind(error), str(error))
        else:
            _ask_login(dialer, found, offered)
            _ask_host_keys(dialer, found, offered)
        return Observation(
            tool="asyncssh",
            tool_version=asyncssh.__version__,
            settings=_settings(spacing, found.reused),
            facts=found.facts,
            failure=found.failure,
            raw=tuple(found.raw),
        )


def _settings(spacing: float, taken: Reused) -> Mapping[str, JSON]:
    settings: dict[str, JSON] = {"spacing_seconds": spacing, "user": library.UNKNOWN_USER}
    if taken.facts:
        settings["reused"] = {"measured_at": taken.measured_at, "facts": sorted(taken.facts)}
    return settings


def _greet(dialer: Dialer, found: _Findings, previous: JSON) -> tuple[str, ...]:
    """Learn identification and algorithms, and return the host key algorithms offered."""
    with dialer.open() as connection:
        reader = GreetingReader(connection, dialer.deadline)
        line = reader.identification()
        found.raw.append(RawOutput("identification", "application/octet-stream", line))
        identification = parse_identification(line)
        found.facts |= identification_facts(identification)
        if identification.protocol in _OLD_PROTOCOLS:
            return ()
        payload = reader.key_exchange()
        found.raw.append(RawOutput("key-exchange", "application/octet-stream", payload))
        offer = parse_key_exchange(payload)
        found.facts |= key_exchange_facts(offer)
        found.reused = reused(previous, found.facts)
        found.facts |= found.reused.facts
        # On this connection still, so that it costs the server none.
        reader.deadline = min(
            dialer.deadline,
            Deadline.after(dialer.limits.connect_timeout_seconds),
            key=lambda deadline: deadline.at,
        )
        _ask_modulus(reader, offer, found)
    return offer.host_key_algorithms


def _ask_modulus(reader: GreetingReader, offer: KeyExchange, found: _Findings) -> None:
    if _MODULUS in found.facts:
        return
    if not set(GROUP_EXCHANGES) & set(offer.algorithms):
        found.facts[_MODULUS] = None
        return
    try:
        payload = small_group(reader, offer)
        found.facts[_MODULUS] = parse_group(payload)
    except (OSError, SshParseError) as error:
        _note(found, "group exchange", error)
        return
    found.raw.append(RawOutput("group", "application/octet-stream", payload))


def _ask_login(dialer: Dialer, found: _Findings, offered: tuple[str, ...]) -> None:
    if not offered or found.facts.keys() >= {_METHODS, _BANNER}:
        return
    try:
        said = library.login_offer(dialer)
    except library.ERRORS as error:
        _note(found, "authentication methods", error)
        return
    found.facts |= {_METHODS: list(said.methods), _BANNER: said.banner}
    found.raw.append(RawOutput("authentication-methods", "text/plain", ",".join(said.methods).encode()))
    if said.banner is not None:
        found.raw.append(RawOutput("banner", "text/plain", said.banner.encode("utf-8", "replace")))


def _ask_host_keys(dialer: Dialer, found: _Findings, offered: tuple[str, ...]) -> None:
    """Get every key offered, or leave the fact missing: a part of the keys would hide the weak one."""
    groups, every_key_known = host_keys_offered(offered)
    if _HOST_KEYS in found.facts or not groups or not every_key_known:
        return
    try:
        blobs = [library.host_key(dialer, signatures) for signatures in groups]
        found.facts |= host_key_facts(blobs)
    except library.ERRORS as error:
        _note(found, "host keys", error)
        return
    lines = b"".join(base64.b64encode(blob) + b"\n" for blob in blobs)
    found.raw.append(RawOutput("host-keys", "text/plain", lines))


def _note(found: _Findings, part: str, error: Exception) -> None:
    """Remember why a part is missing, unless the server and asyncssh merely share no algorithm."""
    if found.failure is None and not isinstance(error, asyncssh.KeyExchangeFailed):
        found.failure = Failure(_kind(error), f"{part}: {str(error) or type(error).__name__}")


def _kind(error: Exception) -> FailureKind:
    if isinstance(error, OSError):
        return failure_kind(error)
    return FailureKind.RESET if isinstance(error, asyncssh.ConnectionLost) else FailureKind.PROTOCOL


def _spacing_seconds(options: Mapping[str, JSON]) -> float:
    value = options.get("spacing_seconds", 0.0)
    return float(value) if isinstance(value, int | float) else 0.0
