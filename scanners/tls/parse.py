"""Derive the TLS facts from the recorded document of one scan. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from auditor.model.facts import JSON, Facts
from scanners.handshake.exchange import CLOSED
from scanners.handshake.suites import has_ephemeral_dh, has_ephemeral_ecdh

VERSIONS = ("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1", "tls_1_2", "tls_1_3")
_NAMED_VERSIONS = VERSIONS[1:]
"""Versions whose cipher suites carry IANA names; those of SSL 2.0 stand apart."""
_ROBOT_ORACLE = {
    "VULNERABLE_STRONG_ORACLE": True,
    "VULNERABLE_WEAK_ORACLE": True,
    "NOT_VULNERABLE_NO_ORACLE": False,
    "NOT_VULNERABLE_RSA_NOT_SUPPORTED": False,
}

Document = Mapping[str, Any]
"""What the scanner stores: `spoken`, `starttls`, `consent`, `features`, and `commands`: name → attempt."""


def parse(document: Document) -> Facts:
    """Return the facts of one scan. What was not measured, or not to the end, stays out."""
    facts: dict[str, JSON] = {}
    if isinstance(document.get("spoken"), bool):
        facts["tls.spoken"] = document["spoken"]
    if facts.get("tls.spoken") is not True:
        return facts
    facts["tls.starttls"] = document.get("starttls")
    commands = _Commands(document.get("commands") or {}, document.get("features") or {})
    if not any(spoken for _name, spoken in _versions(commands)):
        # A server that refuses the name asked for refuses every version too: that says nothing about them.
        return facts
    facts.update(_versions(commands))
    facts.update(_suites(commands))
    facts.update(_groups(commands))
    facts.update(_old_handshake(commands))
    facts.update(_fallback(commands))
    facts.update(_application_protocol(commands))
    facts.update(_early_data(commands))
    facts.update(_vulnerabilities(commands, frozenset(document.get("consent") or ())))
    return facts


class _Commands:
    """Results by command, and what follows from them about versions."""

    def __init__(self, attempts: Mapping[str, Mapping[str, Any]], features: Mapping[str, Any]) -> None:
        self._attempts = attempts
        self.features = features
        """What the ServerHello of the best version before TLS 1.3 shows; empty without one."""
        # A server that stopped talking to us in between has not refused what it hung up on.
        self._hanging_up_refuses = "control" not in attempts or self.result("control") is True

    def result(self, name: str) -> Any:
        """Return the result of a command that was completed."""
        return (self._attempts.get(name) or {}).get("result")

    def accepted(self, version: str) -> list[Mapping[str, Any]] | None:
        """Return the suites accepted in a version; None when its command was not completed."""
        result = self.result(version)
        if result is None or (CLOSED in result["refusals"] and not self._hanging_up_refuses):
            return None
        accepted: list[Mapping[str, Any]] = result["accepted"]
        return accepted

    @property
    def versions(self) -> list[str] | None:
        """Return the accepted versions from SSL 3.0 up, oldest first; None when one is unknown."""
        if any(self.accepted(version) is None for version in _NAMED_VERSIONS):
            return None
        return [version for version in _NAMED_VERSIONS if self.accepted(version)]

    @property
    def only_tls_1_3(self) -> bool:
        """Say whether nothing older than TLS 1.3 is spoken, so that what it abolished cannot exist."""
        return self.versions == ["tls_1_3"]


def _versions(commands: _Commands) -> Iterator[tuple[str, JSON]]:
    for version in VERSIONS:
        accepted = commands.accepted(version)
        if accepted is not None:
            spoken = (commands.result(version) or {}).get("spoken", bool(accepted))
            yield f"tls.{version}", spoken


def _suites(commands: _Commands) -> Iterator[tuple[str, JSON]]:
    if commands.versions is None:
        return
    suites = [suite for version in _NAMED_VERSIONS for suite in commands.accepted(version) or ()]
    yield "tls.cipher_suites", cast(JSON, sorted({str(suite["name"]) for suite in suites}))
    bits = [suite.get("dh_bits") for suite in suites if has_ephemeral_dh(str(suite["name"]))]
    if all(bits):
        yield "tls.dh_bits", min((int(one) for one in bits if one), default=None)


def _groups(commands: _Commands) -> Iterator[tuple[str, JSON]]:
    """Yield the groups of every version asked. Without a suite that uses one there is none to ask for."""
    if commands.versions is None:
        return
    needed = ["groups_1_3"] if "tls_1_3" in commands.versions else []
    older = [version for version in commands.versions if version != "tls_1_3"]
    if any(
        has_ephemeral_ecdh(str(suite["name"]))
        for version in older
        for suite in commands.accepted(version) or ()
    ):
        needed.append("groups_older")
    results = [commands.result(name) for name in needed]
    if None not in results:
        yield "tls.groups", cast(JSON, sorted({name for result in results for name in result["accepted"]}))


def _old_handshake(commands: _Commands) -> Iterator[tuple[str, JSON]]:
    """Yield what concerns handshakes before TLS 1.3, which has no compression and no renegotiation.

    TLS 1.3 always binds its keys to the whole handshake, as extended master secret does (RFC 8446, D).
    """
    if commands.only_tls_1_3:
        yield "tls.compression", False
        yield "tls.secure_renegotiation", True
        yield "tls.client_renegotiation", False
        yield "tls.extended_master_secret", True
        return
    for name in ("compression", "secure_renegotiation", "extended_master_secret"):
        if isinstance(commands.features.get(name), bool):
            yield f"tls.{name}", commands.features[name]
    if (renegotiation := commands.result("session_renegotiation")) is not None:
        yield "tls.client_renegotiation", renegotiation["is_vulnerable_to_client_renegotiation_dos"]


def _fallback(commands: _Commands) -> Iterator[tuple[str, JSON]]:
    if commands.versions is not None and len(commands.versions) == 1:
        yield "tls.fallback_scsv", None
    elif (result := commands.result("fallback_scsv")) is not None:
        yield "tls.fallback_scsv", result["refused"]


def _application_protocol(commands: _Commands) -> Iterator[tuple[str, JSON]]:
    if "application_protocol" in commands.features:
        yield "tls.alpn", commands.features["application_protocol"]
    elif (result := commands.result("application_protocol")) is not None:
        yield "tls.alpn", result["chosen"]


def _early_data(commands: _Commands) -> Iterator[tuple[str, JSON]]:
    if commands.accepted("tls_1_3") == []:
        yield "tls.early_data", False
    elif (result := commands.result("early_data")) is not None:
        yield "tls.early_data", result["accepted"]


def _vulnerabilities(commands: _Commands, consent: frozenset[str]) -> Iterator[tuple[str, JSON]]:
    """Yield what was asked with consent. TLS 1.3 alone has neither of the three weaknesses' handshakes."""
    for check, fact, command, key in (
        ("tls-heartbleed-absent", "tls.heartbleed", "heartbleed", "is_vulnerable_to_heartbleed"),
        (
            "tls-ccs-injection-absent",
            "tls.ccs_injection",
            "openssl_ccs_injection",
            "is_vulnerable_to_ccs_injection",
        ),
        ("tls-robot-absent", "tls.robot", "robot", "robot_result"),
    ):
        if check not in consent:
            continue
        result = commands.result(command)
        if commands.only_tls_1_3:
            yield fact, False
        elif result is not None:
            value = _robot(commands, result[key]) if command == "robot" else result[key]
            if value is not None:
                yield fact, value


def _robot(commands: _Commands, outcome: str) -> bool | None:
    """Return whether an oracle was found; None where sslyze could not get as far as asking.

    It takes any refused handshake for a lack of RSA key exchange, which the accepted suites may belie.
    """
    uses_rsa = any(
        str(suite["name"]).startswith("TLS_RSA_")
        for version in _NAMED_VERSIONS
        for suite in commands.accepted(version) or ()
    )
    if outcome == "NOT_VULNERABLE_RSA_NOT_SUPPORTED" and uses_rsa:
        return None
    return _ROBOT_ORACLE.get(outcome)
