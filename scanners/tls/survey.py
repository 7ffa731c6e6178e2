"""Survey one endpoint by ClientHellos: versions, suites, groups, and what ServerHellos tell beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from auditor.model.facts import JSON
from scanners.handshake.encrypted import EncryptedFlight, encrypted_flight
from scanners.handshake.endpoint import DeadlineReached
from scanners.handshake.exchange import EXPECTED, Flight, NotTls, Refusal, Ssl2Hello, failure_of
from scanners.handshake.groups import CURVES, TLS_1_3_GROUPS
from scanners.handshake.hello import SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3
from scanners.handshake.suites import (
    NAMES,
    SSL_2_0_SUITES,
    has_ephemeral_dh,
    has_ephemeral_ecdh,
)
from scanners.tls.eliminate import Elimination
from scanners.tls.interview import Found, Interview, key_exchange

Attempt = dict[str, JSON]
"""`{"result": …}` of work that was completed, or `{"failure": kind, "detail": …}`."""

_NUMBERS = {
    "ssl_3_0": SSL_3_0,
    "tls_1_0": TLS_1_0,
    "tls_1_1": TLS_1_1,
    "tls_1_2": TLS_1_2,
    "tls_1_3": TLS_1_3,
}
_OLDER = ("tls_1_2", "tls_1_1", "tls_1_0", "ssl_3_0")
_INAPPROPRIATE_FALLBACK = 86


class Survey:
    """One survey: attempts by name, and what has been accepted so far, as code points."""

    def __init__(self, interview: Interview, parallel_connections: int) -> None:
        self._interview = interview
        self._parallel_connections = parallel_connections
        self.versions: dict[str, Attempt] = {}
        self.others: dict[str, Attempt] = {}
        self.accepted: dict[str, list[int]] = {}
        self.best_older: Flight | None = None
        """The answer to the first offer in the best version before TLS 1.3."""
        self.speaks_ssl_2_0 = False
        self.deadline_reached = False
        self._groups_1_3: set[int] = set()

    @property
    def accepts_any(self) -> bool:
        """Say whether any offer of any version was accepted."""
        return bool(self.accepted) or self.speaks_ssl_2_0

    def run(self, first: Flight | Refusal) -> None:
        """Ask everything that follows the first contact, in which TLS 1.2 was offered."""
        self._together(
            lambda: self._older(first),
            self._tls_1_3,
            lambda: self._attempt(self.versions, "ssl_2_0", self._ssl_2_0),
        )
        self._together(self._older_groups, self._fallback, self._application_protocol)
        if self._interview.unconfirmed and self.accepted:
            self._attempt(self.others, "control", self._control)

    def _together(self, *pieces: Callable[[], None]) -> None:
        """Run pieces of work, each with one connection at a time, as many at once as are allowed."""
        if self._parallel_connections == 1:
            for piece in pieces:
                piece()
            return
        with ThreadPoolExecutor(min(len(pieces), self._parallel_connections)) as pool:
            futures: list[Future[None]] = [pool.submit(piece) for piece in pieces]
        for future in futures:
            future.result()

    def _attempt(self, attempts: dict[str, Attempt], name: str, work: Callable[[], JSON]) -> None:
        try:
            attempts[name] = {"result": work()}
        except EXPECTED as error:
            self.deadline_reached |= isinstance(error, DeadlineReached)
            failure = failure_of(error)
            attempts[name] = {"failure": failure.kind.value, "detail": failure.detail}

    def _older(self, first: Flight | Refusal) -> None:
        """Ask SSL 3.0 to TLS 1.2, newest first: what a newer one accepts is not asked again in an older."""
        for version in _OLDER:
            self._attempt(self.versions, version, partial(self._suites, version, first))

    def _suites(self, version: str, first: Flight | Refusal) -> JSON:
        number = _NUMBERS[version]
        if isinstance(first, Refusal) and version == "tls_1_2" and not self._interview.short:
            return _record(Elimination(refusals=[first.reason]))
        known = {code for older in _OLDER for code in self.accepted.get(older, ())}
        answered = first if isinstance(first, Flight) and first.hello.version == number else None
        found = self._interview.suites(number, answered, known)
        if found.accepted:
            self.accepted[version] = [choice.candidate for choice in found.accepted]
            self.best_older = self.best_older or found.accepted[0].detail
        return _record(found)

    def _tls_1_3(self) -> None:
        def suites() -> JSON:
            found = self._interview.suites_1_3()
            if found.accepted:
                self.accepted["tls_1_3"] = [choice.candidate for choice in found.accepted]
                self._groups_1_3.update(choice.detail.hello.group or 0 for choice in found.accepted)
            return _record(found)

        self._attempt(self.versions, "tls_1_3", suites)
        if "tls_1_3" in self.accepted:
            self._attempt(self.others, "groups_1_3", self._find_groups_1_3)

    def _find_groups_1_3(self) -> JSON:
        known = self._groups_1_3 - {0}
        found = self._interview.groups_1_3(self.accepted["tls_1_3"], known)
        self._groups_1_3 |= {choice.candidate for choice in found.accepted}
        return _groups_record(self._groups_1_3 - {0}, found)

    def _older_groups(self) -> None:
        """Ask for curves that TLS 1.3 did not show, in the best older version that uses curves."""
        for version in _OLDER:
            suites = [code for code in self.accepted.get(version, ()) if has_ephemeral_ecdh(NAMES[code])]
            if suites:
                self._attempt(
                    self.others, "groups_older", partial(self._find_older_groups, _NUMBERS[version], suites)
                )
                return

    def _find_older_groups(self, version: int, suites: Collection[int]) -> JSON:
        free = [code for code in suites if not NAMES[code].startswith("TLS_ECDHE_ECDSA_")]
        known = self._groups_1_3 & CURVES.keys()
        found = self._interview.groups(version, free or list(suites), known, beside=not free)
        accepted = {choice.candidate for choice in found.accepted} | {*found.uninvited}
        if not accepted and not known:
            raise NotTls("suites that use a curve were accepted, but with no curve that is offered alone")
        return _groups_record(accepted, found)

    def _fallback(self) -> None:
        """Ask for the second best version with the signal that there is a better one."""
        named = [version for version in ("tls_1_3", *_OLDER) if version in self.accepted]
        if len(named) > 1:
            self._attempt(self.others, "fallback_scsv", partial(self._find_fallback, named[1]))

    def _find_fallback(self, version: str) -> JSON:
        """Any refusal counts as long as the same offer without the signal is accepted.

        Some load balancers answer with another alert than inappropriate_fallback (RFC 7507, 3).
        """
        number, suites = _NUMBERS[version], self.accepted[version]
        answer = self._interview.fallback(number, suites, signal=True)
        if isinstance(answer, Refusal) and answer.alert != _INAPPROPRIATE_FALLBACK:
            plain = self._interview.fallback(number, suites, signal=False)
            if isinstance(plain, Refusal):
                raise NotTls(f"refused with and without the signal: {answer.reason}; {plain.reason}")
        refused = isinstance(answer, Refusal)
        return {
            "version": version,
            "refused": refused,
            "answer": answer.reason if isinstance(answer, Refusal) else "",
        }

    def _application_protocol(self) -> None:
        """Ask a server of TLS 1.3 alone for its application protocol, which it tells encrypted."""
        if list(self.accepted) != ["tls_1_3"]:
            return

        def ask() -> JSON:
            names = self._interview.application_protocols
            flight = encrypted_flight(self._interview.line, application_protocols=names) if names else None
            return {"chosen": flight.application_protocol if isinstance(flight, EncryptedFlight) else None}

        self._attempt(self.others, "application_protocol", ask)

    def _ssl_2_0(self) -> JSON:
        answer = self._interview.line.ask_ssl_2_0()
        if isinstance(answer, Ssl2Hello):
            self.speaks_ssl_2_0 = True
            names = [SSL_2_0_SUITES.get(code, f"{code:#08x}") for code in answer.suites]
            return {"accepted": [{"name": name} for name in names], "spoken": True, "refusals": []}
        return {"accepted": [], "spoken": False, "refusals": [answer.reason]}

    def _control(self) -> JSON:
        """Repeat an offer that was accepted: does the server still talk to us?"""
        version, suites = next(
            (version, self.accepted[version]) for version in _NUMBERS if version in self.accepted
        )
        if version == "tls_1_3":
            answer = self._interview.ask_1_3(suites, tuple(self._groups_1_3))
        else:
            answer = self._interview.fallback(_NUMBERS[version], suites, signal=False)
        return isinstance(answer, Flight)

    def features(self) -> JSON:
        """Return what the best version before TLS 1.3 showed in its ServerHello; None without one."""
        if self.best_older is None:
            return None
        hello = self.best_older.hello
        return {
            "compression": hello.compression != 0,
            "secure_renegotiation": 0xFF01 in hello.extensions,
            "extended_master_secret": 23 in hello.extensions,
            "application_protocol": hello.application_protocol,
        }


def _record(found: Found) -> JSON:
    accepted: list[JSON] = [
        _suite_record(choice.candidate, choice.detail)
        for choice in sorted(found.accepted, key=lambda choice: NAMES[choice.candidate])
    ]
    refusals = [*found.refusals, *(f"takes {code:#06x}, not offered" for code in found.uninvited)]
    return {"accepted": accepted, "refusals": refusals}


def _suite_record(code: int, flight: Flight) -> JSON:
    name = NAMES[code]
    record: dict[str, JSON] = {"name": name}
    if has_ephemeral_dh(name):
        record["dh_bits"] = key_exchange(flight, finite_field=True).dh_bits
    return record


def _groups_record(codes: Collection[int], found: Found) -> JSON:
    names = sorted({TLS_1_3_GROUPS.get(code, f"{code:#06x}") for code in codes})
    return {"accepted": names, "refusals": found.refusals}
