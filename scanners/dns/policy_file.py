"""Fetch a domain's MTA-STS policy as a mail server would (RFC 8461, 3.3): over HTTPS, following nothing."""

from __future__ import annotations

import ssl

import certifi
import h11

from auditor.model.facts import Facts
from scanners.dialling import Deadline, Dialer, cut_off
from scanners.dns.dane import Reach
from scanners.dns.domain import Domain, shown
from scanners.dns.mail import announces_mta_sts
from scanners.dns.record import RecordError
from scanners.dns.transport import POLICY_MAXIMUM_BYTES, parse_mta_sts_policy

_HEAD_MAX_BYTES = 16_384
_CHUNK_BYTES = 16_384
_USER_AGENT = "Tilik/0.1 (security audit by the organisation's IT office)"
_OK = 200


class NoPolicyError(Exception):
    """The host answers, and its answer is no policy that a mail server would accept."""


def mta_sts_mode_facts(domain: Domain, reach: Reach) -> Facts:
    """Return the mode in force: null where the domain announces no policy, or its file is none.

    Raises Unanswered or OSError where neither can be told. Nothing where the host may not be reached.
    """
    host = domain.child("mta-sts")
    if not announces_mta_sts(domain) or not domain.addresses(host):
        return {"domain.mta_sts_mode": None}
    dialer = reach.dialer(domain, host, reach.https_port)
    if dialer is None:
        return {}
    try:
        text = fetch_policy(dialer, shown(host), domain.options.trust_anchors)
        return {"domain.mta_sts_mode": parse_mta_sts_policy(text).mode}
    except (RecordError, NoPolicyError):
        return {"domain.mta_sts_mode": None}


def fetch_policy(dialer: Dialer, host: str, trust_anchors: str | None) -> str:
    """Return the body of the policy file.

    Raises NoPolicyError for an untrusted certificate or an answer other than 200, OSError when the
    connection fails or nothing comes in time.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    if trust_anchors:
        context.load_verify_locations(trust_anchors)
    with dialer.open() as plain:
        deadline = Deadline.after(
            min(dialer.limits.connect_timeout_seconds, dialer.deadline.remaining_seconds())
        )
        plain.settimeout(deadline.remaining_seconds())
        try:
            connection = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
            with connection, cut_off(connection, deadline.remaining_seconds()):
                connection.do_handshake()
                return _exchange(connection, host, deadline).decode("utf-8", "replace")
        except ssl.SSLCertVerificationError as error:
            raise NoPolicyError(f"the certificate is not valid for {host}: {error.verify_message}") from None


def _exchange(connection: ssl.SSLSocket, host: str, deadline: Deadline) -> bytes:
    state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_MAX_BYTES)
    request = h11.Request(
        method="GET",
        target="/.well-known/mta-sts.txt",
        headers=[("Host", host), ("User-Agent", _USER_AGENT), ("Connection", "close")],
    )
    connection.sendall((state.send(request) or b"") + (state.send(h11.EndOfMessage()) or b""))
    body = bytearray()
    left_bytes = POLICY_MAXIMUM_BYTES + _HEAD_MAX_BYTES
    try:
        while True:
            event = state.next_event()
            if event is h11.NEED_DATA:
                if left_bytes <= 0:
                    raise NoPolicyError("the answer is too long")
                connection.settimeout(deadline.remaining_seconds())
                data = connection.recv(_CHUNK_BYTES)
                left_bytes -= len(data)
                state.receive_data(data)
            elif isinstance(event, h11.Response) and event.status_code != _OK:
                raise NoPolicyError(f"the answer is {event.status_code}")
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return bytes(body)
            elif isinstance(event, h11.ConnectionClosed):
                raise NoPolicyError("the connection ended without an answer")
    except h11.RemoteProtocolError as error:
        raise NoPolicyError(f"the answer is not valid HTTP: {error}") from None
