"""Collect the certificate chains that a port serves, by ClientHellos that look like different clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from auditor.model.evidence import Failure
from scanners.certificates.parse import UNREADABLE, Chain, load_readable
from scanners.handshake.answers import (
    CERTIFICATE,
    CERTIFICATE_STATUS,
    MalformedAnswer,
    parse_certificate,
    parse_certificate_status,
)
from scanners.handshake.encrypted import EncryptedFlight, encrypted_flight
from scanners.handshake.endpoint import DeadlineReached
from scanners.handshake.exchange import (
    CLOSED,
    Flight,
    Line,
    NotTls,
    Refusal,
    Ssl2Hello,
    failure_of,
    whole_flight,
)
from scanners.handshake.hello import OTHER_SIGNATURES, RSA_SIGNATURES, TLS_1_2, Hello
from scanners.handshake.suites import SUITES, authenticates_with_rsa, is_anonymous

_RSA = tuple(code for code, name in SUITES.items() if authenticates_with_rsa(name))
_NOT_RSA = tuple(
    code for code, name in SUITES.items() if not authenticates_with_rsa(name) and not is_anonymous(name)
)
"""Suites that bring out the RSA certificate, and any other, before TLS 1.3."""
_PROTOCOL_VERSION = 70


@dataclass(slots=True)
class Fetched:
    """The different chains received, how the port answered, and what went wrong on the way."""

    chains: list[Chain] = field(default_factory=list)
    spoken: bool = False
    """An answer of TLS came, be it an alert."""
    shaken: bool = False
    """The server accepted an offer, with a certificate or without."""
    plain: bool = False
    """The port answered in another protocol."""
    failures: list[Failure] = field(default_factory=list)
    deadline: Failure | None = None

    def add(self, chain: Chain) -> None:
        """Keep a chain with a leaf that was not seen before."""
        self.shaken = self.spoken = True
        if chain.certificates and all(chain.certificates[0] != one.certificates[0] for one in self.chains):
            self.chains.append(chain)


class _Fetch:
    """One visit to a port, step by step."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._short = False
        self.fetched = Fetched()

    def run(self) -> None:
        """Look at both kinds of certificates; in TLS 1.3 and in SSL 2.0 only where nothing else shows one."""
        answer = self._short_if_needed(_RSA)
        if not (isinstance(answer, Refusal) and answer.alert == _PROTOCOL_VERSION):
            self._try(lambda: self._ask(_NOT_RSA))
        if not self.fetched.chains:
            self._try(self._tls_1_3)
        if not self.fetched.shaken:
            self._try(lambda: self._ask(tuple(SUITES)))
        if not self.fetched.shaken:
            self._try(self._ssl_2_0)

    def _short_if_needed(self, suites: tuple[int, ...]) -> Flight | Refusal | None:
        """Ask for the first time; a server that does not answer a long ClientHello gets a short one."""
        try:
            answer = self._ask(suites)
            if answer != Refusal(CLOSED):
                return answer
        except TimeoutError:
            if not self._line.connected:
                raise
        self._short = True
        answer = self._ask(suites)
        self._short = answer != Refusal(CLOSED)
        return answer

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (OSError, NotTls) as error:
            self.fetched.failures.append(failure_of(error))

    def _ask(self, suites: tuple[int, ...]) -> Flight | Refusal:
        hello = Hello(
            TLS_1_2, suites, self._line.endpoint.server_name, status_request=True, short=self._short
        )
        if self._short:
            hello = replace(hello, suites=suites[: hello.room])
        answer = self._line.ask(hello, whole_flight)
        if isinstance(answer, Flight):
            self.fetched.add(_chain(answer))
        elif answer.alert is not None:
            self.fetched.spoken = True
        return answer

    def _tls_1_3(self) -> None:
        """Look at the certificate of TLS 1.3, and at the one of the other kind, if there is one."""
        first = encrypted_flight(self._line)
        if not isinstance(first, EncryptedFlight):
            self.fetched.spoken |= first.alert is not None
            return
        self.fetched.add(Chain(first.certificates, first.staple))
        others = OTHER_SIGNATURES if _has_rsa_key(first.certificates) else RSA_SIGNATURES
        second = encrypted_flight(self._line, others)
        if isinstance(second, EncryptedFlight):
            self.fetched.add(Chain(second.certificates, second.staple))

    def _ssl_2_0(self) -> None:
        answer = self._line.ask_ssl_2_0()
        if isinstance(answer, Ssl2Hello):
            self.fetched.add(Chain((answer.certificate,) if answer.certificate else ()))


def fetch(line: Line) -> Fetched:
    """Return the chains of a port. Old protocols are tried only where newer ones show nothing.

    Raise OSError where the port cannot be reached or stays silent from the beginning.
    """
    visit = _Fetch(line)
    try:
        visit.run()
    except NotTls:
        visit.fetched.plain = True
    except DeadlineReached as error:
        visit.fetched.deadline = failure_of(error)
    return visit.fetched


def _chain(flight: Flight) -> Chain:
    try:
        certificates = parse_certificate(flight.messages.get(CERTIFICATE, b"\x00\x00\x00"))
        status = flight.messages.get(CERTIFICATE_STATUS)
        staple = None if status is None else parse_certificate_status(status)
    except MalformedAnswer as error:
        raise NotTls(str(error)) from None
    return Chain(certificates, staple)


def _has_rsa_key(certificates: tuple[bytes, ...]) -> bool:
    leaf = load_readable(certificates[0]) if certificates else None
    try:
        return leaf is not None and isinstance(leaf.public_key(), RSAPublicKey)
    except UNREADABLE:
        return False
